"""Servers with a certificate, and the authorities that issue it."""

import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import trustme

from tests.proxy import Proxy
from wbtui.demo.background import BackgroundCluster

AUTHORITY = trustme.CA()
OTHER = trustme.CA()


def encoded(blob: trustme.Blob) -> str:
    return b64encode(blob.bytes()).decode()


def certified_by(authority: trustme.CA = AUTHORITY) -> dict[str, str]:
    return {"certificate-authority-data": encoded(authority.cert_pem)}


@asynccontextmanager
async def secured(cluster: BackgroundCluster, *names: str, ask: bool = False, **more: Any) -> AsyncIterator[Proxy]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert(*(names or ("127.0.0.1",)), **more).configure_cert(context)
    if ask:
        context.verify_mode = ssl.CERT_REQUIRED
        AUTHORITY.configure_trust(context)
    async with Proxy(cluster.url, tls=context) as proxy:
        yield proxy

"""Renewing tokens at the OpenID identity provider that its certificate proves."""

import ssl
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, NotRequired
from urllib.parse import quote, urlsplit

import aiohttp
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from wbtui.cluster.errors import as_unreachable
from wbtui.cluster.proxies import environment_proxy
from wbtui.cluster.wire import T, read
from wbtui.domain.text import plain
from wbtui.repository import CredentialsError, UnexpectedAnswer

_LIMITS = aiohttp.ClientTimeout(total=30)


class Tokens(TypedDict):
    """What a provider answers; without a refresh token, the one that it was asked with stays good."""

    id_token: str
    refresh_token: NotRequired[str | None]


class _Discovery(TypedDict):
    token_endpoint: str


_TOKENS = TypeAdapter(Tokens)
_DISCOVERY = TypeAdapter(_Discovery)


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """A provider and who we are to it; `authority` is the file of its certificate authority, by default the system's.

    The library's own way to renew sends the token to whoever answers where the kubeconfig names no certificate
    authority, and cannot use the one that it names.
    """

    issuer: str
    client: str
    client_secret: str
    authority: str | None

    async def renew(self, refresh_token: str) -> Tokens:
        """Return new tokens. Raises `Unreachable` and `CredentialsError`."""
        name = f"the identity provider {plain(urlsplit(self.issuer).netloc.rpartition('@')[2])}"
        connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=self.authority))
        with as_unreachable(name):
            try:
                async with aiohttp.ClientSession(connector=connector, timeout=_LIMITS) as session:
                    return await self._renew(session, refresh_token)
            except UnexpectedAnswer:
                raise CredentialsError(f"{name} did not renew the token") from None

    async def _renew(self, session: aiohttp.ClientSession, refresh_token: str) -> Tokens:
        discovery = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        endpoint = (await self._ask(session, "GET", discovery, _DISCOVERY))["token_endpoint"]
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        headers = {}
        if self.client_secret:
            login = f"{quote(self.client, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
        else:
            form["client_id"] = self.client
        return await self._ask(session, "POST", endpoint, _TOKENS, data=form, headers=headers)

    @staticmethod
    async def _ask(session: aiohttp.ClientSession, method: str, url: str, shape: TypeAdapter[T], **more: Any) -> T:
        proxy = environment_proxy(url)
        async with session.request(method, url, proxy=proxy, allow_redirects=False, **more) as response:
            return read(shape, await response.read())

"""The Certificates of cert-manager: which secret each writes, and when what it has issued expires."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypedDict

from msgspec import convert

from wbtui.cluster.connection import Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.wire import Metadata, Moment, moment
from wbtui.cluster.writers import WriterKind, Writers
from wbtui.domain.expiry import Certificate, Certificates
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import KINDS

_KIND = next(kind for kind in KINDS if kind.kind == "Certificate")


class _Spec(TypedDict, total=False):
    secretName: str


class _Status(TypedDict, total=False):
    notAfter: Moment


class _Certificate(TypedDict, total=False):
    metadata: Metadata
    spec: _Spec
    status: _Status | None


@dataclass(frozen=True, slots=True)
class _Writer:
    """A Certificate, and the name of the secret that it writes."""

    uid: str
    namespace: str
    secret: str
    certificate: Certificate


async def list_certificates(connection: Connection, discovery: Discovery, namespace: str | None) -> Certificates:
    """Return the Certificates of a namespace or of all as they are now, or why they are not known."""
    return _by_secret(await _CERTIFICATES.list(connection, discovery, namespace))


async def follow_certificates(
    connection: Connection, discovery: Discovery, namespace: str | None
) -> AsyncGenerator[Certificates, None]:
    """Yield the Certificates of a namespace or of all, and again after every change; see `WriterKind.follow`."""
    async with aclosing(_CERTIFICATES.follow(connection, discovery, namespace)) as all_writers:
        async for writers in all_writers:
            yield _by_secret(writers)


def _by_secret(writers: Writers[_Writer]) -> Certificates:
    # Where several write one secret, cert-manager issues it again and again: the order only has to be the same.
    found = sorted(writers.found, key=lambda writer: writer.certificate.name, reverse=True)
    return Certificates({(writer.namespace, writer.secret): writer.certificate for writer in found}, writers.unknown)


def _writer(manifest: Json) -> _Writer:
    certificate = convert(manifest, _Certificate)
    metadata, status = certificate.get("metadata", Metadata()), certificate.get("status") or _Status()
    return _Writer(
        metadata.get("uid", ""),
        metadata.get("namespace", ""),
        certificate.get("spec", _Spec()).get("secretName", ""),
        Certificate(metadata.get("name", ""), moment(status.get("notAfter"))),
    )


_CERTIFICATES = WriterKind(_KIND, _writer)

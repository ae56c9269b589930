"""The Certificates of cert-manager: which secret each writes, and when the issued certificate expires."""

from dataclasses import dataclass
from typing import TypedDict

from msgspec import convert

from wbtui.cluster.wire import Metadata, Moment, moment
from wbtui.cluster.writers import WriterKind, Writers
from wbtui.domain.expiry import Certificate, Certificates
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import KINDS_BY_NAME


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


CERTIFICATES = WriterKind(KINDS_BY_NAME["Certificate"], _writer, _by_secret)

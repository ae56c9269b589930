"""The sources that an ExternalSecret gets the values of a secret from; it holds no values itself."""

from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import quote

from msgspec import convert
from msgspec.json import Decoder

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.objects import collection_of, list_all, path_to
from wbtui.cluster.wire import CONDITION_STATUS, ConditionFields, Metadata, Moment, moment, parse
from wbtui.cluster.writers import WriterKind, Writers
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import KINDS_BY_NAME
from wbtui.domain.secret import Secret
from wbtui.domain.syncing import ExternalSource, ExternalSources
from wbtui.errors import Forbidden, NotServed

_KIND = KINDS_BY_NAME["ExternalSecret"]
_GROUP = f"{_KIND.resource.group}/"
_OWNER, _NONE = "Owner", "None"
"""The creation policies of an ExternalSecret that owns its secret, and of one that creates none."""


class _Reference(TypedDict, total=False):
    name: str
    kind: str
    key: str
    property: str


class _Data(TypedDict, total=False):
    secretKey: str
    remoteRef: _Reference


class _DataFrom(TypedDict, total=False):
    extract: _Reference
    find: dict[str, object]


class _Target(TypedDict, total=False):
    name: str
    creationPolicy: str


class _Spec(TypedDict, total=False):
    target: _Target | None
    secretStoreRef: _Reference
    data: list[_Data] | None
    dataFrom: list[_DataFrom] | None


class _Status(TypedDict, total=False):
    conditions: list[ConditionFields] | None
    refreshTime: Moment


class _ExternalSecret(TypedDict, total=False):
    metadata: Metadata
    spec: _Spec
    status: _Status | None


_EXTERNAL_SECRET = Decoder(_ExternalSecret)


@dataclass(frozen=True, slots=True)
class _Writer:
    """An ExternalSecret, the name of the secret that it writes, and whether it writes one at all."""

    uid: str
    namespace: str
    secret: str
    writes: bool
    source: ExternalSource


async def sources_of(connection: Connection, discovery: Discovery, secret: Secret) -> tuple[ExternalSource, ...]:
    """Return the ExternalSecrets that write `secret`: its owner, or else all whose target it is.

    Raises any `ClusterError`; but an ExternalSecret of which the secret has no sign may be one that cannot be seen.
    """
    for owner in secret.owners:
        if owner.kind == _KIND.kind and owner.api_version.startswith(_GROUP):
            # Anyone may have written the owner's name: quoted, it cannot make the path lead elsewhere.
            path = path_to(await discovery.served(_KIND), secret.namespace, quote(owner.name, safe=""))
            return (_source(parse(_EXTERNAL_SECRET, await connection.get(path, accept=JSON))),)
    try:
        there = collection_of(await discovery.served(_KIND), secret.namespace)
        writers = await list_all(connection, there, _writer)
    except NotServed:
        return ()
    except Forbidden:
        if secret.is_marked_external:
            raise
        return ()
    return tuple(writer.source for writer in writers if writer.writes and writer.secret == secret.name)


def _by_secret(writers: Writers[_Writer]) -> ExternalSources:
    found: dict[tuple[str, str], tuple[ExternalSource, ...]] = {}
    for writer in writers.found:
        if writer.writes:
            place = (writer.namespace, writer.secret)
            found[place] = (*found.get(place, ()), writer.source)
    return ExternalSources(found, writers.unknown)


def _writer(manifest: Json) -> _Writer:
    external_secret = convert(manifest, _ExternalSecret)
    metadata, target = (
        external_secret.get("metadata", Metadata()),
        external_secret.get("spec", _Spec()).get("target") or _Target(),
    )
    name = target.get("name") or metadata.get("name", "")
    writes = target.get("creationPolicy", _OWNER) != _NONE
    uid, namespace = metadata.get("uid", ""), metadata.get("namespace", "")
    return _Writer(uid, namespace, name, writes, _source(external_secret))


def _source(external_secret: _ExternalSecret) -> ExternalSource:
    spec, status = external_secret.get("spec", _Spec()), external_secret.get("status") or _Status()
    store = spec.get("secretStoreRef", _Reference())
    ready = next((entry for entry in status.get("conditions") or () if entry.get("type") == "Ready"), ConditionFields())
    return ExternalSource(
        name=external_secret.get("metadata", Metadata()).get("name", ""),
        policy=(spec.get("target") or _Target()).get("creationPolicy", _OWNER),
        store=f"{store.get('kind', 'SecretStore')} {store.get('name', '')}",
        remote_keys=tuple(_remote_keys(spec)),
        ready=CONDITION_STATUS.get(ready.get("status", "")),
        reason=ready.get("reason", ""),
        message=ready.get("message", ""),
        synced=moment(status.get("refreshTime")),
    )


def _remote_keys(spec: _Spec) -> list[str]:
    single = [
        f"{entry.get('secretKey', '')} ← {_remote(entry.get('remoteRef', _Reference()))}"
        for entry in spec.get("data") or ()
    ]
    whole = [
        f"all keys ← {_remote(entry['extract'])}" if "extract" in entry else "keys found by a pattern"
        for entry in spec.get("dataFrom") or ()
    ]
    return single + whole


def _remote(reference: _Reference) -> str:
    parts = (reference.get("key", ""), reference.get("property", ""))
    return " / ".join(part for part in parts if part)


EXTERNAL_SECRETS = WriterKind(_KIND, _writer, _by_secret)

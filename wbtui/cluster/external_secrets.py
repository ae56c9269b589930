"""Where an ExternalSecret gets the values of a secret from; it names them and does not hold them."""

import re
from urllib.parse import quote

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.wire import Moment, read
from wbtui.domain.secret import Secret
from wbtui.domain.syncing import ExternalSource

_API = re.compile(r"external-secrets\.io/v[0-9a-z]+")


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


class _Condition(TypedDict, total=False):
    type: str
    status: str
    reason: str
    message: str


class _Spec(TypedDict, total=False):
    secretStoreRef: _Reference
    data: list[_Data] | None
    dataFrom: list[_DataFrom] | None


class _Status(TypedDict, total=False):
    conditions: list[_Condition] | None
    refreshTime: Moment


class _ExternalSecret(TypedDict, total=False):
    spec: _Spec
    status: _Status


_EXTERNAL_SECRET = TypeAdapter(_ExternalSecret)


async def source_of(connection: Connection, secret: Secret) -> ExternalSource | None:
    """Return the source that the owner of `secret` names; None where no ExternalSecret owns it."""
    for owner in secret.owners:
        if owner.kind == "ExternalSecret" and _API.fullmatch(owner.api_version):
            # An owner's name is what anybody wrote there: it must not lead to anything else.
            name = quote(owner.name, safe="")
            path = f"/apis/{owner.api_version}/namespaces/{secret.namespace}/externalsecrets/{name}"
            return _source(read(_EXTERNAL_SECRET, await connection.get(path, accept=JSON)))
    return None


def _source(said: _ExternalSecret) -> ExternalSource:
    spec, status = said.get("spec", _Spec()), said.get("status", _Status())
    store = spec.get("secretStoreRef", _Reference())
    ready = next((entry for entry in status.get("conditions") or () if entry.get("type") == "Ready"), _Condition())
    return ExternalSource(
        store=f"{store.get('kind', 'SecretStore')} {store.get('name', '')}",
        remote_keys=tuple(_remote_keys(spec)),
        ready={"True": True, "False": False}.get(ready.get("status", "")),
        reason=ready.get("reason", ""),
        message=ready.get("message", ""),
        synced=status.get("refreshTime"),
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

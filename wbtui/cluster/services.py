"""The services of the AIM Engine that serve models."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from wbtui.cluster.connection import Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.objects import collection_of
from wbtui.cluster.readers import ObjectReader
from wbtui.cluster.wire import Metadata, Moment
from wbtui.domain.references import KINDS, Json
from wbtui.domain.service_state import Condition, ServiceState
from wbtui.news import Changes, Complete, Interrupted, Page

_KINDS = {kind.kind: kind for kind in KINDS}
_HOLDS = {"True": True, "False": False}


class _Condition(TypedDict, total=False):
    type: str
    status: str
    reason: str
    message: str
    lastTransitionTime: Moment


class _ServiceStatus(TypedDict, total=False):
    status: str
    conditions: list[_Condition] | None


class _Service(TypedDict, total=False):
    metadata: Metadata
    status: _ServiceStatus | None


_SERVICE = TypeAdapter(_Service)


class ServiceStore:
    """How the services of a project are."""

    def __init__(self, connection: Connection, discovery: Discovery) -> None:
        self._connection = connection
        self._discovery = discovery

    async def follow(self, namespace: str, name: str) -> AsyncGenerator[ServiceState | Interrupted, None]:
        """Yield the state of a service, and again whenever it changes; see `repository.ServiceStore`."""
        kind = await self._discovery.served(_KINDS["AIMService"])
        services = collection_of(kind, namespace, fieldSelector=f"metadata.name={name}")
        async with aclosing(ListWatch(self._connection, services, partial(ObjectReader, _service)).follow()) as news:
            async for one in news:
                match one:
                    case Page(items=(*_, state)) | Changes(changed=(*_, state)):
                        yield state
                    case Interrupted():
                        yield one
                    case Changes():
                        yield ServiceState(name, gone=True)
                    case Complete(uids=uids) if not uids:
                        yield ServiceState(name, gone=True)


def _service(thing: Json) -> ServiceState:
    said = _SERVICE.validate_python(thing)
    metadata, status = said.get("metadata", Metadata()), said.get("status") or _ServiceStatus()
    conditions = tuple(map(_condition, status.get("conditions") or ()))
    return ServiceState(metadata.get("name", ""), status.get("status", ""), conditions, uid=metadata.get("uid", ""))


def _condition(said: _Condition) -> Condition:
    return Condition(
        said.get("type", ""),
        _HOLDS.get(said.get("status", "")),
        said.get("reason", ""),
        said.get("message", ""),
        said.get("lastTransitionTime"),
    )

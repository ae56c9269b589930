"""List and watch the secrets of a scope as metadata Tables, which hold no values."""

from functools import partial

from msgspec.json import Decoder

from wbtui.cluster.backoff import Backoff
from wbtui.cluster.collection import Collection, path_of
from wbtui.cluster.connection import METADATA, TABLE, Connection
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.readers import ListAnswer, ObjectEvent, raise_status
from wbtui.cluster.tables import SecretReader, read_event, read_table
from wbtui.cluster.wire import PartialObject, parse
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.domain.secret_types import HELM_RELEASE
from wbtui.errors import Forbidden, NotFound, Terminating

_PAGE, _LARGEST_PAGE = 500, 1_000  # with 2,000, a list takes a sixth more memory
_NAMESPACE = Decoder(PartialObject)


class TableReader:
    """Parses Tables of secrets."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._rows = SecretReader(prefixes)

    def page(self, body: bytes) -> ListAnswer[Secret]:
        """Return one page of a list."""
        answer = read_table(body)
        metadata = answer.get("metadata") or {}
        rows, version = len(answer.get("rows") or ()), metadata.get("resourceVersion", "")
        remaining = metadata.get("remainingItemCount")
        return ListAnswer(self._rows.secrets(answer), rows, version, metadata.get("continue", ""), remaining)

    def event(self, line: bytes) -> ObjectEvent[Secret]:
        """Return one event of a watch."""
        event = read_event(line)
        table = event["object"]
        if event["type"] == "ERROR":
            raise_status(table)
        version = (table.get("metadata") or {}).get("resourceVersion", "")
        self._rows.remember_columns(table)  # a bookmark may be the first event with the columns
        return ObjectEvent(
            event["type"], () if event["type"] == "BOOKMARK" else tuple(self._rows.secrets(table)), version
        )


def secrets_of(
    connection: Connection, scope: Scope, prefixes: Prefixes, backoff: Backoff | None = None, name: str = ""
) -> ListWatch[Secret]:
    """Return the list watch of a scope's secrets, or of those of one name, of whatever type.

    Raises `NotFound` for an impossible name of a namespace.
    """
    query = {"includeObject": "Metadata"}
    if name:
        query["fieldSelector"] = f"metadata.name={name}"
    elif not scope.helm:
        query["fieldSelector"] = f"type!={HELM_RELEASE}"
    secrets = Collection(path_of("v1", "secrets", scope.namespace), query, TABLE, _PAGE, _LARGEST_PAGE)
    reader, backoff = partial(TableReader, prefixes), backoff or Backoff()
    if scope.namespace is None:
        return ListWatch(connection, secrets, reader, backoff)
    return ListWatch(connection, secrets, reader, backoff, partial(_confirm_empty, connection, scope.namespace))


async def _confirm_empty(connection: Connection, namespace: str, *, listed_before: bool) -> None:
    """Raise where a list without secrets does not mean an empty project: it is gone, or may not be listed any more."""
    try:
        body = await connection.get(f"/api/v1/namespaces/{namespace}", accept=METADATA)
    except NotFound as error:
        words = f"project {namespace} no longer exists" if listed_before else f"there is no project {namespace}"
        raise NotFound(words) from error
    except Forbidden:
        query = {"includeObject": "Metadata", "limit": "1"}
        await connection.get(path_of("v1", "secrets", namespace), query, accept=TABLE)
        return
    if parse(_NAMESPACE, body)["metadata"].get("deletionTimestamp"):
        raise Terminating(f"project {namespace} is being deleted")

"""The secrets of a scope: followed as metadata Tables, which hold no values."""

from contextlib import suppress
from functools import partial

from wbtui.cluster.connection import METADATA, TABLE, Connection
from wbtui.cluster.following import Backoff, Collection, Event, ListAnswer, ListWatch, path_of, raise_status
from wbtui.cluster.tables import SecretReader, read_event, read_table
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.domain.secret_types import HELM_RELEASE
from wbtui.repository import Forbidden

_PAGE = 500


class TableReader:
    """Makes secrets of the pages and events of Tables."""

    def __init__(self, prefix: str) -> None:
        self._rows = SecretReader(prefix)

    def page(self, body: bytes) -> ListAnswer[Secret]:
        """Return one page of a list."""
        answer = read_table(body)
        metadata = answer.get("metadata") or {}
        secrets, version = self._rows.secrets(answer), metadata.get("resourceVersion", "")
        return ListAnswer(secrets, version, metadata.get("continue", ""), metadata.get("remainingItemCount"))

    def event(self, line: bytes) -> Event[Secret]:
        """Return one event of a watch."""
        event = read_event(line)
        table = event["object"]
        if event["type"] == "ERROR":
            raise_status(table)
        version = (table.get("metadata") or {}).get("resourceVersion", "")
        self._rows.learn(table)  # a bookmark may be the one event that tells the columns
        return Event(event["type"], () if event["type"] == "BOOKMARK" else self._rows.secrets(table), version)


def secrets_of(connection: Connection, scope: Scope, prefix: str, backoff: Backoff | None = None) -> ListWatch[Secret]:
    """Return what lists and watches the secrets of a scope. Raises `NotFound` for what cannot be a namespace."""
    query = {"includeObject": "Metadata"}
    if not scope.helm:
        query["fieldSelector"] = f"type!={HELM_RELEASE}"
    secrets = Collection(path_of("v1", "secrets", scope.namespace), query, TABLE, _PAGE)
    confirm = partial(_require_namespace, connection, scope.namespace)
    return ListWatch(connection, secrets, partial(TableReader, prefix), backoff or Backoff(), confirm)


async def _require_namespace(connection: Connection, namespace: str | None) -> None:
    # The list of a namespace that does not exist is empty, too.
    if namespace is not None:
        with suppress(Forbidden):
            await connection.get(f"/api/v1/namespaces/{namespace}", accept=METADATA)

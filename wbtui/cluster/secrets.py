"""The secrets of a scope: followed as metadata Tables, which hold no values."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from wbtui.cluster.connection import METADATA, TABLE, Connection
from wbtui.cluster.following import Changed, Event, Feed, Followed, Listed, Part, Patience, Place, path_of, raise_told
from wbtui.cluster.tables import SecretReader, read_event, read_table
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.domain.secret_types import HELM_RELEASE
from wbtui.repository import Changes, Forbidden, News, Page

__all__ = ["Patience", "SecretFeed"]

_PAGE = 500


class TableReader:
    """Makes secrets of the pages and events of Tables."""

    def __init__(self, prefix: str) -> None:
        self._rows = SecretReader(prefix)

    def part(self, body: bytes) -> Part[Secret]:
        answer = read_table(body)
        about = answer.get("metadata") or {}
        secrets, version = self._rows.secrets(answer), about.get("resourceVersion", "")
        return Part(secrets, version, about.get("continue", ""), about.get("remainingItemCount"))

    def event(self, line: bytes) -> Event[Secret]:
        event = read_event(line)
        said = event["object"]
        if event["type"] == "ERROR":
            raise_told(said)
        version = (said.get("metadata") or {}).get("resourceVersion", "")
        self._rows.learn(said)  # a bookmark may be the one event that tells the columns
        return Event(event["type"], () if event["type"] == "BOOKMARK" else self._rows.secrets(said), version)


@dataclass
class SecretFeed:
    """The news of one scope."""

    connection: Connection
    scope: Scope
    prefix: str
    patience: Patience = field(default_factory=Patience)

    async def news(self) -> AsyncGenerator[News, None]:
        """Yield pages, then changes, for ever; raise only what needs a person."""
        query = {"includeObject": "Metadata"}
        if not self.scope.helm:
            query["fieldSelector"] = f"type!={HELM_RELEASE}"
        place = Place(path_of("v1", "secrets", self.scope.namespace), query, TABLE, _PAGE)
        feed = Feed(self.connection, place, self._reader, self.patience, self._require_namespace)
        async with aclosing(feed.news()) as told:
            async for followed in told:
                yield _as_news(followed)

    def _reader(self) -> TableReader:
        return TableReader(self.prefix)

    async def _require_namespace(self) -> None:
        # The secrets of a namespace that does not exist are an empty list, too.
        if self.scope.namespace is not None:
            with suppress(Forbidden):
                await self.connection.get(f"/api/v1/namespaces/{self.scope.namespace}", accept=METADATA)


def _as_news(followed: Followed[Secret]) -> News:
    match followed:
        case Listed(things=secrets, loaded=loaded, expected=expected):
            return Page(secrets, loaded, expected)
        case Changed(seen=seen, gone=gone):
            return Changes(seen, gone)
        case news:
            return news

"""Lists in pages, and watches."""

import asyncio
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from wbtui.demo.apiserver import refusals
from wbtui.demo.apiserver.objects.calls import Call
from wbtui.demo.apiserver.objects.selectors import Matches, both, field_selector, label_selector
from wbtui.demo.apiserver.objects.store import ObjectStore, Snapshot, Stored, StoreEvent, Watcher
from wbtui.demo.apiserver.objects.views import ObjectView
from wbtui.demo.apiserver.refusals import bad_request
from wbtui.demo.apiserver.shapes import Refusal
from wbtui.demo.apiserver.wire import Json, encode, syntax_error

CURRENT = -1  # the revision in a token for the current state
BOOKMARKS = 60.0  # seconds between two bookmarks
TIMEOUT = 1800.0  # seconds that a watch lasts by default


def selector(call: Call) -> Matches | None:
    """Return a function that matches the selectors of a request; None where there are none."""
    labels = label_selector(call.query.get("labelSelector", ""))
    return both(labels, field_selector(call.query.get("fieldSelector", ""), call.resource.selectable))


@dataclass(frozen=True)
class ListPart:
    """A list, or a part of it."""

    items: list[Stored]
    metadata: Json


def page(store: ObjectStore, call: Call) -> ListPart:
    """Return the page of a list that a request asks for, as of the revision that the list began with."""
    revision, start = _position(store, call)
    snapshot = store.collections[call.resource.storage].snapshot(revision)
    prefix = f"{call.namespace}/" if call.namespace and call.resource.namespaced else ""
    first, end = snapshot.range(prefix)
    if start:
        first = max(first, bisect_left(snapshot.keys, prefix + start))
    matches = selector(call)
    limit = int(_number(call, "limit", 0)) or len(snapshot.keys)
    items, stopped = _take(snapshot, range(first, end), matches, limit)
    metadata: Json = {"resourceVersion": str(revision)}
    if stopped < end:
        metadata["continue"] = token(revision, snapshot.keys[stopped - 1].removeprefix(prefix) + "\0")
        if matches is None:
            metadata["remainingItemCount"] = end - stopped
    return ListPart(items, metadata)


def _number(call: Call, name: str, default: float) -> float:
    """Return a number from the query."""
    text = call.query.get(name) or str(default)
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        msg = f'invalid query parameter {name}: strconv.ParseInt: parsing "{text}": invalid syntax'
        raise bad_request(msg)
    return float(text)


def _take(snapshot: Snapshot, places: range, matches: Matches | None, limit: int) -> tuple[list[Stored], int]:
    """Return at most `limit` matching objects, and the position after the last one."""
    if matches is None:
        places = places[:limit]
        return [snapshot.objects[snapshot.keys[place]] for place in places], places.stop
    items = []
    for place in places:
        stored = snapshot.objects[snapshot.keys[place]]
        if matches(stored.body):
            items.append(stored)
            if len(items) == limit:
                return items, place + 1
    return items, places.stop


def token(revision: int, start: str) -> str:
    """Return the continue token of the next page."""
    fields = {"v": "meta.k8s.io/v1", "rv": revision, "start": start}
    return urlsafe_b64encode(encode(fields)).decode().rstrip("=")


def _position(store: ObjectStore, call: Call) -> tuple[int, str]:
    """Return the revision of a page, and the key that it starts at."""
    text = call.query.get("continue")
    if not text:
        return store.revision, ""
    revision, start = _read_token(text)
    if revision == CURRENT:
        return store.revision, start
    if revision < store.oldest(call.resource):
        raise refusals.expired_continue(token(CURRENT, start))
    return revision, start


def _read_token(text: str) -> tuple[int, str]:
    try:
        decoded = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("latin-1")
        fields = json.loads(decoded)
        return int(fields["rv"]), fields["start"].lstrip("/")
    except json.JSONDecodeError as error:
        why = syntax_error(error)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        why = str(error)
    msg = f"invalid continue token: continue key is not valid: {why}"
    raise bad_request(msg)


def _revision(text: str) -> int | None:
    """Return the resourceVersion to watch from; None means the current state."""
    if text in {"", "0"}:
        return None
    if not text.isdecimal():
        raise refusals.malformed_resource_version(text)
    return int(text)


class Watch:
    """One watch: its stream of events, from the first to the last."""

    def __init__(self, store: ObjectStore, call: Call, view: ObjectView, user: str) -> None:
        self._store = store
        self._call = call
        self._view = view
        self._matches = selector(call)
        self._prefix = f"{call.namespace}/" if call.namespace and call.resource.namespaced else ""
        self._since = _revision(call.query.get("resourceVersion", ""))
        self._user = user
        self._first = True

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield the encoded events; the watch is open as long as this runs."""
        try:
            watcher, present = self._open()
        except Refusal as refusal:
            yield _event("ERROR", encode(refusal.body))
            return
        try:
            for stored in present:
                yield self._encoded("ADDED", stored)
            async with aclosing(self._follow(watcher)) as events:
                async for text in events:
                    yield text
            if watcher.error:
                yield _event("ERROR", encode(watcher.error.body))
        finally:
            self._store.unwatch(self._call.resource, watcher)

    def _open(self) -> tuple[Watcher, list[Stored]]:
        """Return the watcher, and the initial objects of the watch."""
        if self._call.query.get("sendInitialEvents") == "true":
            raise refusals.no_initial_events()
        if self._since is not None:
            return self._store.watch(self._call.resource, self._user, self._since), []
        present = page(self._store, self._call).items
        return self._store.watch(self._call.resource, self._user, self._store.revision), present

    async def _follow(self, watcher: Watcher) -> AsyncGenerator[bytes, None]:
        loop = asyncio.get_running_loop()
        ends = loop.time() + (_number(self._call, "timeoutSeconds", 0) or TIMEOUT)
        bookmarks = self._call.query.get("allowWatchBookmarks") in {"1", "true"}
        while not watcher.ended:
            deadline = min(ends, loop.time() + BOOKMARKS)
            news = await watcher.wait(deadline)
            for text in filter(None, map(self._change, watcher.take_events())):
                yield text
            if bookmarks and not news:
                yield self._encoded("BOOKMARK", self._bookmark())
            if deadline == ends and not news:
                return

    def _change(self, event: StoreEvent) -> bytes | None:
        """Return a change as this watch sees it: an object that no longer matches is deleted for it."""
        if event.revision <= (self._since or 0) or not event.stored.key.startswith(self._prefix):
            return None
        before = event.previous is not None and self._lets_through(event.previous)
        after = event.type != "DELETED" and self._lets_through(event.stored)
        match before, after:
            case True, True:
                return self._encoded("MODIFIED", event.stored)
            case False, True:
                return self._encoded("ADDED", event.stored)
            case True, False:
                gone = event.stored if event.type == "DELETED" else self._left(event)
                return self._encoded("DELETED", gone)
        return None

    @staticmethod
    def _left(event: StoreEvent) -> Stored:
        """Return the last state in which an object matched."""
        previous = event.previous or event.stored
        return previous.at(event.revision)

    def _bookmark(self) -> Stored:
        """Return an object with nothing but the latest resourceVersion."""
        resource = self._call.resource
        revision = max(self._since or 0, self._store.revision)
        metadata = {"resourceVersion": str(revision)}
        return Stored("", {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": metadata})

    def _lets_through(self, stored: Stored) -> bool:
        return self._matches is None or self._matches(stored.body)

    def _encoded(self, kind: str, stored: Stored) -> bytes:
        first, self._first = self._first, False
        return _event(kind, self._view.one(stored, with_columns=first))


def _event(kind: str, body: bytes) -> bytes:
    return b'{"type":"' + kind.encode() + b'","object":' + body + b"}\n"

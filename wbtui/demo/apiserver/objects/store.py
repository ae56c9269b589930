"""Objects, their versions and their watchers, as in etcd and the watch cache."""

import asyncio
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wbtui.demo.apiserver.kinds.columns import ObjectCells
from wbtui.demo.apiserver.refusals import too_old
from wbtui.demo.apiserver.shapes import Refusal, ServedResource
from wbtui.demo.apiserver.wire import Json, encode

HISTORY = 10_000  # events a kind keeps for watches and for the pages of older lists
SNAPSHOTS = 4  # older states a kind keeps at hand between pages


class Stored:
    """One version of one object. Its body is never changed: a change is another version."""

    __slots__ = ("_metadata", "body", "key", "row")

    def __init__(self, key: str, body: Json) -> None:
        self.key = key
        self.body = body
        self.row: ObjectCells | None = None  # set when a table is made
        self._metadata: bytes | None = None

    @property
    def revision(self) -> str:
        """Return the resourceVersion."""
        return str(self.body["metadata"].get("resourceVersion", ""))

    @property
    def metadata(self) -> bytes:
        """Return the encoded metadata, which is cached."""
        if self._metadata is None:
            self._metadata = encode(self.body["metadata"])
        return self._metadata

    def at(self, revision: int) -> "Stored":
        """Return the same content under another resourceVersion."""
        metadata = self.body["metadata"] | {"resourceVersion": str(revision)}
        return Stored(self.key, self.body | {"metadata": metadata})


class StoreEvent(NamedTuple):
    """One change: the object after it, and the object before it."""

    revision: int
    type: str
    stored: Stored
    previous: Stored | None


class Snapshot(NamedTuple):
    """All objects of a kind at one revision, and their keys in order."""

    keys: list[str]
    objects: dict[str, Stored]

    def range(self, prefix: str) -> tuple[int, int]:
        """Return the range of the keys with a prefix."""
        end = bisect_left(self.keys, prefix[:-1] + chr(ord(prefix[-1]) + 1)) if prefix else len(self.keys)
        return bisect_left(self.keys, prefix), end


class Watcher:
    """One open watch: the events still to send, and the error that ends it."""

    def __init__(self, user: str, events: Iterable[StoreEvent] = ()) -> None:
        self.user = user
        self.error: Refusal | None = None
        self.ended = False
        self._events = deque(events)
        self._news = asyncio.Event()
        if self._events:
            self._news.set()

    def push(self, event: StoreEvent) -> None:
        """Add an event."""
        self._events.append(event)
        self._news.set()

    def end(self, error: Refusal | None = None) -> None:
        """End the watch, with an error if there is one."""
        self.error = error
        self.ended = True
        self._news.set()

    def take_events(self) -> Iterator[StoreEvent]:
        """Yield the events still to send."""
        self._news.clear()
        while self._events:
            yield self._events.popleft()

    async def wait(self, deadline: float | None) -> bool:
        """Wait for an event, until a deadline of the loop's clock if there is one; return whether there is an event."""
        try:
            async with asyncio.timeout_at(deadline):
                await self._news.wait()
        except TimeoutError:
            return False
        return True


class StoredCollection:
    """The objects of one kind."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.objects: dict[str, Stored] = {}
        self.events: deque[StoreEvent] = deque()
        self.forgotten = 0  # the newest revision whose event is no longer kept
        self.watchers: set[Watcher] = set()
        self._snapshots: dict[int, Snapshot] = {}

    def load(self, objects: Iterable[Stored]) -> None:
        """Add many objects at once, without events."""
        self.objects.update((stored.key, stored) for stored in objects)
        self.keys = sorted(self.objects)

    def record(self, event: StoreEvent) -> None:
        """Make a change, and send it to the watchers."""
        key = event.stored.key
        if event.type == "DELETED":
            del self.objects[key]
            del self.keys[bisect_left(self.keys, key)]
        else:
            self.objects[key] = event.stored
        if event.type == "ADDED":
            insort(self.keys, key)
        self.events.append(event)
        if len(self.events) > HISTORY:
            self.forgotten = self.events.popleft().revision
        for watcher in self.watchers:
            watcher.push(event)

    def snapshot(self, revision: int) -> Snapshot:
        """Return all objects as they were at a revision."""
        if not self.events or self.events[-1].revision <= revision:
            return Snapshot(self.keys, self.objects)
        if revision not in self._snapshots:
            if len(self._snapshots) == SNAPSHOTS:
                del self._snapshots[next(iter(self._snapshots))]
            self._snapshots[revision] = self._undo(revision)
        return self._snapshots[revision]

    def _undo(self, revision: int) -> Snapshot:
        """Return all objects without the events after a revision."""
        objects = dict(self.objects)
        for event in reversed(self.events):
            if event.revision <= revision:
                break
            if event.previous is None:
                del objects[event.stored.key]
            else:
                objects[event.stored.key] = event.previous
        return Snapshot(sorted(objects), objects)

    def forget(self) -> None:
        """Drop the history."""
        self.events.clear()
        self._snapshots.clear()


class ObjectStore:
    """All objects of the cluster, under one revision that every write raises by one."""

    def __init__(self, resources: Iterable[ServedResource]) -> None:
        self.revision = 1
        self.compacted = 0
        self.collections = {resource: StoredCollection() for resource in resources if resource.stored_as is None}

    def get(self, resource: ServedResource, namespace: str, name: str) -> Stored | None:
        """Return an object, or None where there is no such object."""
        return self.collections[resource.storage].objects.get(key_of(namespace, name))

    def load(self, resource: ServedResource, bodies: Iterable[Json]) -> None:
        """Add many objects at once, without events; earlier watches expire."""
        self.collections[resource].load(self._stored(body) for body in bodies)
        self.compacted = self.revision

    def write(self, resource: ServedResource, body: Json) -> Stored:
        """Create or replace an object."""
        stored = self._stored(body | {"apiVersion": resource.storage.api_version})
        collection = self.collections[resource.storage]
        previous = collection.objects.get(stored.key)
        collection.record(StoreEvent(self.revision, "ADDED" if previous is None else "MODIFIED", stored, previous))
        return stored

    def remove(self, resource: ServedResource, stored: Stored) -> Stored:
        """Delete an object, and return its last state."""
        self.revision += 1
        last = stored.at(self.revision)
        collection = self.collections[resource.storage]
        collection.record(StoreEvent(self.revision, "DELETED", last, collection.objects[stored.key]))
        return last

    def _stored(self, body: Json) -> Stored:
        self.revision += 1
        metadata = body["metadata"] | {"resourceVersion": str(self.revision)}
        key = key_of(metadata.get("namespace", ""), metadata["name"])
        return Stored(key, body | {"metadata": metadata})

    def oldest(self, resource: ServedResource) -> int:
        """Return the oldest revision that can still be read or watched from."""
        return max(self.compacted, self.collections[resource.storage].forgotten)

    def watch(self, resource: ServedResource, user: str, revision: int) -> Watcher:
        """Watch a kind from a revision on."""
        collection = self.collections[resource.storage]
        if revision < self.oldest(resource):
            raise too_old(revision, self.oldest(resource))
        watcher = Watcher(user, [event for event in collection.events if event.revision > revision])
        collection.watchers.add(watcher)
        return watcher

    def follow(self, resources: Iterable[ServedResource], user: str) -> Watcher:
        """Watch several kinds from now on."""
        watcher = Watcher(user)
        for resource in resources:
            self.collections[resource.storage].watchers.add(watcher)
        return watcher

    def unfollow(self, watcher: Watcher) -> None:
        """Stop watching several kinds."""
        for collection in self.collections.values():
            collection.watchers.discard(watcher)

    def unwatch(self, resource: ServedResource, watcher: Watcher) -> None:
        """Stop watching a kind."""
        self.collections[resource.storage].watchers.discard(watcher)

    @property
    def watchers(self) -> list[Watcher]:
        """Return all open watches."""
        return [watcher for collection in self.collections.values() for watcher in collection.watchers]

    def compact(self) -> None:
        """Forget all older versions; open watches end with Expired."""
        before = self.revision
        self.revision += 1
        self.compacted = self.revision
        for collection in self.collections.values():
            collection.forget()
        for watcher in self.watchers:
            watcher.end(too_old(before, self.compacted))


def key_of(namespace: str, name: str) -> str:
    """Return the key that an object is stored and sorted by."""
    return f"{namespace}/{name}" if namespace else name

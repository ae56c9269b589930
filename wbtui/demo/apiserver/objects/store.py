"""Objects, their versions, and who watches them: what etcd and the watch cache are to an API server."""

import asyncio
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wbtui.demo.apiserver.kinds.columns import Row
from wbtui.demo.apiserver.refusals import too_old
from wbtui.demo.apiserver.shapes import Refusal, Resource
from wbtui.demo.apiserver.wire import Json, encode

HISTORY = 10_000  # events a kind keeps for watches and for the pages of older lists
SNAPSHOTS = 4  # older states a kind keeps at hand between pages


class Stored:
    """One version of one object. Its body is never changed: a change is another version."""

    __slots__ = ("_metadata", "body", "key", "row")

    def __init__(self, key: str, body: Json) -> None:
        self.key = key
        self.body = body
        self.row: Row | None = None  # filled by who draws tables
        self._metadata: bytes | None = None

    @property
    def revision(self) -> str:
        """The resourceVersion."""
        return str(self.body["metadata"].get("resourceVersion", ""))

    @property
    def metadata(self) -> bytes:
        """The encoded metadata, made once a version."""
        if self._metadata is None:
            self._metadata = encode(self.body["metadata"])
        return self._metadata

    def at(self, revision: int) -> "Stored":
        """The same content under another resourceVersion."""
        metadata = self.body["metadata"] | {"resourceVersion": str(revision)}
        return Stored(self.key, self.body | {"metadata": metadata})


class Event(NamedTuple):
    """One change: what is there now, and what was there before."""

    revision: int
    type: str
    stored: Stored
    previous: Stored | None


class Snapshot(NamedTuple):
    """All objects of a kind at one revision, and their keys in order."""

    keys: list[str]
    objects: dict[str, Stored]

    def range(self, prefix: str) -> tuple[int, int]:
        """Where the keys with a prefix are."""
        end = bisect_left(self.keys, prefix[:-1] + chr(ord(prefix[-1]) + 1)) if prefix else len(self.keys)
        return bisect_left(self.keys, prefix), end


class Watcher:
    """One open watch: the events it has not been sent yet, and why it ends."""

    def __init__(self, user: str, events: Iterable[Event] = ()) -> None:
        self.user = user
        self.error: Refusal | None = None
        self.ended = False
        self._events = deque(events)
        self._news = asyncio.Event()
        if self._events:
            self._news.set()

    def push(self, event: Event) -> None:
        """Something happened."""
        self._events.append(event)
        self._news.set()

    def end(self, error: Refusal | None = None) -> None:
        """Nothing more will come; with an error, the watch says so."""
        self.error = error
        self.ended = True
        self._news.set()

    def take(self) -> Iterator[Event]:
        """The events that wait."""
        self._news.clear()
        while self._events:
            yield self._events.popleft()

    async def wait(self, deadline: float | None) -> bool:
        """Until there is news (True), or until the loop's clock shows the deadline, if any (False)."""
        try:
            async with asyncio.timeout_at(deadline):
                await self._news.wait()
        except TimeoutError:
            return False
        return True


class Collection:
    """The objects of one kind."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.objects: dict[str, Stored] = {}
        self.events: deque[Event] = deque()
        self.forgotten = 0  # the newest revision whose event is no longer kept
        self.watchers: set[Watcher] = set()
        self._snapshots: dict[int, Snapshot] = {}

    def load(self, objects: Iterable[Stored]) -> None:
        """Put in many objects at once, as if they had always been there."""
        self.objects.update((stored.key, stored) for stored in objects)
        self.keys = sorted(self.objects)

    def record(self, event: Event) -> None:
        """Make a change, and tell it to those who watch."""
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
        """All objects as they were at a revision."""
        if not self.events or self.events[-1].revision <= revision:
            return Snapshot(self.keys, self.objects)
        if revision not in self._snapshots:
            if len(self._snapshots) == SNAPSHOTS:
                del self._snapshots[next(iter(self._snapshots))]
            self._snapshots[revision] = self._undo(revision)
        return self._snapshots[revision]

    def _undo(self, revision: int) -> Snapshot:
        """Take back the events after a revision."""
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
        """Keep no history."""
        self.events.clear()
        self._snapshots.clear()


class Store:
    """All objects of the cluster, under one revision that every write raises by one."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.revision = 1
        self.compacted = 0
        self.collections = {resource: Collection() for resource in resources if resource.stored_as is None}

    def get(self, resource: Resource, namespace: str, name: str) -> Stored | None:
        """One object, if it is there."""
        return self.collections[resource.storage].objects.get(key_of(namespace, name))

    def load(self, resource: Resource, bodies: Iterable[Json]) -> None:
        """Put in many objects at once; no watch from before sees them."""
        self.collections[resource].load(self._stored(body) for body in bodies)
        self.compacted = self.revision

    def write(self, resource: Resource, body: Json) -> Stored:
        """Create an object, or put a new version in the place of an old one."""
        stored = self._stored(body | {"apiVersion": resource.storage.api_version})
        collection = self.collections[resource.storage]
        previous = collection.objects.get(stored.key)
        collection.record(Event(self.revision, "ADDED" if previous is None else "MODIFIED", stored, previous))
        return stored

    def remove(self, resource: Resource, stored: Stored) -> Stored:
        """Delete an object; the answer is its last state."""
        self.revision += 1
        last = stored.at(self.revision)
        collection = self.collections[resource.storage]
        collection.record(Event(self.revision, "DELETED", last, collection.objects[stored.key]))
        return last

    def _stored(self, body: Json) -> Stored:
        self.revision += 1
        metadata = body["metadata"] | {"resourceVersion": str(self.revision)}
        key = key_of(metadata.get("namespace", ""), metadata["name"])
        return Stored(key, body | {"metadata": metadata})

    def oldest(self, resource: Resource) -> int:
        """The oldest revision that can still be read or watched from."""
        return max(self.compacted, self.collections[resource.storage].forgotten)

    def watch(self, resource: Resource, user: str, revision: int) -> Watcher:
        """Follow a kind from a revision on."""
        collection = self.collections[resource.storage]
        if revision < self.oldest(resource):
            raise too_old(revision, self.oldest(resource))
        watcher = Watcher(user, [event for event in collection.events if event.revision > revision])
        collection.watchers.add(watcher)
        return watcher

    def follow(self, resources: Iterable[Resource], user: str) -> Watcher:
        """Follow several kinds from now on, until the watcher is ended."""
        watcher = Watcher(user)
        for resource in resources:
            self.collections[resource.storage].watchers.add(watcher)
        return watcher

    def unfollow(self, watcher: Watcher) -> None:
        """The end of following several kinds."""
        for collection in self.collections.values():
            collection.watchers.discard(watcher)

    def unwatch(self, resource: Resource, watcher: Watcher) -> None:
        """The client is gone, or has had enough."""
        self.collections[resource.storage].watchers.discard(watcher)

    @property
    def watchers(self) -> list[Watcher]:
        """All open watches."""
        return [watcher for collection in self.collections.values() for watcher in collection.watchers]

    def compact(self) -> None:
        """Forget every older version; watches end with Expired."""
        before = self.revision
        self.revision += 1
        self.compacted = self.revision
        for collection in self.collections.values():
            collection.forget()
        for watcher in self.watchers:
            watcher.end(too_old(before, self.compacted))


def key_of(namespace: str, name: str) -> str:
    """The key that an object is kept and sorted under."""
    return f"{namespace}/{name}" if namespace else name

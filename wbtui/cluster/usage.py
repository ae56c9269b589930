"""Who uses the secrets of a project: every kind that can name one, searched once or followed, side by side."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from sys import intern
from typing import Any, TypeAlias

from wbtui.cluster.backoff import Backoff
from wbtui.cluster.connection import Connection
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.objects import collection_of, why_not
from wbtui.cluster.readers import ObjectReader
from wbtui.domain.references import KINDS, Json, Kind, Reference, User, is_idle, references_in, service_account_in
from wbtui.domain.secret import Owner
from wbtui.domain.usage import NotSearched, Usage
from wbtui.errors import ClusterError
from wbtui.news import Changes, Complete, Followed, Interrupted, Page, WatchOpened

_SIDE_BY_SIDE = 4
"""Requests at a time: enough to hide the way to the cluster, and few enough for its fairness."""
_REFUSED = (60.0, 600.0)
"""Seconds after which kinds that are refused or missing are tried again: there are many of them."""
_GATHERED = 0.1
"""Seconds in which changes are gathered: a rollout is many events, and one piece of news."""

_Slot: TypeAlias = AbstractAsyncContextManager[Any]


async def search(connection: Connection, namespace: str, prefix: str) -> Usage:
    """Look once at everything in a namespace, and cluster-wide, that can name a secret; keep only where it does."""
    kinds = _kinds(connection, namespace, prefix)
    await asyncio.gather(*(kind.search() for kind in kinds))
    return _usage(kinds)


async def follow(connection: Connection, namespace: str | None, prefix: str) -> AsyncGenerator[Usage, None]:
    """Yield who uses the secrets of a namespace, or of all, once every kind was looked at; and again on changes."""
    kinds = _kinds(connection, namespace, prefix)
    told = asyncio.Event()
    tasks = [asyncio.create_task(kind.follow(told.set)) for kind in kinds]
    before: Usage | None = None
    try:
        while True:
            await told.wait()
            if before:  # only the first answer is waited for
                await asyncio.sleep(_GATHERED)
            told.clear()
            for ended in filter(asyncio.Task.done, tasks):
                ended.result()  # a mistake of ours must not look like silence
            if all(kind.looked for kind in kinds) and (usage := _usage(kinds)) != before:
                yield usage
                before = usage
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _usage(kinds: Iterable["_Users"]) -> Usage:
    users: list[User] = []
    searched: list[str] = []
    not_searched: list[NotSearched] = []
    for kind in kinds:
        users += kind.known.values()
        if kind.trouble:
            not_searched.append(kind.trouble)
        else:
            searched.append(kind.kind.kind)
    return Usage(tuple(users), tuple(searched), tuple(not_searched))


def _kinds(connection: Connection, namespace: str | None, prefix: str) -> list["_Users"]:
    slots = asyncio.Semaphore(_SIDE_BY_SIDE)
    return [_Users(kind, namespace is None, _list_watch(connection, kind, namespace, prefix, slots)) for kind in KINDS]


def _list_watch(connection: Connection, kind: Kind, namespace: str | None, prefix: str, slot: _Slot) -> ListWatch[User]:
    query = {"labelSelector": kind.selector.format(prefix=prefix)} if kind.selector else {}
    reader = partial(ObjectReader, partial(_user, kind))
    return ListWatch(connection, collection_of(kind, namespace, **query), reader, slot=slot, slow=Backoff(*_REFUSED))


@dataclass
class _Users:
    """The objects of one kind that matter, by uid, and what stands in the way of knowing them all."""

    kind: Kind
    everywhere: bool
    list_watch: ListWatch[User]
    known: dict[str, User] = field(default_factory=dict)
    trouble: NotSearched | None = None
    looked: bool = False
    listed: bool = False

    async def search(self) -> None:
        """List them once."""
        try:
            async for news in self.list_watch.list():
                self._take(news)
        except ClusterError as error:
            self.known.clear()
            self.trouble = self._why(error)

    async def follow(self, tell: Callable[[], None]) -> None:
        """Keep them up to date for ever, and tell when there may be news; end where that needs a person."""
        try:
            async for news in self.list_watch.follow():
                self._take(news)
                tell()
        except ClusterError as error:
            # What was known of them stays: nothing must look unused because it may not be looked at any more.
            self.trouble = self._why(error)
        self.looked = True
        tell()

    def _take(self, news: Followed[User]) -> None:
        match news:
            case Page(items=users):
                self._see(users)
            case Changes(changed=users, deleted=uids):
                self._see(users)
                self._lose(uids)
            case Complete(uids=uids):
                self._lose(self.known.keys() - uids)
                self.looked = self.listed = True
            case WatchOpened():
                self.looked, self.trouble = True, None
            case Interrupted(error=error):
                self.looked = True
                self.trouble = self._why(error, stale=self.listed)

    def _see(self, users: Iterable[User]) -> None:
        for user in users:
            if user.matters:
                self.known[user.uid] = user
            else:
                self.known.pop(user.uid, None)

    def _lose(self, uids: Iterable[str]) -> None:
        for uid in uids:
            self.known.pop(uid, None)

    def _why(self, error: ClusterError, *, stale: bool = False) -> NotSearched:
        reason = why_not(self.kind, error, everywhere=self.everywhere)
        return NotSearched(self.kind.kind, reason, stale=stale)


def _user(kind: Kind, thing: Json) -> User:
    metadata = thing.get("metadata") or {}
    return User(
        kind.kind,
        metadata.get("name", ""),
        intern(metadata.get("namespace", "")),
        metadata.get("uid", ""),
        tuple(_owners(metadata.get("ownerReferences") or ())),
        _shared(tuple(references_in(kind, thing))),
        intern(service_account_in(kind, thing)),
        is_idle(thing),
    )


@lru_cache(maxsize=2048)
def _shared(references: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """Return equal references as one object: the Pods of a workload all name the same."""
    return references


def _owners(references: Iterable[Json]) -> Iterable[Owner]:
    ordered = sorted(references, key=lambda owner: not owner.get("controller"))
    return (Owner(o.get("apiVersion", ""), o.get("kind", ""), o.get("name", ""), o.get("uid", "")) for o in ordered)

"""Who uses the secrets of a project: every kind that can name one, searched once or followed, side by side."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from sys import intern
from typing import Any, TypeAlias

from wbtui.cluster.backoff import Backoff
from wbtui.cluster.connection import Connection
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.objects import collection_of, why_not
from wbtui.cluster.pods import containers_of
from wbtui.cluster.readers import ObjectReader
from wbtui.cluster.rollouts import why_stalled
from wbtui.cluster.search_progress import ProgressCounter
from wbtui.cluster.searchable_kinds import KindFinder, SearchableKinds
from wbtui.domain.clock import Clock, utc_now
from wbtui.domain.display_name import display_name_in
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import (
    Kind,
    Reference,
    SecretUser,
    is_idle,
    references_in,
    service_account_in,
    why_pods_stay,
)
from wbtui.domain.secret import Owner
from wbtui.domain.usage import BEING_SEARCHED, NotSearched, SearchProgress, SearchStep, Usage, merged_usage
from wbtui.errors import ClusterError
from wbtui.news import Changes, Complete, Followed, Interrupted, Page, WatchOpened

_SIDE_BY_SIDE = 6
"""Requests at a time: enough to hide the latency, and few enough for the cluster's fair queuing."""
_REFUSED = (60.0, 600.0)
"""Seconds after which kinds that are refused or missing are tried again: there are many of them."""
_GATHERED = 0.2
"""Seconds in which changes are gathered: a rollout has many events."""
_Slot: TypeAlias = AbstractAsyncContextManager[Any]
Tell: TypeAlias = Callable[[SearchProgress], object]
FindAgain: TypeAlias = Callable[[], Coroutine[Any, Any, SearchableKinds]]


class UsageSearch:
    """Searches the kinds of a cluster for users of secrets; `display_name` is the key of that annotation."""

    def __init__(self, connection: Connection, finder: KindFinder, display_name: str, now: Clock = utc_now) -> None:
        self._connection = connection
        self._now = now
        self._finder = finder
        self._display_name = display_name
        self._followed: dict[str | None, _UsersOfKinds] = {}

    async def search(self, *namespaces: str | None, tell: Tell = lambda _: None) -> Usage:
        """Return the present users of the secrets of some namespaces, or with None of all; `tell` gets the progress.

        What is followed is not searched again, except for the kinds that are only listed from time to time: a secret
        that one of their objects has named since then must not look unused to someone who deletes it.
        """
        progress = ProgressCounter(tell)
        for followed in (self._followed.get(namespaces[0]) if len(namespaces) == 1 else None, self._followed.get(None)):
            if followed and followed.up_to_date:
                await progress.each(SearchStep.KINDS, _Users.search, followed.listed)
                return followed.usage()
        return merged_usage(await asyncio.gather(*(self._search(namespace, progress) for namespace in namespaces)))

    async def _search(self, namespace: str | None, progress: ProgressCounter) -> Usage:
        kinds = self._users_of(await self._finder.find(namespace, progress), namespace)
        await progress.each(SearchStep.KINDS, _Users.search, kinds.users)
        return kinds.usage()

    async def follow(self, namespace: str | None) -> AsyncGenerator[Usage, None]:
        """Yield the users of the secrets of a namespace, or of all, as far as they are known, and again on changes.

        Some kinds are watched; the others are listed from time to time. The kinds that wbtui knows are searched first,
        as reading the schemas of the others can take a while.
        """
        kinds = self._users_of(await self._finder.find_known(namespace), namespace)
        try:
            while True:
                self._followed[namespace] = kinds
                async for usage in kinds.follow(partial(self._newer, kinds.found, namespace)):
                    yield usage
                kinds = self._users_of(kinds.found, namespace, kinds)
        finally:
            if self._followed.get(namespace) is kinds:
                del self._followed[namespace]

    async def _newer(self, found: SearchableKinds, namespace: str | None) -> SearchableKinds:
        await asyncio.sleep(found.valid)
        return await self._finder.find(namespace)

    def _users_of(
        self, found: SearchableKinds, namespace: str | None, before: "_UsersOfKinds | None" = None
    ) -> "_UsersOfKinds":
        slots = asyncio.Semaphore(_SIDE_BY_SIDE)
        known = {users.kind: users for users in before.users} if before else {}

        def users(kind: Kind) -> _Users:
            return known.get(kind) or _Users(
                kind, namespace is None, self._list_watch(kind, namespace, slots), self._now
            )

        return _UsersOfKinds(found, [*map(users, found.watched)], [*map(users, found.listed)])

    def _list_watch(self, kind: Kind, namespace: str | None, slot: _Slot) -> ListWatch[SecretUser]:
        query = {"labelSelector": kind.selector} if kind.selector else {}
        reader = partial(ObjectReader, partial(_user, kind, self._display_name))
        objects = collection_of(kind, namespace, **query)
        return ListWatch(self._connection, objects, reader, slot=slot, slow=Backoff(*_REFUSED))


@dataclass
class _UsersOfKinds:
    """The users of secrets among the kinds that the cluster has at one time."""

    found: SearchableKinds
    watched: list["_Users"]
    listed: list["_Users"]

    @property
    def users(self) -> list["_Users"]:
        """Return the users of all kinds."""
        return [*self.watched, *self.listed]

    @property
    def up_to_date(self) -> bool:
        """Return whether all kinds are known and watched without trouble: another search would find no more."""
        found = not any(kind.reason == BEING_SEARCHED for kind in self.found.not_searched)
        return found and all(one.looked and not one.trouble for one in self.watched)

    async def follow(self, find_again: FindAgain) -> AsyncGenerator[Usage, None]:
        """Yield what is known, and again on changes, until the cluster has other kinds."""
        news = asyncio.Event()
        tasks = [asyncio.create_task(users.follow(news.set)) for users in self.watched]
        listing = asyncio.create_task(self._list(news.set, find_again))
        listing.add_done_callback(lambda _: news.set())
        before: Usage | None = None
        try:
            while not listing.done():
                await news.wait()
                await asyncio.sleep(_GATHERED)
                news.clear()
                for ended in filter(asyncio.Task.done, tasks):
                    ended.result()  # a mistake of ours must not look like silence
                if (usage := self.usage()) != before:
                    yield usage
                    before = usage
            self.found = listing.result()
        finally:
            for task in (*tasks, listing):
                task.cancel()
            await asyncio.gather(*tasks, listing, return_exceptions=True)

    async def _list(self, tell: Callable[[], None], find_again: FindAgain) -> SearchableKinds:
        """List the kinds that are not watched, from time to time, until the cluster has other kinds; return those."""
        while True:
            async with asyncio.TaskGroup() as searches:
                for users in self.listed:
                    searches.create_task(users.search()).add_done_callback(lambda _: tell())
            tell()  # also where nothing may be listed
            if (found := await find_again()) != self.found:
                return found

    def usage(self) -> Usage:
        """Return the known users of secrets, and the kinds that are not fully searched."""
        found: list[SecretUser] = []
        searched: list[str] = []
        not_searched = list(self.found.not_searched)
        for users in self.users:
            found += users.known.values()
            if users.trouble:
                not_searched.append(users.trouble)
            elif users.looked:
                searched.append(users.kind.kind)
            else:
                not_searched.append(NotSearched(users.kind.kind, BEING_SEARCHED))
        listed_at = [users.listed_at for users in self.listed if users.listed_at]
        everywhere = any(users.everywhere for users in self.users)
        return Usage(tuple(found), tuple(searched), tuple(not_searched), min(listed_at, default=None), everywhere)


@dataclass
class _Users:
    """The users of one kind by uid, and why they are not all known."""

    kind: Kind
    everywhere: bool
    list_watch: ListWatch[SecretUser]
    now: Clock
    known: dict[str, SecretUser] = field(default_factory=dict)
    trouble: NotSearched | None = None
    looked: bool = False
    listed_at: datetime | None = None

    async def search(self) -> None:
        """List them once."""
        try:
            async for news in self.list_watch.list():
                self._apply(news)
            self.trouble = None
        except ClusterError as error:
            self.trouble = self._why(error, stale=self.listed_at is not None)
        self.looked = True

    async def follow(self, tell: Callable[[], None]) -> None:
        """Keep them up to date, and call `tell` at changes; end at an error that only the user can solve."""
        try:
            async for news in self.list_watch.follow():
                self._apply(news)
                tell()
        except ClusterError as error:
            # The known ones stay: nothing must look unused because its users may not be read any more.
            self.trouble = self._why(error)
        self.looked = True
        tell()

    def _apply(self, news: Followed[SecretUser]) -> None:
        match news:
            case Page(items=users):
                self._see(users)
            case Changes(changed=users, deleted=uids):
                self._see(users)
                self._lose(uids)
            case Complete(uids=uids):
                self._lose(self.known.keys() - uids)
                self.looked, self.listed_at = True, self.now()
            case WatchOpened():
                self.looked, self.trouble = True, None
            case Interrupted(error=error):
                self.looked = True
                self.trouble = self._why(error, stale=self.listed_at is not None)

    def _see(self, users: Iterable[SecretUser]) -> None:
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


def _user(kind: Kind, display_name: str, manifest: Json) -> SecretUser:
    metadata = manifest.get("metadata") or {}
    name = metadata.get("name", "")
    return SecretUser(
        kind.kind,
        name,
        intern(metadata.get("namespace", "")),
        metadata.get("uid", ""),
        tuple(_owners(metadata.get("ownerReferences") or ())),
        _shared(tuple(references_in(kind, manifest))),
        intern(service_account_in(kind, manifest)),
        is_idle(manifest),
        kind.account,
        display_name_in(metadata.get("annotations") or {}, display_name, name),
        kind.api,
        why_pods_stay(manifest),
        why_stalled(manifest) if kind.rollout or kind.kind == "ReplicaSet" else "",
        *(containers_of(manifest) if kind.kind == "Pod" else ()),
    )


@lru_cache(maxsize=2048)
def _shared(references: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """Return equal references as one object: the Pods of a workload all name the same."""
    return references


def _owners(references: Iterable[Json]) -> Iterable[Owner]:
    ordered = sorted(references, key=lambda owner: not owner.get("controller"))
    return (Owner(o.get("apiVersion", ""), o.get("kind", ""), o.get("name", ""), o.get("uid", "")) for o in ordered)

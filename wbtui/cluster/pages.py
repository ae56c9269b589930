"""The pages of a list: the next ones are requested as soon as the token for each was received."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from msgspec import DecodeError
from msgspec.json import Decoder

from wbtui.cluster.connection import Began
from wbtui.cluster.wire import ListMetadata

_HEAD = re.compile(rb'\{"kind":"Table","apiVersion":"[\w./]+","metadata":(\{[^{}]*\})')
"""The beginning of a Table: its metadata come before its rows."""
_LONGEST_HEAD = 1 << 14
_METADATA = Decoder(ListMetadata)
_LARGE = 4 << 20
"""Bytes of an answer after which the next page is as small as the first."""
_REQUESTED = 3
"""The most pages that are requested and not taken yet: with fewer, the line to a distant server is idle at times."""

Get: TypeAlias = Callable[[int, str, Began], Awaitable[bytes]]
"""Returns a page of at most so many objects, from a continue token on."""


class Pages:
    """Requests pages, the first of `first` objects and later ones of up to `most`.

    A small page arrives soon; large ones need fewer round trips.
    """

    def __init__(self, get: Get, first: int, most: int) -> None:
        self._get = get
        self._first = self._limit = first
        self._most = max(first, most)
        self._on_their_way: set[asyncio.Future[bytes]] = set()
        self._last: AskedPage | None = None

    @property
    def has_room(self) -> bool:
        """Return whether one more page may be requested before those on their way are taken."""
        return len(self._on_their_way) < _REQUESTED

    def ask(self, token: str = "") -> "AskedPage":
        """Request a page, from a token on."""
        self._last = AskedPage(self, token)
        return self._last

    def receive(self, token: str, began: Began) -> asyncio.Future[bytes]:
        """Return the future body of a page; `began` is called with what was received of it."""
        page = asyncio.ensure_future(self._receive(token, began))
        self._on_their_way.add(page)
        return page

    async def taken(self, page: asyncio.Future[bytes]) -> bytes:
        """Return the body of a page, which makes room to request another."""
        body = await page
        self._on_their_way.discard(page)
        if self._last:
            self._last.ask_next()
        return body

    async def aclose(self) -> None:
        """Cancel all requests."""
        for page in self._on_their_way:
            page.cancel()
        await asyncio.gather(*self._on_their_way, return_exceptions=True)

    async def _receive(self, token: str, began: Began) -> bytes:
        body = await self._get(self._limit, token, began)
        self._limit = min(self._most, self._limit * 2) if len(body) < _LARGE else self._first
        return body


class AskedPage:
    """A page that was requested."""

    def __init__(self, pages: Pages, token: str) -> None:
        self._pages = pages
        self._is_first = not token
        self._is_read = False
        self._next_token = ""
        self._next: AskedPage | None = None
        self._body = pages.receive(token, self._look)

    async def body(self) -> bytes:
        """Return the page. Raises any `ClusterError`."""
        return await self._pages.taken(self._body)

    def ask_next(self) -> None:
        """Request the page after this one, where its token is known and there is room for it.

        The one after the first is requested when the first was received, whose rows the user waits for.
        """
        may_follow = self._body.done() or not self._is_first
        if may_follow and self._next_token and not self._next and self._pages.has_room:
            self._next = self._pages.ask(self._next_token)

    def following(self, token: str) -> "AskedPage | None":
        """Return the page after this one, from its token on; None without a token."""
        if token and not (self._next and token == self._next_token):
            return self._pages.ask(token)
        return self._next if token else None

    def _look(self, body: bytearray) -> None:
        """Read the token from the beginning of the page, where that was received."""
        if self._is_read:
            return
        head = _HEAD.match(body)
        self._is_read = bool(head) or len(body) > _LONGEST_HEAD
        self._next_token = _token_in(head[1]) if head else ""
        self.ask_next()


def _token_in(metadata: bytes) -> str:
    try:
        return _METADATA.decode(metadata).get("continue", "")
    except DecodeError:
        return ""

"""HTTP requests to one API server; every failure is raised as a `ClusterError`."""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote, urlencode

from wbtui.cluster.errors import as_unreachable, http_error
from wbtui.cluster.event_log import Exchange
from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.cluster.login import Login, LoginOptions
from wbtui.cluster.logins import Logins
from wbtui.domain.projects import Context
from wbtui.errors import NotFound, ReadOnly, Silent, TooLarge
from wbtui.http.client import Limits, Request, Response
from wbtui.http.errors import Silence

if TYPE_CHECKING:
    from wbtui.cluster.write_warnings import FindValues

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
JSON = "application/json"

_ANSWER_SECONDS = 30.0
"""The most seconds until a server accepts a watch, also where requests have no limit."""
_LARGEST = 64 << 20
"""Bytes of a decompressed answer: a page of 500 secrets is usually about 3 MB, and rarely more than 20 MB."""
_LARGEST_LINE = 8 << 20
"""Bytes of one event of a watch: an object is at most about 3 MB."""
_LARGEST_REFUSAL = 1 << 20
_REVIEWS = ("/apis/authentication.k8s.io/", "/apis/authorization.k8s.io/")
"""A review that is posted here is a question: it changes nothing in the cluster."""


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """The options of all requests: kubectl's --as, and its --request-timeout in seconds, 0 for none."""

    impersonate: str = ""
    timeout: float = 30.0
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    query: Mapping[str, str]
    accept: str
    body: Any = field(default=None, repr=False)
    content_type: str = JSON
    find_values: "FindValues | None" = field(default=None, repr=False)

    @property
    def writes(self) -> bool:
        return self.method != "GET" and not self.path.startswith(_REVIEWS)

    @property
    def url(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


ConfirmWriter: TypeAlias = Callable[[Login], Awaitable[None]]


Began: TypeAlias = Callable[[bytearray], None]
"""Called with all data of an answer so far, whenever more was received."""


async def _accept_any_writer(_: Login) -> None:
    pass


def _ignore_beginning(_: bytearray) -> None:
    pass


def _ignore_warning(_: str) -> None:
    pass


class Connection:
    """Requests to one context's API server, with credentials that are loaded again when they are refused.

    `begin_write` is called as each write begins. What it returns is awaited with the login before the write is sent,
    and may raise where that login is another user's. `tell_warning` is called with each warning in the answer to a
    write; `find_values` of that write keeps out those that repeat a value.
    """

    def __init__(self, kubeconfig: Kubeconfig, context: Context, options: RequestOptions) -> None:
        self._context = context
        self._options = options
        self.begin_write: Callable[[], ConfirmWriter] = lambda: _accept_any_writer
        self.tell_warning: Callable[[str], None] = _ignore_warning
        self.logins = Logins(LoginOptions(kubeconfig, context, options.impersonate))

    async def get(
        self, path: str, query: Mapping[str, str] | None = None, *, accept: str, began: Began = _ignore_beginning
    ) -> bytes:
        """Return the body of a GET; `began` is called with what was received so far. Raises any `ClusterError`."""
        return await self._body_of(_Request("GET", path, query or {}, accept), began)

    async def post_review(self, path: str, review: Mapping[str, Any]) -> bytes:
        """Post a review, such as a SelfSubjectReview, and return the answer. Raises any `ClusterError`."""
        return await self._body_of(_Request("POST", path, {}, JSON, review))

    async def post(
        self,
        path: str,
        query: Mapping[str, str],
        *,
        accept: str,
        body: Mapping[str, Any],
        find_values: "FindValues | None" = None,
    ) -> bytes:
        """Create an object and return the answer; never sent twice. Raises any `ClusterError`."""
        return await self._body_of(_Request("POST", path, query, accept, body, find_values=find_values))

    async def patch(
        self,
        path: str,
        query: Mapping[str, str],
        *,
        accept: str,
        patch: Any,
        find_values: "FindValues | None" = None,
    ) -> bytes:
        """Change an object by a JSON patch (a list) or a merge patch; never sent twice. Raises any `ClusterError`."""
        kind = "application/json-patch+json" if isinstance(patch, list) else "application/merge-patch+json"
        return await self._body_of(_Request("PATCH", path, query, accept, patch, kind, find_values))

    async def delete(self, path: str, options: Mapping[str, Any], *, accept: str) -> bytes:
        """Delete an object with DeleteOptions and return the answer; never sent twice. Raises any `ClusterError`."""
        body = {"apiVersion": "v1", "kind": "DeleteOptions", **options}
        return await self._body_of(_Request("DELETE", path, {}, accept, body))

    @asynccontextmanager
    async def watch(
        self, path: str, query: Mapping[str, str], *, accept: str, silence: float
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open a watch; on enter, the server has accepted it.

        Yields chunks of whole lines. Raises `Silent` where nothing is received for `silence` seconds.
        """
        limits = Limits(silence=silence)
        await self.logins.current()  # the time that a credential plugin takes does not count as the server's
        async with AsyncExitStack() as stack:
            with as_unreachable(self._server()):
                async with asyncio.timeout(min(self._options.timeout or _ANSWER_SECONDS, _ANSWER_SECONDS)):
                    stream = self._response(_Request("GET", path, query, accept), limits)
                    response = await stack.enter_async_context(stream)
            yield self._lines(response, silence)

    async def _lines(self, response: Response, silence: float) -> AsyncIterator[bytes]:
        with as_unreachable(self._server()):
            try:
                async for lines in whole_lines(response.chunks()):
                    yield lines
            except Silence as error:
                raise Silent(f"nothing has come from {self._server()} for {silence:.0f} s") from error

    async def close(self) -> None:
        """Close every connection to the server."""
        await self.logins.close()

    async def _body_of(self, request: _Request, began: Began = _ignore_beginning) -> bytes:
        async with self._response(request, Limits(total=self._options.timeout or None)) as response:
            with as_unreachable(self._server()):
                return await _read_body(response, _LARGEST, began)

    @asynccontextmanager
    async def _response(self, request: _Request, limits: Limits) -> AsyncIterator[Response]:
        self._check_permitted(request)
        with Exchange(request.method, request.url) as exchange:
            response = await self._accepted(request, limits, exchange)
            try:
                await self._tell_warnings(request, response)
                if not response.ok:
                    with as_unreachable(self._server()):
                        raise http_error(
                            response.status,
                            await _read_body(response, _LARGEST_REFUSAL),
                            response.headers.get("retry-after"),
                        )
                yield response
            finally:
                response.close()

    async def _accepted(self, request: _Request, limits: Limits, exchange: Exchange) -> Response:
        """Send a request, and once more with new credentials where the server refuses those."""
        confirm = self._confirm_write(self.begin_write()) if request.writes else _accept_any_writer
        login = await self._login(confirm)
        response = await exchange.sent(self._send(login, request, limits))
        if response.status == HTTPStatus.UNAUTHORIZED:
            # The credentials may have expired. The refused request has changed nothing: it can be sent again.
            response.close()
            self.logins.retire(login)
            login = await self._login(confirm)
            response = await exchange.sent(self._send(login, request, limits))
        if response.status != HTTPStatus.UNAUTHORIZED:
            self.logins.accept(login)
        return response

    async def _login(self, confirm: ConfirmWriter) -> Login:
        login = await self.logins.current()
        await confirm(login)
        return login

    def _confirm_write(self, confirm_writer: ConfirmWriter) -> ConfirmWriter:
        async def confirm(login: Login) -> None:
            await self.logins.require_same_endpoint(login)
            await confirm_writer(login)

        return confirm

    async def _send(self, login: Login, request: _Request, limits: Limits) -> Response:
        headers, body = {"Accept": request.accept}, b""
        if request.body is not None:
            headers["Content-Type"] = request.content_type
            body = json.dumps(request.body).encode()
        with as_unreachable(self._server()):
            return await login.client.send(Request(request.method, request.url, headers, body), limits)

    async def _tell_warnings(self, request: _Request, response: Response) -> None:
        header = response.headers.get("warning")
        if header and request.writes:
            from wbtui.cluster.write_warnings import warnings_in  # noqa: PLC0415  most writes need no search for values

            # In a thread: the search for a large value takes a while.
            for warning in await asyncio.to_thread(warnings_in, header, request.find_values):
                self.tell_warning(warning)

    def _check_permitted(self, request: _Request) -> None:
        if self._options.read_only and request.writes:
            raise ReadOnly("this session may not change anything")
        if {".", ".."} & set(unquote(request.path).split("/")):
            raise NotFound("no object can have that name")

    def _server(self) -> str:
        login = self.logins.last
        return login.server if login else self._context.name


async def whole_lines(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield the chunks of a stream, cut so that each ends with a whole line. Raises `TooLarge` for a long line."""
    unfinished = bytearray()
    async for chunk in chunks:
        lines, newline, rest = chunk.rpartition(b"\n")
        if newline:
            yield bytes(unfinished) + lines
            unfinished.clear()
        unfinished += rest
        _check_size(unfinished, _LARGEST_LINE)
    if unfinished:
        yield bytes(unfinished)


async def _read_body(response: Response, limit: int, began: Began = _ignore_beginning) -> bytes:
    # It is decompressed part by part, so the size is checked before the whole body is in memory.
    body = bytearray()
    async for chunk in response.chunks():
        body += chunk
        _check_size(body, limit)
        began(body)
    return bytes(body)


def _check_size(body: bytearray, limit: int) -> None:
    if len(body) > limit:
        raise TooLarge(f"the answer is larger than {limit >> 20} MiB; the rest of it was not read")

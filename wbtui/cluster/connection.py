"""One way to a cluster's API: prepared requests, bytes back, every refusal as a `ClusterError`."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import unquote, urlencode

import aiohttp

from wbtui.cluster.errors import as_unreachable, refusal
from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.cluster.login import Login, LoginOptions
from wbtui.cluster.logins import Logins
from wbtui.domain.projects import Context
from wbtui.errors import NotFound, ReadOnly, Silent, TooLarge

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
JSON = "application/json"

_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 30.0
"""How long a server may take to accept a watch, also where requests may take for ever."""
_LARGEST = 64 << 20
"""Bytes of an answer, unpacked: a page of 500 secrets has some three million, and seldom more than twenty."""
_LARGEST_LINE = 8 << 20
"""Bytes of one event of a watch: an object is at most some three million."""
_LARGEST_REFUSAL = 1 << 20
_ASKING = ("/apis/authentication.k8s.io/", "/apis/authorization.k8s.io/")
"""What is posted here is a question: it changes nothing in the cluster."""


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """How to talk: as kubectl's flags of these names say it; `timeout` is in seconds, 0 for ever."""

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

    @property
    def writes(self) -> bool:
        return self.method != "GET" and not self.path.startswith(_ASKING)

    @property
    def url(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


ConfirmWriter: TypeAlias = Callable[[Login], Awaitable[None]]


async def _accept_writer(_: Login) -> None:
    pass


class Connection:
    """Requests to one context's API server, with credentials that are loaded again when they are refused.

    `begin_write` is called as each write begins. What it returns is awaited with the login before the write is sent,
    and may raise where that login is another user's.
    """

    def __init__(self, kubeconfig: Kubeconfig, context: Context, options: RequestOptions) -> None:
        self._context = context
        self._options = options
        self.begin_write: Callable[[], ConfirmWriter] = lambda: _accept_writer
        self.logins = Logins(LoginOptions(kubeconfig, context, options.impersonate, (_once,)))

    async def get(self, path: str, query: Mapping[str, str] | None = None, *, accept: str) -> bytes:
        """Return the body of a GET. Raises any `ClusterError`."""
        return await self._read(_Request("GET", path, query or {}, accept))

    async def ask(self, path: str, review: Mapping[str, Any]) -> bytes:
        """Post one of the reviews, which are questions in the shape of writes, and return the answer."""
        return await self._read(_Request("POST", path, {}, JSON, review))

    async def post(self, path: str, query: Mapping[str, str], *, accept: str, body: Mapping[str, Any]) -> bytes:
        """Create something and return the answer; never sent twice. Raises any `ClusterError`."""
        return await self._read(_Request("POST", path, query, accept, body))

    async def patch(self, path: str, query: Mapping[str, str], *, accept: str, patch: Any) -> bytes:
        """Change something by a JSON patch (a list) or a merge patch; never sent twice. Raises any `ClusterError`."""
        kind = "application/json-patch+json" if isinstance(patch, list) else "application/merge-patch+json"
        return await self._read(_Request("PATCH", path, query, accept, patch, kind))

    async def delete(self, path: str, options: Mapping[str, Any], *, accept: str) -> bytes:
        """Delete one thing under `options` and return the answer; never sent twice. Raises any `ClusterError`."""
        body = {"apiVersion": "v1", "kind": "DeleteOptions", **options}
        return await self._read(_Request("DELETE", path, {}, accept, body))

    @asynccontextmanager
    async def watch(
        self, path: str, query: Mapping[str, str], *, accept: str, silence: float
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open a watch; on enter, the server has answered that it accepts it.

        Yields whole lines, as many at once as have come. Raises `Silent` where nothing comes for `silence` seconds.
        """
        limits = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=silence)
        await self.logins.current()  # a credential plugin may wait for a person, and so for longer than a server may
        async with AsyncExitStack() as stack:
            with as_unreachable(self._server()):
                async with asyncio.timeout(min(self._options.timeout or _ANSWER_SECONDS, _ANSWER_SECONDS)):
                    stream = self._answer(_Request("GET", path, query, accept), limits)
                    response = await stack.enter_async_context(stream)
            yield self._lines(response, silence)

    async def _lines(self, response: aiohttp.ClientResponse, silence: float) -> AsyncIterator[bytes]:
        with as_unreachable(self._server()):
            try:
                async for lines in whole_lines(response.content.iter_any()):
                    yield lines
            except aiohttp.SocketTimeoutError as error:
                raise Silent(f"nothing has come from {self._server()} for {silence:.0f} s") from error.__cause__

    async def close(self) -> None:
        """Close every connection to the server."""
        await self.logins.close()

    async def _read(self, request: _Request) -> bytes:
        total = self._options.timeout or None
        limits = aiohttp.ClientTimeout(total=total, sock_connect=_CONNECT_SECONDS)
        async with self._answer(request, limits) as response:
            with as_unreachable(self._server()):
                return await _whole(response, _LARGEST)

    @asynccontextmanager
    async def _answer(self, request: _Request, limits: aiohttp.ClientTimeout) -> AsyncIterator[aiohttp.ClientResponse]:
        self._permit(request)
        confirm = self._confirm_write(self.begin_write()) if request.writes else _accept_writer
        login = await self._login(confirm)
        response = await self._send(login, request, limits)
        if response.status == HTTPStatus.UNAUTHORIZED:
            # A token, a certificate or a plugin's answer has aged; a refused request has done nothing.
            response.release()
            self.logins.retire(login)
            login = await self._login(confirm)
            response = await self._send(login, request, limits)
        if response.status != HTTPStatus.UNAUTHORIZED:
            self.logins.accept(login)
        try:
            if not response.ok:
                with as_unreachable(self._server()):
                    raise refusal(
                        response.status, await _whole(response, _LARGEST_REFUSAL), response.headers.get("Retry-After")
                    )
            yield response
        finally:
            response.close()

    async def _login(self, confirm: ConfirmWriter) -> Login:
        login = await self.logins.current()
        await confirm(login)
        return login

    def _confirm_write(self, confirm_writer: ConfirmWriter) -> ConfirmWriter:
        async def confirm(login: Login) -> None:
            await self.logins.require_same_endpoint(login)
            await confirm_writer(login)

        return confirm

    async def _send(self, login: Login, request: _Request, limits: aiohttp.ClientTimeout) -> aiohttp.ClientResponse:
        client = login.client
        headers = {"Accept": request.accept, "Content-Type": request.content_type}
        with as_unreachable(self._server()):
            method, url, headers, body, _ = await client.param_serialize(
                request.method, request.url, header_params=headers, body=request.body, auth_settings=["BearerToken"]
            )
            answer = await client.rest_client.request(method, url, headers=headers, body=body, _request_timeout=limits)
        response: aiohttp.ClientResponse = answer.response
        return response

    def _permit(self, request: _Request) -> None:
        if self._options.read_only and request.writes:
            raise ReadOnly("this session may not change anything")
        if {".", ".."} & set(unquote(request.path).split("/")):
            raise NotFound("there can be nothing of that name")

    def _server(self) -> str:
        login = self.logins.last
        return login.server if login else self._context.name


async def whole_lines(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield the lines of a stream that comes in any pieces: whole ones only, as many at once as have come.

    Raises `TooLarge` where one does not end.
    """
    begun = bytearray()
    async for chunk in chunks:
        lines, newline, rest = chunk.rpartition(b"\n")
        if newline:
            yield bytes(begun) + lines
            begun.clear()
        begun += rest
        _limit(begun, _LARGEST_LINE)
    if begun:
        yield bytes(begun)


async def _whole(response: aiohttp.ClientResponse, limit: int) -> bytes:
    # The library unpacks what is compressed piece by piece, so that it is counted before it is all there.
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        _limit(body, limit)
    return bytes(body)


def _limit(body: bytearray, limit: int) -> None:
    if len(body) > limit:
        raise TooLarge(f"an answer of more than {limit >> 20} MiB came, which was not read to its end")


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send a write once, and whatever it carries to nobody else: no second try, no redirect."""
    try:
        response = await send(request)
    except aiohttp.ClientConnectorError:
        raise  # nothing was sent
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if request.method == "GET":
            raise
        raise aiohttp.ClientConnectionError("the connection broke") from error
    if response.status in _REDIRECTS:
        response.close()
        raise aiohttp.ClientConnectionError("it redirects, which no API server does")
    return response


_REDIRECTS = {301, 302, 303, 307, 308}

"""A web server on loopback that answers as a test says."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import MappingProxyType
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"


class Asked(NamedTuple):
    """What came from the client; names of headers are in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Return the path alone."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        """Return the query, or the form in the body, by name."""
        return parse_qs(urlsplit(self.target).query or self.body.decode())


class Answer(NamedTuple):
    """What is answered; with `hangs`, nothing is, until the server stops."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({"Content-Type": "application/json"})
    hangs: bool = False


Respond: TypeAlias = Callable[[Asked], Answer]


class Web:
    """A running server: its address, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.received = Event()
        self.ends = Event()

    @property
    def place(self) -> str:
        """Return host and port."""
        return urlsplit(self.url).netloc


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, respond: Respond, tls: ssl.SSLContext | None) -> None:
        super().__init__((HOST, 0), _Handler)
        self.respond = respond
        self.served = Web(f"{'https' if tls else 'http'}://{HOST}:{self.server_address[1]}")
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that go."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): text for name, text in self.headers.items()}
        asked = Asked(self.command, self.path, headers, self.rfile.read(length))
        self.server.served.asked.append(asked)
        self.server.served.received.set()
        said = self.server.respond(asked)
        if said.hangs:
            self.server.served.ends.wait()
            self.close_connection = True
        else:
            self._say(said)

    def _say(self, said: Answer) -> None:
        self.send_response(said.status)
        for name, text in said.headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said.body)

    do_GET = do_HEAD = do_POST = _answer  # noqa: N815  http.server's names

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def web(respond: Respond, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Serve until the block ends."""
    server = _Server(respond, tls)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.served
    finally:
        server.served.ends.set()
        server.shutdown()
        server.server_close()
        thread.join()

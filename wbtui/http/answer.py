"""An answer, parsed while it arrives: its head, and its body, decompressed in parts."""

import zlib
from collections.abc import Mapping
from http import HTTPStatus

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from wbtui.http.errors import BrokenOff, NotHttp

_LARGEST_HEAD = 1 << 16
_GZIP = 16 + zlib.MAX_WBITS
_MOST = 1 << 20
"""The most bytes that are decompressed at once: a few compressed ones may become very many."""


class Answer:
    """Parses one answer; llhttp calls the methods that begin with `on_`."""

    def __init__(self) -> None:
        self.status = 0
        self.phrase = ""
        self.headers: Mapping[str, str] = {}
        self.has_head = False
        self.is_complete = False
        self.keeps_alive = False
        """Whether the connection can be used again after this answer."""
        self.received = 0
        """Bytes that were received, before they are decompressed."""
        self._read_headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._compressed = b""
        self._inflate: zlib._Decompress | None = None
        self._parser = HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        """Parse received data; empty data is the end of the connection. Raises `NotHttp` and `BrokenOff`."""
        if not data:
            self._end()
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if not self.is_complete:
                raise NotHttp("what it sent is no HTTP") from error
            self.keeps_alive = False
        self.received += len(data)
        if not self.has_head and self.received > _LARGEST_HEAD:
            raise NotHttp("the head of its answer is too long")

    def take_body(self) -> bytes:
        """Return the next part of the body, empty where more is needed. Raises `BrokenOff` where it is damaged."""
        data = b"".join(self._parts)
        self._parts.clear()
        if not self._inflate:
            return data
        try:
            taken = self._inflate.decompress(self._compressed + data, _MOST)
        except zlib.error as error:
            raise BrokenOff("what it sent cannot be decompressed") from error
        self._compressed = self._inflate.unconsumed_tail
        if self.is_complete and not taken and not self._inflate.eof:
            raise BrokenOff("what it sent cannot be decompressed")
        return taken

    def _end(self) -> None:
        self.keeps_alive = False
        if not (self.has_head and self._ends_with_the_connection):
            raise BrokenOff("the connection was lost")
        self.is_complete = True

    @property
    def _ends_with_the_connection(self) -> bool:
        return "content-length" not in self.headers and "chunked" not in self.headers.get("transfer-encoding", "")

    def on_status(self, phrase: bytes) -> None:
        self.phrase = phrase.decode(errors="replace")

    def on_header(self, name: bytes, value: bytes) -> None:
        named, text = name.decode("latin-1").lower(), value.decode(errors="replace")
        before = self._read_headers.get(named)
        self._read_headers[named] = text if before is None else f"{before}, {text}"  # as RFC 9110 combines them

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.headers, self._read_headers = self._read_headers, {}
        if self.status >= HTTPStatus.OK:
            self.has_head = True
            self.keeps_alive = self._parser.should_keep_alive()
            if self.headers.get("content-encoding", "").lower() == "gzip":
                self._inflate = zlib.decompressobj(_GZIP)

    def on_body(self, data: bytes) -> None:
        self._parts.append(data)

    def on_message_complete(self) -> None:
        self.is_complete = self.has_head  # not after "100 Continue"

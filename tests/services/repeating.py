"""Services that repeat to a client whatever it sent, as a secret would leak from logs and messages."""

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from tests.services.web import HOST, Answer, Asked, Web, web


def repeat(asked: Asked) -> Answer:
    """Take any token and any login, and repeat it in every place that is read."""
    sent = asked.headers.get("authorization", "")
    if not sent:
        return Answer(401, b"{}", {"WWW-Authenticate": 'Basic realm="x"'})
    secret = sent.partition(" ")[2]
    body = {"name": secret, "error": secret, "auth": {"accessToken": {"role": secret}}, "token": secret}
    xml = f"<Error><Code>{asked.headers.get('x-amz-security-token', 'x')}</Code></Error>"
    refused = asked.path.startswith("/v2/") or "amz" in sent.lower() or "AWS4" in sent
    headers = {"Content-Type": "application/json", "X-Error-Message": secret}
    return Answer(418 if refused else 200, (json.dumps(body) + (xml if refused else "")).encode(), headers)


@contextmanager
def repeating_web() -> Iterator[Web]:
    """Serve over HTTP until the block ends."""
    with web(repeat) as served:
        yield served


@contextmanager
def repeating_postgresql() -> Iterator[int]:
    """Ask for the password in clear, and put it into the code and the message of an error; return the port."""
    with socket.create_server((HOST, 0)) as listener:
        thread = Thread(target=_serve, args=(listener,), daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(8)
            connection.sendall(b"N")
            connection.recv(4096)
            connection.sendall(b"R" + struct.pack("!ii", 8, 3))
            password = connection.recv(4096)[5:-1]
            fields = b"".join(name + password + b"\0" for name in (b"S", b"C", b"M")) + b"\0"
            connection.sendall(b"E" + struct.pack("!i", 4 + len(fields)) + fields)

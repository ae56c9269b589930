"""Try a login of MongoDB: connect, log in, and leave.

pymongo's client would connect to every member of a replica set, several times. What it is needed for here is BSON.
"""

import hashlib
import struct
from collections.abc import Mapping
from functools import partial
from itertools import count
from socket import socket
from typing import Any

from wbtui.trying.databases import DatabaseLogin, agree, driver, login_of
from wbtui.trying.model import Entered, Trial
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import Wire

_OP_MSG = 2013
_HEADER = struct.Struct("<iiii")
_MOST_BYTES = 2**20
_REFUSED = frozenset({11, 18})
"""The codes of UserNotFound and AuthenticationFailed."""
_SHA_1, _SHA_256 = "SCRAM-SHA-1", "SCRAM-SHA-256"
_TRUE = "true"


def trials(entered: Entered) -> list[Trial]:
    """Return the trial of the login. Raises `CannotTell`."""
    login = login_of(entered.rows[0])
    if login.kind == "mongodb+srv":
        raise CannotTell("its hosts are in the DNS: enter one of them, as in mongodb://user:password@host")
    return [Trial(partial(_try, login), login.hidden)]


def _try(login: DatabaseLogin, wire: Wire) -> TrialVerdict:
    bson, scramp = driver("pymongo", "bson"), driver("scramp", "scramp")
    route = wire.route(login.host, login.number)
    encrypted = _TRUE in {login.options.get("tls"), login.options.get("ssl")}
    connection = wire.connect(route)
    try:
        if encrypted:
            connection = wire.encrypt(connection, route.to.host)
        conversation = _Conversation(connection, bson, login)
        mechanism = conversation.mechanism()
        agree(wire, route, encrypted=encrypted)
        return conversation.log_in(scramp, mechanism)
    finally:
        connection.close()


class _Conversation:
    """Commands to one server, and their answers."""

    def __init__(self, connection: socket, bson: Any, login: DatabaseLogin) -> None:
        self._connection = connection
        self._bson = bson
        self._login = login
        self._source = login.options.get("authsource") or login.dbname or "admin"
        self._numbers = count(1)

    def mechanism(self) -> str:
        """Return the mechanism by which the user logs in to the server."""
        named = f"{self._source}.{self._login.username}"
        answer = self._run({"hello": 1, "saslSupportedMechs": named, "$db": "admin"})
        offered = answer.get("saslSupportedMechs", [])
        wanted = self._login.options.get("authmechanism", "")
        if wanted not in {"", _SHA_1, _SHA_256}:
            raise CannotTell("this kind of login is not known here")
        return wanted or (_SHA_1 if offered == [_SHA_1] else _SHA_256)

    def log_in(self, scramp: Any, mechanism: str) -> TrialVerdict:
        """Log in by a mechanism, and return whether the server accepts it."""
        client = scramp.ScramClient([mechanism], self._login.username, self._secret(mechanism))
        begin = {"saslStart": 1, "mechanism": mechanism, "payload": client.get_client_first().encode()}
        answer = self._run({**begin, "options": {"skipEmptyExchange": True}, "$db": self._source})
        if answer.get("ok"):
            client.set_server_first(_payload(answer))
            go_on = {"saslContinue": 1, "conversationId": answer.get("conversationId", 1), "$db": self._source}
            answer = self._run({**go_on, "payload": client.get_client_final().encode()})
        if answer.get("ok"):
            client.set_server_final(_payload(answer))
            return TrialVerdict(
                TrialOutcome.ACCEPTED, f"{self._login.username} may log in, as a user of {self._source}"
            )
        if answer.get("code") in _REFUSED:
            where = f"as a user of {self._source}"
            return TrialVerdict(
                TrialOutcome.REFUSED, f"{self._login.host} refuses {self._login.username} with this password, {where}"
            )
        return TrialVerdict(
            TrialOutcome.UNKNOWN, f"{self._login.host} answers with the error {answer.get('code', 'without a code')}"
        )

    def _secret(self, mechanism: str) -> str:
        if mechanism == _SHA_256:
            return self._login.password
        text = f"{self._login.username}:mongo:{self._login.password}"
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # as the protocol wants it

    def _run(self, command: Mapping[str, object]) -> Mapping[str, Any]:
        body = b"\0\0\0\0\0" + self._bson.encode(command)  # no flags, and one section that is a document
        number = next(self._numbers)
        try:
            self._connection.sendall(_HEADER.pack(_HEADER.size + len(body), number, 0, _OP_MSG) + body)
            size, _, _, kind = _HEADER.unpack(self._read(_HEADER.size))
            if kind != _OP_MSG or not _HEADER.size < size <= _MOST_BYTES:
                raise CannotTell(f"{self._login.host} does not speak MongoDB there")
            answer: Mapping[str, Any] = self._bson.decode(self._read(size - _HEADER.size)[5:])
        except OSError:
            raise CannotTell(f"{self._login.host} closed the connection") from None
        except self._bson.errors.BSONError:
            raise CannotTell(f"{self._login.host} does not speak MongoDB there") from None
        return answer

    def _read(self, length: int) -> bytes:
        read = b""
        while len(read) < length:
            received = self._connection.recv(length - len(read))
            if not received:
                raise CannotTell(f"{self._login.host} does not speak MongoDB there")
            read += received
        return read


def _payload(answer: Mapping[str, Any]) -> str:
    payload = answer.get("payload", b"")
    return payload.decode(errors="replace") if isinstance(payload, bytes) else ""

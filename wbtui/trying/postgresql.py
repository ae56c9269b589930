"""Try a login of PostgreSQL: connect, log in, and leave."""

import struct
from functools import partial
from socket import socket
from typing import Any

from wbtui.trying.databases import DatabaseLogin, agree, driver, login_of
from wbtui.trying.model import Entered, Trial
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import Wire

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_TLS_WANTED = frozenset({"require", "verify-ca", "verify-full"})
_ANSWERS = {
    "28P01": (TrialOutcome.REFUSED, "{host} refuses {user} with this password"),
    "28000": (TrialOutcome.REFUSED, "{host} does not let {user} log in from here, or does not know {user}"),
    "3D000": (TrialOutcome.NOT_FOR_THIS, "{user} may log in, but there is no database {name}"),
    "42501": (TrialOutcome.NOT_FOR_THIS, "{user} may log in, but not to the database {name}"),
    "53300": (TrialOutcome.UNKNOWN, "{host} has no connection left"),
    "57P03": (TrialOutcome.UNKNOWN, "{host} is starting or stopping"),
}
"""What the codes of PostgreSQL's errors mean for a login."""


def trials(entered: Entered) -> list[Trial]:
    """Return the trial of the login. Raises `CannotTell`."""
    login = login_of(entered.rows[0])
    return [Trial(partial(_try, login), login.hidden)]


def _try(login: DatabaseLogin, wire: Wire) -> TrialVerdict:
    pg8000 = driver("pg8000", "pg8000.native")
    route = wire.route(login.host, login.number)
    connection = wire.connect(route)
    try:
        encrypted = _begins_tls(login, connection)
        agree(wire, route, encrypted=encrypted)
        if encrypted:
            connection = wire.encrypt(connection, route.to.host)
        return _log_in(login, pg8000, connection)
    finally:
        connection.close()


def _begins_tls(login: DatabaseLogin, connection: socket) -> bool:
    mode = login.options.get("sslmode", "prefer")
    if mode == "disable":
        return False
    try:
        connection.sendall(_SSL_REQUEST)
        answer = connection.recv(1)
    except OSError:
        answer = b""
    if answer == b"N" and mode in _TLS_WANTED:
        raise CannotTell(f"{login.host} does not speak TLS, and the connection string wants it")
    if answer not in {b"S", b"N"}:
        raise CannotTell(f"{login.host} does not speak PostgreSQL there")
    return answer == b"S"


def _log_in(login: DatabaseLogin, pg8000: Any, connection: socket) -> TrialVerdict:
    name = login.dbname or login.username
    words = {"host": login.host, "user": login.username, "name": name}
    client = _watching(pg8000.Connection)
    try:
        opened = client(login.username, database=name, password=login.password, ssl_context=False, sock=connection)
        opened.close()
    except pg8000.DatabaseError as error:
        code = error.args[0].get("C", "") if isinstance(error.args[0], dict) else ""
        outcome, text = _ANSWERS.get(code, (TrialOutcome.UNKNOWN, "{host} answers with the code {code}"))
        return TrialVerdict(outcome, text.format(**words, code=code))
    except pg8000.InterfaceError:
        raise CannotTell(f"{login.host} asks for a kind of login that is not known here") from None
    except OSError:
        raise CannotTell(f"{login.host} closed the connection") from None
    if not opened.wanted_password:
        return TrialVerdict(TrialOutcome.UNKNOWN, f"{login.host} lets {login.username} in without a password")
    return TrialVerdict(TrialOutcome.ACCEPTED, f"{login.username} may log in to {name}")


def _watching(client: Any) -> Any:
    """Return a client that records whether the server asked for a password."""

    class Watching(client):  # type: ignore[misc]  # the driver carries no types
        wanted_password = False

        def handle_AUTHENTICATION_REQUEST(self, data: bytes, context: object) -> None:  # noqa: N802  the driver's name
            self.wanted_password = self.wanted_password or any(data[:4])
            super().handle_AUTHENTICATION_REQUEST(data, context)

    return Watching

"""Try a login of Redis or Valkey: connect, log in, and leave.

It is three commands of one line, which no driver is needed for: one would try again by itself, and ask for more.
"""

from functools import partial
from socket import socket

from wbtui.trying.databases import DatabaseLogin, agree, login_of
from wbtui.trying.model import Entered, Trial
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import Wire

_LONGEST = 4096
_DEFAULT = "default"


def trials(entered: Entered) -> list[Trial]:
    """Return the trial of the login. Raises `CannotTell`."""
    login = login_of(entered.rows[0])
    return [Trial(partial(_try, login), login.hidden)]


def _try(login: DatabaseLogin, wire: Wire) -> TrialVerdict:
    route = wire.route(login.host, login.number)
    connection, encrypted = wire.connect(route), login.kind == "rediss"
    try:
        if encrypted:
            connection = wire.encrypt(connection, route.to.host)
        is_open = _ask(connection, login.host, "PING") == "+PONG"
        agree(wire, route, encrypted=encrypted)
        return _log_in(login, connection, is_open=is_open)
    finally:
        connection.close()


def _log_in(login: DatabaseLogin, connection: socket, *, is_open: bool) -> TrialVerdict:
    user = [login.username] if login.username else []
    answer = _ask(connection, login.host, "AUTH", *user, login.password)
    named = login.username or "the default user"
    if is_open and (login.username or _DEFAULT) == _DEFAULT:
        return TrialVerdict(TrialOutcome.UNKNOWN, f"{login.host} lets {named} in without a password")
    if answer.startswith(("-WRONGPASS", "-ERR invalid password")):
        return TrialVerdict(TrialOutcome.REFUSED, f"{login.host} refuses {named} with this password")
    if answer != "+OK":
        raise CannotTell(f"{login.host} answers neither yes nor no")
    if not login.dbname or _ask(connection, login.host, "SELECT", login.dbname) == "+OK":
        return TrialVerdict(TrialOutcome.ACCEPTED, f"{named} may log in")
    return TrialVerdict(TrialOutcome.NOT_FOR_THIS, f"{named} may log in, but not use the database {login.dbname}")


def _ask(connection: socket, host: str, *words: str) -> str:
    """Return the first line of the answer to a command."""
    parts = [word.encode() for word in words]
    lengths = [b"$%d\r\n%s\r\n" % (len(part), part) for part in parts]
    answer = b""
    try:
        connection.sendall(b"*%d\r\n%s" % (len(parts), b"".join(lengths)))
        while b"\r\n" not in answer and len(answer) < _LONGEST:
            received = connection.recv(_LONGEST)
            if not received:
                break
            answer += received
    except OSError:
        raise CannotTell(f"{host} closed the connection") from None
    if not answer.startswith((b"+", b"-")):
        raise CannotTell(f"{host} does not speak Redis there")
    return answer.partition(b"\r\n")[0].decode(errors="replace")

"""Try a login of MySQL or MariaDB: connect, log in, and leave."""

import re
import ssl
from functools import partial
from socket import MSG_PEEK, socket
from typing import Any

from wbtui.trying.databases import DatabaseLogin, agree, driver, login_of
from wbtui.trying.model import Entered, Trial
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import SECONDS, Wire, tls_problem

_MOST_GREETING = 512
_CAPABILITIES = 13
"""Bytes between the version and the capabilities in a greeting: the thread, the first challenge and a filler."""
_TLS = 0x0800
_REFUSED = (TrialOutcome.REFUSED, "{host} refuses {user} with this password")
_ANSWERS = {
    1045: _REFUSED,
    1698: _REFUSED,
    1044: (TrialOutcome.NOT_FOR_THIS, "{user} may log in, but not to the database {name}"),
    1049: (TrialOutcome.NOT_FOR_THIS, "{user} may log in, but there is no database {name}"),
    1040: (TrialOutcome.UNKNOWN, "{host} has no connection left"),
    1129: (TrialOutcome.UNKNOWN, "{host} has blocked this machine"),
    1130: (TrialOutcome.UNKNOWN, "{host} does not let this machine connect"),
}
"""What the codes of MySQL's errors mean for a login."""


def trials(entered: Entered) -> list[Trial]:
    """Return the trial of the login. Raises `CannotTell`."""
    login = login_of(entered.rows[0])
    return [Trial(partial(_try, login), login.hidden)]


def _try(login: DatabaseLogin, wire: Wire) -> TrialVerdict:
    pymysql = driver("PyMySQL", "pymysql")
    route = wire.route(login.host, login.number)
    connection = wire.connect(route)
    try:
        encrypted = _speaks_tls(connection, route.to.host)
        agree(wire, route, encrypted=encrypted)
        return _log_in(login, pymysql, connection, ssl.create_default_context() if encrypted else None)
    finally:
        connection.close()


def _speaks_tls(connection: socket, host: str) -> bool:
    """Return whether the server offers TLS, without consuming its greeting; the driver would go on without TLS."""
    try:
        greeting = connection.recv(_MOST_GREETING, MSG_PEEK)
    except OSError:
        greeting = b""
    if greeting[4:5] == b"\xff":  # an error in place of a greeting: the driver reads it
        return False
    found = re.match(rb".{4}\x0a[^\x00]*\x00.{%d}(..)" % _CAPABILITIES, greeting, re.DOTALL)
    if not found:
        raise CannotTell(f"{host} does not speak MySQL there")
    return bool(int.from_bytes(found[1], "little") & _TLS)


def _log_in(login: DatabaseLogin, pymysql: Any, connection: socket, context: ssl.SSLContext | None) -> TrialVerdict:
    words = {"host": login.host, "user": login.username, "name": login.dbname}
    client = pymysql.connections.Connection(
        host=login.host,
        port=login.number,
        user=login.username,
        password=login.password.encode(),  # the driver would take Latin-1
        database=login.dbname or None,
        ssl=context,
        read_timeout=SECONDS,
        write_timeout=SECONDS,
        defer_connect=True,
    )
    try:
        client.connect(connection)
        client.close()
    except pymysql.err.MySQLError as error:
        cause, code = getattr(error, "original_exception", None), error.args[0] if error.args else 0
        if isinstance(cause, ssl.SSLError):
            raise CannotTell(tls_problem(login.host, cause)) from None
        outcome, text = _ANSWERS.get(code, (TrialOutcome.UNKNOWN, "{host} answers with the error {code}"))
        return TrialVerdict(outcome, text.format(**words, code=code))
    except RuntimeError:  # what encrypts a password without TLS is not installed
        raise CannotTell(f"{login.host} wants the password encrypted, and does not speak TLS") from None
    place = f" to {login.dbname}" if login.dbname else ""
    return TrialVerdict(TrialOutcome.ACCEPTED, f"{login.username} may log in{place}")

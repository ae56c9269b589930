"""The logins of databases, as a connection string or in parts; and what all databases have in common."""

import re
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from wbtui.domain.databases import kind_of
from wbtui.trying.model import Values
from wbtui.trying.verdict import CannotTell
from wbtui.trying.wire import CheckedRoute, Wire

CARRIES = "User and password"
_NO_TLS = "it does not speak TLS: everyone on the way can read what is sent"
_HIGHEST_PORT = 65_535


class DatabaseLogin(NamedTuple):
    """A login: `kind` is without a driver, as in postgresql; `options` have names in small letters."""

    kind: str
    username: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    dbname: str = ""
    options: Mapping[str, str] = MappingProxyType({})

    @property
    def hidden(self) -> tuple[bytes, ...]:
        """Return the values that a verdict must not show."""
        return (self.password.encode(),) if self.password else ()

    @property
    def number(self) -> int:
        """Return the port as a number. Raises `CannotTell`."""
        port = self.port or kind_of(self.kind).port
        if not (port.isascii() and port.isdecimal() and 0 < int(port) <= _HIGHEST_PORT):
            raise CannotTell("the port is not a number from 1 to 65535")
        return int(port)


def kind_in(values: Values) -> str:
    """Return the kind of database of what was entered, without its driver; empty where none is named."""
    found = re.match(r"(?:jdbc:)?([a-z][a-z0-9.-]*(?:\+srv\b)?)(?:\+[\w.-]+)?://", values.get("uri", "").strip())
    kind = found[1] if found else values.get("kind", "").strip()
    return kind if re.fullmatch(r"[a-z][-+.a-z0-9]*", kind) else ""


def login_of(values: Values) -> DatabaseLogin:
    """Return the login that was entered. Raises `CannotTell`."""
    login = _in_url(values["uri"].strip(), kind_in(values)) if "uri" in values else _in_parts(values)
    if login.host.startswith("/") or (not login.host and login.options.get("host", "").startswith("/")):
        raise CannotTell("it is a socket of the machine that will use it")
    if not login.host:
        raise CannotTell("the host is not entered")
    if not login.password:
        raise CannotTell("the password is not entered")
    return login


def driver(package: str, module: str) -> Any:
    """Return the module of an optional driver. Raises `CannotTell` with the command that installs it."""
    try:
        return import_module(module)
    except ImportError:
        raise CannotTell(f"{package} is not installed: pip install 'wbtui[databases]' adds it") from None


def agree(wire: Wire, route: CheckedRoute, *, encrypted: bool) -> None:
    """Ask whether a login may be sent; warn where others can read it on the way. Raises `CannotTell`."""
    warnings = route.to.warnings if encrypted or route.stays_here else (*route.to.warnings, _NO_TLS)
    wire.agree(route.to._replace(carries=CARRIES, warnings=warnings))


def _in_parts(values: Values) -> DatabaseLogin:
    username, host, port, dbname = (values.get(name, "").strip() for name in ("username", "host", "port", "dbname"))
    return DatabaseLogin(kind_in(values), username, values.get("password", ""), host.split(",")[0], port, dbname)


def _in_url(uri: str, kind: str) -> DatabaseLogin:
    rest = uri.partition("://")[2]
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path, _, query = rest.removeprefix(authority).partition("?")
    login, _, addresses = authority.rpartition("@")
    username, _, password = login.partition(":")
    options = {name.lower(): text for name, text in parse_qsl(query)}
    address = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]*)(?::([0-9]*))?", addresses.split(",")[0])
    if not address:
        raise CannotTell("the host in the connection string is malformed")
    return DatabaseLogin(
        kind,
        unquote(username) or options.get("user", ""),
        unquote(password) or options.get("password", ""),
        unquote(address[1]).strip("[]") or options.get("host", "").split(",")[0],
        address[2] or options.get("port", "").split(",")[0],
        unquote(path.removeprefix("/")) or options.get("dbname", ""),
        options,
    )

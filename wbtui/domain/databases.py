"""Kinds of databases: the default port, the parts that a login needs, and the format of the connection string."""

import re
from collections.abc import Callable
from ipaddress import IPv6Address
from typing import NamedTuple
from urllib.parse import quote

from wbtui.domain.problems import Problem


class Parts(NamedTuple):
    """The parts of a connection string."""

    kind: str
    username: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    dbname: str = ""


def _url(parts: Parts) -> str:
    return _server(parts) + (f"/{quote(parts.dbname, safe='')}" if parts.dbname else "")


def _url_of_sql_server(parts: Parts) -> str:
    return _server(parts) + (f"?database={quote(parts.dbname, safe='')}" if parts.dbname else "")


def _url_of_file(parts: Parts) -> str:
    return f"{parts.kind}:///{parts.dbname}"


class DatabaseKind(NamedTuple):
    """The default port of a kind of database, the names of the parts that it needs, and its connection string."""

    port: str = ""
    needs: frozenset[str] = frozenset({"host", "password"})
    url: Callable[[Parts], str] = _url


_LOGIN = frozenset({"host", "username", "password", "dbname"})
_KINDS: dict[str, DatabaseKind] = {
    "postgresql": DatabaseKind("5432", _LOGIN),
    "postgres": DatabaseKind("5432", _LOGIN),
    "cockroachdb": DatabaseKind("26257", _LOGIN),
    "mysql": DatabaseKind("3306", _LOGIN),
    "mariadb": DatabaseKind("3306", _LOGIN),
    "sqlserver": DatabaseKind("1433", _LOGIN - {"dbname"}, _url_of_sql_server),
    "mssql": DatabaseKind("1433", _LOGIN - {"dbname"}),
    "oracle": DatabaseKind("1521", _LOGIN),
    "redis": DatabaseKind("6379"),
    "rediss": DatabaseKind("6379"),
    "valkey": DatabaseKind("6379"),
    "mongodb": DatabaseKind("27017"),
    "mongodb+srv": DatabaseKind(),
    "clickhouse": DatabaseKind("9000"),
    "sqlite": DatabaseKind("", frozenset({"dbname"}), _url_of_file),
}


def kind_of(name: str) -> DatabaseKind:
    """Return the kind that a name means, also with a driver as in mysql+pymysql."""
    return _KINDS.get(name) or _KINDS.get(name.partition("+")[0], DatabaseKind())


def made_connection_string(parts: Parts) -> str:
    """Return the connection string for `parts`, percent-encoded where needed."""
    return kind_of(parts.kind).url(parts)


def _server(parts: Parts) -> str:
    login = quote(parts.username, safe="") + (f":{quote(parts.password, safe='')}" if parts.password else "")
    hosts = ",".join(_address(host, parts.port) for host in parts.host.split(","))
    return f"{parts.kind}://{login}@{hosts}" if login else f"{parts.kind}://{hosts}"


def _address(host: str, port: str) -> str:
    name = in_address(host) if _is_ipv6(host) else quote(host, safe=":[]")
    return f"{name}:{port}" if port and not host.startswith("/") else name


def in_address(host: str) -> str:
    """Return a host as it is written before a port: an IPv6 address in brackets."""
    return f"[{host}]" if _is_ipv6(host) else host


def check_database_kind(value: str) -> Problem | None:
    """Return a warning where no connection string can begin with `value`."""
    if re.fullmatch(r"[a-z][-+.a-z0-9]*", value):
        return None
    return Problem("a kind is one word in small letters, as in postgresql or mysql", blocks=False)


def check_host(value: str) -> Problem | None:
    """Return a warning where `value` is not a name, an address, the path of a socket, or a list of these."""
    hosts = [part for part in value.split(",") if not part.startswith("/")]
    if any(":" in part and not _is_ipv6(part.strip("[]")) for part in hosts):
        return Problem("a host is a name or an address alone; the port has its own field", blocks=False)
    if any(not part or re.search(r"[\s/?#@%\[\]]", part) for part in hosts):
        return Problem("a host is a name or an address, without white space or / ? # @ %", blocks=False)
    return None


def check_port(value: str) -> Problem | None:
    """Return a warning where `value` is not a port."""
    highest = 65_535
    if re.fullmatch(r"[0-9]{1,5}", value) and 0 < int(value) <= highest:
        return None
    return Problem(f"a port is a number from 1 to {highest}", blocks=False)


def _is_ipv6(value: str) -> bool:
    try:
        IPv6Address(value)
    except ValueError:
        return False
    return True

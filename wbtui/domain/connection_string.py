"""Connection strings of databases: what is wrong with one, what may be shown of it, and how one is made of parts."""

import re
from ipaddress import IPv6Address
from typing import NamedTuple
from urllib.parse import quote, unquote

from wbtui.domain.problems import Problem


def database_kind(value: str) -> Problem | None:
    """Refuse what no connection string begins with."""
    if re.fullmatch(_KIND, value):
        return None
    return Problem("a kind is one word in small letters, as in postgresql or mysql")


def host(value: str) -> Problem | None:
    """Refuse what is no host in a connection string."""
    if ":" in value and not _is_ipv6(value):
        return Problem("a host is a name or an address alone; the port has its own field")
    if re.search(_NO_HOST, value):
        return Problem("a host is a name or an address, without / ? # @ % or a list")
    return None


def _is_ipv6(value: str) -> bool:
    try:
        IPv6Address(value)
    except ValueError:
        return False
    return True


_KIND = r"[a-z][-+.a-z0-9]*"
_NO_HOST = r"[\s/?#@%,\[\]]"
_ADDRESS = r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:\s]+)(?::(?P<port>[0-9]*))?"


class ConnectionParts(NamedTuple):
    """A database's connection string, less its password; `host` is the whole list where there are several."""

    scheme: str
    username: str
    host: str
    port: str
    dbname: str
    has_password: bool

    def __str__(self) -> str:
        """Return the parts as they are shown."""
        secret = "password set" if self.has_password else "no password"
        address = f"{self.host}:{self.port}" if self.port else self.host
        user, dbname = self.username or "(none)", self.dbname or "(none)"
        return f"{self.scheme}, user {user} at {address}, database {dbname}, {secret}"


def connection_parts(value: str) -> ConnectionParts | Problem:
    """Return the parts of a connection string, or why it has none."""
    scheme, separator, rest = value.partition("://")
    if not separator or not re.fullmatch(_KIND, scheme):
        return Problem("a connection string begins with its kind, as in postgresql://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path = re.split(r"[?#]", rest.removeprefix(authority), maxsplit=1)[0]
    login, at, address = authority.rpartition("@")
    if "@" in login:
        return Problem("there is an @ in the user or the password: write it as %40")
    if "@" in path or (not at and "@" in rest):
        return Problem("there is a / ? or # in the user or the password: write it as %2F %3F or %23")
    return _addressed(scheme, login, address, unquote(path[1:]))


def _addressed(scheme: str, login: str, address: str, dbname: str) -> ConnectionParts | Problem:
    if not address:
        return Problem("the connection string names no host", blocks=False)
    hosts = [
        found
        for part in address.split(",")
        if (found := re.fullmatch(_ADDRESS, part)) and not (found["port"] and port(found["port"]))
    ]
    if len(hosts) <= address.count(","):
        return Problem("the host is malformed, or the port is not a number from 1 to 65535")
    username, _, password = login.partition(":")
    name, number = (unquote(hosts[0]["host"].strip("[]")), hosts[0]["port"] or "") if len(hosts) == 1 else (address, "")
    return ConnectionParts(scheme, unquote(username), name, number, dbname, has_password=bool(password))


def connection_string(value: str) -> Problem | None:
    """Return what is wrong with a connection string, or question one that lacks something."""
    parts = connection_parts(value)
    if isinstance(parts, Problem):
        return parts
    return None if parts.has_password else Problem("it has no password", blocks=False)


def shown_connection(value: str) -> str:
    """Return the parts of a connection string that may be seen; nothing where it is not sure which those are."""
    parts = connection_parts(value)
    # Without a password, what stands in the user's place may be one; an @ further on may be the end of one.
    certain = isinstance(parts, ConnectionParts) and parts.has_password and value.count("@") == 1
    return str(parts) if certain else ""


def made_connection_string(scheme: str, username: str, password: str, host: str, number: str, dbname: str) -> str:
    """Return a connection string of its parts, with everything escaped that has to be."""
    login = quote(username, safe="") + (f":{quote(password, safe='')}" if password else "")
    address = f"[{host}]" if ":" in host else host
    where = f"{login}@{address}" if login else address
    return f"{scheme}://{where}{f':{number}' if number else ''}/{quote(dbname, safe='')}"


def port(value: str) -> Problem | None:
    """Refuse what is no port."""
    highest = 65_535
    if re.fullmatch(r"[0-9]{1,5}", value) and 0 < int(value) <= highest:
        return None
    return Problem(f"a port is a number from 1 to {highest}")

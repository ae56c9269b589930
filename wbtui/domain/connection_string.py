"""Check connection strings of databases, and read the parts that may be shown.

Problems are warnings and never block: drivers accept many formats that are not known here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from wbtui.domain.databases import check_port, in_address
from wbtui.domain.problems import Problem, wrapping_problem
from wbtui.domain.wrapping import inner_values

_LONGEST = 8192
"""The most characters that are read; a longer text is no connection string."""
_NO_PASSWORD = "it has no password"  # noqa: S105  a sentence
_NO_HOST = "it names no host"
_ENCODED = "in the user or the password: write"
_PASSWORDS = frozenset({"password", "pwd", "accountkey", "sharedaccesskey", "passfile", "passwd"})
_OTHER_LOGINS = frozenset({
    "sslcert", "service", "servicefile", "authmechanism", "integrated security", "integratedsecurity",
    "trusted_connection", "authentication", "krbsrvname", "encrypted_password",
})  # fmt: skip
"""Settings that log in without a password."""
_HOSTS = frozenset({
    "host", "hostaddr", "server", "servername", "data source", "datasource", "addr", "address", "network address",
    "unix_socket", "unixsocket", "socket", "service", "dsn", "endpoint", "accountendpoint", "blobendpoint",
    "endpointsuffix", "filename",
})  # fmt: skip
_USERS = ("user", "username", "user id", "userid", "uid")
_NAMES = ("dbname", "database", "initial catalog", "databasename")


class ConnectionParts(NamedTuple):
    """A connection string without its password; `host` holds all hosts, with commas between them."""

    kind: str
    username: str
    host: str
    port: str
    dbname: str
    has_password: bool

    def __str__(self) -> str:
        """Return the parts as one line of text."""
        secret = "password set" if self.has_password else "no password"
        address = f"{in_address(self.host)}:{self.port}" if self.port else self.host
        user, dbname = self.username or "(none)", self.dbname or "(none)"
        return f"{self.kind}, user {user} at {address}, database {dbname}, {secret}"


class Reading(NamedTuple):
    """The warnings about a connection string, and its parts where they are certain."""

    questions: tuple[str, ...] = ()
    parts: ConnectionParts | None = None


def check_connection_string(value: str) -> Problem | None:
    """Return a warning about what a driver may not accept, or about what is around the connection string."""
    if inner := _inside(value):
        return wrapping_problem(inner)
    questions = read_connection_string(value).questions
    return Problem("; ".join(questions), blocks=False) if questions else None


def shown_connection(value: str) -> str:
    """Return the parts that may be shown; empty where a part could hold the password."""
    parts = read_connection_string(value).parts
    return str(parts) if parts else ""


def read_connection_string(value: str) -> Reading:
    """Return the warnings and the parts of a connection string in any known format."""
    if len(value) > _LONGEST:
        return Reading(("it is longer than a connection string is",))
    if inner := _inside(value):
        return Reading((wrapping_problem(inner).text,))
    reader = _reader_of(value)
    return reader(value) if reader else Reading(("a connection string begins with its kind, as in postgresql://",))


def _reader_of(value: str) -> Callable[[str], Reading] | None:
    return next((read for pattern, read in _FORMATS if re.match(pattern, value)), None)


def _inside(value: str) -> str:
    """Return the connection string in a text that has a name or quotation marks around it; empty where none is."""
    inner = next(filter(_reader_of, inner_values(value[:_LONGEST])), "")
    # In Endpoint=https://h/;AccountKey=k, the URL is one of the settings.
    is_setting = _reader_of(value) is _read_pairs and _reader_of(inner) is _read_url
    return "" if is_setting and re.search(r";\s*[A-Za-z][\w .-]*=", inner) else inner


class _Url(NamedTuple):
    kind: str
    login: str
    address: str
    path: str
    settings: Mapping[str, str]
    stray_at: bool

    @property
    def hosts(self) -> list[str]:
        return self.address.split(",") if self.address else []


def _split(value: str) -> _Url:
    kind, _, rest = value.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path, _, query = rest.removeprefix(authority).partition("?")
    login, at, address = authority.rpartition("@")
    pairs = (part.partition("=") for part in query.split("&"))
    settings = {name.casefold(): text for name, _, text in pairs if name}
    in_settings = bool(settings.keys() & (_PASSWORDS | set(_USERS)))
    stray = "@" in path or (not at and "@" in query and not in_settings)
    return _Url(kind, login, address, path, settings, stray)


def _read_url(value: str) -> Reading:
    url = _split(value)
    questions = tuple(_url_questions(url))
    # With a second @, a part of the password may be read as the host. A user without a password may be a token.
    username, _, password = url.login.partition(":")
    certain = not questions and password and value.count("@") == 1
    return Reading(questions, _shown(url, username) if certain else None)


def _shown(url: _Url, username: str) -> ConnectionParts:
    host, port = url.address, ""
    if address := re.fullmatch(_ADDRESS, url.address):
        host, port = unquote(address["host"].strip("[]")), address["port"] or ""
    return ConnectionParts(url.kind, unquote(username), host, port, unquote(url.path[1:]), has_password=True)


_ADDRESS = r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:\s,]*)(?::(?P<port>[0-9]*))?"


def _url_questions(url: _Url) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][-+.a-z0-9]*", url.kind):
        yield "the kind that it begins with is in small letters, as in postgresql://"
    if url.stray_at:
        yield f"there is a / ? or # {_ENCODED} it as %2F %3F or %23"
        return  # the other parts were split in the wrong place
    yield from _login_questions(url)
    yield from _host_questions(url)
    if not url.login.partition(":")[2] and not url.settings.keys() & (_PASSWORDS | _OTHER_LOGINS):
        yield _NO_PASSWORD


def _host_questions(url: _Url) -> Iterator[str]:
    if not url.hosts and not url.settings.keys() & _HOSTS:
        yield _NO_HOST
    if any(not _is_address(host) for host in url.hosts):
        yield "the host is malformed, or the port is not a number from 1 to 65535"
    if url.kind == "mongodb+srv" and re.search(r"[,:]", url.address):
        yield "mongodb+srv takes one host, without a port"


def _is_address(host: str) -> bool:
    address = re.fullmatch(_ADDRESS, host)
    return address is not None and not (address["port"] and check_port(address["port"]))


def _login_questions(url: _Url) -> Iterator[str]:
    password = next((url.settings[name] for name in _PASSWORDS if name in url.settings), "")
    if "@" in url.login:
        yield f"there is an @ {_ENCODED} it as %40"
    if re.search(r"%(?![0-9A-Fa-f]{2})", url.login + password):
        yield f"there is a % {_ENCODED} it as %25"
    if re.search(r"\s", url.login + password):
        yield f"there is white space {_ENCODED} a space as %20"
    elif re.search(r"[^-._~A-Za-z0-9%!$&'()*+,;=:@]", url.login):
        yield f"there is a character {_ENCODED} it with % and its code, as in %5B for ["
    if url.kind.startswith("mongodb") and url.login.count(":") > 1:
        yield f"there is a second : {_ENCODED} it as %3A"


def _read_jdbc(value: str) -> Reading:
    rest = value.removeprefix("jdbc:")
    if re.match(r"sqlserver://", rest):
        return _read_sql_server(rest)
    if not re.match(r"[a-z][a-z0-9+]*://", rest):
        return Reading()  # each driver has a format of its own, as in jdbc:oracle:thin:@h:1521/d
    url = _split(rest)
    if url.login and url.kind == "postgresql":
        return Reading(("this driver takes no login before the host: write ?user=…&password=… at the end",))
    return Reading(tuple(_url_questions(url)))


def _read_sql_server(value: str) -> Reading:
    if ";" not in value:
        return _read_url(value)
    address, _, settings = value.partition("://")[2].partition(";")
    reading = _read_pairs(settings)
    return Reading(tuple(question for question in reading.questions if not address or question != _NO_HOST))


def _read_pairs(value: str) -> Reading:
    """Read `Server=h;Database=d;User Id=u;Password=p`; a value that contains ; is in quotes or braces."""
    pieces = re.findall(r"""(?:"[^"]*"|'[^']*'|\{[^}]*\}|[^;])+""", value)
    pairs = [piece.partition("=") for piece in pieces if piece.strip()]
    if not all(equals for _, equals, _ in pairs):
        return Reading(("each of its parts is name=value; a value with ; in it goes into quotes",))
    return _read_settings([(name, text.strip().strip("\"'{}")) for name, _, text in pairs])


def _read_words(value: str) -> Reading:
    """Read `host=h dbname=d user=u password=p`; a value that contains white space is in single quotes."""
    word = r"\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)"
    pairs, position = [], 0
    while match := re.compile(word).match(value, position):
        pairs.append((match[1], match[2].strip("'")))
        position = match.end()
    if value[position:].strip():
        return Reading(("each of its words is name=value; a value with white space in it goes into single quotes",))
    return _read_settings(pairs)


def _read_settings(pairs: list[tuple[str, str]]) -> Reading:
    settings = {name.strip().casefold(): text for name, text in pairs}
    questions = [_NO_HOST] if not settings.keys() & _HOSTS else []
    given = {name for name in settings.keys() & (_PASSWORDS | _OTHER_LOGINS) if settings[name]}
    questions += [] if given else [_NO_PASSWORD]
    if questions or len(settings) < len(pairs) or not given & _PASSWORDS:
        return Reading(tuple(questions))

    def first(names: tuple[str, ...]) -> str:
        return next((settings[name] for name in names if settings.get(name)), "")

    host = first(tuple(sorted(_HOSTS, key=lambda name: name != "host")))
    return Reading(
        (), ConnectionParts("parts", first(_USERS), host, settings.get("port", ""), first(_NAMES), has_password=True)
    )


_FORMATS: tuple[tuple[str, Callable[[str], Reading]], ...] = (
    (r"(jdbc:)?(sqlite3?|duckdb|file|h2)(\+\w+)?:", lambda _: Reading()),
    (r"jdbc:", _read_jdbc),
    (r"sqlserver://", _read_sql_server),
    (r"[A-Za-z][-+.\w]*://", _read_url),
    (r"[^@\s]*@(tcp|tcp6|unix)\(", lambda _: Reading()),
    (r"\s*[A-Za-z][\w .-]*=[^;]*;", _read_pairs),
    (r"\s*\w+\s*=", _read_words),
)
"""The start of each format, and its reader; the first match reads the text."""

"""What can be wrong with a typed value; no problem ever quotes the value."""

import json
import re
from base64 import b64decode
from collections.abc import Callable
from functools import reduce
from ipaddress import IPv6Address
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, unquote

from wbtui.domain.names import LARGEST_SECRET, key_problem


class Problem(NamedTuple):
    """What is wrong, or only odd: `blocks` says which. `fix` mends it with one key, where that is possible."""

    text: str
    blocks: bool = True
    fix: Callable[[bytes], bytes] | None = None


Check: TypeAlias = Callable[[str], Problem | None]


def value_problem(value: bytes, *, multiline: bool, binary: bool, check: Check | None) -> Problem | None:
    """Return the worst thing that is wrong or odd with a value; `check` is the field's own."""
    if len(value) > LARGEST_SECRET:
        return Problem(f"it is too long: {len(value):,} bytes, where a secret holds at most {LARGEST_SECRET:,}")
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None if binary else Problem("it is not text in UTF-8")
    if not binary and re.search(_CONTROL, text):
        return Problem("it has control characters in it")
    return _text_problem(text, multiline=multiline, check=check or (lambda _: None))


def _text_problem(text: str, *, multiline: bool, check: Check) -> Problem | None:
    flaws = [flaw for flaw in _FLAWS if flaw.any_value or not multiline]
    mended = reduce(lambda words, flaw: flaw.mend(words), flaws, text)
    if not mended.strip(_BLANK):
        return Problem("it is nothing but white space", blocks=not multiline)
    refused, left = check(text), check(mended)
    if left and left.blocks:
        return left
    for flaw in flaws:
        if flaw.mend(text) != text:
            return Problem(flaw.text, blocks=bool(refused and refused.blocks), fix=flaw.fix)
    if not multiline and re.search(_LINE_END, text):
        return Problem("it has several lines", blocks=False)
    return left


# Patterns are compiled when they are first needed, which is not for the first frame.
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_LINE_END = r"[\r\n]"
_BLANK = " \t\r\n\v\f\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200E))
)
"""White space, and what takes no room at all: both come along when something is copied from a web page."""


class _Flaw(NamedTuple):
    """One way in which a value or the ends of its lines can be odd; some are, only where one line is wanted."""

    text: str
    mend: Callable[[str], str]
    any_value: bool = False

    def fix(self, value: bytes) -> bytes:
        return self.mend(value.decode()).encode()


_FLAWS = (
    _Flaw("it begins with a byte order mark", lambda text: text.removeprefix("\ufeff"), any_value=True),
    _Flaw("its lines end the Windows way, in CRLF", lambda text: text.replace("\r\n", "\n"), any_value=True),
    _Flaw("it ends with a line end", lambda text: text.rstrip("\r\n")),
    _Flaw("it begins or ends with white space", lambda text: text.strip(_BLANK)),
)
"""The commonest broken secrets, in the order in which they are mended."""


def look(value: bytes) -> str:
    """Return what kind of content this is, as far as that can be told without showing any of it."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return "binary"
    if text.lstrip()[:1] in {"{", "["}:
        return "valid JSON" if _parses(text) else "not valid JSON"
    begins = text.count("-----BEGIN ")
    if begins:
        return "PEM" if text.count("-----END ") == begins else "PEM without its end"
    return ""


def _parses(text: str) -> bool:
    try:
        _parsed(text)
    except (ValueError, RecursionError):
        return False
    return True


def _parsed(text: str) -> Any:
    def refuse(_: str) -> None:
        raise ValueError

    return json.loads(text, parse_constant=refuse)  # NaN and Infinity are Python's own


def hugging_face_token(value: str) -> Problem | None:
    """Question what does not look like a token of Hugging Face."""
    if re.fullmatch(r"hf_[A-Za-z0-9]{20,}", value):
        return None
    return Problem("it does not look like a Hugging Face token: hf_ and at least 20 letters or digits", blocks=False)


def endpoint(value: str) -> Problem | None:
    """Refuse white space, and question an endpoint that is no URL."""
    looks_right = re.match(r"https?://[^/]+", value)
    return one_word(value) or (None if looks_right else Problem("an endpoint begins with https://", blocks=False))


def port(value: str) -> Problem | None:
    """Refuse what is no port."""
    highest = 65_535
    if re.fullmatch(r"[0-9]{1,5}", value) and 0 < int(value) <= highest:
        return None
    return Problem(f"a port is a number from 1 to {highest}")


def key(value: str) -> Problem | None:
    """Refuse what no key can be called."""
    wrong = key_problem(value)
    return Problem(wrong) if wrong else None


def one_word(value: str) -> Problem | None:
    """Refuse white space where there can be none."""
    return Problem("it has white space in it") if re.search(r"\s", value) else None


def registry(value: str) -> Problem | None:
    """Refuse what is no address of a registry, and question a path."""
    host, _, path = re.sub(r"\Ahttps?://", "", value).partition("/")
    if re.search(r"\s", value):
        return Problem("a registry's address has no white space")
    if not host:
        return Problem("a registry's address names a host, as in ghcr.io")
    if path and host != "index.docker.io":
        return Problem("image pulls match a registry with a path for that path only", blocks=False)
    return None


def registry_user(value: str) -> Problem | None:
    """Refuse a user that could not be told from the password."""
    return Problem("a registry's user has no colon in it") if ":" in value else None


def kind(value: str) -> Problem | None:
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


def docker_config(value: str) -> Problem | None:
    """Return what is wrong with a whole docker configuration."""
    try:
        said = _parsed(value)
    except RecursionError:
        return Problem("it is nested too deeply to be a docker configuration")
    except ValueError:
        return Problem("it is not JSON")
    if not isinstance(said, dict):
        return Problem("it is JSON, but not an object")
    auths = said.get("auths")
    if not isinstance(auths, dict) or not auths:
        helper = any(said.get(name) for name in ("credsStore", "credHelpers"))
        return Problem(
            "it names a credential helper, which keeps the credentials: log in without one, or enter them here"
            if helper
            else 'it has no "auths" with a registry in it'
        )
    unusable = [name for name, entry in auths.items() if not _usable(entry)]
    if unusable and (said.get("credsStore") or said.get("credHelpers")):
        return Problem("its credentials are kept by a credential helper: log in without one, or enter them here")
    return Problem(f"{len(unusable)} of its {len(auths)} registries have no usable credentials") if unusable else None


def _usable(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    given = {name for name, part in entry.items() if isinstance(part, str) and part}
    token = bool(given & {"identitytoken", "registrytoken"})
    return token or given >= {"username", "password"} or _is_login(entry.get("auth"))


def _is_login(auth: object) -> bool:
    try:
        text = b64decode(auth, validate=True).decode() if isinstance(auth, str) else ""
    except ValueError:
        return False
    user, _, password = text.partition(":")
    return bool(user and password)

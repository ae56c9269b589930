"""What can be wrong with a typed value; no problem ever quotes the value."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, unquote, urlsplit

from wbtui.domain.names import LARGEST_SECRET, key_problem


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, or only odd: `blocks` says which. `fix` mends it with one key, where that is possible."""

    text: str
    blocks: bool = True
    fix: Callable[[bytes], bytes] | None = None


Check: TypeAlias = Callable[[str], Problem | None]


def value_problem(value: bytes, *, multiline: bool, binary: bool, check: Check | None) -> Problem | None:
    """Return the first thing that is wrong or odd with a value; `check` is the field's own."""
    if len(value) > LARGEST_SECRET:
        return Problem(f"it is too long: {len(value):,} bytes, where a secret holds at most {LARGEST_SECRET:,}")
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None if binary else Problem("it is not text in UTF-8")
    if not binary and _CONTROL.search(text):
        return Problem("it has control characters in it")
    odd = (end for end in _ENDS if end.found(value, multiline=multiline))
    first = next((Problem(end.text, blocks=False, fix=end.fix) for end in odd), None)
    return first or (check(text) if check else None)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _End:
    """One way in which the ends of a value or of its lines can be odd; some are, only where one line is wanted."""

    text: str
    pattern: bytes
    fix: Callable[[bytes], bytes] | None
    any_value: bool = False

    def found(self, value: bytes, *, multiline: bool) -> bool:
        return (self.any_value or not multiline) and re.search(self.pattern, value) is not None


_ENDS = (
    _End(
        "it begins with a byte order mark", rb"^\xef\xbb\xbf", lambda value: value.removeprefix(_MARK), any_value=True
    ),
    _End(
        "its lines end the Windows way, in CRLF", rb"\r\n", lambda value: value.replace(b"\r\n", b"\n"), any_value=True
    ),
    _End("it ends with a line end", rb"[\r\n]\Z", lambda value: value.rstrip(b"\r\n")),
    _End("it begins or ends with white space", rb"\A\s|\s\Z", bytes.strip),
    _End("it has several lines", rb"[\r\n]", None),
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
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def hugging_face_token(value: str) -> Problem | None:
    """Question what does not look like a token of Hugging Face."""
    if re.fullmatch(r"hf_[A-Za-z0-9]{20,}", value.strip()):
        return None
    return Problem("it does not look like a Hugging Face token: hf_ and at least 20 letters or digits", blocks=False)


def endpoint(value: str) -> Problem | None:
    """Question an endpoint that is no URL."""
    return None if re.match(r"https?://[^\s/]+", value) else Problem("an endpoint begins with https://", blocks=False)


def port(value: str) -> Problem | None:
    """Refuse what is no port."""
    highest = 65_535
    return None if value.isdecimal() and 0 < int(value) <= highest else Problem("a port is a number from 1 to 65535")


def key(value: str) -> Problem | None:
    """Refuse what no key can be called."""
    wrong = key_problem(value)
    return Problem(wrong) if wrong else None


def one_word(value: str) -> Problem | None:
    """Refuse white space where there can be none."""
    return Problem("it has white space in it") if re.search(r"\s", value) else None


def registry(value: str) -> Problem | None:
    """Refuse what is no address of a registry, and question a path."""
    if re.search(r"\s", value):
        return Problem("a registry's address has no white space")
    host = value.removeprefix("https://").removeprefix("http://")
    if "/" in host.rstrip("/") and not host.startswith("index.docker.io/"):
        return Problem("image pulls match a registry with a path for that path only", blocks=False)
    return None


@dataclass(frozen=True, slots=True)
class ConnectionParts:
    """A database's connection string, less its password."""

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
    if not separator or not re.fullmatch(r"[a-z][-+.a-z0-9]*", scheme):
        return Problem("a connection string begins with its kind, as in postgresql://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority.rpartition("@")[0] or (rest.count("@") > 1 and "@" not in authority):
        return Problem("there is an @ in the user or the password: write it as %40")
    if rest.count("@") > authority.count("@"):
        return Problem("there is a / ? or # in the password: write it as %2F %3F or %23")
    try:
        split = urlsplit(value)
        number = split.port
    except ValueError:  # its message quotes what was typed
        return Problem("the port is not a number, or the host is malformed")
    if not split.hostname:
        return Problem("the connection string names no host")
    return ConnectionParts(
        scheme,
        unquote(split.username or ""),
        split.hostname,
        str(number or ""),
        split.path.lstrip("/"),
        has_password=bool(split.password),
    )


def connection_string(value: str) -> Problem | None:
    """Return what is wrong with a connection string, or question one that lacks something."""
    parts = connection_parts(value.strip())
    if isinstance(parts, Problem):
        return parts
    return None if parts.has_password else Problem("it has no password", blocks=False)


def made_connection_string(scheme: str, username: str, password: str, host: str, number: str, dbname: str) -> str:
    """Return a connection string of its parts, with everything escaped that has to be."""
    login = quote(username, safe="") + (f":{quote(password, safe='')}" if password else "")
    address = f"[{host}]" if ":" in host else host
    where = f"{login}@{address}" if login else address
    return f"{scheme}://{where}{f':{number}' if number else ''}/{quote(dbname, safe='')}"


def docker_config(value: str) -> Problem | None:
    """Return what is wrong with a whole docker configuration."""
    try:
        said = json.loads(value)
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
    login = all(isinstance(entry.get(part), str) and entry[part] for part in ("username", "password"))
    return login or bool(_decoded(entry.get("auth"))) or bool(entry.get("identitytoken"))


def _decoded(auth: object) -> str:
    from base64 import b64decode  # noqa: PLC0415

    try:
        text = b64decode(auth, validate=True).decode() if isinstance(auth, str) else ""
    except ValueError:
        return ""
    user, separator, password = text.partition(":")
    return text if user and separator and password else ""

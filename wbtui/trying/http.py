"""One HTTP request of a trial: redirects are not followed, and only the beginning of the answer is read."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from ssl import SSLError
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from wbtui.domain.text import plain, shortened
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import Wire, tls_problem

_PORTS = {"http": 80, "https": 443}
_MOST_BYTES = 256 * 1024
"""The most of an answer that is read."""
_TOO_MANY, _TROUBLE = 429, 500
_LONGEST_PLACE = 80
_PLAIN_HTTP = "it is plain HTTP: everyone on the way can read what is sent"


class TrialRequest(NamedTuple):
    """A request; `carries` names the credential in it, empty where none is. `why` says who named its URL."""

    url: str
    headers: Mapping[str, str] = MappingProxyType({})
    method: str = "GET"
    body: bytes | None = None
    carries: str = ""
    why: str = ""


class TrialResponse(NamedTuple):
    """An answer: `headers` have names in lower case, `body` may be cut off."""

    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the content of the body; None where it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def send(wire: Wire, request: TrialRequest) -> TrialResponse:
    """Send a request; ask first where it carries a credential, or where it goes is unusual. Raises `CannotTell`."""
    url = _split(request.url)
    if not all(text.isascii() and text.isprintable() for text in (request.url, *request.headers.values())):
        raise CannotTell("what was entered has characters in it that cannot be sent")
    host, port = url.hostname or "", url.port or _PORTS[url.scheme]
    route = wire.route(host, port, scheme=url.scheme)
    warnings = route.to.warnings
    if url.scheme == "http" and not route.stays_here:
        warnings = (*warnings, _PLAIN_HTTP)
    route = route._replace(to=route.to._replace(warnings=warnings, why=request.why, carries=request.carries))
    if request.carries:
        wire.agree(route.to)
    connection = HTTPConnection(route.to.host, route.to.port)
    opened = wire.connect(route)
    connection.sock = wire.encrypt(opened, route.to.host) if url.scheme == "https" else opened
    return _exchange(connection, request, url)


def unclear(response: TrialResponse, service: str) -> TrialVerdict:
    """Return the verdict on an answer that tells nothing about the credential."""
    status = response.status
    if status // 100 == 3:  # noqa: PLR2004  redirects
        place = place_of(response.headers.get("location", "")) or "another page"
        text = f"{response.host} redirects to {place}; a credential is not sent there"
    elif status == _TOO_MANY:
        wait = response.headers.get("retry-after", "")
        text = f"{response.host} limits requests" + (f"; try again in {wait} s" if wait.isdecimal() else "")
    elif status >= _TROUBLE:
        text = f"{response.host} failed (HTTP {status})"
    else:
        text = f"the answer of {response.host} (HTTP {status}) is not one of {service}"
    return TrialVerdict(TrialOutcome.UNKNOWN, text)


def place_of(url: str) -> str:
    """Return the host and port in a URL from a server, to be shown; empty where it has none."""
    try:
        return shortened(plain(urlsplit(url).netloc.rpartition("@")[2]), _LONGEST_PLACE)
    except ValueError:
        return ""


def _split(address: str) -> SplitResult:
    try:
        url = urlsplit(address)
        known = url.scheme in _PORTS and url.hostname and (url.port is None or url.port)
    except ValueError:
        known = False
    if not known:
        raise CannotTell("the address to ask is not one that begins with https:// and names a host")
    if url.username or url.password:
        raise CannotTell("the address to ask has a login in it")
    return url


def _exchange(connection: HTTPConnection, request: TrialRequest, url: SplitResult) -> TrialResponse:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {"User-Agent": "wbtui", "Accept": "application/json", "Connection": "close", "Host": url.netloc}
    headers |= {"Host" if name == "host" else name: text for name, text in request.headers.items()}
    try:
        connection.request(request.method, target, request.body, headers)
        answer = connection.getresponse()
        body = answer.read(_MOST_BYTES)
    except TimeoutError:
        raise CannotTell(f"{connection.host} did not answer in time") from None
    except OSError as error:
        raise CannotTell(_broken_off(connection.host, error)) from None
    except HTTPException:
        raise CannotTell(f"{connection.host} does not speak HTTP there") from None
    finally:
        connection.close()
    headers = {name.lower(): ", ".join(answer.headers.get_all(name, [])) for name in answer.headers}
    return TrialResponse(connection.host, answer.status, headers, body)


def _broken_off(host: str, error: OSError) -> str:
    return tls_problem(host, error) if isinstance(error, SSLError) else f"{host} closed the connection"

"""Connections for trials: to addresses that were checked, and with a credential only where the user agreed."""

import os
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import NamedTuple, TypeAlias

from wbtui.domain.proxies import proxy_for
from wbtui.domain.text import plain, shortened
from wbtui.trying.verdict import CannotTell

SECONDS = 5.0
"""The most that a trial may take, and each step of it."""
_METADATA = frozenset({ip_address("fd00:ec2::254"), ip_address("100.100.100.200")})
"""Addresses of clouds' metadata services that are not link-local."""
_LONGEST_HOST = 253
_Addresses: TypeAlias = tuple[tuple[int, str], ...]
"""Families of sockets, and addresses as text."""


class Destination(NamedTuple):
    """Where something would be sent, which the user agrees to.

    `carries` names the credential that would be sent, empty where none is. `why` says who named the host, where the
    user did not. `warnings` say what is unusual about it.
    """

    host: str
    port: int
    carries: str = ""
    proxy: str = ""
    why: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """Return what identifies an agreement, which is asked for once in a session."""
        return (self.host, self.port, self.proxy, self.warnings, bool(self.carries))

    @property
    def question(self) -> str:
        """Return the text of the question."""
        what = f"{self.carries} will be sent" if self.carries else "A request without a credential will be sent"
        through = f", through the proxy {self.proxy}" if self.proxy else ""
        why = f"\n{self.why}." if self.why else ""
        warnings = "".join(f"\nWarning: {warning}." for warning in self.warnings)
        return f"{what} to {self.place}{through}.{why}{warnings}"

    @property
    def place(self) -> str:
        """Return the host and the port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class CheckedRoute(NamedTuple):
    """A destination with its addresses, or with the URL of the proxy to it."""

    to: Destination
    addresses: _Addresses
    proxy_url: str = ""

    @property
    def stays_here(self) -> bool:
        """Return whether the destination is this machine."""
        found = [ip_address(address.partition("%")[0]) for _, address in self.addresses]
        return not self.proxy_url and all(address.is_loopback for address in found)


Agree: TypeAlias = Callable[[Destination], bool]


class Wire:
    """The connections of one trial, in its thread; `agree` asks the user, and waits for the answer."""

    def __init__(self, agree: Agree) -> None:
        self._agree = agree
        self._open: list[socket.socket] = []
        self._routes: dict[tuple[str, int, str], CheckedRoute] = {}
        self._is_cut = False

    def route(self, host: str, port: int, *, scheme: str = "") -> CheckedRoute:
        """Return the route to a host, kept for the next time; with `scheme` (http, https), a proxy may be used."""
        host = host.rstrip(".").lower()
        _check_name(host)
        known = (host, port, scheme)
        if known not in self._routes:
            self._routes[known] = _find_route(host, port, scheme)
        return self._routes[known]

    def agree(self, to: Destination) -> None:
        """Ask whether that may be sent; return only where it may. Raises `CannotTell`."""
        if not self._agree(to):
            raise CannotTell(f"nothing was sent to {to.place}, as you chose")

    def connect(self, route: CheckedRoute) -> socket.socket:
        """Open a connection to the addresses of a route, or through its proxy. Raises `CannotTell`."""
        if route.to.warnings:
            self.agree(route.to)
        if route.proxy_url:
            return self._through_proxy(route)
        problem = ""
        for family, address in route.addresses:
            opened = socket.socket(family, socket.SOCK_STREAM)
            opened.settimeout(SECONDS)
            self._keep(opened)
            try:
                opened.connect((address, route.to.port))
            except OSError as error:
                opened.close()
                problem = _in_words(error)
            else:
                return opened
        raise CannotTell(f"{route.to.place} cannot be reached: {problem or 'it has no address'}")

    def encrypt(self, connection: socket.socket, host: str) -> ssl.SSLSocket:
        """Begin TLS, with the server's certificate checked. Raises `CannotTell`."""
        try:
            return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        except (OSError, ValueError) as error:
            raise CannotTell(tls_problem(host, error)) from None

    def cut(self) -> None:
        """End every connection, also one that is waited for."""
        self._is_cut = True
        while self._open:
            connection = self._open.pop()
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _keep(self, connection: socket.socket) -> None:
        # A duplicate stays valid whatever TLS or a driver does with the socket.
        self._open.append(connection.dup())
        if self._is_cut:
            connection.close()
            self.cut()
            raise CannotTell("it was stopped")

    def _through_proxy(self, route: CheckedRoute) -> socket.socket:
        from python_socks import ProxyError  # noqa: PLC0415  few trials need one
        from python_socks.sync import Proxy  # noqa: PLC0415

        try:
            opened = Proxy.from_url(route.proxy_url).connect(route.to.host, route.to.port, timeout=SECONDS)
        except (OSError, ValueError, ProxyError) as error:
            words = _in_words(error) if isinstance(error, OSError) else "it does not lead there"
            raise CannotTell(f"the proxy {route.to.proxy} cannot be used: {words}") from None
        opened.settimeout(SECONDS)
        self._keep(opened)
        return opened


def tls_problem(host: str, error: Exception) -> str:
    """Return what is wrong with the TLS of a host."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {host} cannot be trusted here: {plain(error.verify_message)}"
    if isinstance(error, ssl.SSLError):
        return f"{host} does not speak TLS there, or another kind of it"
    return f"{host} closed the connection before TLS had begun: {_in_words(error)}"


def _find_route(host: str, port: int, scheme: str) -> CheckedRoute:
    proxy = proxy_for(f"{scheme}://{_in_url(host)}:{port}", os.environ) if scheme else ""
    if proxy:  # it looks the host up itself
        with suppress(OSError):
            numeric = _looked_up(host, port, flags=socket.AI_NUMERICHOST)
            return CheckedRoute(
                Destination(host, port, proxy=_shown_proxy(proxy), warnings=_warnings(numeric)), (), proxy
            )
        return CheckedRoute(Destination(host, port, proxy=_shown_proxy(proxy)), (), proxy)
    addresses = _addresses(host, port)
    warnings = _warnings(addresses)
    return CheckedRoute(Destination(host, port, warnings=warnings), addresses)


def _check_name(host: str) -> None:
    if not host or len(host) > _LONGEST_HOST or not re.fullmatch(r"[a-z0-9._:%-]+", host):
        raise CannotTell("there is no host to ask, or its name is malformed")
    if re.search(r"\.svc(\.|\Z)", host) or host.endswith(".cluster.local"):
        raise CannotTell(f"{shortened(host, 80)} is a name inside the cluster")


def _addresses(host: str, port: int) -> _Addresses:
    try:
        return _looked_up(host, port)
    except (OSError, UnicodeError):
        inside = "" if "." in host or ":" in host else "; a name without dots may be one inside the cluster"
        raise CannotTell(f"{shortened(host, 80)} has no address here{inside}") from None


def _looked_up(host: str, port: int, flags: int = 0) -> _Addresses:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return tuple((family, str(address[0])) for family, *_, address in found)


def _warnings(addresses: _Addresses) -> tuple[str, ...]:
    for _, text in addresses:
        address = ip_address(text.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        if mapped.is_link_local or mapped in _METADATA:
            return (f"{mapped} is a link-local address, where machines of a cloud ask for their own credentials",)
    return ()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _shown_proxy(proxy: str) -> str:
    """Return a proxy without its login."""
    return shortened(plain(re.sub(r"//[^/]*@", "//", proxy)), 100)


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer"
    return plain(error.strerror or type(error).__name__) if isinstance(error, OSError) else type(error).__name__

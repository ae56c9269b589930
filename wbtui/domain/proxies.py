"""Which proxy of the environment leads to a server, by kubectl's rules."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def proxy_for(server: str, environment: Mapping[str, str]) -> str:
    """Return the proxy for a server; empty for this machine and for what NO_PROXY matches.

    ALL_PROXY is not used, as kubectl does not.
    """
    url = urlsplit(server)
    host, port = (url.hostname or "").rstrip("."), url.port or _PORTS.get(url.scheme, 0)
    proxy = _variable(f"{url.scheme}_proxy", environment)
    without = filter(None, (text.strip().lower() for text in _variable("no_proxy", environment).split(",")))
    if not proxy or is_this_machine(host) or any(_matches(host, port, entry) for entry in without):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def is_this_machine(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _variable(name: str, environment: Mapping[str, str]) -> str:
    return environment.get(name.upper()) or environment.get(name) or ""


def _matches(host: str, port: int, entry: str) -> bool:
    """Return whether an entry of NO_PROXY matches: `*`, an address, a network or a domain, with or without a port."""
    if entry == "*":
        return True
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal() and (":" not in name or name.endswith("]")):
        if int(number) != port:
            return False
        entry = name
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        domain = entry.removeprefix("*")
        return host == domain or host.endswith(f".{domain.removeprefix('.')}")

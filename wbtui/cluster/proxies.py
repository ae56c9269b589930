"""The proxy that the environment names, by the rules of kubectl."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]


def environment_proxy(server: str) -> str | None:
    """Return the proxy to reach a server through; None for this machine itself, and for what NO_PROXY names."""
    url = urlsplit(server)
    host = url.hostname or ""
    proxies = getproxies_environment()
    proxy = proxies.get(url.scheme)
    if not proxy or _direct(host, proxies.get("no", "")) or proxy_bypass_environment(host, proxies):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _direct(host: str, exceptions: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    networks = (_network(text.strip()) for text in exceptions.split(","))
    return address.is_loopback or any(network and address in network for network in networks)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None

"""The proxies of the environment."""

import os

from wbtui.domain.proxies import proxy_for


def environment_proxy(server: str) -> str:
    """Return the proxy that the environment names for a server; empty where none is."""
    return proxy_for(server, os.environ)

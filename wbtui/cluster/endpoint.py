"""The API server that a context leads to: its address, and how it is reached and trusted."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from wbtui.cluster.clients import read_authority
from wbtui.cluster.kubeconfig import ContextEntries
from wbtui.cluster.kubeconfig_rules import server_url
from wbtui.domain.text import plain
from wbtui.errors import KubeconfigError

_FIELDS = {
    "server": "server",
    "authority": "certificate-authority",
    "insecure": "insecure-skip-tls-verify",
    "tls_server_name": "tls-server-name",
    "proxy": "proxy-url",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An API server as a kubeconfig describes it; `authority` is the content, from the kubeconfig or from a file."""

    server: str
    authority: bytes = field(repr=False)
    insecure: bool
    tls_server_name: str
    proxy: str = field(repr=False)

    @classmethod
    def of(cls, target: ContextEntries, authority: bytes) -> "Endpoint":
        """Return the endpoint of a context, with the certificates that `clients.read_authority` returned."""
        server = target.server.fields
        return cls(
            server_url(server),
            authority,
            server.insecure_skip_tls_verify,
            server.tls_server_name,
            server.proxy_url,
        )

    @classmethod
    def read(cls, target: ContextEntries) -> "Endpoint":
        """Return the endpoint of a context. Raises `KubeconfigError` where its certificate authority cannot be read."""
        return cls.of(target, read_authority(target))

    @property
    def host(self) -> str:
        """Return the server's name and port."""
        return urlsplit(self.server).netloc.rpartition("@")[2]

    def require_same(self, now: "Endpoint", context: str) -> None:
        """Raise `KubeconfigError` where `now`, to which the context leads, is another endpoint than this one."""
        changed = [name for attribute, name in _FIELDS.items() if getattr(self, attribute) != getattr(now, attribute)]
        if not changed:
            return
        if self.server != now.server:
            words = f"the context {plain(context)} leads to {plain(now.host)} now, which is another server"
        else:
            words = f"the kubeconfig has another {' and '.join(changed)} now for the context {plain(context)}"
        advice = "Press {list.again} in the list to use what the kubeconfig says now, or change it back."
        raise KubeconfigError(words, advice=advice)

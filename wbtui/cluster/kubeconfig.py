"""Find the server and the user of a context in kubeconfig files, or in the service account of a pod."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from wbtui.cluster.kubeconfig_fields import ContextFields, ServerFields, UserFields
from wbtui.cluster.kubeconfig_files import KubeconfigEntries, KubeconfigEntry, read_entries
from wbtui.domain.projects import Context
from wbtui.domain.text import plain, shortened
from wbtui.errors import KubeconfigError, NoKubeconfig

IN_CLUSTER = "in-cluster"
_SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


class ContextEntries(NamedTuple):
    """The server and the user of a context, with the names of their entries."""

    server_name: str
    server: KubeconfigEntry[ServerFields]
    user_name: str
    user: KubeconfigEntry[UserFields]


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """The merged kubeconfig files, read again by every call."""

    paths: str
    """The paths of the files, separated as in KUBECONFIG."""
    explicit: bool = False
    """Whether a flag names them: then a pod's service account is not used in their place."""
    pod: Path = _SERVICE_ACCOUNT
    """The folder with the token of a pod's service account."""

    @classmethod
    def of(cls, flag: str | None) -> "Kubeconfig":
        """Return the kubeconfig that kubectl would use: the flag's, that of KUBECONFIG, or ~/.kube/config."""
        default = os.path.expanduser("~/.kube/config")  # noqa: PTH111  Path's own raises where there is no home
        return cls(flag or os.environ.get("KUBECONFIG") or default, explicit=bool(flag))

    def contexts(self) -> tuple[Context, ...]:
        """Return all contexts, or that of the pod's service account. Raises `KubeconfigError`."""
        return _contexts(self._read())

    def select(self, name: str | None) -> Context:
        """Return the context of this name, or the current one. Raises `KubeconfigError` where it does not exist."""
        entries = self._read()
        wanted = name or entries.current_context
        if not wanted:
            advice = "Choose one with :ctx, or start with --context."
            raise KubeconfigError("the kubeconfig has no current context", advice=advice)
        for context in _contexts(entries):
            if context.name == wanted:
                return context
        known = shortened(", ".join(map(plain, entries.contexts)), 200)
        advice = f"Choose one of {known} with :ctx or --context." if known else "Choose another file with --kubeconfig."
        raise KubeconfigError(f"the kubeconfig has no context {plain(wanted)}", advice=advice)

    def target(self, context: str) -> ContextEntries:
        """Return the current server and user of a context. Raises `KubeconfigError`."""
        entries = self._read()
        place = entries.contexts.get(context)
        if not place:
            raise KubeconfigError(f"the kubeconfig has no context {plain(context)} any more")
        name, user = place.fields.cluster, place.fields.user
        if name not in entries.clusters:
            raise KubeconfigError(_missing("cluster", name, context))
        if user and user not in entries.users:
            raise KubeconfigError(_missing("user", user, context))
        return ContextEntries(
            name, entries.clusters[name], user, entries.users.get(user) or KubeconfigEntry(UserFields(), place.file)
        )

    def _read(self) -> KubeconfigEntries:
        entries = read_entries(self.paths)
        if entries is not None:
            return entries
        if self.explicit or "KUBERNETES_SERVICE_HOST" not in os.environ:
            raise NoKubeconfig(f"there is no kubeconfig at {plain(self.paths)}")
        return _in_pod(self.pod)


def _missing(part: str, name: str, context: str) -> str:
    if not name:
        return f"contexts[{plain(context)}].context.{part} of the kubeconfig is missing"
    return f"the kubeconfig has no {part} {plain(name)}, which its context {plain(context)} names"


def _contexts(entries: KubeconfigEntries) -> tuple[Context, ...]:
    places = ((name, entry.fields) for name, entry in entries.contexts.items())
    return tuple(Context(name, place.cluster, place.user, place.namespace) for name, place in places)


def _in_pod(folder: Path) -> KubeconfigEntries:
    """Return the service account of a pod as the entries of a kubeconfig."""
    token = folder / "token"
    if not token.exists():
        raise NoKubeconfig(
            f"there is no kubeconfig, and this pod has no service account token at {token}",
            advice="Set KUBECONFIG or pass --kubeconfig, or give the pod a token: automountServiceAccountToken: true.",
        )
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ.get("KUBERNETES_SERVICE_PORT") or "443"
    server = ServerFields(
        server=f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}",
        certificate_authority="ca.crt",
    )
    namespace = ""
    with suppress(OSError):  # empty means "default", as in a context
        namespace = (folder / "namespace").read_text().strip()
    place = ContextFields(cluster=IN_CLUSTER, user=IN_CLUSTER, namespace=namespace)
    return KubeconfigEntries(
        IN_CLUSTER,
        {IN_CLUSTER: KubeconfigEntry(place, token)},
        {IN_CLUSTER: KubeconfigEntry(server, token)},
        {IN_CLUSTER: KubeconfigEntry(UserFields(token_file="token"), token)},  # noqa: S106  the name of a file
    )

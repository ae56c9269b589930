"""THE table of tools that put a secret back as they have it, without being its owner, and the marks that tell them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

Marks = Mapping[str, str]


class Sync(NamedTuple):
    """A tool that keeps a secret as it has it elsewhere: `source` names what it takes it from, `when` it does so."""

    tool: str
    source: str
    when: str

    def __str__(self) -> str:
        return f"{self.tool} {self.source}".rstrip()

    @property
    def sentence(self) -> str:
        """Return what becomes of a change or of a deletion, and where to make it instead."""
        return f"{self} puts it back as it is there, {self.when}: change or delete it there."


class _Tool(NamedTuple):
    """A tool: the label or annotation that it leaves, how to read what the secret comes from, and when it acts."""

    tool: str
    mark: str
    source: Callable[[str, Marks], str]
    when: str = "soon after"


def _flux(kind: str, group: str) -> Callable[[str, Marks], str]:
    return lambda name, marks: f"{kind} {marks.get(f'{group}.toolkit.fluxcd.io/namespace', '')}/{name}".replace(
        " /", " "
    )


def _application(value: str, _: Marks) -> str:
    return f"application {value.partition(':')[0]}"


def _release(name: str, marks: Marks) -> str:
    return f"release {name} in {marks.get('meta.helm.sh/release-namespace', 'its namespace')}"


def _copy(value: str, _: Marks) -> str:
    return f"copy of {value}"


_TOOLS = (
    _Tool("Argo CD", "argocd.argoproj.io/tracking-id", _application, "where it syncs by itself"),
    _Tool("Argo CD", "argocd.argoproj.io/instance", _application, "where it syncs by itself"),
    _Tool("Flux", "kustomize.toolkit.fluxcd.io/name", _flux("Kustomization", "kustomize")),
    _Tool("Flux", "helm.toolkit.fluxcd.io/name", _flux("HelmRelease", "helm"), "at its next upgrade"),
    _Tool("Helm", "meta.helm.sh/release-name", _release, "at its next upgrade"),
    _Tool("External Secrets", "reconcile.external-secrets.io/data-hash", lambda *_: ""),
    _Tool("External Secrets", "reconcile.external-secrets.io/created-by", lambda *_: ""),
    _Tool("Reflector", "reflector.v1.k8s.emberstack.com/reflects", _copy),
    _Tool("Replicator", "replicator.v1.mittwald.de/replicate-from", _copy),
    _Tool("Kyverno", "generate.kyverno.io/policy-name", lambda name, _: f"policy {name}"),
    _Tool("cert-manager", "cert-manager.io/certificate-name", lambda name, _: f"Certificate {name}"),
)
"""In the order in which they count: Flux installs Helm releases, and what it does with them is Flux' affair."""


def syncs(labels: Marks, annotations: Marks) -> tuple[Sync, ...]:
    """Return the tools that keep a secret with these labels and annotations, each once."""
    return tuple({sync.tool: sync for sync in reversed(list(_found({**labels, **annotations})))}.values())[::-1]


def _found(marks: Marks) -> Iterator[Sync]:
    for tool in _TOOLS:
        if value := marks.get(tool.mark):
            yield Sync(tool.tool, tool.source(value, marks), tool.when)


class ExternalSource(NamedTuple):
    """Where an ExternalSecret gets a secret's values from, and whether it did."""

    store: str
    remote_keys: tuple[str, ...]
    ready: bool | None
    reason: str
    message: str
    synced: datetime | None

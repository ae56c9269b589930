"""THE table of tools that keep secrets in sync without owning them, and of the labels and annotations they set."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias

from wbtui.domain.expiry import CERTIFICATE_MARK

Marks = Mapping[str, str]
EXTERNAL_SECRETS = "External Secrets"
_TRACKING, _TRACKING_PARTS = "argocd.argoproj.io/tracking-id", 3


class Sync(NamedTuple):
    """A tool that overwrites a secret with the content of `source`, and when it does so."""

    tool: str
    source: str
    when: str

    def __str__(self) -> str:
        return f"{self.tool} {self.source}".rstrip()

    @property
    def sentence(self) -> str:
        """Return what the tool does after a change or a deletion, and where to make the change instead."""
        return f"{self} puts it back as it is there, {self.when}: change or delete it there."


class _Tool(NamedTuple):
    """A tool: the label or annotation that it sets, how to read the source from its value, and when it acts."""

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


def _is_of_another_kind(tool: "_Tool", value: str) -> bool:
    """Return whether a mark of Argo CD was copied from something else: it has application:group/kind:namespace/name."""
    parts = value.split(":")
    return tool.mark == _TRACKING and len(parts) == _TRACKING_PARTS and not parts[1].endswith("/Secret")


def _release(name: str, marks: Marks) -> str:
    return f"release {name} in {marks.get('meta.helm.sh/release-namespace', 'its namespace')}"


def _copy(value: str, _: Marks) -> str:
    return f"copy of {value}"


_TOOLS = (
    _Tool("Argo CD", _TRACKING, _application, "where it syncs by itself"),
    _Tool("Argo CD", "argocd.argoproj.io/instance", _application, "where it syncs by itself"),
    _Tool("Flux", "kustomize.toolkit.fluxcd.io/name", _flux("Kustomization", "kustomize")),
    _Tool("Flux", "helm.toolkit.fluxcd.io/name", _flux("HelmRelease", "helm"), "at its next upgrade"),
    _Tool("Helm", "meta.helm.sh/release-name", _release, "at its next upgrade"),
    _Tool(EXTERNAL_SECRETS, "reconcile.external-secrets.io/data-hash", lambda *_: ""),
    _Tool(EXTERNAL_SECRETS, "reconcile.external-secrets.io/created-by", lambda *_: ""),
    _Tool("Reflector", "reflector.v1.k8s.emberstack.com/reflects", _copy),
    _Tool("Replicator", "replicator.v1.mittwald.de/replicate-from", _copy),
    _Tool("Kyverno", "generate.kyverno.io/policy-name", lambda name, _: f"policy {name}"),
    _Tool("cert-manager", CERTIFICATE_MARK, lambda name, _: f"Certificate {name}"),
)
"""In the order of precedence: a Helm release that Flux installed is Flux' to change."""


def syncs(labels: Marks, annotations: Marks, written_by: "WrittenBy" = None) -> tuple[Sync, ...]:
    """Return the tools that set these labels and annotations, and the ExternalSecrets that write, each once.

    External Secrets copies the labels and annotations of an ExternalSecret to its secret: where it is among the tools,
    the marks of the others are about the ExternalSecret. Its own mark is a copy where no ExternalSecret writes.
    """
    if isinstance(written_by, tuple) and written_by:
        return tuple(Sync("ExternalSecret", source.name, "at its next sync") for source in written_by)
    found = {sync.tool: sync for sync in reversed(list(_all_syncs({**labels, **annotations})))}
    if written_by == ():
        found.pop(EXTERNAL_SECRETS, None)
    return (found[EXTERNAL_SECRETS],) if EXTERNAL_SECRETS in found else tuple(found.values())[::-1]


def _all_syncs(marks: Marks) -> Iterator[Sync]:
    for tool in _TOOLS:
        value = marks.get(tool.mark, "")
        if value and not _is_of_another_kind(tool, value):
            yield Sync(tool.tool, tool.source(value, marks), tool.when)


_MARKS = frozenset(tool.mark for tool in _TOOLS) | {
    "app.kubernetes.io/managed-by",
    "meta.helm.sh/release-namespace",
    *(f"{group}.toolkit.fluxcd.io/namespace" for group in ("kustomize", "helm")),
}


def without_marks(marks: Marks) -> dict[str, str]:
    """Return labels or annotations without those by which tools know what is theirs: for a copy, which is not."""
    return {key: value for key, value in marks.items() if key not in _MARKS}


class ExternalSource(NamedTuple):
    """An ExternalSecret: the store and the keys from which it reads values, and the result of its last sync.

    `policy` says what it does with the secret: Owner, Merge or Orphan.
    """

    name: str
    policy: str
    store: str
    remote_keys: tuple[str, ...]
    ready: bool | None
    reason: str
    message: str
    synced: datetime | None


WrittenBy: TypeAlias = tuple[ExternalSource, ...] | str | None
"""The ExternalSecrets that write a secret, or why they are not known; None where it has no sign of one."""


class ExternalSources(NamedTuple):
    """The ExternalSecrets of a project, or of all, by the project and the name of the secret that they write.

    `unknown` is why they are not known.
    """

    found: Mapping[tuple[str, str], tuple[ExternalSource, ...]]
    unknown: str = ""

    def of(self, namespace: str, name: str, *, marked: bool) -> WrittenBy:
        """Return what writes a secret; `marked` says that it has a sign of an ExternalSecret."""
        return self.found.get((namespace, name)) or ((self.unknown or ()) if marked else None)

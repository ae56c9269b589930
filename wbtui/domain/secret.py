"""The metadata of a secret; its values are never held."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from wbtui.domain.display_name import both_names
from wbtui.domain.expiry import CERTIFICATE_MARK, Expiry, Issued
from wbtui.domain.prefixes import RESOURCE_MANAGER_USE_CASE
from wbtui.domain.secret_types import HELM_RELEASE
from wbtui.domain.syncing import EXTERNAL_SECRETS, Sync, WrittenBy, syncs
from wbtui.domain.text import first_of, shortened
from wbtui.domain.use_cases.table import find_use_case
from wbtui.domain.well_known import is_well_known, readers_of

MANAGER = "wbtui"
"""The field manager of all writes, as `managedFields` records it."""
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""The annotation in which `kubectl apply` stores the whole manifest, including the values of a secret."""

OBJECT_COPY = "(an object of "
"""The first words of what stands for an annotation that holds a whole object, which is dropped."""
_LONGEST_WAIT = 200
"""The most characters of the names of finalizers in a sentence."""


class Owner(NamedTuple):
    """The object that owns a secret: when the owner is deleted or changed, so may be the secret."""

    api_version: str
    kind: str
    name: str
    uid: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class FieldsChange(NamedTuple):
    """An entry of `managedFields`: who last changed fields of a secret, and when.

    `keys` are the keys of the values among these fields; with `values_only`, there are no other fields.
    """

    manager: str
    operation: str
    time: datetime | None
    keys: tuple[str, ...] = ()
    values_only: bool = False


class Secret(NamedTuple):
    """The metadata of one secret. Its texts come from the cluster: pass them through `plain` before drawing them.

    `use_case` is the value of a known use case, else the label as it is, and empty without a label. `keys` is None
    where the keys are not known. `creator` is set by clients and cannot be trusted; with `creator_is_hint`, it is
    the first field manager instead. `display_name` is empty where it would be the name. `expiry` is None where that is
    not known. `written_by` and `issued` are None, too, as long as nobody has asked.
    """

    uid: str
    namespace: str
    name: str
    resource_version: str
    type: str = ""
    key_count: int | None = None
    keys: tuple[str, ...] | None = None
    use_case: str = ""
    managers_label: bool = False
    creator: str = ""
    creator_is_hint: bool = False
    created: datetime | None = None
    deleted: datetime | None = None
    immutable: bool = False
    copied_in_annotation: bool = False
    labels: Mapping[str, str] = MappingProxyType({})
    annotations: Mapping[str, str] = MappingProxyType({})
    owners: tuple[Owner, ...] = ()
    finalizers: tuple[str, ...] = ()
    changes: tuple[FieldsChange, ...] = ()
    display_name: str = ""
    expiry: Expiry | None = None
    written_by: WrittenBy = None
    issued: Issued = None

    @property
    def title(self) -> str:
        """Return what people call it; another secret may have the same title."""
        return self.display_name or self.name

    @property
    def names(self) -> str:
        """Return its display name, and its name in Kubernetes where that is another one."""
        return both_names(self.display_name, self.name)

    @property
    def recorded_creator(self) -> str:
        """Return the creator that was recorded; empty where it is only known who wrote the secret first."""
        return "" if self.creator_is_hint else self.creator

    @property
    def last_change(self) -> FieldsChange | None:
        """Return the latest change that has a time."""
        dated = [change for change in self.changes if change.time]
        return max(dated, key=lambda change: change.time or datetime.min.replace(tzinfo=UTC), default=None)

    @property
    def values_changed(self) -> datetime | None:
        """Return when a value was last written; None where that was not recorded."""
        return max((change.time for change in self.changes if change.time and change.keys), default=None)

    @property
    def waits_for(self) -> str:
        """Return what its deletion waits for: the first finalizers; the cluster, where it has none."""
        return shortened(first_of(self.finalizers), _LONGEST_WAIT) or "the cluster"

    @property
    def syncs(self) -> tuple[Sync, ...]:
        """Return the tools that would undo a change; empty where an owner already says so."""
        return () if self.owners else syncs(self.labels, self.annotations, self.written_by)

    @property
    def refusal_to_change(self) -> str:
        """Return why its values cannot be changed, not even by recreating it; empty where they can."""
        if self.deleted:
            return "it is being deleted"
        return f"{self.owners[0]} manages it and would put its own values back; change it there" if self.owners else ""

    @property
    def is_marked_external(self) -> bool:
        """Return whether it has a sign of an ExternalSecret: as its owner, or a mark, which may be a copy."""
        owned = any(owner.kind == "ExternalSecret" for owner in self.owners)
        return owned or any(sync.tool == EXTERNAL_SECRETS for sync in syncs(self.labels, self.annotations))

    @property
    def is_marked_issued(self) -> bool:
        """Return whether it has a sign of a Certificate, which may be a copy."""
        return CERTIFICATE_MARK in self.annotations

    @property
    def states(self) -> tuple["State", ...]:
        """Return the special states of this secret, the most important first."""
        return tuple(state for state in STATES if state.holds(self))


class State(NamedTuple):
    """A special state of a secret: the word for `is:`, the words in the table, the sentence in the details."""

    word: str
    holds: Callable[[Secret], object]
    brief: Callable[[Secret], str]
    sentence: Callable[[Secret], str]


def _has_wrong_type(secret: Secret) -> bool:
    use_case = find_use_case(secret.use_case)
    return bool(use_case and secret.type and use_case.type != secret.type)


def _sync_results(secret: Secret) -> set[bool | None]:
    """Return what the conditions of the ExternalSecrets that write it say."""
    return {source.ready for source in secret.written_by} if isinstance(secret.written_by, tuple) else set()


def _sync_reasons(secret: Secret, *, ready: bool | None) -> str:
    sources = secret.written_by if isinstance(secret.written_by, tuple) else ()
    return " and ".join(dict.fromkeys(source.reason for source in sources if source.ready is ready and source.reason))


def _sync_sentence(secret: Secret) -> str:
    if isinstance(secret.written_by, str):
        return f"Whether its last sync worked is not known: ExternalSecret: {secret.written_by}."
    said = (
        f"ExternalSecret {source.name} {_RESULTS[source.ready]}: {source.reason or 'it gives no reason'}."
        for source in secret.written_by or ()
    )
    return " ".join(said)


_RESULTS = {True: "has synced it", False: "could not sync it", None: "does not say whether it has synced it"}

STATES: tuple[State, ...] = (
    State(
        "terminating",
        lambda secret: secret.deleted,
        lambda _: "terminating",
        lambda secret: (
            f"Deletion was requested; it waits for {secret.waits_for}."
            if secret.finalizers
            else "Deletion was requested and is in progress."
        ),
    ),
    State(
        "copied",
        lambda secret: secret.copied_in_annotation,
        lambda _: "values in annotation",
        lambda _: (
            "An annotation contains a copy of the values (kubectl apply writes it): everyone who may read the"
            " metadata can read them."
        ),
    ),
    State(
        "unknown",
        lambda secret: secret.use_case and not find_use_case(secret.use_case),
        lambda _: "unknown use case",
        lambda secret: (
            f"The Workbench knows no use case {secret.use_case}: its page of secrets fails for the whole project until"
            " this secret has another one: l in the list."
        ),
    ),
    State(
        "unsynced",
        lambda secret: False in _sync_results(secret),
        lambda secret: f"failed: {_sync_reasons(secret, ready=False) or 'no sync'}",
        _sync_sentence,
    ),
    State(
        "syncunknown",
        lambda secret: isinstance(secret.written_by, str) or None in _sync_results(secret),
        lambda _: "sync not known",
        _sync_sentence,
    ),
    State(
        "insync",
        lambda secret: _sync_results(secret) == {True},
        lambda secret: f"in sync: {_sync_reasons(secret, ready=True)}".removesuffix(": "),
        _sync_sentence,
    ),
    State(
        "managed",
        lambda secret: secret.owners,
        lambda secret: f"managed by {secret.owners[0].kind}",
        lambda secret: f"Managed by {' and '.join(map(str, secret.owners))}: change or delete it there.",
    ),
    State(
        "synced",
        lambda secret: secret.syncs,
        lambda secret: f"synced by {' and '.join(sync.tool for sync in secret.syncs)}",
        lambda secret: " ".join(("Another tool keeps it.", *(sync.sentence for sync in secret.syncs))),
    ),
    State(
        "wellknown",
        lambda secret: is_well_known(secret.name),
        lambda _: "read by its name",
        lambda secret: f"{readers_of(secret.name)} It never counts as unused.",
    ),
    State(
        "immutable",
        lambda secret: secret.immutable,
        lambda _: "immutable",
        lambda _: "Immutable: its values cannot change; rotate it, which creates another one under a new name.",
    ),
    State(
        "wrongtype",
        _has_wrong_type,
        lambda _: "wrong type",
        lambda secret: f"Its type is {secret.type}, but secrets of use case {secret.use_case} have another one.",
    ),
    State(
        "airm",
        lambda secret: secret.managers_label,
        lambda _: "manager's label",
        lambda _: f"Its use case is in the Resource Manager's label {RESOURCE_MANAGER_USE_CASE} alone.",
    ),
    State(
        "unlabelled",
        lambda secret: not secret.use_case and secret.type != HELM_RELEASE,
        lambda _: "",
        lambda _: "It has no use case: the Workbench lists it, but offers it nowhere.",
    ),
)
"""The most important first: a narrow column shows only the first that holds."""

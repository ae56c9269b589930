"""The users of secrets that a search found, and the kinds that could not be searched."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from wbtui.domain.label_selector import selects
from wbtui.domain.references import Reference, SecretUser, place_of
from wbtui.domain.secret import Secret
from wbtui.domain.secret_types import HELM_RELEASE
from wbtui.domain.well_known import is_well_known

ABSENT = "the cluster has no such kind"
"""The reason for a kind that the cluster does not have."""
BEING_SEARCHED = "not searched yet"
"""The reason for a kind that a search has not come to yet."""
USED_BY_TYPE = frozenset({HELM_RELEASE, "kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"})
"""Types whose users find them by name or label, without a reference: nobody can say that such a secret is unused.
They must not be listed as unused: deleting a release's secret loses its history."""


class SearchStep(Enum):
    """The steps of a search for uses, in order, by what is counted."""

    SCHEMAS = "schemas"
    KINDS = "kinds"


class SearchProgress(NamedTuple):
    """How far one step of a search is."""

    step: SearchStep
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class NotSearched:
    """A kind that could not be searched, and why; with `stale`, it was searched but is no longer up to date."""

    kind: str
    reason: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """One object that uses a secret, and its topmost owner, which may be the object itself.

    `depth` is the number of owners between the two.
    """

    user: SecretUser
    reference: Reference
    top: SecretUser
    depth: int = field(default=0, compare=False)

    @property
    def needs_restart(self) -> bool:
        """Return whether a new value is used only after a restart."""
        return self.reference.restart

    @property
    def place(self) -> tuple[str, str, str, bool, bool]:
        """Return a key that is equal for the same use in a Deployment, its ReplicaSets and their Pods."""
        reference = self.reference
        where = place_of(self.user, reference)
        return (str(self.top), where, reference.key, reference.optional, reference.restart)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that refers to a secret: the use nearest to the topmost owner, and the objects below that repeat it."""

    use: Use
    repeated: tuple[SecretUser, ...]


@dataclass(frozen=True)
class Usage:
    """The users of the secrets of one namespace or of all, and which kinds were searched for them.

    Kinds that are not watched were last listed at `listed_at`, or later. Unless this is `everywhere`, objects of other
    namespaces that name a secret of this one were not searched.
    """

    users: tuple[SecretUser, ...]
    searched: tuple[str, ...]
    not_searched: tuple[NotSearched, ...]
    listed_at: datetime | None = None
    everywhere: bool = False

    @property
    def unsearched(self) -> tuple[NotSearched, ...]:
        """Return the kinds that the cluster has, but that could not be searched or are not up to date."""
        return tuple(kind for kind in self.not_searched if kind.reason != ABSENT)

    @property
    def being_searched(self) -> int:
        """Return the number of kinds that the search has not come to yet."""
        return sum(kind.reason == BEING_SEARCHED for kind in self.not_searched)

    @property
    def blind(self) -> bool:
        """Return whether no kind was ever searched, so that nothing can be called unused."""
        return not self.searched and not any(kind.stale for kind in self.not_searched)

    def of(self, secret: Secret) -> tuple[Use, ...]:
        """Return every use of a secret, sorted by topmost owner."""
        pairs = (*self._by_name.get(secret.name, ()), *self._selecting(secret))
        uses = [
            Use(user, reference, *self._top(user))
            for user, reference in pairs
            if _namespace_of(user, reference) in {"", secret.namespace}
        ]
        return tuple(sorted(uses, key=lambda use: (str(use.top), str(use.user), use.reference.path)))

    def used(self, secrets: Sequence[Secret]) -> Iterable[bool | None]:
        """Return for each secret whether a reference was found; None where it may be used without one that was found.

        That is so for the types in `USED_BY_TYPE`, for well-known names, and for all secrets where not every kind
        could be searched.
        """
        named, anywhere = self._named, self._named_anywhere
        unsure = self.blind or any(not kind.stale for kind in self.unsearched)
        return [
            (secret.namespace, secret.name) in named
            or secret.name in anywhere
            or self._is_selected(secret)
            or (None if unsure or secret.type in USED_BY_TYPE or is_well_known(secret.name) else False)
            for secret in secrets
        ]

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[SecretUser, Reference]]]:
        by_name: dict[str, list[tuple[SecretUser, Reference]]] = {}
        for user in self.users:
            for reference in self._references(user):
                by_name.setdefault(reference.secret, []).append((user, reference))
        return by_name

    @cached_property
    def named_by_pods(self) -> frozenset[tuple[str, str]]:
        """Return the namespaces and names of the secrets that pods with running containers refer to."""
        pods = (user for user in self.users if user.containers)
        return frozenset((pod.namespace, reference.secret) for pod in pods for reference in pod.references)

    def has_searched(self, kind: str) -> bool:
        """Return whether a kind was searched to its end, now or before."""
        return kind in self.searched or any(one.kind == kind and one.stale for one in self.not_searched)

    def _selecting(self, secret: Secret) -> Iterable[tuple[SecretUser, Reference]]:
        """Return what selects a secret by its labels, whatever its namespace."""
        return [pair for pair in self._by_name.get("", ()) if selects(pair[1].selector or (), secret.labels)]

    def _is_selected(self, secret: Secret) -> bool:
        return any(_namespace_of(*pair) in {"", secret.namespace} for pair in self._selecting(secret))

    @cached_property
    def _named(self) -> set[tuple[str, str]]:
        return {
            (_namespace_of(user, reference), name) for name, pairs in self._by_name.items() for user, reference in pairs
        }

    @cached_property
    def _named_anywhere(self) -> set[str]:
        return {name for namespace, name in self._named if not namespace}

    @cached_property
    def _by_uid(self) -> dict[str, SecretUser]:
        return {user.uid: user for user in self.users}

    @cached_property
    def _accounts(self) -> dict[tuple[str, str], SecretUser]:
        return {(user.namespace, user.name): user for user in self.users if user.kind == "ServiceAccount"}

    def _references(self, user: SecretUser) -> Iterator[Reference]:
        yield from user.references
        account = self._accounts.get((user.namespace, user.service_account))
        for reference in account.references if account and user.service_account else ():
            # A pod pulls images with the secrets of its service account.
            if reference.path.startswith("imagePullSecrets"):
                yield Reference(reference.secret, f"serviceAccountName {user.service_account}")

    def owners(self, user: SecretUser) -> tuple[SecretUser, ...]:
        """Return the owner of an object, the owner of that, and so on."""
        above: dict[str, SecretUser] = {user.uid: user}
        while user.owners and user.owners[0].uid not in above:
            owner = user.owners[0]
            user = self._by_uid.get(owner.uid) or SecretUser(
                owner.kind, owner.name, user.namespace, owner.uid, api=owner.api_version
            )
            above[user.uid] = user
        return tuple(above.values())[1:]

    def _top(self, user: SecretUser) -> tuple[SecretUser, int]:
        owners = self.owners(user)
        return (owners[-1] if owners else user), len(owners)


def _namespace_of(user: SecretUser, reference: Reference) -> str:
    """Return the namespace of the secret that is named; empty where an object without one does not say it."""
    return reference.namespace or user.namespace


def merged_usage(usages: Sequence[Usage]) -> Usage:
    """Return the usage of several namespaces in one; a kind was searched where it was in all of them."""
    users = {user.uid: user for usage in usages for user in usage.users}
    not_searched = dict.fromkeys(kind for usage in usages for kind in usage.not_searched)
    missing = {kind.kind for kind in not_searched}
    searched = dict.fromkeys(kind for usage in usages for kind in usage.searched if kind not in missing)
    listed_at = [usage.listed_at for usage in usages if usage.listed_at]
    return Usage(tuple(users.values()), tuple(searched), tuple(not_searched), min(listed_at, default=None))


def by_topmost_owner(uses: Iterable[Use]) -> Iterator[tuple[SecretUser, tuple[Spot, ...]]]:
    """Yield each topmost owner, and the places under it that refer to the secret, each once."""
    ordered = sorted(uses, key=lambda use: (*use.place, use.depth, str(use.user)))
    spots = [_spot(tuple(same)) for _, same in groupby(ordered, key=lambda use: use.place)]
    for _, group in groupby(spots, key=lambda spot: str(spot.use.top)):
        below = tuple(group)
        yield below[0].use.top, below


def _spot(same: tuple[Use, ...]) -> Spot:
    return Spot(same[0], tuple(dict.fromkeys(use.user for use in same[1:] if use.user != same[0].user)))


def missing_keys(secret: Secret, uses: Iterable[Use]) -> tuple[Use, ...]:
    """Return the uses that need a key which the secret does not have; none where its keys are not known."""
    if secret.keys is None:
        return ()
    return tuple(use for use in uses if use.reference.key and use.reference.key not in secret.keys)

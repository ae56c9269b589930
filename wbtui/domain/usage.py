"""What was found when a project was searched for users of its secrets; and what could not be searched."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from wbtui.domain.references import Reference, User
from wbtui.domain.secret import Secret

ABSENT = "the cluster has no such kind"
"""Why a kind was not searched that there is nothing of."""


@dataclass(frozen=True, slots=True)
class NotSearched:
    """A kind that was not searched, and why."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Use:
    """One object that uses a secret, and the object on top that is responsible for it: often itself."""

    user: User
    reference: Reference
    top: User

    @property
    def needs_restart(self) -> bool:
        """Tell whether it sees a new value only after a restart."""
        return self.reference.restart


@dataclass(frozen=True, slots=True)
class Usage:
    """The users of the secrets of one namespace, as far as they could be searched."""

    users: tuple[User, ...]
    searched: tuple[str, ...]
    not_searched: tuple[NotSearched, ...]
    _by_uid: dict[str, User] = field(default_factory=dict, compare=False)
    _accounts: dict[tuple[str, str], User] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for user in self.users:
            self._by_uid[user.uid] = user
            if user.kind == "ServiceAccount":
                self._accounts[user.namespace, user.name] = user

    def of(self, secret: Secret) -> tuple[Use, ...]:
        """Return every use of a secret, those of one owner together."""
        found = [
            Use(user, reference, self._top(user))
            for user in self.users
            for reference in self._references(user)
            if reference.secret == secret.name and user.namespace in {"", secret.namespace}
        ]
        return tuple(sorted(found, key=lambda use: (str(use.top), str(use.user), use.reference.path)))

    def _references(self, user: User) -> Iterator[Reference]:
        yield from user.references
        account = self._accounts.get((user.namespace, user.service_account))
        for reference in account.references if account and user.service_account else ():
            # A pod pulls images with the secrets of its service account.
            if reference.path.startswith("imagePullSecrets"):
                yield Reference(reference.secret, f"serviceAccountName {user.service_account}")

    def _top(self, user: User) -> User:
        seen = {user.uid}
        while user.owners and user.owners[0].uid not in seen:
            owner = user.owners[0]
            seen.add(owner.uid)
            user = self._by_uid.get(owner.uid) or User(owner.kind, owner.name, user.namespace, owner.uid)
        return user


def missing_keys(secret: Secret, uses: tuple[Use, ...]) -> tuple[Use, ...]:
    """Return the uses that want a key which the secret does not have; none where its keys are not known."""
    if secret.keys is None:
        return ()
    return tuple(use for use in uses if use.reference.key and use.reference.key not in secret.keys)

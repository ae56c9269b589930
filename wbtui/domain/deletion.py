"""Deleting secrets for good: what it would hit, what has to be typed before, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from wbtui.domain.secret import Secret
from wbtui.domain.usage import Usage, Use


class Outcome(Enum):
    """How far the deletion of one secret is, or how it ended."""

    WAITING = "waiting"
    DELETING = "deleting"
    DELETED = "deleted"
    TERMINATING = "terminating"
    """The cluster keeps it until its finalizers are done."""
    GONE = "gone already"
    NOT_DELETED = "not deleted"
    UNKNOWN = "not known"
    """The request was sent, and no answer came."""
    NOT_TRIED = "not tried"


class Result(NamedTuple):
    """How the deletion of one secret ended, and why, in words."""

    outcome: Outcome
    detail: str = ""


Results = Mapping[str, Result]
"""By the uid of the secret."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """Secrets that are to be deleted, as they were on the screen, and what is known of their use.

    `context` is the cluster's; `protected` clusters want more care. `vanished` were marked, and are not there any more.
    `forbidden` has the missing right by uid. `usages` are the searches of their projects; None until they are done.
    """

    secrets: tuple[Secret, ...]
    context: str = ""
    protected: bool = False
    vanished: tuple[Secret, ...] = ()
    forbidden: Mapping[str, str] = field(default_factory=dict)
    usages: tuple[Usage, ...] | None = None

    @property
    def refused(self) -> tuple[Secret, ...]:
        """Return those that another resource manages, that are being deleted, or that one may not delete."""
        possible = {secret.uid for secret in self.possible}
        return tuple(secret for secret in self.secrets if secret.uid not in possible)

    @property
    def possible(self) -> tuple[Secret, ...]:
        """Return those that can be deleted here."""
        return tuple(
            secret
            for secret in self.secrets
            if not secret.owners and not secret.deleted and not self.forbidden.get(secret.uid)
        )

    def uses(self, secret: Secret) -> tuple[Use, ...]:
        """Return what was found to use a secret."""
        return tuple(use for usage in self.usages or () for use in usage.of(secret))

    @property
    def in_use(self) -> tuple[Secret, ...]:
        """Return those that something uses."""
        return tuple(secret for secret in self.possible if self.uses(secret))

    @property
    def unsearched(self) -> bool:
        """Tell whether something that the cluster has could not be searched."""
        return any(usage.unsearched for usage in self.usages or ())

    @property
    def phrase(self) -> str:
        """Return what has to be typed first: a name, or how many and in a protected cluster where; may be empty."""
        if len(self.possible) > 1:
            return f"{len(self.possible)} {self.context}" if self.protected else str(len(self.possible))
        careful = self.protected or self.in_use or self.unsearched
        return self.possible[0].name if self.possible and careful else ""

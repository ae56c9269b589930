"""The deletion of secrets: what would be deleted, what to type to confirm it, and the results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from wbtui.domain.secret import Secret
from wbtui.domain.usage import SearchProgress, Usage, Use
from wbtui.domain.well_known import is_well_known


class DeletionOutcome(Enum):
    """The progress or the result of the deletion of one secret."""

    WAITING = "waiting"
    DELETING = "deleting"
    DELETED = "deleted"
    TERMINATING = "terminating"
    """The cluster keeps it until its finalizers are done."""
    GONE = "already deleted"
    NOT_DELETED = "not deleted"
    UNKNOWN = "not known"
    """The request was sent, but no answer was received."""
    NOT_TRIED = "not tried"


class Result(NamedTuple):
    """The outcome of the deletion of one secret; `detail` says why."""

    outcome: DeletionOutcome
    detail: str = ""


Results = Mapping[str, Result]
"""By the uid of the secret."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """The secrets to delete, as they were on the screen, and who uses them.

    `context` is the context of the cluster; in a `protected` one, more has to be typed. `vanished` were marked but no
    longer exist. `forbidden` maps a uid to the missing right. `usage` is None until the search is done; `progress` is
    how far that is.
    """

    secrets: tuple[Secret, ...]
    context: str = ""
    protected: bool = False
    vanished: tuple[Secret, ...] = ()
    forbidden: Mapping[str, str] = field(default_factory=dict)
    usage: Usage | None = None
    progress: SearchProgress | None = None

    @property
    def refused(self) -> tuple[Secret, ...]:
        """Return the secrets that have an owner, are already being deleted, or that the user may not delete."""
        possible = {secret.uid for secret in self.possible}
        return tuple(secret for secret in self.secrets if secret.uid not in possible)

    @property
    def possible(self) -> tuple[Secret, ...]:
        """Return the secrets that can be deleted."""
        return tuple(
            secret
            for secret in self.secrets
            if not secret.owners and not secret.deleted and not self.forbidden.get(secret.uid)
        )

    def uses(self, secret: Secret) -> tuple[Use, ...]:
        """Return the known uses of a secret."""
        return self.usage.of(secret) if self.usage else ()

    @property
    def in_use(self) -> tuple[Secret, ...]:
        """Return the secrets with known uses."""
        return tuple(secret for secret in self.possible if self.uses(secret))

    @property
    def unsearched(self) -> bool:
        """Return whether a kind that the cluster has could not be searched."""
        return bool(self.usage and self.usage.unsearched)

    @property
    def phrase(self) -> str:
        """Return the text to type for confirmation; empty where none is needed.

        For one secret this is its name; for several their number, followed by the context in a protected cluster.
        """
        if len(self.possible) > 1:
            return f"{len(self.possible)} {self.context}" if self.protected else str(len(self.possible))
        careful = self.protected or self.in_use or self.unsearched
        return next((one.name for one in self.possible if careful or is_well_known(one.name)), "")

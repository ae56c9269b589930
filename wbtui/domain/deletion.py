"""Deleting secrets for good: what it would hit, and what has to be said before it is done."""

from dataclasses import dataclass

from wbtui.domain.secret import Secret
from wbtui.domain.usage import Usage, Use


@dataclass(frozen=True, slots=True)
class Deletion:
    """Secrets that are to be deleted, as they were on the screen, and what is known of their use.

    `usages` are the searches of their projects; None while they are under way. `protected` clusters want more care.
    """

    secrets: tuple[Secret, ...]
    usages: tuple[Usage, ...] | None
    protected: bool

    @property
    def refused(self) -> tuple[Secret, ...]:
        """Return those that another resource manages, to be deleted there, and those that are going already."""
        return tuple(secret for secret in self.secrets if secret.owners or secret.deleted)

    @property
    def possible(self) -> tuple[Secret, ...]:
        """Return those that can be deleted here."""
        return tuple(secret for secret in self.secrets if not secret.owners and not secret.deleted)

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
        """Return what has to be typed before it is done: a name, or how many; empty where a key is enough."""
        if len(self.possible) > 1:
            return str(len(self.possible))
        careful = self.protected or self.in_use or self.unsearched
        return self.possible[0].name if self.possible and careful else ""

"""New values for a secret that exists."""

from dataclasses import dataclass

from wbtui.domain.draft import Draft
from wbtui.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is to become of `secret`, as it was on the screen.

    `whole` replaces all keys at once, else those in the draft alone; `adopt` sets the use case's label; `clean` takes
    away the annotation that repeats values.
    """

    secret: Secret
    draft: Draft
    whole: bool
    adopt: bool = False
    clean: bool = False

    @property
    def needs_deletion(self) -> str:
        """Return why the secret would have to be deleted and created again; empty where it can be changed."""
        if not self.whole:  # what is not entered would be lost
            return ""
        return "it is immutable" if self.secret.immutable else ""

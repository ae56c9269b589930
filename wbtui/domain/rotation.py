"""What a rotation will do: which keys get new values, what is restarted then, and what is not."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from wbtui.domain.references import SecretUser
from wbtui.domain.restarts import Restarts, restarts_after
from wbtui.domain.secret import Secret
from wbtui.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class RotationPlan:
    """What to confirm: new values for `keys` of `secret`, and of what follows from that; no keys mean all of them.

    `usage` has the users of the secret. `refusal` is the right to restart workloads that is missing.
    """

    secret: Secret
    keys: Collection[str]
    usage: Usage
    refusal: str = ""

    @property
    def restarts(self) -> Restarts:
        """Return what holds the value, and so has to be restarted after the change."""
        return restarts_after(self.secret, self.usage, self.keys)

    @property
    def restarted(self) -> tuple[SecretUser, ...]:
        """Return the workloads that will be restarted."""
        return () if self.refusal else self.restarts.workloads

    @property
    def title(self) -> str:
        """Return the question."""
        return f"Rotate the values of {self.secret.names}?"

    @property
    def text(self) -> str:
        """Return what will happen, a step in a line."""
        return "\n".join(f"• {line}" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        restarts = self.restarts
        which = f"New values are written for {', '.join(sorted(self.keys))}" if self.keys else "New values are written"
        yield f"{which} in {self.secret.namespace}."
        yield from self._restarted(restarts)
        yield from (f"{user} holds the value, and is not restarted: {reason}." for user, reason in restarts.others)
        touched = {*restarts.workloads, *(user for user, _ in restarts.others)}
        unaffected = sorted({str(use.top) for use in self.usage.of(self.secret) if not {use.top, use.user} & touched})
        if unaffected:
            yield f"Also used by: {', '.join(unaffected)}."
        yield from (sync.sentence for sync in self.secret.syncs)
        if self.usage.unsearched:
            kinds = ", ".join(kind.kind for kind in self.usage.unsearched)
            yield f"Not everything could be searched ({kinds}): there may be other users."

    def _restarted(self, restarts: Restarts) -> Iterator[str]:
        names = ", ".join(map(str, restarts.workloads))
        if not names:
            why = "" if restarts.others else ": no running container is known to hold the value"
            yield f"Nothing is restarted{why}."
        elif self.refusal:
            yield f"{names} holds the value, and is not restarted. Not allowed: {self.refusal}."
        else:
            yield f"Then restarted, one after the other: {names}. Their pods are replaced as each one's strategy says."

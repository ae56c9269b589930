"""What to confirm before a secret is deleted and created again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wbtui.domain.secret import Secret
from wbtui.domain.usage import ABSENT, Usage

_LONGEST_STEM = 240
"""The most characters of a name (253 at most) that leave room for an ending."""
_COUNTED = re.compile(r"used: (\S+), limited: (\S+)$")
"""The counts in the message of an exceeded quota, as in `secrets=3,count/secrets=3`."""


def trial_name(name: str, ending: str) -> str:
    """Return a name for the dry run of the new secret, while the old one still has its name."""
    return f"{name[:_LONGEST_STEM].rstrip('-.')}-{ending}"


def makes_room(refusal: str) -> bool:
    """Return whether deleting one secret is enough for a quota; `refusal` is the message of the cluster."""
    match = _COUNTED.search(refusal)
    used, limits = map(_counts, match.groups()) if match else ({}, {})
    full = (name.endswith("secrets") and 0 <= count <= limits.get(name, -1) for name, count in used.items())
    return bool(used) and all(full)


def _counts(text: str) -> dict[str, int]:
    pairs = (part.partition("=") for part in text.split(","))
    return {name: int(count) if count.isdecimal() else -1 for name, _, count in pairs}


@dataclass(frozen=True, slots=True)
class RecreationPlan:
    """What to confirm: `reason` is why `secret` cannot be changed in place, `quota` the message of a full quota.

    `usage` has the users of the secret; None where the search failed.
    """

    secret: Secret
    reason: str
    usage: Usage | None
    quota: str = ""

    @property
    def title(self) -> str:
        """Return the question."""
        return f"Recreate the secret {self.secret.names}?"

    @property
    def text(self) -> str:
        """Return the steps and the risks, one per line."""
        return "\n".join(f"• {line}" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"It cannot be changed in place: {self.reason}. It is deleted and created again."
        yield f"In between it does not exist, and pods that need it cannot start. {self._use()}"
        if self.secret.immutable:
            yield "Nodes cache immutable secrets: new pods may get the old value. Rotate, in the list, avoids it."
        if self.secret.finalizers:
            yield f"It stays until {self.secret.waits_for} is removed; then {{form.save}} creates it again."
        if self.quota:
            yield f"The quota is full, and another user may take the free place first: {self.quota}."
        yield "If creating it fails, the new values stay in this form, and {form.save} tries again."
        yield "If wbtui or this machine stops in between, the secret and the new values are lost."
        copy = ", and the annotation with a copy of its values is removed" if self.secret.copied_in_annotation else ""
        yield f"Labels, annotations, creator and immutability stay; the Resource Manager sets its own again{copy}."

    def _use(self) -> str:
        users = {use.top for use in self.usage.of(self.secret)} if self.usage else set()
        sentence = f"Uses found: {len(users):,}." if users else "No use was found."
        all_searched = self.usage and all(kind.reason == ABSENT for kind in self.usage.not_searched)
        return sentence if all_searched else f"{sentence} Not everything could be searched."

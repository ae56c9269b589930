"""Deleting a secret and making it anew, as it has to be agreed to beforehand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wbtui.domain.secret import Secret

_LONGEST_STEM = 240
"""Characters of a name of at most 253 that leave room for an ending."""
_COUNTED = re.compile(r"used: (\S+), limited: (\S+)$")
"""What is counted by a quota, as in `secrets=3,count/secrets=3`."""


def trial_name(name: str, ending: str) -> str:
    """Return a name for trying out whether a secret like this one could be made while that is still there."""
    return f"{name[:_LONGEST_STEM].rstrip('-.')}-{ending}"


def makes_room(refusal: str) -> bool:
    """Tell whether one secret less is enough for a quota, by the words in which the cluster refused one more."""
    found = _COUNTED.search(refusal)
    used, limits = map(_counts, found.groups()) if found else ({}, {})
    return bool(used) and all(
        name.endswith("secrets") and count <= limits.get(name, -1) for name, count in used.items()
    )


def _counts(text: str) -> dict[str, int]:
    pairs = (part.partition("=") for part in text.split(","))
    return {name: int(count) if count.isdecimal() else 0 for name, _, count in pairs}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be agreed to: `reason` is why `secret` cannot be changed, `quota` what one refused that is full.

    `users` counts who was found to use it; None where that could not be searched.
    """

    secret: Secret
    reason: str
    users: int | None
    quota: str = ""

    @property
    def title(self) -> str:
        """Return the question."""
        return f"Delete {self.secret.name} and make it anew?"

    @property
    def text(self) -> str:
        """Return what will happen, and what can go wrong, a line each."""
        return "\n".join(f"• {line}" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"Its values cannot be replaced in place: {self.reason}."
        yield f"In between there is no such secret, and what starts then fails. {self._use()}"
        if self.secret.finalizers:
            yield (
                f"It stays until {', '.join(self.secret.finalizers)} lets it go;"
                " only then can it be made anew, with ctrl+s."
            )
        if self.quota:
            yield f"The project is full ({self.quota}): whoever is faster may take the room."
        yield "Should making it fail, the new values stay in this form: ctrl+s tries again, as often as needed."
        yield "Should wbtui or this machine stop before, the secret is gone, and the new values too."
        yield (
            "Labels, annotations, creator and immutability are kept. The Resource Manager's own labels and"
            " finalizers are made anew, a copy of the values in an annotation is not."
        )

    def _use(self) -> str:
        if self.users is None:
            return "Who uses it could not be searched."
        if not self.users:
            return "No reference to it was found in what was searched, which is not everything."
        return f"Found to use it: {self.users:,}."

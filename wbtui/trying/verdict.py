"""What a trial found out."""

from enum import Enum
from typing import NamedTuple


class TrialOutcome(Enum):
    """Whether a service takes a credential."""

    ACCEPTED = "accepted"
    NOT_FOR_THIS = "accepted, not for this"
    REFUSED = "refused"
    UNKNOWN = "cannot tell from here"


class TrialVerdict(NamedTuple):
    """What one trial found out, and a sentence about it; `about` is what was tried, where there is more than one."""

    outcome: TrialOutcome
    text: str
    about: str = ""


class CannotTell(Exception):
    """A trial ended without an answer to what it asked. The message says why, and holds no value."""

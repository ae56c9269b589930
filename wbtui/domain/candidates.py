"""What several can be chosen of, while it is still being searched for."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """One thing that may be chosen: `value`, called `title`; `refusal` says why not, and is None while not known."""

    value: T
    title: str
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Search(Generic[T]):
    """What was found so far; `under_way` says what is still being done, and `remark` what could not be looked at."""

    found: tuple[Candidate[T], ...] = ()
    under_way: str = ""
    remark: str = ""

"""How long to wait before something is tried again."""

import random
from dataclasses import dataclass

_LONGEST_ASKED = 120.0
"""Seconds that a server may make us wait."""


@dataclass
class Backoff:
    """Seconds to wait before the next try: doubled from `first` to `longest`, at least what the server asked for."""

    first: float = 0.5
    longest: float = 30.0
    tries: int = 0

    def next(self, asked: float | None) -> float:
        """Return the seconds to wait, with jitter."""
        ceiling = min(self.longest, self.first * 2 ** min(self.tries, 32))
        self.tries += 1
        return max(min(asked or 0.0, _LONGEST_ASKED), random.uniform(ceiling / 2, ceiling))

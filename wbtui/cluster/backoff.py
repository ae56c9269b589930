"""How long to wait before a request is tried again."""

import random
from dataclasses import dataclass

_LONGEST_RETRY_AFTER = 120.0
"""The most seconds of a server's Retry-After that are used."""


@dataclass
class Backoff:
    """Seconds to wait before the next try: doubled from `first` to `longest`, and at least the Retry-After."""

    first: float = 0.5
    longest: float = 30.0
    tries: int = 0

    def next(self, retry_after: float | None) -> float:
        """Return the seconds to wait, with jitter."""
        ceiling = min(self.longest, self.first * 2 ** min(self.tries, 32))
        self.tries += 1
        return max(min(retry_after or 0.0, _LONGEST_RETRY_AFTER), random.uniform(ceiling / 2, ceiling))

"""Whether a list is complete and up to date."""

from dataclasses import dataclass
from datetime import datetime

from wbtui.domain.clock import Clock
from wbtui.errors import ClusterError
from wbtui.news import Complete, Interrupted, News, WatchOpened


@dataclass
class Freshness:
    """Whether a list is complete and up to date; `error` is why no more changes come."""

    now: Clock
    complete: bool = False
    error: ClusterError | None = None
    as_of: datetime | None = None

    def begin(self) -> None:
        """Start again, for another list."""
        self.complete, self.error = False, None

    def apply(self, news: News) -> None:
        """Apply an event."""
        match news:
            case Complete():
                self.complete = True
            case Interrupted(error=error, as_of=as_of):
                self.error, self.as_of = error, as_of or self.as_of
            case WatchOpened():
                self.error, self.as_of = None, self.now()

    @property
    def words(self) -> str:
        """Return as of when the list is known, or that a part of it is not; empty where all is, and now."""
        if self.error and not self.complete:
            return "not all of them: {list.again} loads the list again"
        return f"as of {self.as_of:%H:%M:%S} UTC" if self.error and self.as_of else ""

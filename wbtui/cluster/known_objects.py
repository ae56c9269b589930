from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from wbtui.cluster.objects import why_not
from wbtui.cluster.readers import Identified
from wbtui.domain.references import Kind
from wbtui.news import Changes, Complete, Followed, Interrupted, Page, WatchOpened

T = TypeVar("T", bound=Identified)


@dataclass
class KnownObjects(Generic[T]):
    """The known objects of one kind by uid; `unseen` is why they are not known, else empty."""

    kind: Kind
    known: dict[str, T] = field(default_factory=dict)
    unseen: str = ""
    listed: bool = False

    def apply(self, news: Followed[T]) -> None:
        """Apply news of a `ListWatch`."""
        match news:
            case Page(items=found):
                self._see(found)
            case Changes(changed=found, deleted=uids):
                self._see(found)
                self._lose(uids)
            case Complete(uids=uids):
                self._lose(self.known.keys() - uids)
                self.listed = True
            case WatchOpened():
                self.unseen = ""
            case Interrupted(error=error):
                self.unseen = why_not(self.kind, error)

    def _see(self, found: tuple[T, ...]) -> None:
        self.known.update({one.uid: one for one in found})

    def _lose(self, uids: Iterable[str]) -> None:
        for uid in list(uids):
            self.known.pop(uid, None)

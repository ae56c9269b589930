"""What following a collection, or a login, reports."""

from datetime import datetime
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from wbtui.domain.secret import Secret
from wbtui.errors import ClusterError

T = TypeVar("T")


class Page(NamedTuple, Generic[T]):
    """One page of a list: `loaded` items so far in all, of an estimated `expected` where the cluster says."""

    items: tuple[T, ...]
    loaded: int
    expected: int | None


class Complete(NamedTuple):
    """The list has been read to its end: only the objects with these uids exist."""

    uids: frozenset[str]


class Changes(NamedTuple, Generic[T]):
    """What a watch reported: the items added or changed, and the uids of those deleted."""

    changed: tuple[T, ...]
    deleted: tuple[str, ...]


class WatchOpened:
    """The server has accepted the watch: from now on every change is reported."""


class Interrupted(NamedTuple):
    """The list or the watch failed with `error`; it is tried again in `seconds`.

    `as_of` is when the server was last heard: what is known is as of then. None where nothing is known.
    """

    error: ClusterError
    seconds: float
    as_of: datetime | None = None


class WatchClosed:
    """The watch came to its end, as each does after some minutes; the next one is being opened."""


Followed: TypeAlias = Page[T] | Complete | Changes[T] | WatchOpened | WatchClosed | Interrupted
"""What following a collection yields."""


News: TypeAlias = Followed[Secret]


class PluginWait(NamedTuple):
    """A credential plugin that is being waited for: since when by the monotonic clock, and what it has said last.

    `words` are lines for the person who waits, such as an address to open and a code to enter there.
    """

    plugin: str
    since: float
    words: str


class LoginRenewed:
    """The cluster has accepted other credentials than before: one may be somebody else, and may do other things."""


LoginNews: TypeAlias = PluginWait | LoginRenewed | None
"""None where no credential plugin is waited for any more."""

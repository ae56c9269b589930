"""The events of following a collection or a login."""

from datetime import datetime
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from wbtui.domain.secret import Secret
from wbtui.errors import ClusterError

T = TypeVar("T")


class Page(NamedTuple, Generic[T]):
    """One page of a list. `loaded` counts the items of all pages so far; `expected` is an estimate of all items."""

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
    """The server has accepted the watch; from now on every change is reported."""


class Interrupted(NamedTuple):
    """The list or the watch failed with `error`; it is tried again in `seconds`.

    `as_of` is the time of the last answer: what is shown is as of then. None where there was no answer yet.
    """

    error: ClusterError
    seconds: float
    as_of: datetime | None = None


class WatchClosed:
    """The server ended the watch, as it does after some minutes; the next one is being opened."""


Followed: TypeAlias = Page[T] | Complete | Changes[T] | WatchOpened | WatchClosed | Interrupted
"""An event of following a collection."""


News: TypeAlias = Followed[Secret]


class PluginWait(NamedTuple):
    """A running credential plugin: `since` is its start by the monotonic clock, `words` the end of its output.

    The output is shown: it may contain an address to open and a code to enter there.
    """

    plugin: str
    since: float
    words: str


class LoginRenewed:
    """The cluster has accepted new credentials: the user and the rights may have changed."""


LoginNews: TypeAlias = PluginWait | LoginRenewed | None
"""None where no credential plugin is running any more."""

"""Work in the background, beside what is on the screen."""

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode


def start_worker(owner: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
    """Run `work` until `owner` is removed, in place of what runs in this group.

    The worker itself creates the coroutine: one that never starts would warn that it was not awaited.
    """
    owner.run_worker(work, group=group, exclusive=True)  # type: ignore[arg-type]  # Textual's type takes no partial

"""Answers of the cluster, shown by a screen while that is still open.

A screen can close at any moment, also between an answer's arrival and the next step of the worker that waited for it.
Whatever asks the cluster for a screen goes through here, so that no answer reaches a screen that has no widgets.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from textual.screen import Screen

from wbtui.errors import ClusterError
from wbtui.workers import start_worker

A = TypeVar("A")
Show = Callable[[A], object]


def ask(
    screen: Screen[Any],
    question: Awaitable[A],
    show: Show[A],
    show_error: Show[Any],
    *,
    topic: str = "answer",
    errors: type[Exception] = ClusterError,
) -> None:
    """Await an answer in the background, and call `show` with it, or `show_error` with an error of `errors`.

    Neither is called once the screen has closed, or when a later question of the same topic was asked.
    """
    screen.run_worker(_ask(screen, question, show, show_error, errors), group=topic, exclusive=True)


def follow(
    screen: Screen[Any],
    news: AsyncIterator[A],
    show: Show[A],
    show_error: Show[ClusterError],
    *,
    topic: str = "news",
) -> None:
    """Call `show` with everything that comes, as `ask` does, until the screen closes."""
    start_worker(screen, partial(_follow, screen, news, show, show_error), topic)


def is_open(screen: Screen[Any]) -> bool:
    """Return whether a screen is on the stack and has its widgets, which go first when the application ends."""
    return screen.is_attached and screen.app.is_running and screen in screen.app.screen_stack


async def _ask(
    screen: Screen[Any], question: Awaitable[A], show: Show[A], show_error: Show[Any], errors: type[Exception]
) -> None:
    try:
        answer = await question
    except errors as error:
        if is_open(screen):
            show_error(error)
    else:
        if is_open(screen):
            show(answer)


async def _follow(screen: Screen[Any], news: AsyncIterator[A], show: Show[A], show_error: Show[ClusterError]) -> None:
    try:
        async for entry in news:
            if not is_open(screen):
                return
            show(entry)
    except ClusterError as error:
        if is_open(screen):
            show_error(error)

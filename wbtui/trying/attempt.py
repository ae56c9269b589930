"""Run a trial in a thread of its own: with an end in time, with questions, and without a value in what it tells."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Thread
from typing import NamedTuple, TypeAlias

from wbtui.domain.redaction import Redaction
from wbtui.domain.text import plain, shortened
from wbtui.trying.model import Run, Trial
from wbtui.trying.verdict import CannotTell, Outcome, Verdict
from wbtui.trying.wire import SECONDS, Destination, Wire

Ask: TypeAlias = Callable[[Destination], Awaitable[bool]]
_LONGEST = 400
"""Characters of a verdict."""
_LONGEST_NAME = 80


class _Question(NamedTuple):
    to: Destination
    answer: "Future[bool]"


async def attempt(trial: Trial, ask: Ask, seconds: float = SECONDS) -> Verdict:
    """Try a credential once, for at most so many seconds beside the time for questions."""
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[_Question | Verdict] = asyncio.Queue()

    def post(event: _Question | Verdict) -> None:
        try:
            loop.call_soon_threadsafe(events.put_nowait, event)
        except RuntimeError:  # the loop is closed: nobody waits any more
            wire.cut()

    def agree(to: Destination) -> bool:
        question = _Question(to, Future())
        post(question)
        return question.answer.result()

    wire = Wire(agree)
    Thread(target=lambda: post(_verdict(trial.run, wire)), daemon=True, name="trial").start()
    try:
        return _cleaned(await _first_verdict(events, ask, seconds), trial)
    except TimeoutError:
        return Verdict(Outcome.UNKNOWN, f"no answer within {seconds:g} s", trial.about)
    finally:
        wire.cut()


async def _first_verdict(events: "asyncio.Queue[_Question | Verdict]", ask: Ask, seconds: float) -> Verdict:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(seconds) as limit:
        while isinstance(event := await events.get(), _Question):
            left = (limit.when() or 0) - loop.time()
            limit.reschedule(None)
            agreed = False
            try:
                agreed = await ask(event.to)
            finally:
                event.answer.set_result(agreed)  # else the thread would wait for ever
            limit.reschedule(loop.time() + left)
    return event


def _verdict(run: Run, wire: Wire) -> Verdict:
    try:
        return run(wire)
    except CannotTell as error:
        return Verdict(Outcome.UNKNOWN, str(error))
    except Exception as error:  # noqa: BLE001  a driver may raise anything, with the credential in its message
        return Verdict(Outcome.UNKNOWN, f"the trial failed ({type(error).__name__})")


def _cleaned(verdict: Verdict, trial: Trial) -> Verdict:
    clean = Redaction(trial.hidden).clean
    text = shortened(plain(clean(verdict.text)), _LONGEST) or "what was answered cannot be shown"
    return Verdict(verdict.outcome, text, shortened(plain(trial.about), _LONGEST_NAME))

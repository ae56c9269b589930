"""Run a trial in its own thread: it ends in time, may ask questions, and shows no value in its verdict."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import NamedTuple, TypeAlias

from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.clock import utc_now
from wbtui.domain.redaction import Redaction
from wbtui.domain.text import plain, shortened
from wbtui.trying.model import Trial
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import SECONDS, Destination, Wire

Ask: TypeAlias = Callable[[Destination], Awaitable[bool]]
_LONGEST = 400
"""The most characters of a verdict."""
_LONGEST_NAME = 80


async def attempt(trial: Trial, ask: Ask, seconds: float = SECONDS) -> TrialVerdict:
    """Try a credential once; questions do not count for `seconds`, the most that it may take."""
    running = _Running(trial, asyncio.get_running_loop())
    try:
        return _cleaned(await running.verdict(ask, seconds), trial)
    except TimeoutError:
        return TrialVerdict(TrialOutcome.UNKNOWN, f"no answer within {seconds:g} s", trial.about)
    finally:
        running.end()


async def noted_attempt(
    trial: Trial, agree: Ask, note: Callable[[AuditRecord], object], record: AuditRecord
) -> TrialVerdict:
    """Try a credential once; where it was sent, `note` the record with the services it was sent to, and the result.

    That is noted also where the trial is stopped.
    """
    sent_to: dict[str, None] = {}

    async def ask(to: Destination) -> bool:
        agreed = await agree(to)
        if agreed and to.carries:
            sent_to[to.place] = None
        return agreed

    result = "stopped"
    try:
        verdict = await attempt(trial, ask)
        result = verdict.outcome.value
    finally:
        if sent_to:
            time = utc_now().isoformat(timespec="seconds")
            note(record._replace(time=time, action="try", name=", ".join(sent_to), result=result))
    return verdict


class _Question(NamedTuple):
    to: Destination
    answer: "Future[bool]"


class _Running:
    """A trial in its thread, which waits for answers to its questions."""

    def __init__(self, trial: Trial, loop: asyncio.AbstractEventLoop) -> None:
        self._trial = trial
        self._loop = loop
        self._events: asyncio.Queue[_Question | TrialVerdict] = asyncio.Queue()
        self._wire = Wire(self._agree)
        self._lock = Lock()
        self._has_ended = False
        self._open_question: _Question | None = None
        Thread(target=self._run, daemon=True, name="trial").start()

    async def verdict(self, ask: Ask, seconds: float) -> TrialVerdict:
        """Answer the questions, and return the verdict. Raises `TimeoutError`."""
        async with asyncio.timeout(seconds) as limit:
            while isinstance(event := await self._events.get(), _Question):
                left = (limit.when() or 0) - self._loop.time()
                limit.reschedule(None)
                event.answer.set_result(await ask(event.to))
                limit.reschedule(self._loop.time() + left)
        return event

    def end(self) -> None:
        """Cut every connection, and refuse an open question, so that the thread ends and drops the credential."""
        self._wire.cut()
        with self._lock:
            self._has_ended = True
            if self._open_question and not self._open_question.answer.done():
                self._open_question.answer.set_result(False)

    def _agree(self, to: Destination) -> bool:
        question = _Question(to, Future())
        with self._lock:
            if self._has_ended:
                return False
            self._open_question = question
        self._post(question)
        return question.answer.result()

    def _run(self) -> None:
        self._post(_verdict(self._trial, self._wire))

    def _post(self, event: _Question | TrialVerdict) -> None:
        try:
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)
        except RuntimeError:  # the loop is closed: nobody waits any more
            self.end()


def _verdict(trial: Trial, wire: Wire) -> TrialVerdict:
    try:
        return trial.run(wire)
    except CannotTell as error:
        return TrialVerdict(TrialOutcome.UNKNOWN, str(error))
    except Exception as error:  # noqa: BLE001  a driver may raise anything, with the credential in its message
        return TrialVerdict(TrialOutcome.UNKNOWN, f"the trial failed ({type(error).__name__})")


def _cleaned(verdict: TrialVerdict, trial: Trial) -> TrialVerdict:
    clean = Redaction(trial.hidden).clean
    text = shortened(plain(clean(verdict.text)), _LONGEST) or "what was answered cannot be shown"
    return TrialVerdict(verdict.outcome, text, shortened(plain(trial.about), _LONGEST_NAME))

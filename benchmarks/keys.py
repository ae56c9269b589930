"""What is measured: the real application, driven by a person's keys and a cluster's news."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from textual.events import MouseEvent, MouseScrollDown, MouseScrollUp

from benchmarks.driver import Reaction, Terminal, drive
from benchmarks.figures import COMPARED, Figures
from benchmarks.source import PreparedCluster, PreparedClusters, make_secret, make_secrets
from wbtui.app import Workbench
from wbtui.domain.secret import Secret
from wbtui.repository import Changes, Complete, Live, News, Page

WORDS = (
    "llama\x15",
    "mistrl\b\bral eval\x15",
    "hf tok\b\b\b\b\b\bs3-res\x15",
    "alice prod\x15",
    "whisper\b\b\b\b\b\b\b",
    "db\b\bpg-qwen 00\x15",
    "priya tken\b\b\boken\x15",
)
"""Filters as they are typed, mistakes and all; each is wiped out in the end, mostly in one go (ctrl+u)."""
_FIELDS = ("use:hf by:alice\x15", "key:token is:immutable\x15", "!llama !type:docker\x15")
_PATTERN = "/llama-.*-00[0-9]+/"
_PAGE = 500
_RUNS = 3


def measure(rows: int) -> Figures:
    """Return the figures of a list of so many secrets."""
    bench = _Bench(rows)
    asyncio.run(drive(bench.app, bench.run))
    return bench.figures


def resident() -> float:
    """Return how many MB of this process are in memory."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return sum(int(size) for size in re.findall(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)) / 1024


class _Bench:
    """One session with a list of so many secrets."""

    def __init__(self, rows: int) -> None:
        self.figures: Figures = defaultdict(list)
        self._rows = rows
        self._cluster = PreparedCluster()
        self._version = 1
        self.app = Workbench(PreparedClusters(self._cluster))

    async def run(self) -> None:
        """Measure everything, several times; memory is that of the first list, before anything else is done."""
        await Terminal.current.quiet()
        before = resident()
        await self._load()
        self.figures["memory"].append(resident() - before)
        for _ in range(_RUNS):
            await self._move()
            await self._filter()
            await self._sort()
            await self._change()
        for _ in range(_RUNS - 1):
            await Terminal.current.send("h")  # Helm's secrets or not: either way the list begins anew
            await self._load()

    async def _load(self) -> None:
        secrets = make_secrets(self._rows)
        await self._tell("load", self._pages(secrets))

    def _pages(self, secrets: list[Secret]) -> Iterable[News]:
        for start in range(0, len(secrets), _PAGE):
            page = tuple(secrets[start : start + _PAGE])
            yield Page(page, start + len(page), len(secrets))
        yield Complete(frozenset(secret.uid for secret in secrets))
        yield Live()

    async def _move(self) -> None:
        await self._press("", ["G", "g"])
        await self._press("cursor", ["j"] * 25 + ["k"] * 15, written="cursor bytes")
        await self._press("page", ["ctrl+f"] * 10 + ["ctrl+b"] * 5)
        await self._press("edge", ["j"] * 45)
        for wheel in (MouseScrollDown, MouseScrollUp):
            for _ in range(10):
                self._note("wheel", await Terminal.current.send(_turn(wheel)))

    async def _filter(self) -> None:
        await self._press("", ["G", "g", "/"])
        for word in WORDS:
            await self._press("keystroke", word, written="keystroke bytes")
        await self._press("keystroke compared", COMPARED)
        for word in _FIELDS:
            await self._press("field", word)
        # An expression is wrong until it is closed; only then is anything looked for.
        await self._press("", _PATTERN[:-1])
        await self._press("pattern", [_PATTERN[-1]])
        await self._press("", ["\x15", "enter"])
        await self._press("use case", ["1", "2", "0", "3", "5", "0"])

    async def _sort(self) -> None:
        for name, letter in (("use case", "U"), ("creator", "O"), ("age", "A"), ("name", "N")):
            await self._press(f"sort {name}", [letter])
            await self._press("sort reverse", [letter])
            await self._press("", [letter])

    async def _change(self) -> None:
        for _ in range(4):
            await self._tell("1,000 changes", [self._changes(800, 100, 100)])
            await self._tell("50 changes", [self._changes(1, 0, 0) for _ in range(50)])

    def _changes(self, changed: int, new: int, gone: int) -> Changes:
        """Return news about secrets from all over the list; what goes comes back with the next news."""
        self._version += 1
        step = max(1, self._rows // 1009)
        known = [(self._version * 37 + i * step) % self._rows for i in range(changed + gone)]
        strangers = range(self._rows, self._rows + new) if self._version % 2 else range(0)
        seen = (make_secret(number, self._version) for number in chain(known[:changed], strangers))
        return Changes(tuple(seen), tuple(make_secret(number).uid for number in known[changed:]))

    async def _press(self, name: str, keys: Iterable[str], *, written: str = "") -> None:
        for key in keys:
            self._note(name, await Terminal.current.send(key), written)

    async def _tell(self, name: str, news: Iterable[News]) -> None:
        told = list(news)

        def tell() -> None:
            for one in told:
                self._cluster.queue.put_nowait(one)
            told.clear()

        self._note(name, await Terminal.current.react(tell))

    def _note(self, name: str, reaction: Reaction, written: str = "") -> None:
        if name:
            self.figures[name].append(reaction.last)
            self.figures[f"{name}, first frame"].append(reaction.first)
        if written:
            self.figures[written].append(reaction.written)


def _turn(wheel: type[MouseEvent]) -> MouseEvent:
    """Return a turn of the wheel over the table."""
    return wheel(None, x=20, y=12, delta_x=0, delta_y=0, button=0, shift=False, meta=False, ctrl=False)

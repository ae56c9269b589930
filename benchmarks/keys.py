"""What a key costs: the real application on a terminal of ours, driven by a person's keys and a cluster's news."""

import argparse
import asyncio
import gc
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import count

from benchmarks.driver import Terminal, drive
from benchmarks.figures import Figures, p95
from benchmarks.source import COMPARED, PreparedCluster, PreparedClusters, make_secret, make_secrets
from wbtui.app import Workbench
from wbtui.domain.projects import StartLocation
from wbtui.news import Changes, Complete, News, Page, WatchOpened
from wbtui.widgets.filter_bar import FilterBar
from wbtui.widgets.secret_table import SecretTable

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
_PAGE = 500
_RUNS = 3
_PAUSE = 0.04
"""Seconds between two keys, as a held key repeats: within them Textual draws no more than twice."""
_RATE = 50
"""Changes a second, where there are any."""


class Keys:
    """One session with a list of so many secrets, in one project or in as many as there are."""

    def __init__(self, rows: int, projects: int = 1) -> None:
        self._rows = rows
        self._projects = projects
        self._cluster = PreparedCluster()
        self._samples: Figures = defaultdict(list)
        start = StartLocation(all_projects=projects > 1)
        self._app = Workbench(PreparedClusters(self._cluster), start=start)

    def measure(self) -> Figures:
        """Return the 95th percentile of each run, by what was measured."""
        figures: Figures = defaultdict(list)

        async def run() -> None:
            await Terminal.current.quiet()
            await self._load()
            for _ in range(_RUNS):
                await self._move()
                await self._filter()
                await self._sort()
                await self._change()
                for name, samples in self._samples.items():
                    figures[name].append(p95(samples))
                self._samples.clear()

        gc.disable()  # as the command line does, until the application is ready
        asyncio.run(drive(self._app, run))
        return figures

    async def _load(self) -> None:
        secrets = make_secrets(self._rows, self._projects)
        told: list[News] = []
        for start in range(0, len(secrets), _PAGE):
            page = tuple(secrets[start : start + _PAGE])
            told.append(Page(page, start + len(page), len(secrets)))
        await self._tell("load", [*told, Complete(frozenset(secret.uid for secret in secrets)), WatchOpened()])

    async def _move(self) -> None:
        await self._prepare("Gg")
        await self._press("cursor", ["j"] * 25 + ["k"] * 15)
        await self._press("page", ["ctrl+f"] * 10 + ["ctrl+b"] * 5)
        await self._press("use case", ["1", "2", "0", "3", "5", "0"])

    async def _filter(self) -> None:
        await self._prepare("Gg/")
        for word in WORDS:
            await self._press("keystroke", word)
        await self._press("keystroke compared", COMPARED)
        await self._prepare("\r")

    async def _sort(self) -> None:
        for letter in "UOAN":
            await self._press("sort", [letter, letter])

    async def _change(self) -> None:
        """Press the same keys while secrets from all over the list change."""
        await self._prepare("Gg")
        changing = asyncio.create_task(self._keep_changing())
        for key in ["j"] * 10 + ["k"] * 10:
            await self._press_between("busy cursor", key, lambda: self._table.cursor.position)
        await self._prepare("/")
        for key in "".join(WORDS):
            await self._press_between("busy keystroke", key, lambda: self._bar.value)
        changing.cancel()
        await Terminal.current.quiet()
        await self._prepare("\r")

    async def _keep_changing(self) -> None:
        for number in count(1):
            known = (number * 7919) % self._rows
            self._cluster.queue.put_nowait(Changes((make_secret(known, number, self._projects),), ()))
            await asyncio.sleep(1 / _RATE)

    async def _press(self, name: str, keys: Iterable[str]) -> None:
        for key in keys:
            reaction = await Terminal.current.send(key)
            self._samples[name].append(reaction.first)
            self._samples[f"{name} bytes"].append(reaction.written)

    async def _prepare(self, keys: str) -> None:
        """Press keys that are not measured, and of which nothing may come."""
        for key in keys:
            Terminal.current.press(key)
            await Terminal.current.quiet()

    async def _press_between(self, name: str, key: str, read: Callable[[], object]) -> None:
        await asyncio.sleep(_PAUSE)
        before = read()
        self._samples[name].append(await Terminal.current.send_until(key, lambda: read() != before))

    async def _tell(self, name: str, news: list[News]) -> None:
        def tell() -> None:
            for one in news:
                self._cluster.queue.put_nowait(one)
            news.clear()

        self._samples[name].append((await Terminal.current.react(tell)).last)

    @property
    def _table(self) -> SecretTable:
        return self._app.screen.query_one(SecretTable)

    @property
    def _bar(self) -> FilterBar:
        return self._app.screen.query_one(FilterBar)


def main() -> None:
    """Print the figures of one session, as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--projects", type=int, default=1)
    options = parser.parse_args()
    print(json.dumps(Keys(options.rows, options.projects).measure()))


if __name__ == "__main__":
    main()

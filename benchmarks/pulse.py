"""wbtui with a pulse: every five milliseconds its loop notes how late it is, to a file in the end."""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias

Run: TypeAlias = Callable[..., Coroutine[Any, Any, int]]
_BEAT = 0.005
PULSE = "BENCHMARK_PULSE"
"""The variable that names the file: a line for each beat, the moment and the seconds that it was late."""


def main() -> int:
    """Run wbtui as its command line does."""
    gc.disable()  # as it is started
    from wbtui import cli  # noqa: PLC0415  as late as where nobody watches it

    beats: list[tuple[float, float]] = []
    cli._run = _watched(cli._run, beats)  # noqa: SLF001
    status = cli.main()
    lines = (f"{moment} {late}" for moment, late in beats)
    Path(os.environ[PULSE]).write_text("\n".join(lines), encoding="ascii")
    return status


def _watched(run: Run, beats: list[tuple[float, float]]) -> Run:
    async def watched(options: Any) -> int:
        beating = asyncio.create_task(_beat(beats))
        try:
            return await run(options)
        finally:
            beating.cancel()

    return watched


async def _beat(beats: list[tuple[float, float]]) -> None:
    while True:
        before = monotonic()
        await asyncio.sleep(_BEAT)
        now = monotonic()
        beats.append((now, now - before - _BEAT))


if __name__ == "__main__":
    sys.exit(main())

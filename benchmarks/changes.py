"""From a change in the cluster to the changed row, beside `kubectl get --watch` on the same changes."""

import os
import re
import select
from collections import defaultdict
from contextlib import suppress
from time import monotonic

from benchmarks.clusters import Place
from benchmarks.figures import Figures, p95
from benchmarks.programs import Program

_SECONDS = 6.0
"""How long a run takes."""
_WARM = 3.0
_PROBE = re.compile(r"probe-\d+(?=\s)")


def changes(place: Place, runs: int) -> Figures:
    """Watch with both at once, and measure when each shows that a secret on the screen has another label."""
    figures: Figures = defaultdict(list)
    watch = ("get", "secrets", "--watch-only", "--label-columns", "airm.silogen.ai/use-case")
    with place.wbtui() as ours, Program(["/usr/bin/env", *place.kubectl(*watch)], place.variables) as theirs:
        ours.sees("live")
        theirs.sees("probe-")
        _seen([ours, theirs], _WARM)  # what has piled up meanwhile
        for _ in range(runs):
            _made(place)
            seen = _seen([ours, theirs], _SECONDS)
            made = _made(place)
            for name, moments in zip(("change", "kubectl change"), seen, strict=True):
                delays = [moment - made[label] for label, moment in moments.items() if label in made]
                figures[name].append(p95(delays) * 1000)
    return figures


def _seen(programs: list[Program], seconds: float) -> list[dict[str, float]]:
    """Return when each program showed each label first."""
    seen: list[dict[str, float]] = [{} for _ in programs]
    ends = monotonic() + seconds
    while monotonic() < ends:
        for program in select.select(programs, [], [], 1.0)[0]:
            moment = program.read()
            for label in _PROBE.findall(program.text):
                seen[programs.index(program)].setdefault(label, moment)
    return seen


def _made(place: Place) -> dict[str, float]:
    """Return when the cluster gave each label, as far as it has told."""
    assert place.process
    assert place.process.stdout
    told = place.process.stdout.fileno()
    os.set_blocking(told, False)
    lines: list[str] = []
    with suppress(BlockingIOError):
        lines = os.read(told, 1 << 16).decode().splitlines()
    return {label: float(moment) for label, moment in (line.split() for line in lines)}

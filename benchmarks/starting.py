"""From the command to the first frame and to the first secrets, and how smooth the screen is on the way."""

import re
import sys
from collections import defaultdict
from pathlib import Path
from shutil import which

from benchmarks.clusters import Place
from benchmarks.figures import Figures
from benchmarks.programs import Program, run
from benchmarks.pulse import PULSE

_BARE = [
    sys.executable,
    "-c",
    """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("a bare application")
Bare().run()
""",
]
_FIRST = "1 Hugging Face"
"""What the first frame has: the use cases."""
_SPINNING = re.compile(r"([|/\\-]) (?:connecting|loading)")


def first_rows(place: Place, runs: int) -> Figures:
    """Measure how long it takes until the first secret can be read, side by side with a bare application and k9s."""
    figures: Figures = defaultdict(list)
    first = _first_name(place)
    for warm in [False] + [True] * runs:
        with Program(_BARE, place.variables) as bare:
            frame = bare.sees("a bare application")
        with place.wbtui() as ours:
            there = ours.sees(first)
        if warm:
            figures["bare frame, few secrets"].append(frame * 1000)
            figures["first row"].append(there * 1000)
    if program := which("k9s"):
        figures["first row again"] = figures["first row"]
        for _ in range(runs):
            with place.k9s(program) as k9s:
                figures["k9s row"].append(k9s.sees(first) * 1000)
    return figures


def starts(place: Place, runs: int) -> Figures:
    """Measure the start, side by side with a bare application and with kubectl."""
    figures: Figures = defaultdict(list)
    first = _first_name(place)
    for warm in [False] + [True] * runs:
        with Program(_BARE, place.variables) as bare:
            frame = bare.sees("a bare application")
        cost, _ = run(place.kubectl("get", "secrets"), place.variables)
        with place.wbtui() as ours:
            began = ours.sees(_FIRST)
            there = ours.sees(first)
        if warm:
            figures["bare frame"].append(frame * 1000)
            figures["kubectl secrets"].append(cost.wall)
            figures["first frame"].append(began * 1000)
            figures["first secrets"].append(there)
    return figures


def stalls(place: Place, runs: int) -> Figures:
    """Measure how long the screen stands still while it connects, and while pages come."""
    figures: Figures = defaultdict(list)
    first = _first_name(place)
    for _ in range(runs):
        _stall(place, first, figures)
    return figures


def _stall(place: Place, first: str, figures: Figures) -> None:
    beats = Path(place.variables["HOME"], "pulse")
    command = [sys.executable, "-m", "benchmarks.pulse", "--kubeconfig", str(place.kubeconfig)]
    with Program(command, place.variables | {PULSE: str(beats)}) as ours:
        began = ours.began + ours.sees(_FIRST)
        turns, sign = [began], ""
        for moment in ours.draws():
            spinning = _SPINNING.search(ours.text)
            if spinning and spinning[1] != sign:
                turns.append(moment)
                sign = spinning[1]
            if first in ours.text:
                break
        there = moment
        live = ours.began + ours.sees("live")
        ours.press("\x03")
        for _ in ours.draws(1.0):
            pass
    late = [tuple(map(float, line.split())) for line in beats.read_text(encoding="ascii").splitlines()]
    figures["stall"].append(max((wait for moment, wait in late if began < moment <= there), default=0) * 1000)
    figures["loading stall"].append(max((wait for moment, wait in late if there < moment <= live), default=0) * 1000)
    turning = [turn for turn in turns if turn <= there]
    figures["spinner"].append(max(map(float.__sub__, turning[1:], turning)) * 1000 if turning[1:] else 1e6)


def _first_name(place: Place) -> str:
    """Return the name of the secret that comes first."""
    columns = "custom-columns=:metadata.name,:type"
    _, printed = run(place.kubectl("get", "secrets", "--no-headers", "-o", columns), place.variables)
    return min(line.split()[0] for line in printed.splitlines() if "helm.sh" not in line)

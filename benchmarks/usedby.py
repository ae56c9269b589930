"""Searching a project for what uses a secret, beside `kubectl get` of the kinds that wbtui knows by itself."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from time import monotonic

from benchmarks.clusters import Place
from benchmarks.figures import Figures
from benchmarks.lists import counted
from benchmarks.programs import Program, run
from wbtui.domain.references import KINDS


def used_by(place: Place, runs: int) -> Figures:
    """Ask for the users of the first secret, each time in a session that has not searched before.

    The first time, no schema of the cluster's kinds is known; the next time they are in the cache.
    """
    figures: Figures = defaultdict(list)
    _, printed = run(place.kubectl("api-resources", "-o", "name"), place.variables)
    served = {name.partition(".")[0] for name in printed.split()}
    kinds = ",".join(kind.plural for kind in KINDS if kind.plural in served)
    for _ in range(runs):
        cost, _ = run(place.kubectl("get", kinds), place.variables)
        figures["kubectl kinds"].append(cost.wall)
        rmtree(Path(place.variables["HOME"], ".cache", "wbtui"), ignore_errors=True)
        for schemas in ("unknown", "known"):
            with counted(place) as (way, received), way.wbtui() as ours:
                ours.sees("live")
                before = received()
                ours.press("u")
                pressed = monotonic()
                figures[f"used by first, {schemas}"].append(_when(ours, _has_answered) - pressed)
                figures[f"used by all, {schemas}"].append(_when(ours, _has_searched_all) - pressed)
                figures[f"used by bytes, {schemas}"].append((received() - before) / 1e6)
    return figures


def _when(ours: Program, holds: Callable[[str], bool]) -> float:
    """Wait until something holds for what is on the screen; return the moment."""
    if holds(ours.text):
        return monotonic()
    for moment in ours.draws():
        if holds(ours.text):
            return moment
    raise RuntimeError("the search did not come to its end")


def _has_answered(text: str) -> bool:
    """Return whether the first users are shown, or that there are none."""
    return "Searched: " in text and ("No users found so far" not in text or _has_searched_all(text))


def _has_searched_all(text: str) -> bool:
    return "Searched: " in text and "Still to be searched" not in text

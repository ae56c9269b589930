"""Searching a project for what uses a secret, beside `kubectl get` of the same kinds."""

from collections import defaultdict
from time import monotonic

from benchmarks.clusters import Place
from benchmarks.figures import Figures
from benchmarks.programs import run
from wbtui.domain.references import KINDS

_ANSWER = "Searched: "


def used_by(place: Place, runs: int) -> Figures:
    """Ask for the users of the first secret, each time in a session that has not searched before."""
    figures: Figures = defaultdict(list)
    _, printed = run(place.kubectl("api-resources", "-o", "name"), place.variables)
    served = {name.partition(".")[0] for name in printed.split()}
    kinds = ",".join(kind.plural for kind in KINDS if kind.plural in served)
    for _ in range(runs):
        cost, _ = run(place.kubectl("get", kinds), place.variables)
        figures["kubectl kinds"].append(cost.wall)
        with place.wbtui() as ours:
            ours.sees("live")
            ours.press("u")
            pressed = monotonic()
            figures["used by"].append(ours.began + ours.sees(_ANSWER) - pressed)
    return figures

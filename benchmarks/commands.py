"""What `wbtui get` costs beside `kubectl get`: the start, and 10,000 secrets as a table and with all their metadata."""

from collections import defaultdict
from dataclasses import replace

from benchmarks.clusters import Place
from benchmarks.figures import Figures
from benchmarks.lists import counted
from benchmarks.programs import WBTUI, Cost, run

_EMPTY = "default"
"""A namespace of the embedded cluster in which there are no secrets."""
_FORMATS = {"table": (), "json": ("-o", "json")}


def starts_of_get(place: Place, runs: int) -> Figures:
    """Measure `get` where there is nothing to get."""
    figures: Figures = defaultdict(list)
    for warm in [False] + [True] * runs:
        ours, _ = _ours(place, "-n", _EMPTY)
        theirs, _ = run(place.kubectl("get", "secrets", "-n", _EMPTY), place.variables)
        if warm:
            figures["get nothing"].append(ours.cpu * 1000)
            figures["kubectl get nothing"].append(theirs.cpu * 1000)
    return figures


def gets(place: Place, runs: int) -> Figures:
    """Measure `get` of all secrets."""
    figures: Figures = defaultdict(list)
    for name, flags in _FORMATS.items():
        for warm in [False] + [True] * runs:
            with counted(place) as (way, received):
                ours, _ = _ours(way, *flags)
                ours_received = received() / 1e6
            with counted(_as_kubectl(place)) as (way, received):
                there = replace(way, kubectl_config=way.kubeconfig)
                theirs, _ = run(there.kubectl("get", "secrets", *flags), there.variables)
                theirs_received = received() / 1e6
            if warm:
                figures[f"get {name}"].append(ours.wall)
                figures[f"kubectl get {name}"].append(theirs.wall)
                figures[f"get {name} cpu"].append(ours.cpu)
                figures[f"kubectl get {name} cpu"].append(theirs.cpu)
                figures[f"get {name} bytes"].append(ours_received)
                figures[f"kubectl get {name} bytes"].append(theirs_received)
    return figures


def _as_kubectl(place: Place) -> Place:
    return replace(place, kubeconfig=place.kubectl_config)


def _ours(place: Place, *flags: str) -> tuple[Cost, str]:
    command = [*WBTUI, "get", "--kubeconfig", str(place.kubeconfig), *flags]
    return run(command, place.variables)

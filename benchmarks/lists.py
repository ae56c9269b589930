"""What a list costs: bytes received, time of a core and memory, beside the client library's own and kubectl's."""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.clusters import Place
from benchmarks.figures import Figures
from benchmarks.programs import Cost, background, run


def beside_the_client(place: Place, runs: int) -> Figures:
    """Measure the whole application and a script of three lines that lists with the client's models."""
    figures: Figures = defaultdict(list)
    for _ in range(runs):
        with counted(place) as (way, received):
            ours = _show_all(way)
            figures["list bytes"].append(received() / 1e6)
        with counted(place) as (way, received):
            command = [sys.executable, "-m", "benchmarks.typed", str(way.kubeconfig), "llm-serving"]
            theirs, _ = run(command, way.variables)
            figures["typed bytes"].append(received() / 1e6)
        for name, cost in (("list", ours), ("typed", theirs)):
            figures[f"{name} cpu"].append(cost.cpu)
            figures[f"{name} memory"].append(cost.memory)
    return figures


def beside_kubectl(place: Place, runs: int, name: str, *flags: str) -> Figures:
    """Measure the whole application and `kubectl get secrets`, until all of them are there."""
    figures: Figures = defaultdict(list)
    for _ in range(runs):
        ours = _show_all(place, *flags)
        theirs, _ = run(place.kubectl("get", "secrets", *flags), place.variables)
        figures[f"{name} all"].append(ours.wall)
        figures[f"{name} memory"].append(ours.memory)
        figures[f"kubectl {name} all"].append(theirs.wall)
        figures[f"kubectl {name} memory"].append(theirs.memory)
    return figures


def _show_all(place: Place, *flags: str) -> Cost:
    """Start wbtui, and wait until the list is complete and followed."""
    with place.wbtui(*flags) as ours:
        wall = ours.sees("live")
        for _ in ours.draws(0.3):
            pass
        return Cost(wall, ours.cpu, ours.memory)


@contextmanager
def counted(place: Place, **line: float) -> Iterator[tuple[Place, Callable[[], float]]]:
    """Yield a way to the same cluster on which what is received is counted, and what asks for the count.

    `line` is the `delay` each way in seconds and the `rate` in bytes a second, where it is slow.
    """
    text = place.kubeconfig.read_text(encoding="utf-8")
    port = re.findall(r"127\.0\.0\.1:(\d+)", text)[0]
    flags = [f"--{what}={number}" for what, number in line.items()]
    command = [sys.executable, "-m", "benchmarks.relay", port, *flags]
    with background(command, place.variables, asked=True) as relay:
        ask, answer = relay.stdin, relay.stdout
        assert ask
        assert answer
        config = Path(place.variables["HOME"], "relayed")
        config.write_text(text.replace(port, answer.readline().strip()), encoding="utf-8")

        def received() -> float:
            ask.write("?\n")
            ask.flush()
            return int(answer.readline())

        yield replace(place, kubeconfig=config), received
        ask.close()

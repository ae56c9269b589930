"""What an open list costs while nothing happens."""

from benchmarks.clusters import Place
from benchmarks.figures import Figures

_SETTLED = 3.0
"""Seconds after which all that a start has to do is done."""


def idle(place: Place, seconds: float) -> Figures:
    """Leave the application alone for so many seconds."""
    with place.wbtui() as ours:
        ours.sees("live")
        for _ in ours.draws(_SETTLED):
            pass
        cpu, written = ours.cpu, ours.written
        for _ in ours.draws(seconds):
            pass
        return {
            "idle bytes": [(ours.written - written) * 60 / seconds],
            "idle cpu": [(ours.cpu - cpu) / seconds * 100],
        }

"""Far away: a cluster behind a line of 50 ms and 10 Mbit/s, and a terminal behind one of 150 ms and 20 kB/s."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from shutil import which

from benchmarks.clusters import Place
from benchmarks.figures import Figures
from benchmarks.lists import counted
from benchmarks.programs import Program

_ROUND_TRIP, _RATE = 0.05, 10e6 / 8
"""Seconds, and bytes a second, of the line to the cluster."""
_SSH_MS, _SSH_RATE = 150, 20
"""Milliseconds, and bytes a millisecond, of the line to the terminal."""
_FIRST, _QUIET = 2.0, 0.25
"""Seconds until something comes of a key, if anything does; and without a byte after which nothing more does."""
_PLAIN = [sys.executable, "-m", "benchmarks.datatable", "--open"]
_MOVES = 12
_TO_THE_LAST_ROW = 40
"""More moves than there are rows on the screen."""
_WORDS = ("llama", "s3-res")
_COMMAND = "use production"


def behind_a_line(place: Place, runs: int, *flags: str) -> Figures:
    """Measure the first row and the whole list, beside the time that the line needs for what was received."""
    figures: Figures = defaultdict(list)
    for _ in range(runs):
        with counted(place, delay=_ROUND_TRIP / 2, rate=_RATE) as (way, received), way.wbtui(*flags) as ours:
            figures["far first row"].append(ours.sees("so far"))
            figures["far all"].append(ours.sees("live"))
            figures["far line"].append(received() / _RATE)
    return figures


def over_ssh(place: Place) -> Figures:
    """Measure the bytes of keys, beside Textual's own table and k9s on the same or as many secrets."""
    figures: Figures = {}
    with place.wbtui() as ours:
        ours.sees("live")
        _measure(figures, "ours", ours, "jk", lambda: ours.press("/"), "\x15", lambda: ours.press("\r:"))
    with Program(_PLAIN, place.variables) as plain:
        plain.sees("api-key")
        plain.press("\t")
        moves = ("\x1b[B", "\x1b[A")
        _measure(figures, "plain", plain, moves, lambda: plain.press("\x1b[Z"), "\x15", lambda: plain.press("\t\t"))
    if program := which("k9s"):
        with place.k9s(program) as k9s:
            k9s.sees("NAME")
            _measure(figures, "k9s", k9s, "jk", lambda: k9s.press("/"), "\x15", lambda: k9s.press("\x1b:"))
        figures |= {f"ours {what} again": figures[f"ours {what}"] for what in ("move", "scroll", "filter", "type")}
    return figures


def _measure(
    figures: Figures,
    name: str,
    program: Program,
    moves: Iterable[str],
    begin_filter: Callable[[], None],
    wipe: str,
    begin_command: Callable[[], None],
) -> None:
    """Move, move past the last row, filter and type a command, each letter when nothing comes any more."""
    down, up = moves
    _settle(program)
    figures[f"{name} move"] = [_delay(program, [down] * _MOVES + [up] * _MOVES)]
    program.press(down * _TO_THE_LAST_ROW)
    _settle(program)
    figures[f"{name} scroll"] = [_delay(program, [down] * _MOVES)]
    begin_filter()
    _settle(program)
    figures[f"{name} filter"] = [_delay(program, [key for word in _WORDS for key in (*word, wipe)])]
    begin_command()
    _settle(program)
    figures[f"{name} type"] = [_delay(program, _COMMAND)]


def _delay(program: Program, keys: Iterable[str]) -> float:
    """Return the milliseconds that the line takes for a key, on average of many."""
    before, count = program.written, 0
    for key in keys:
        program.press(key)
        next(program.draws(_FIRST), None)
        _settle(program)
        count += 1
    return _SSH_MS + (program.written - before) / count / _SSH_RATE


def _settle(program: Program) -> None:
    while any(True for _ in program.draws(_QUIET)):
        pass

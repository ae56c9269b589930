"""Measures the application beside what one would use in its place; leaves the judging to whoever reads the table."""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from benchmarks.changes import changes
from benchmarks.clusters import Place, embedded, named
from benchmarks.commands import gets, starts_of_get
from benchmarks.far import behind_a_line, over_ssh
from benchmarks.figures import Figures, as_json, kept, table, worse
from benchmarks.idling import idle
from benchmarks.lists import beside_kubectl, beside_the_client
from benchmarks.programs import environment, run
from benchmarks.starting import first_rows, stalls, starts
from benchmarks.usedby import used_by

_COMMON, _FEW, _MANY = 50, 10_000, 100_000
_PROJECTS = 200
_LAST = Path(__file__).parent / ".last.json"
"""The figures of the last runs, by where they were measured."""
Part: TypeAlias = tuple[str, Callable[[], Figures]]
"""What a part of the figures is called on the command line, and what measures it."""


def main() -> None:
    """Measure what is asked for, and print it."""
    options = _parser().parse_args()
    with TemporaryDirectory(prefix="wbtui-bench-") as folder:
        home = Path(folder)
        figures: Figures = defaultdict(list)
        places = _named(home, options) if options.kubeconfig else _embedded(home, options)
        for part, measure in places:
            if not options.only or part in options.only:
                sys.stderr.write(f"{part} …\n")
                figures.update(measure())
    print(json.dumps(as_json(figures), indent=1) if options.json else table(figures))
    sys.stderr.write(_compared(str(options.kubeconfig or "embedded"), figures))


def _compared(place: str, figures: Figures) -> str:
    """Keep the figures for the next run in the same place, and return what is worse than in the last one."""
    all_kept = json.loads(_LAST.read_text(encoding="utf-8")) if _LAST.exists() else {}
    before = all_kept.get(place, {})
    all_kept[place] = {**before, **kept(figures)}
    _LAST.write_text(json.dumps(all_kept, indent=1), encoding="utf-8")
    return worse(figures, before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure wbtui.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--kubeconfig", type=Path, metavar="FILE", help="measure in this cluster; nothing is changed there"
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="how often each thing is measured")
    parser.add_argument("--idle", type=float, default=20.0, metavar="SECONDS", help="how long to watch it do nothing")
    parser.add_argument("--only", nargs="+", metavar="PART", help="measure only these parts, as named while it runs")
    return parser


def _named(home: Path, options: argparse.Namespace) -> Iterator[Part]:
    """Yield what can be measured in a person's cluster: whatever only reads."""
    place = named(home, options.kubeconfig.absolute())
    yield "start", lambda: starts(place, options.runs)
    yield "rows", lambda: first_rows(place, options.runs)
    yield "stalls", lambda: stalls(place, options.runs)
    yield "list", lambda: beside_kubectl(place, options.runs, "few")
    yield "used-by", lambda: used_by(place, options.runs)
    yield "idle", lambda: idle(place, options.idle)
    yield "ssh", lambda: over_ssh(place)


def _embedded(home: Path, options: argparse.Namespace) -> Iterator[Part]:
    """Yield everything, each part with a cluster of its own."""
    few, once = max(2, options.runs // 2), max(1, options.runs // 4)  # kubectl takes a minute for 100,000

    def there(measure: Callable[[Place], Figures], **counts: int) -> Callable[[], Figures]:
        def measured() -> Figures:
            with embedded(home, **counts) as place:
                return measure(place)

        return measured

    yield "start", there(lambda place: starts(place, options.runs), secrets=_FEW)
    yield "rows", there(lambda place: first_rows(place, options.runs), secrets=_COMMON)
    yield "stalls", there(lambda place: stalls(place, options.runs), secrets=_FEW)
    yield "list", there(lambda place: beside_kubectl(place, options.runs, "few"), secrets=_FEW)
    yield "get", there(lambda place: starts_of_get(place, options.runs) | gets(place, few), secrets=_FEW)
    yield "client", there(lambda place: beside_the_client(place, options.runs), secrets=_FEW)
    yield "used-by", there(lambda place: used_by(place, options.runs), secrets=100, workloads=2_000)
    yield "idle", there(lambda place: idle(place, options.idle), secrets=_FEW)
    yield "many", there(lambda place: beside_kubectl(place, once, "many"), secrets=_MANY)
    yield "changes", there(lambda place: changes(place, options.runs), secrets=_MANY, changes=50)
    spread = {"secrets": _MANY // _PROJECTS, "projects": _PROJECTS}
    yield "projects", there(lambda place: beside_kubectl(place, once, "projects", "-A"), **spread)
    yield "line", there(lambda place: behind_a_line(place, few, "-A"), **spread)
    yield "ssh", there(over_ssh, secrets=_FEW)
    yield "keys-few", lambda: _keys(home, f"{_FEW:,}", _FEW)
    yield "keys-many", lambda: _keys(home, f"{_MANY:,}", _MANY)
    yield "keys-projects", lambda: _keys(home, f"{_PROJECTS}", _MANY, _PROJECTS)
    yield "datatable", lambda: _alone(home, "benchmarks.datatable")


def _keys(home: Path, called: str, rows: int, projects: int = 1) -> Figures:
    figures = _alone(home, "benchmarks.keys", f"--rows={rows}", f"--projects={projects}")
    return {f"{name} {called}": runs for name, runs in figures.items()}


def _alone(home: Path, module: str, *arguments: str) -> Figures:
    """Measure in a process of its own, so that its memory is its own."""
    _, printed = run([sys.executable, "-m", module, *arguments], environment(home))
    figures: Figures = json.loads(printed)
    return figures


if __name__ == "__main__":
    main()

"""Measures the application, prints the figures, and leaves the judging to whoever reads them."""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict

from benchmarks.figures import Figures, Results, summarize, table

_SIZES = (1_000, 10_000, 100_000)
_PATIENCE = 10_000
"""Rows beyond which Textual's DataTable takes minutes for a keystroke."""
_LEFT_OUT = ("PYTHONDONTWRITEBYTECODE", "NO_COLOR", "TEXTUAL")
"""Variables, by their beginnings, that would make the application start, look or draw otherwise than it does."""
_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def main() -> None:
    """Measure each number of rows in a process of its own, so that its memory is its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure wbtui.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rows", type=int, nargs="+", default=_SIZES, metavar="N", help="how many secrets")
    parser.add_argument("--part", choices=("ours", "theirs"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(_measure(options.part, options.rows[0])))
        return
    results = {rows: summarize(_figures(rows)) for rows in options.rows}
    print(_as_json(results) if options.json else table(results))


def _figures(rows: int) -> Figures:
    figures = _run("ours", rows)
    return figures | _run("theirs", rows) if rows <= _PATIENCE else figures


def _run(part: str, rows: int) -> Figures:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    command = [sys.executable, "-m", "benchmarks", "--part", part, "--rows", str(rows)]
    done = subprocess.run(command, env=inherited | _TERMINAL, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def _measure(part: str, rows: int) -> Figures:
    # Textual reads its variables, and takes its memory, when it is imported: only where something is measured.
    if part == "ours":
        from benchmarks.measures import measure  # noqa: PLC0415

        return measure(rows)
    from benchmarks.datatable import measure_data_table  # noqa: PLC0415

    return measure_data_table(rows)


def _as_json(results: Results) -> str:
    figures = {rows: {name: asdict(found) for name, found in summaries.items()} for rows, summaries in results.items()}
    return json.dumps(figures, indent=1)


if __name__ == "__main__":
    main()

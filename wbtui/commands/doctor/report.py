"""What `wbtui doctor` says: facts in sections, and findings."""

import json
import os
from pathlib import Path
from typing import NamedTuple, TypeAlias

from wbtui.domain.text import capitalized, counted, plain, sentence

SectionFacts: TypeAlias = dict[str, str]
"""Facts by their labels, in order."""


RETRY = "wbtui doctor"
"""The command that shows whether what was wrong still is."""


class DoctorFinding(NamedTuple):
    """Something that is wrong, as a sentence, and what to do about it."""

    problem: str
    advice: str


class DoctorReport:
    """Facts in sections, and findings."""

    def __init__(self) -> None:
        self.sections: dict[str, SectionFacts] = {}
        self.findings: list[DoctorFinding] = []

    def section(self, title: str) -> SectionFacts:
        """Return the facts of a section, to add to."""
        return self.sections.setdefault(title, {})

    def find(self, problem: str, advice: str) -> None:
        """Add a finding."""
        self.findings.append(DoctorFinding(sentence(problem), sentence(advice)))

    def text(self) -> str:
        """Return the report as plain text."""
        lines: list[str] = []
        for title, facts in self.sections.items():
            width = max(map(len, facts), default=0)
            lines += [
                capitalized(title),
                *(f"  {label:<{width}}  {plain(fact)}".rstrip() for label, fact in facts.items()),
                "",
            ]
        lines.append(f"{counted(len(self.findings), 'problem')} found" if self.findings else "No problems found")
        for number, finding in enumerate(self.findings, 1):
            lines += [f"  {number}. {plain(finding.problem)}", f"     {plain(finding.advice)}"]
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        """Return the report as JSON."""
        findings = [finding._asdict() for finding in self.findings]
        return json.dumps({**self.sections, "findings": findings}, indent=2) + "\n"


def shown_path(path: Path | str) -> str:
    """Return a path with `~` in place of the home folder, whose name a public report does not need."""
    home = os.environ.get("HOME", "").rstrip("/")
    text = str(path)
    return f"~{text.removeprefix(home)}" if home and (text == home or text.startswith(f"{home}/")) else text


def size_in_words(size: int) -> str:
    """Return a number of bytes in the largest unit that fits."""
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:  # noqa: PLR2004
            return f"{size} {unit}"
        size = round(size / 1024)
    return f"{size} GiB"

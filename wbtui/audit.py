"""A record of every write: who did what to which secret, and how it ended. Never a value, never a key."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Written(NamedTuple):
    """One write: `time` in ISO 8601, `result` in words."""

    time: str
    action: str
    user: str
    context: str
    project: str
    name: str
    uid: str
    result: str


class AuditLog:
    """Writes, one a line of JSON, in a file that only its owner may read; in memory alone without a path."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.trouble = ""
        self._lines: list[Written] = []

    def append(self, written: Written) -> None:
        """Keep a record. A file that cannot be written is told in `trouble`: what was done is done."""
        self._lines.append(written)
        if not self.path:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(json.dumps(written._asdict()) + "\n")
        except OSError as error:
            self.trouble = f"{self.path} cannot be written: {error.strerror}"

    def latest(self, count: int) -> list[Written]:
        """Return the last records, the latest first; lines that are no records are passed over."""
        found = list(self._read()) if self.path and not self.trouble else self._lines
        return found[-count:][::-1]

    def _read(self) -> Iterator[Written]:
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines() if self.path else []
        except OSError:
            lines = []
        for line in lines:
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict) and said.keys() == set(Written._fields):
                yield Written(**{name: str(value) for name, value in said.items()})

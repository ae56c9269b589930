"""The audit log: a record of every write from here."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from wbtui.domain.audit_record import AuditRecord


class AuditLog:
    """Records, one a line of JSON, in a file that only its owner may read; in memory alone without a path."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.trouble = ""
        self._records: list[AuditRecord] = []

    def append(self, record: AuditRecord) -> None:
        """Keep a record. A file that cannot be written is told in `trouble`: what was done is done."""
        self._records.append(record)
        if not self.path:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(json.dumps(record._asdict()) + "\n")
        except OSError as error:
            self.trouble = f"{self.path} cannot be written: {error.strerror}"

    def latest(self, count: int) -> list[AuditRecord]:
        """Return the last records, the latest first; lines that are no records are passed over."""
        records = list(self._read()) if self.path and not self.trouble else self._records
        return records[-count:][::-1]

    def _read(self) -> Iterator[AuditRecord]:
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines() if self.path else []
        except OSError:
            lines = []
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and entry.keys() == set(AuditRecord._fields):
                yield AuditRecord(**{name: str(value) for name, value in entry.items()})

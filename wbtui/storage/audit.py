"""The audit log: one record for every write."""

import json
from collections import deque
from pathlib import Path
from typing import NamedTuple

from wbtui.domain.audit_record import AuditRecord
from wbtui.storage.files import PrivateFile, StorageError
from wbtui.storage.problems import Problems

_READ_BYTES = 2**19
"""The part of the file that is read, from its end: about 2,000 records."""
_KEPT = 2_000
"""The most records that are kept in memory, for a file that cannot be read or written."""


class AuditExcerpt(NamedTuple):
    """The last records, latest first; `broken` counts invalid lines, `problem` says what is wrong with the file."""

    records: list[AuditRecord]
    broken: int = 0
    problem: str = ""


class AuditLog:
    """Records in a file that only its owner may read, one JSON object per line; only in memory without a path."""

    def __init__(self, path: Path | None = None, problems: Problems | None = None) -> None:
        self.path = path
        self._file = PrivateFile(path) if path else None
        self._problems = problems or Problems()
        self._problem = ""
        self._session: deque[AuditRecord] = deque(maxlen=_KEPT)
        self._unwritten: deque[AuditRecord] = deque(maxlen=_KEPT)

    def append(self, record: AuditRecord) -> None:
        """Write a record. Where that fails, report a problem, and try again before the next record."""
        self._session.append(record)
        if self._file:
            self._unwritten.append(record)
            try:
                self._write(self._file)
            except StorageError as error:
                self._problem = f"Not in the audit log: {error}"
                self._problems.report("audit log", self._problem)

    def latest(self, count: int) -> AuditExcerpt:
        """Return the last records of the file, and those that could not be written."""
        if not self._file:
            return AuditExcerpt(_latest(self._session, count))
        try:
            lines = self._file.read_end(_READ_BYTES).split(b"\n")
        except StorageError as error:
            return AuditExcerpt(_latest(self._session, count), problem=f"Of this session only: {error}")
        parsed = [_parse(line) for line in lines if line.strip()]
        records = [record for record in parsed if record]
        return AuditExcerpt(_latest([*records, *self._unwritten], count), len(parsed) - len(records), self._problem)

    def _write(self, file: PrivateFile) -> None:
        while self._unwritten:
            file.append_line(json.dumps(self._unwritten[0]._asdict()).encode())
            self._unwritten.popleft()
        self._problem = ""
        self._problems.solved("audit log")


def _latest(records: "list[AuditRecord] | deque[AuditRecord]", count: int) -> list[AuditRecord]:
    return list(records)[-count:][::-1]


def _parse(line: bytes) -> AuditRecord | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    # Records of earlier versions have no display name.
    if not isinstance(entry, dict) or {"display_name", *entry} != set(AuditRecord._fields):
        return None
    return AuditRecord(**entry) if all(isinstance(value, str) for value in entry.values()) else None

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wbtui.domain.audit_record import AuditRecord
from wbtui.storage.audit import AuditLog
from wbtui.storage.problems import Problems


def record(name: str) -> AuditRecord:
    return AuditRecord("2026-11-01T12:00:00+00:00", "create", "alice", "demo", "research", name, "uid", "done")


def names(log: AuditLog, count: int = 10) -> list[str]:
    return [record.name for record in log.latest(count).records]


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file of this process grow beyond `room` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_records_of_all_sessions_are_there_the_latest_first(tmp_path: Path) -> None:
    path = tmp_path / "state" / "audit.log"
    for name in ("first", "second", "tö\n\ud800"):
        AuditLog(path).append(record(name))
    assert names(AuditLog(path)) == ["tö\n\ud800", "second", "first"]
    assert names(AuditLog(path), 1) == ["tö\n\ud800"]
    assert len(path.read_bytes().splitlines()) == 3


def test_without_a_file_records_live_in_memory_alone() -> None:
    log = AuditLog()
    log.append(record("first"))
    assert names(log) == ["first"]


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe\x00",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"time": 1e400}',
        json.dumps({**record("x")._asdict(), "name": ["x"]}).encode(),
        json.dumps({**record("x")._asdict(), "more": "x"}).encode(),
        json.dumps(record("x")._asdict()).encode()[:50],
    ],
    ids=range(8),
)
def test_lines_that_are_no_records_are_counted(tmp_path: Path, line: bytes) -> None:
    log = AuditLog(tmp_path / "audit.log")
    log.append(record("before"))
    with (tmp_path / "audit.log").open("ab") as file:
        file.write(line)
    log.append(record("after"))
    excerpt = log.latest(10)
    assert ([record.name for record in excerpt.records], excerpt.broken) == (["after", "before"], 1)


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    path.write_bytes(b"".join(json.dumps(record(f"n{i}")._asdict()).encode() + b"\n" for i in range(100_000)))
    excerpt = AuditLog(path).latest(500)
    assert [record.name for record in excerpt.records] == [f"n{i}" for i in range(99_999, 99_499, -1)]
    assert excerpt.broken == 0


def test_a_full_disk_is_told_and_what_had_no_room_is_written_before_the_next(tmp_path: Path) -> None:
    problems, told = Problems(), list[str]()
    problems.listen(told.append)
    path = tmp_path / "audit.log"
    log = AuditLog(path, problems)
    log.append(record("before"))
    with full_disk(path.stat().st_size + 20):
        log.append(record("one"))
        log.append(record("two"))
        assert told == [f"Not in the audit log: {path} cannot be written: File too large"]
        excerpt = log.latest(10)
        assert [record.name for record in excerpt.records] == ["two", "one", "before"]
        assert excerpt.problem == told[0]
    log.append(record("after"))
    assert names(AuditLog(path)) == ["after", "two", "one", "before"]
    assert log.latest(10).problem == ""
    with full_disk(path.stat().st_size):
        log.append(record("again"))
    assert len(told) == 2


def test_what_is_not_ours_is_told_and_the_session_has_its_own_records(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    os.mkfifo(path)
    problems = Problems()
    log = AuditLog(path, problems)
    log.append(record("one"))
    told: list[str] = []
    problems.listen(told.append)
    assert told == [f"Not in the audit log: {path} is not used: it is a pipe, not a file"]
    excerpt = log.latest(10)
    assert [record.name for record in excerpt.records] == ["one"]
    assert excerpt.problem == f"Of this session only: {path} is not used: it is a pipe, not a file"

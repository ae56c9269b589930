from pathlib import Path

from tests.conftest import NOW
from tests.screens.driving import Session
from wbtui.app import Workbench
from wbtui.domain.audit_record import AuditRecord
from wbtui.repository import Clusters
from wbtui.storage.audit import AuditLog
from wbtui.storage.problems import Problems


async def test_the_log_says_what_of_it_is_no_record(clusters: Clusters, tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    path.write_bytes(b"\x1b]52;c;eA==\x07\n" + b"[" * 100_000)
    log = AuditLog(path)
    log.append(AuditRecord("2026-11-01T12:00:00+00:00", "create", "alice", "demo", "research", "a\x1bb", "", "done"))
    async with Workbench(clusters, audit=log, now=lambda: NOW).run_test(size=(120, 36)) as pilot:
        person = Session(pilot)
        await person.sees("live")
        await person.press("colon", *"log", "enter")
        await person.sees("2 lines cannot be read.", "create a\N{REPLACEMENT CHARACTER}b: done")


async def test_a_problem_with_a_file_is_said_in_the_session(clusters: Clusters) -> None:
    problems = Problems()
    problems.report("a", "The first file is not used")
    app = Workbench(clusters, problems=problems, now=lambda: NOW)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        person = Session(pilot)
        await person.reads("The first file is not used.")
        problems.report("b", "The second file is not used")
        await person.reads("The second file is not used.")

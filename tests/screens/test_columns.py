"""Columns that fit what is in them, and are chosen."""

from pathlib import Path

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.repository import Clusters
from wbtui.storage.session_state import SessionState


def titles(person: Session) -> list[str]:
    """Return the titles of the columns, as the screen shows them."""
    return next(line for line in person.text().splitlines() if line.startswith("  NAME")).replace("^", "").split()


async def test_the_columns_of_one_use_case_leave_out_what_is_the_same(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live", "USE CASE")
        assert {"TYPE", "CASE"} <= set(titles(person))
        await person.press("3")
        await person.sees("rocm-registry", ".dockerconfigjson")
        assert titles(person) == ["NAME", "KEYS", "CREATED", "BY", "CREATED", "STATE"]
        await person.press("0")
        await person.sees("USE CASE", "TYPE")


async def test_dates_become_ages(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live", "2026-01-22")
        await person.press("t")
        await person.loses("2026-01-22")
        await person.press("t")
        await person.sees("2026-01-22")


async def test_columns_are_chosen_by_name_and_remembered(clusters: Clusters, tmp_path: Path) -> None:
    state = SessionState.load(tmp_path / "choices.json")
    async with session(clusters, state=state) as person:
        await person.sees("live")
        await person.press(":")
        await person.type("columns changed,label:airm.silogen.ai/use-case,used-by")
        await person.press("enter")
        await person.sees("CHANGED", "USED BY", "ImagePullSecret")
        assert titles(person) == ["NAME", "CHANGED", "USE-CASE", "USED", "BY"]
        await person.sees("none", "6\n")
        await person.press(":")
        await person.type("columns keyz")
        await person.press("enter")
        await person.sees('unknown column "keyz" (did you mean "keys"?)', "USED BY")
    again = SessionState.load(tmp_path / "choices.json")
    assert again.columns == ["changed", "label:airm.silogen.ai/use-case", "used-by"]
    async with session(clusters, state=again) as person:
        await person.sees("live", "USED BY")
        await person.press(":")
        await person.type("columns")
        await person.press("enter")
        await person.sees("USE CASE", "KEYS", "STATE")


async def test_the_wide_view_has_all_columns_and_is_scrolled(clusters: Clusters) -> None:
    async with session(clusters, size=(100, 24)) as person:
        await person.sees("live")
        await person.press("right")
        assert titles(person)[:2] == ["NAME", "USE"]
        await person.press("ctrl+w")
        await person.sees("dockerconfigjson", "USE CASE")
        await person.press("right", "right")
        await person.sees("KEYS", "LABELS", "airm.silogen.ai/use-case=")
        assert titles(person)[:2] == ["NAME", "KEYS"]
        await person.press("left")
        await person.sees("TYPE")
        await person.press("ctrl+w")
        await person.sees("USE CASE")
        assert "LABELS" not in titles(person)


async def test_rows_are_sorted_by_a_click_on_a_title(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live", "NAME ^")
        column = next(line for line in person.text().splitlines() if "NAME ^" in line).index("CREATED BY")
        await person.pilot.click("SecretTable", offset=(column + 1, 0))
        await person.sees("CREATED BY ^", "by creator")
        await person.pilot.click("SecretTable", offset=(column + 1, 0))
        await person.sees("CREATED BY v")


async def test_marks_are_set_for_all_that_is_shown_and_for_a_range(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("space", "j", "V")
        await person.sees("3 marked")
        await person.press("M", "1")
        await person.sees("4 of 27")
        await person.press("*")
        await person.sees("4 marked")


async def test_what_comes_into_view_has_room(clusters: Clusters, kubectl: Kubectl) -> None:
    creator = "someone-with-a-very-long-name@example.com"
    kubectl("create", "secret", "generic", "zz-last", "--from-literal=key=value")
    kubectl("annotate", "secret", "zz-last", f"airm.silogen.ai/submitter={creator}")
    async with session(clusters, size=(160, 12)) as person:
        await person.sees("live", "28 secrets")
        assert creator not in person.text()
        for keys in (["G"], ["g"], ["G"]):
            await person.press(*keys)
        await person.sees("zz-last", creator[:30])

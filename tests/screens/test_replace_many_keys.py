"""New values for a secret with many keys: its fields are made as they come into view, or are reached."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from tests.screens.replacing import open_form
from tests.stored import values
from wbtui.repository import Clusters
from wbtui.widgets.entry import Entry
from wbtui.widgets.masked_value import MaskedValue
from wbtui.widgets.new_values import NewValues

KEYS = [f"KEY_{number:02}" for number in range(40)]


@asynccontextmanager
async def many(clusters: Clusters, kubectl: Kubectl) -> AsyncIterator[Session]:
    """Open the form, with the focus in the value of the first key."""
    kubectl("create", "secret", "generic", "many-keys", *(f"--from-literal={key}=old" for key in KEYS))
    async with session(clusters, size=(80, 24)) as person:
        await open_form(person, "many-keys")
        await person.until(lambda: isinstance(person.app.screen.focused, MaskedValue))
        yield person


def entries(person: Session) -> list[Entry]:
    return list(person.app.screen.query(Entry))


def key_in_focus(person: Session) -> str:
    """Return the key whose value is in focus, if that can be seen."""
    focused = person.app.screen.focused
    assert isinstance(focused, MaskedValue)
    rows = next(entry for entry in entries(person) if entry in focused.ancestors).rows
    lines = person.lines()
    top, bottom = (rows[0].region.y, focused.region.y)
    area = person.app.screen.query_one(NewValues).region
    return lines[top].split()[1] if area.y <= top and bottom < area.bottom else f"out of view: {top}"


async def save(person: Session) -> None:
    await person.press("ctrl+s")
    await person.sees("NAME ^")


async def test_tab_goes_through_all_keys_and_typing_behind_it_goes_into_the_next(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with many(clusters, kubectl) as person:
        assert len(entries(person)) < len(KEYS)
        await person.type("\t\t".join(f"new-{key}" for key in KEYS))
        await person.until(lambda: key_in_focus(person) == KEYS[-1])
        await save(person)
    assert values(kubectl, "many-keys") == {key: f"new-{key}" for key in KEYS}


async def test_shift_tab_goes_from_what_is_behind_them_to_the_last_key(clusters: Clusters, kubectl: Kubectl) -> None:
    async with many(clusters, kubectl) as person:
        await person.press("shift+tab", "shift+tab", "shift+tab", "2")  # only the keys entered
        await person.press("shift+tab", "shift+tab")
        await person.until(lambda: key_in_focus(person) == KEYS[-1])
        await person.type("new")
        for key in reversed(KEYS[-12:-1]):
            await person.press("shift+tab", "shift+tab")
            await person.until(lambda key=key: key_in_focus(person) == key)  # type: ignore[misc]
        assert len(entries(person)) < len(KEYS)
        await save(person)
    assert values(kubectl, "many-keys") == dict.fromkeys(KEYS, "old") | {KEYS[-1]: "new"}


async def test_scrolling_makes_them_and_loses_nothing_that_was_typed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with many(clusters, kubectl) as person:
        await person.press("shift+tab", "shift+tab", "shift+tab", "2", "tab", "tab", "tab")
        await person.type("new")
        area = person.app.screen.query_one(NewValues)
        area.scroll_end(animate=False)
        await person.sees(KEYS[-1])
        assert len(entries(person)) < len(KEYS)
        while len(entries(person)) < len(KEYS):
            area.scroll_page_up(animate=False)
            await person.settle()
        area.scroll_home(animate=False)
        await person.sees(KEYS[0], "3 bytes")
        await save(person)
    assert values(kubectl, "many-keys") == dict.fromkeys(KEYS, "old") | {KEYS[0]: "new"}


async def test_a_missing_value_out_of_view_is_brought_into_view(clusters: Clusters, kubectl: Kubectl) -> None:
    async with many(clusters, kubectl) as person:
        made = len(entries(person))
        for entry in entries(person):  # without going there, which would make the next ones
            entry.rows[-1].value.take_paste("new")
        await person.settle()
        assert len(entries(person)) == made
        await person.press("ctrl+s")
        await person.until(lambda: key_in_focus(person) == KEYS[made])
        await person.sees("Required.", "Not saved: Value: required.")
        await person.type("last")
        await person.sees("4 bytes")


async def test_an_error_that_was_scrolled_out_of_view_is_brought_into_view(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with many(clusters, kubectl) as person:
        await person.press(*["shift+tab"] * 5)
        await person.until(lambda: key_in_focus(person) == KEYS[-1])
        await person.press("ctrl+s")
        await person.until(lambda: key_in_focus(person) == KEYS[0])
        await person.sees("Required.", "Not saved: Value: required.")
        await person.press(*["shift+tab"] * 5)
        await person.until(lambda: key_in_focus(person) == KEYS[-1])
        await person.sees("Required.", "Not saved: Value: required.")


async def test_the_name_of_a_key_out_of_view_is_taken(clusters: Clusters, kubectl: Kubectl) -> None:
    async with many(clusters, kubectl) as person:
        await person.press("ctrl+n")
        await person.type(f"{KEYS[20]}\tsame")
        await person.sees(f"{KEYS[20]} is there twice.")
        assert len(entries(person)) < len(KEYS)

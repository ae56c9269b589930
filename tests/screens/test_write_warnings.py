"""What the cluster warns of when something is written, on the screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.proxy import Proxy, with_headers
from tests.screens.driving import Session, session
from tests.screens.forms import TOKEN, enter, form, save
from wbtui.repository import Clusters

HIDDEN = "the text of a warning is not shown: it repeats a value"


@asynccontextmanager
async def warned_of(warnings: list[str], proxied: Clusters, proxy: Proxy, **more: Any) -> AsyncIterator[Session]:
    """Yield a session on a secret that can be relabelled; each answer from now on has these warnings."""
    async with session(proxied, **more) as person:
        await person.sees("live")
        await person.goes_to("git-deploy-key")
        proxy.default = with_headers(*(f'Warning: 299 - "{warning}"' for warning in warnings))
        yield person


async def relabel(person: Session, use_case: str) -> None:
    """Give the secret under the cursor a use case."""
    await person.press("l")
    await person.sees("Use case of")
    await person.type(use_case)
    await person.press("enter")
    await person.reads(f"has the use case {use_case}.")


def warnings(person: Session) -> int:
    """Return how many warnings are on the screen."""
    return person.said().count("Warning: ")


async def test_a_warning_is_shown_beside_the_outcome_and_is_no_markup(proxied: Clusters, proxy: Proxy) -> None:
    async with warned_of(['label \\"team\\" is [bold]missing[/bold]'], proxied, proxy) as person:
        await relabel(person, "S3")
        await person.reads('Warning: label "team" is [bold]missing[/bold]')
        await relabel(person, "Generic")
        assert warnings(person) == 1


async def test_a_warning_of_a_read_is_not_shown(proxied: Clusters, proxy: Proxy) -> None:
    proxy.default = with_headers('Warning: 299 - "this version is deprecated"')
    async with session(proxied) as person:
        await person.sees("live")
        await person.press("ctrl+r")
        await person.sees("live")
        assert warnings(person) == 0


async def test_a_form_shows_no_value_that_a_warning_repeats(proxied: Clusters, proxy: Proxy) -> None:
    async with form(proxied, "HuggingFace") as person:
        proxy.default = with_headers(f'Warning: 299 - "{TOKEN} is weak"', f'Warning: 299 - "{TOKEN[3:]} is weak"')
        await enter(person, TOKEN)
        await save(person, "hf-token")
        await person.sees(f"Warning: {HIDDEN}")
        assert warnings(person) == 1
        assert TOKEN[3:] not in person.said()


async def test_a_warning_that_a_form_has_cleared_is_shown_again(proxied: Clusters, proxy: Proxy) -> None:
    async with warned_of(["it is old"], proxied, proxy) as person:
        await relabel(person, "S3")
        await person.reads("Warning: it is old")
        await person.press("a")
        await person.sees("Creates in")
        await person.loses("Warning: it is old")
        await person.press("escape")
        await relabel(person, "Generic")
        await person.reads("Warning: it is old")


async def test_many_warnings_leave_room_for_the_screen(proxied: Clusters, proxy: Proxy) -> None:
    async with warned_of([f"number {count}" for count in range(9)], proxied, proxy, size=(80, 24)) as person:
        await relabel(person, "S3")
        told = ["number 0", "number 1", "number 2", "the cluster gives more warnings than are shown here."]
        await person.reads(*(f"Warning: {words}" for words in told))
        assert warnings(person) == len(told)
        assert "27 secrets" in person.text()

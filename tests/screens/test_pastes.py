"""What is pasted into a field that shows what is in it."""

import pytest
from textual import events
from textual.widgets import Input

from tests.screens.driving import Session
from tests.screens.forms import (
    enter,
    form,
    paste,
    rename,
)
from wbtui.repository import Clusters
from wbtui.terminal.keyboard import BurstKey
from wbtui.widgets.masked_value import MaskedValue

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
CREDENTIALS = [KEY, "postgresql://app:s3cr3t@db/shop", "hf_" + "a1" * 17, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]


async def refused(person: Session, text: str) -> None:
    """See that a pasted text is refused, with nothing of it on the screen."""
    await person.sees("Not pasted: ")
    assert not [part for part in text.split() if len(part) > 12 and part in person.text()]


@pytest.mark.parametrize("text", CREDENTIALS, ids=["key", "url", "token", "random"])
async def test_a_credential_pasted_into_the_name_of_a_key_is_not_shown(clusters: Clusters, text: str) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "tls.")
        await paste(person, text)
        await refused(person, text)
        await paste(person, "key\n")
        await person.sees("tls.key")
        await enter(person, "tab")
        await paste(person, text)
        await person.sees(f"{len(text)} bytes")
        assert [len(value) for value in person.app.screen.query(MaskedValue)][-1] == len(text)


async def test_a_credential_pasted_into_the_changed_name_of_a_key_is_not_shown(clusters: Clusters) -> None:
    async with form(clusters, "S3") as person:
        await rename(person, "new")
        await paste(person, KEY)
        await refused(person, KEY)
        await person.sees("new")


async def test_several_lines_that_come_as_keys_do_not_stay_on_the_screen(clusters: Clusters) -> None:
    async with form(clusters, "Generic") as person:
        for line in KEY.splitlines():
            for character in line:
                person.app.post_message(events.Key(character, character))
            person.app.post_message(BurstKey("enter", "\r"))
        await refused(person, KEY)
        assert isinstance(person.app.focused, Input)
        assert person.app.focused.value == ""


async def test_a_name_with_an_enter_behind_it_stays(clusters: Clusters) -> None:
    async with form(clusters, "Generic") as person:
        for character in "tls":
            person.app.post_message(events.Key(character, character))
        person.app.post_message(BurstKey("enter", "\r"))
        await person.settle()
        assert isinstance(person.app.focused, Input)
        assert person.app.focused.value == "tls"


async def test_a_credential_pasted_into_the_filter_is_not_shown(clusters: Clusters) -> None:
    async with form(clusters, "Generic") as person:
        await person.press("escape", "slash")
        await paste(person, CREDENTIALS[1])
        await refused(person, CREDENTIALS[1])
        await paste(person, "hf-token\n")
        await person.sees("hf-token")

"""Pieces of manifests, to be copied."""

from base64 import b64decode

import pytest
import yaml

from tests.screens.driving import Session, session
from wbtui.repository import Clusters


@pytest.fixture(autouse=True)
def _over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def sent_to(person: Session) -> list[str]:
    """Return what the terminal is asked to copy from now on."""
    driver = person.app._driver  # noqa: SLF001  what is written to the terminal is seen nowhere else
    assert driver
    written: list[str] = []
    driver.write = written.append  # type: ignore[method-assign, assignment]
    return written


async def test_the_piece_under_the_cursor_is_shown_and_enter_copies_it(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.goes_to("hf-token-eval")
        await person.press("y")
        await person.sees("Use hf-token-eval", "kind: Secret", "data is left out: token")
        await person.press("j")
        await person.sees("name: HF_TOKEN")
        written = sent_to(person)
        await person.press("enter")
        await person.sees("6 lines: sent to your terminal")
        (sequence,) = [text for text in written if "]52;" in text]
        text = b64decode(sequence.split(";")[-1].removesuffix("\a")).decode()
        assert yaml.safe_load(text)["env"][0]["valueFrom"]["secretKeyRef"] == {"name": "hf-token-eval", "key": "token"}
        await person.press("y")
        await person.loses("data is left out")


async def test_a_narrow_terminal_shows_titles_and_the_piece(clusters: Clusters) -> None:
    async with session(clusters, size=(80, 24)) as person:
        await person.sees(" live\n")
        await person.goes_to("s3-datasets")
        await person.press("y", "j", "j", "j")
        await person.sees("volume of a pod, and its mount", "containers:")

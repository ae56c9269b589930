"""Filling in the form of a new secret by keys: what leads to a field, and what each field takes."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key

from tests.screens.driving import Session, session
from wbtui.domain.use_cases.model import EntryForm, Field, UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Clusters
from wbtui.widgets.field_row import FieldRow
from wbtui.widgets.key_name import KeyName
from wbtui.widgets.value_input import ValueInput

TOKEN = "hf_" + "Ab3" * 8
URI = "postgresql://app:s3cr%40t@db.example.com:5432/shop"
AUTHS = {"auths": {"ghcr.io": {"username": "robot", "password": "p<w>", "auth": b64encode(b"robot:p<w>").decode()}}}
SAMPLES = (TOKEN, "https://s3.example.com", "ghcr.io", "5432", "db.example.com", "mysql", URI, json.dumps(AUTHS))
"""Some of these will do for any field."""
BY_VALUE = {use_case.value: use_case for use_case in USE_CASES}


def sample(field: Field) -> str:
    """Return something that the field takes without a question."""
    found = (text for text in (field.default, *SAMPLES) if text and not field.problem(text.encode()))
    text = next(found, "")
    assert text, f"nothing in SAMPLES is right for the field {field.name}: add what is"
    return text


KEYS = {"tab": "\t", "shift+tab": None, "enter": "\r", "ctrl+n": None, "down": None, "up": None}
"""What is no character, and the character that comes along with it."""


async def enter(person: Session, *parts: str) -> None:
    """Send keys by name, and text character by character, as fast as a machine would; paste several lines."""
    for part in parts:
        if "\n" in part:
            _post_paste(person, part)
            continue
        for key in [part] if part in KEYS else part:
            character = KEYS.get(key, key)
            name = key if key in KEYS else _character_to_key(key)
            person.app.post_message(events.Key(name, character))
    await person.settle()


@asynccontextmanager
async def form(clusters: Clusters, use_case: str = "", way: int = 0, **more: Any) -> AsyncIterator[Session]:
    """Open the form, with the focus in the first field of a use case's way, or in Name."""
    async with session(clusters, **more) as person:
        await person.sees(" live\n")
        await person.press("a")
        await person.sees("Creates in")
        if use_case:
            await enter(person, *path_to(BY_VALUE[use_case], way))
        yield person


def path_to(use_case: UseCase, way: int = 0) -> list[str]:
    """Return the keys that lead from Name to the first field of a way."""
    chosen = [
        "tab",
        str(USE_CASES.index(use_case) + 1),
        *(["tab", str(way + 1)] if len(use_case.entry_forms) > 1 else []),
    ]
    return [*chosen, "tab", *(["tab"] if len(use_case.entry_forms[way].presets) > 1 else [])]


def past(way: EntryForm, field: Field, text: str) -> list[str]:
    """Return the keys that enter a text, or leave the field as it is, and go on to the next field."""
    return [text, *["tab"] * (1 if text else stops(way, field))]


def stops(way: EntryForm, field: Field) -> int:
    """Return how many Tabs a field takes: one more where its key has a name that can be changed."""
    return 2 if way.presets and field.key else 1


def entered(field: ValueInput) -> str:
    """Return what is in a field."""
    return field.raw.decode()


async def field_with_focus(person: Session, field: Field) -> ValueInput:
    """Wait until a field has the focus, and return it."""

    def rows() -> list[FieldRow]:
        return [row for row in person.app.screen.query(FieldRow) if row.field is field and row.value.has_focus]

    await person.until(lambda: bool(rows()))
    return rows()[0].value


async def rename(person: Session, name: str) -> None:
    """Give another name to the key that has the focus."""
    await person.until(lambda: isinstance(person.app.focused, KeyName))
    await person.press("enter", "home", "ctrl+k")
    await enter(person, name)


async def paste(person: Session, text: str) -> None:
    """Paste into what has the focus, as a terminal does."""
    _post_paste(person, text)
    await person.settle()


def _post_paste(person: Session, text: str) -> None:
    person.app.post_message(events.Paste(text.replace("\n", "\r")))


async def take_file(person: Session, path: Path) -> None:
    """Name a file for the value that has the focus."""
    await person.press("ctrl+o")
    await person.sees("Value from a file")
    await person.press("ctrl+u")
    await paste(person, str(path))
    await person.press("enter")


async def save(person: Session, name: str) -> None:
    """Save, and see it in the table under the cursor."""
    await person.press("ctrl+s")
    await person.sees(f"{name} was created.")
    await person.until(lambda: person.current() == name)

"""What is said of what is entered for a new secret: wrong, odd, missing, or there twice."""

import json
import os
from base64 import b64decode, b64encode, encodebytes
from pathlib import Path

import pytest
from textual import events

from tests.conftest import Kubectl
from tests.screens.driving import session
from tests.screens.forms import (
    AUTHS,
    BY_VALUE,
    TOKEN,
    enter,
    entered,
    field_with_focus,
    form,
    paste,
    path_to,
    rename,
    save,
    stops,
    take_file,
)
from tests.stored import stored
from wbtui.app import Workbench
from wbtui.domain.use_cases.model import Field
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Clusters

WRONG_NAMES = {
    "": "A name is missing.",
    "a": "A name has at least 2 characters.",
    "a" * 254: "A name has at most 253 characters, not 254.",
    "hf\u202elegacy": "A name cannot contain the invisible character U+202E.",
    "hf-legacy": "There is a secret hf-legacy in llm-serving already.",
}


async def test_a_wrong_name_is_said_as_one_types(clusters: Clusters) -> None:
    async with form(clusters) as person:
        for name, problem in WRONG_NAMES.items():
            await person.press("ctrl+u")
            await (enter if name.isprintable() else paste)(person, name)
            await person.sees(problem)
            await person.press("ctrl+s")
            await person.sees(f"Not saved: Name: {problem[:1].lower()}{problem[1:]}")


async def test_what_is_odd_wants_saving_twice(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, "short")
        await person.press("ctrl+s")
        await person.reads("Press ctrl+s again to save anyway.")
        await enter(person, "er")
        await person.sees("Nothing is stored before you save.")
        await person.press("ctrl+s")
        await person.reads("again to save")
        assert "secret/hf-token\n" not in kubectl("get", "secrets", "-o", "name")
        await save(person, "hf-token")


@pytest.mark.parametrize(
    ("pasted", "complaint"),
    [
        (f"\ufeff{TOKEN}", "It begins with a byte order mark"),
        (f"{TOKEN}\n", "It ends with a line end"),
        (f" {TOKEN}", "It begins or ends with white space"),
        (f"{TOKEN}\u200b\u00a0", "It begins or ends with white space"),
    ],
)
async def test_one_key_mends_what_is_odd(clusters: Clusters, kubectl: Kubectl, pasted: str, complaint: str) -> None:
    async with form(clusters, "HuggingFace") as person:
        await paste(person, pasted)
        await person.sees(f"{complaint} — ctrl+t corrects it.")
        await person.press("tab")
        await enter(person, "soon")
        await person.sees(f"{complaint} — ctrl+t corrects it.", "A date is written as")
        await person.press("ctrl+u", "shift+tab")
        await person.press("ctrl+t")
        await person.loses("ctrl+t corrects it")
        await save(person, "hf-token")
    assert b64decode(stored(kubectl, "hf-token")["data"]["token"]).decode() == TOKEN


async def test_windows_line_ends_are_mended_and_kept_where_they_are_meant(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "mended", "tab")
        person.app.post_message(events.Paste("a\r\nb\r\n"))
        await person.sees("Its lines end in CRLF (Windows) — ctrl+t corrects it.")
        await person.press("ctrl+t")
        await enter(person, "ctrl+n", "meant", "tab")
        person.app.post_message(events.Paste("a\r\nb"))
        await person.sees("Its lines end in CRLF")
        await person.press("ctrl+s")
        await person.reads("again to save")
        await save(person, "secret")
    data = stored(kubectl, "secret")["data"]
    assert {key: b64decode(value) for key, value in data.items()} == {"mended": b"a\nb\n", "meant": b"a\r\nb"}


LIMIT = 1024 * 1024
DEEP = '{"auths":' * 10_000
TOO_LONG = f"It is too long: {LIMIT + 1:,} bytes, where a secret holds at most {LIMIT:,}."


BAD_INPUT = {
    ("HuggingFace", 0, ()): [
        ("x" * (LIMIT + 1), TOO_LONG),
        ("hf_\x00\x1b[31m", "It has control characters in it."),
        (" \n ", "It is only white space."),
    ],
    ("Generic", 0, ("key", "tab")): [
        ("x" * (LIMIT + 1), TOO_LONG),
    ],
    ("ImagePullSecret", 0, ()): [
        ("x" * (LIMIT + 1), TOO_LONG),
        ("gh cr.io", "A registry's address has no white space."),
    ],
    ("S3", 0, ()): [
        ("AK IA", "It has white space in it."),
    ],
    ("ImagePullSecret", 1, ()): [
        ('{"auths":{}}', 'It has no "auths" with a registry in it.'),
        ('{"credsStore":"desktop"}', "It names a credential helper, which keeps the credentials"),
        ('{"auths":{"a.io":{}},"credsStore":"x"}', "Its credentials are kept by a credential helper"),
        ("[1]", "It is JSON, but not an object."),
        (DEEP, "It is nested too deeply to be a docker configuration."),
        ("auths:\n  ghcr.io: {}\n", "It is not JSON."),
        ('{"auths":{"a.io":NaN}}', "It is not JSON."),
        (b64encode(json.dumps(AUTHS).encode()).decode(), "It is the base64 of a docker configuration, and has to be"),
        ('{"ghcr.io":{"auth":"dTpw"}}', "It has the format of an old .dockercfg"),
    ],
    ("Generic", 0, ()): [
        ("🔑", "A key's name has letters, digits, - . and _ only."),
        ("..data", "A key's name may not begin with two dots, nor be one."),
    ],
}
"""By use case, way, and the keys that lead to a field: what is entered there, and what is said of it."""
ODD_INPUT = {
    ("ImagePullSecret", 1, ()): [
        ('{"auths":{"a.io":{"auth":"bm9jb2xvbg=="}}}', "the login of 1 of its 1 registries cannot be read"),
        ('{"auths":{"a.io":{"auth":"dTpw"},"b.io":{}}}', "It has no login for 1 of its 2 registries"),
        ('{"auths":{"a.io":{"auth":"dTo=","identitytoken":"t"}}}', "Image pulls ignore identity tokens"),
    ],
    ("Database", 0, ()): [
        ("postgresql://u:p@ss@h/d", "There is an @ in the user or the password: write it as %40."),
        ("postgresql://u:ee%jd@h/d", "There is a % in the user or the password: write it as %25."),
        ("localhost/db", "A connection string begins with its kind, as in postgresql://."),
    ],
    ("Generic", 0, ("key", "tab")): [
        (encodebytes(json.dumps(AUTHS).encode()).decode(), "It is the base64 of a docker configuration, and has to be"),
    ],
}
"""Likewise what is asked about."""


@pytest.mark.parametrize(
    ("place", "cases", "title"),
    [
        *(pytest.param(place, cases, "Not saved: ", id=f"bad-{place}") for place, cases in BAD_INPUT.items()),
        *(pytest.param(place, cases, "Not saved yet: ", id=f"odd-{place}") for place, cases in ODD_INPUT.items()),
    ],
)
async def test_bad_input_is_said_at_its_field_and_kept(
    clusters: Clusters,
    kubectl: Kubectl,
    place: tuple[str, int, tuple[str, ...]],
    cases: list[tuple[str, str]],
    title: str,
) -> None:
    use_case, way, keys = place
    async with form(clusters, use_case, way) as person:
        entry_form = BY_VALUE[use_case].entry_forms[way]
        field = entry_form.fields[keys.count("tab")]
        await enter(person, *keys, *["tab"] * (stops(entry_form, field) - 1))
        focused = await field_with_focus(person, field)
        for value, sentence in cases:
            if entered(focused):
                await person.press("end", "ctrl+u")
                await person.until(lambda: not entered(focused))
            await paste(person, value)
            await person.sees(sentence)
            await person.press("ctrl+s")
            await person.sees(title, sentence)
            assert entered(focused) == value
            focused.focus()
            await person.until(lambda: person.app.focused is focused)
    assert len(kubectl("get", "secrets", "-o", "name").split()) == 33


def is_needed(field: Field) -> bool:
    """Tell whether a field has to be entered, as it is when a form is opened."""
    kind = "postgresql"
    then = field.follows.adapt(field, kind) if field.follows else field
    return then.required and not then.default


async def test_what_is_missing_is_said_at_every_field(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        for use_case in USE_CASES:
            for number, way in enumerate(use_case.entry_forms):
                required = [field for field in way.fields if is_needed(field)]
                await person.press("a")
                await person.sees("Creates in")
                await enter(person, *path_to(use_case, number))
                await person.press("ctrl+s")
                await person.sees(f"Not saved: {required[0].title}: required.")
                count = len(required)
                await person.until(lambda count=count: person.text().count("Required.") == count)  # type: ignore[misc]
                await person.press("escape")
                await person.sees("27 secrets")


NO_VALUES = {
    "large": "is not used: it is larger than 1 MiB.",
    "folder": "is not used: it is a folder, not a file.",
    "pipe": "is not used: it is a pipe, not a file.",
    "/dev/zero": "is not used: it is a device, not a file.",
    "large/below": "cannot be read: Not a directory.",
    "missing": "cannot be read: No such file or directory.",
    "~nobody-of-this-name/x": "cannot be read: it is not a path.",
}


async def test_what_cannot_be_a_value_is_said_where_the_file_is_named(
    clusters: Clusters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "large").write_bytes(b"x" * (LIMIT + 1))
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    async with form(clusters, "HuggingFace") as person:
        await enter(person, "kept")
        for name, sentence in NO_VALUES.items():
            await take_file(person, Path(name))
            await person.sees(f"{name} {sentence}")
            await person.press("escape")
            await person.sees("4 bytes")
            await person.loses("Value from a file")


async def test_a_file_that_is_no_text_is_said_where_text_is_wanted(clusters: Clusters, tmp_path: Path) -> None:
    (tmp_path / "latin1").write_bytes("hf_grüße".encode("latin-1"))
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    async with form(clusters, "HuggingFace") as person:
        await take_file(person, tmp_path / "latin1")
        await person.sees("from latin1", "8 bytes, binary", "It is not text in UTF-8.")
        await take_file(person, tmp_path / "token")
        await person.sees("from token", "It ends with a line end — ctrl+t corrects it.")


@pytest.mark.parametrize(("use_case", "first"), [("ImagePullSecret", "ghcr.io"), ("Generic", "api-key")])
async def test_what_is_there_twice_is_said_until_it_is_not(clusters: Clusters, use_case: str, first: str) -> None:
    async with form(clusters, use_case) as person:
        await enter(person, first, "ctrl+n", first)
        await person.sees(f"{first[:1].upper()}{first[1:]} is there twice.")
        await enter(person, "2")
        await person.loses("is there twice")
        await person.press("backspace")
        await person.sees("is there twice")
        await enter(person, *["tab"] * (len(BY_VALUE[use_case].entry_forms[0].fields) // 2))
        await person.press("ctrl+x")
        await person.loses("is there twice")


async def test_keys_of_different_fields_must_differ(clusters: Clusters) -> None:
    async with form(clusters, "S3") as person:
        await enter(person, "a", "tab", "b", "shift+tab")
        await rename(person, "access-key")
        await person.sees("Access-key is there twice.")
    async with form(clusters, "Database", 1) as person:
        await enter(person, "tab", "h", "shift+tab")
        await rename(person, "uri")
        await person.sees("Uri is there twice.")


async def test_rows_together_may_not_be_too_long(clusters: Clusters) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "a", "tab")
        await paste(person, "x" * (LIMIT // 2))
        await enter(person, "ctrl+n", "b", "tab")
        await paste(person, "x" * (LIMIT // 2))
        await person.sees(f"Together {LIMIT + 2:,} bytes, where a secret holds at most {LIMIT:,}.")
        await person.press("ctrl+s")
        await person.sees("Not saved: Value: together")


@pytest.mark.timeout(600)  # each row is laid out again for each that is added
async def test_100_rows_can_be_made_and_no_more(clusters: Clusters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workbench, "NOTIFICATION_TIMEOUT", 600)  # a busy machine may take long to look at so many rows
    async with form(clusters, "Generic") as person:
        await enter(person, "first", "tab", "value")
        for _ in range(9):
            await enter(person, *["ctrl+n"] * 11)
        await enter(person, "last", "tab", "value", "ctrl+n", "+")
        await person.sees("A form has at most 100 rows.", "last", "6 bytes")
        await person.press("ctrl+s")
        await person.sees("Not saved: Key: required.", "first", "5 bytes")


WRONG_LABELS = {
    "=x": "not a label's key.",
    "a=ü": "A: a label's value has letters, digits, - . and _.",
    "a=b a=c": "A is there twice.",
    "a..b/c=d": "A..b/c: not a label's key, by what is before the /.",
    f"a={'x' * 64}": "A: a label's value has at most 63 characters.",
}


async def test_labels_are_checked_as_one_types(clusters: Clusters) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, TOKEN, "tab", "tab")
        for typed, sentence in WRONG_LABELS.items():
            await enter(person, typed)
            await person.sees(sentence)
            await person.press("ctrl+s")
            await person.sees("Not saved: Labels")
            await person.press("ctrl+u")
        await enter(person, "a=b c")
        await save(person, "hf-token")

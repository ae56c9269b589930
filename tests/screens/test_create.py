"""Making a secret by keys: what is made, what the form says, and what is refused."""

import asyncio
import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode, encodebytes
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input

from tests.conftest import Kubectl
from tests.proxy import Exchange, Fault, Proxy, answer, cut_after, drop, forward
from tests.screens.driving import Session, session
from wbtui.app import Workbench
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.use_cases.encoders import database_parts, docker_auths
from wbtui.domain.use_cases.model import EntryForm, Field, Preset, UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Clusters
from wbtui.widgets.field_row import FieldRow
from wbtui.widgets.key_name import KeyName
from wbtui.widgets.masked_value import MaskedValue

CREATOR = "demo@example.com"
LABEL = "airm.silogen.ai/use-case"
TOKEN = "hf_" + "Ab3" * 8
URI = "postgresql://app:s3cr%40t@db.example.com:5432/shop"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n\n  kept  \n-----END PRIVATE KEY-----\n"
AUTHS = {"auths": {"ghcr.io": {"username": "robot", "password": "p<w>", "auth": b64encode(b"robot:p<w>").decode()}}}
SAMPLES = (TOKEN, "https://s3.example.com", "ghcr.io", "5432", "db.example.com", "mysql", URI, json.dumps(AUTHS))
"""Some of these will do for any field."""


def sample(field: Field) -> str:
    """Return something that the field takes without a question."""
    return next(text for text in (field.default, *SAMPLES) if text and not field.problem(text.encode()))


CASES = [
    pytest.param(use_case, way, preset, id=f"{use_case.value}-{way.title}-{preset.title if preset else 'only'}")
    for use_case in USE_CASES
    for way in use_case.entry_forms
    for preset in way.presets or (None,)
]


KEYS = {"tab": "\t", "shift+tab": None, "enter": "\r", "ctrl+n": None, "down": None, "up": None}
"""What is no character, and the character that comes along with it."""


async def enter(person: Session, *parts: str) -> None:
    """Send keys by name, and text character by character, as fast as a machine would."""
    for part in parts:
        for key in [part] if part in KEYS else part:
            character = KEYS.get(key, key)
            name = key if key in KEYS else _character_to_key(key)
            person.app.post_message(events.Key(name, character))
    await person.settle()


@asynccontextmanager
async def form(clusters: Clusters, use_case: int = 0, way: int = 0, **more: Any) -> AsyncIterator[Session]:
    """Open the form, with the focus in the first field of a use case's way, or in Name."""
    async with session(clusters, **more) as person:
        await person.sees(" live\n")
        await person.press("a")
        await person.sees("Will be made in")
        if use_case:
            await enter(person, *path_to(USE_CASES[use_case - 1], way))
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


def entered(field: Input | MaskedValue) -> str:
    """Return what is in a field."""
    return field.value if isinstance(field, Input) else field.sealed().unsealed().decode()


async def field_with_focus(person: Session, field: Field) -> Input | MaskedValue:
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
    person.app.post_message(events.Paste(text.replace("\n", "\r")))
    await person.settle()


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


def stored(kubectl: Kubectl, name: str) -> dict[str, Any]:
    """Return a secret as kubectl sees it."""
    found: dict[str, Any] = json.loads(kubectl("get", "secret", name, "-o", "json"))
    return found


def made_by_kubectl(kubectl: Kubectl, way: EntryForm, keys: dict[str, str], type_: str, folder: Path) -> dict[str, Any]:
    """Return what kubectl makes of the same values."""
    values = {field.name: sample(field) for field in way.fields}
    if way.encode is docker_auths:
        flags = [f"--docker-{name}={value}" for name, value in values.items()]
        command = ["docker-registry", "expected", *flags]
    else:
        data = {keys[name]: value for name, value in values.items() if keys[name]}
        if way.encode is database_parts:
            login = f"{values['username']}:{values['password']}"
            data[keys["uri"]] = f"{values['kind']}://{login}@{values['host']}:{values['port']}/{values['dbname']}"
        if way.rows_name_keys:
            data = {values["key"]: values["value"]}
        for key, value in data.items():
            (folder / key).write_text(value)
        command = ["generic", "expected", f"--type={type_}", *(f"--from-file={folder / key}" for key in data)]
    made: dict[str, Any] = json.loads(kubectl("create", "secret", *command, "--dry-run=client", "-o", "json"))
    return made


@pytest.mark.parametrize(("use_case", "way", "preset"), CASES)
async def test_what_is_typed_becomes_what_kubectl_would_make(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path, use_case: UseCase, way: EntryForm, preset: Preset | None
) -> None:
    chosen = ("shift+tab", str(way.presets.index(preset) + 1), "tab") if preset and len(way.presets) > 1 else ()
    typed = [part for field in way.fields for part in past(way, field, "" if field.default else sample(field))]
    async with form(clusters) as person:
        await enter(person, *path_to(use_case, use_case.entry_forms.index(way)), *chosen, *typed)
        await save(person, use_case.stem)
    made = stored(kubectl, use_case.stem)
    expected = made_by_kubectl(kubectl, way, way.keys(preset), use_case.type, tmp_path)
    assert made["data"] == expected["data"]
    assert made["type"] == use_case.type == expected.get("type", "Opaque")
    assert made["metadata"]["labels"] == {LABEL: use_case.value}
    assert made["metadata"]["annotations"] == {"airm.silogen.ai/submitter": CREATOR}
    assert "immutable" not in made


async def test_several_registries_become_one_configuration(clusters: Clusters, kubectl: Kubectl) -> None:
    logins = {"ghcr.io": ("robot", 'p"w\\'), "registry.example.com:5000": ("ci", "grüße&<")}
    async with form(clusters, 3) as person:
        for number, (server, (user, password)) in enumerate(logins.items()):
            await enter(person, *(["ctrl+n"] if number else []), server, "tab", user, "tab", password)
        await save(person, "image-pull")
    config = json.loads(b64decode(stored(kubectl, "image-pull")["data"][".dockerconfigjson"]))
    assert list(config["auths"]) == list(logins)
    for server, login in config["auths"].items():
        assert (login["username"], login["password"]) == logins[server]
        assert b64decode(login["auth"]).decode() == ":".join(logins[server])


async def test_rows_lines_and_bytes_are_kept(clusters: Clusters, kubectl: Kubectl, tmp_path: Path) -> None:
    binary = bytes(range(256)) * 3
    (tmp_path / "keystore.jks").write_bytes(binary)
    pretty = json.dumps(AUTHS, indent=2)
    async with form(clusters, 5) as person:
        await enter(person, "tls.key", "tab")
        await paste(person, PEM)
        await person.sees(f"5 lines, {len(PEM)} bytes, PEM")
        await enter(person, "ctrl+n", "config.json", "tab")
        await paste(person, pretty)
        await person.sees(f"{pretty.count(chr(10)) + 1} lines, {len(pretty)} bytes, valid JSON")
        await enter(person, "ctrl+n", "keystore", "tab")
        await take_file(person, tmp_path / "keystore.jks")
        await person.sees("from keystore.jks", "768 bytes, binary")
        await enter(person, "ctrl+n", "typed", "tab", "one", "enter", "two?:/q")
        await save(person, "secret")
    data = {key: b64decode(value) for key, value in stored(kubectl, "secret")["data"].items()}
    assert data == {
        "tls.key": PEM.encode(),
        "config.json": pretty.encode(),
        "keystore": binary,
        "typed": b"one\ntwo?:/q",
    }


async def test_what_is_typed_after_a_file_takes_its_place(clusters: Clusters, kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("of the file")
    async with form(clusters, 5) as person:
        await enter(person, "key", "tab")
        await take_file(person, tmp_path / "old")
        await person.sees("from old, 11 bytes")
        await enter(person, *"new")
        await person.loses("from old")
        await save(person, "secret")
    assert b64decode(stored(kubectl, "secret")["data"]["key"]) == b"new"


async def test_immutable_and_further_labels(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, 1) as person:
        await enter(person, TOKEN, "tab", "team=a example.com/stage=test", "tab", "2")
        await save(person, "hf-token")
    made = stored(kubectl, "hf-token")
    assert made["immutable"] is True
    assert made["metadata"]["labels"] == {LABEL: "HuggingFace", "team": "a", "example.com/stage": "test"}


async def test_keys_can_be_named(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, 2) as person:
        await enter(person, "AKIA", "tab", "wJalr", "shift+tab", "shift+tab", "shift+tab")
        for name in ("id", "access-key"):
            await rename(person, name)
            await enter(person, "tab", "tab")
        await save(person, "s3-credentials")
    data = stored(kubectl, "s3-credentials")["data"]
    assert {key: b64decode(value) for key, value in data.items()} == {"id": b"AKIA", "access-key": b"wJalr"}


async def test_the_creator_is_who_the_settings_name(kubeconfig: Path, kubectl: Kubectl) -> None:
    clusters = KubernetesClusters(
        Preferences(str(kubeconfig), email="me@example.com", prefixes=Prefixes("example.org", "wb.example.org"))
    )
    async with form(clusters, 1) as person:
        await person.sees("created by me@example.com")
        await enter(person, TOKEN)
        await save(person, "hf-token")
    metadata = stored(kubectl, "hf-token")["metadata"]
    assert metadata["annotations"] == {"example.org/submitter": "me@example.com"}
    assert metadata["labels"] == {"example.org/use-case": "HuggingFace"}


ONE_MORE = """
import asyncio, sys
from wbtui.domain.secret_types import OPAQUE
from wbtui.domain.use_cases import table
from wbtui.domain.use_cases.model import EntryForm, Field, Preset, UseCase

fields = (Field("account", "Account", key="account", masked=False), Field("key", "Key", key="key"))
one_more = UseCase(
    "VectorStore", "Vectors", OPAQUE, serves="searches", stem="vectors", advice="Little is enough.",
    entry_forms=(EntryForm("Login", fields, presets=(Preset("Ours", {}), Preset("Theirs", {"key": "THEIR_KEY"}))),),
)
table.USE_CASES = (*table.USE_CASES, one_more)
digit = str(len(table.USE_CASES))

from tests.screens.test_create import enter, form, save
from wbtui.cluster.clusters import KubernetesClusters, Preferences

async def main():
    async with form(KubernetesClusters(Preferences(sys.argv[1]))) as person:
        await enter(person, "tab", digit, "tab", "2", "tab", "me", "tab", "s3cret")
        await person.sees("For searches. Little is enough.", "use case VectorStore, keys THEIR_KEY, account")
        await save(person, "vectors")
        await person.press(digit)
        await person.sees(f"[{digit} Vectors]", "1 of 28")

asyncio.run(main())
"""


def test_one_more_use_case_is_one_entry(kubeconfig: Path, kubectl: Kubectl) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", ONE_MORE, str(kubeconfig)], check=True, timeout=60)
    made = stored(kubectl, "vectors")
    assert made["metadata"]["labels"] == {LABEL: "VectorStore"}
    assert made["data"] == {"account": b64encode(b"me").decode(), "THEIR_KEY": b64encode(b"s3cret").decode()}


async def test_tab_goes_from_each_name_to_its_value(clusters: Clusters) -> None:
    async with form(clusters) as person:
        assert person.app.focused is person.app.screen.query_one("#name")
        await enter(person, *path_to(USE_CASES[1]))
        await person.sees("Key                        Value")
        for field in USE_CASES[1].entry_forms[0].fields:
            await person.until(lambda: isinstance(person.app.focused, KeyName))
            await enter(person, "tab")
            await field_with_focus(person, field)
            await enter(person, "tab")
        await enter(person, "a=b", "tab", "tab")
        await person.sees("(optional) a=b")
        assert person.app.focused is person.app.screen.query_one("#name")
        await enter(person, "shift+tab")
        assert person.app.focused is person.app.screen.query_one("#immutable")


async def test_what_is_typed_or_pasted_on_the_name_of_a_key_goes_into_its_value(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with form(clusters, 2) as person:
        await enter(person, "AKIA", "tab", "wJalrX")
        await person.press("backspace")
        await enter(person, "tab")
        await paste(person, "https://s3.example.com")
        await person.sees("access-key                 ••••••••", "secret-key                 ••••••••  5 bytes")
        await person.sees("endpoint                   https://s3.example.com")
        await save(person, "s3-credentials")
    data = {key: b64decode(value).decode() for key, value in stored(kubectl, "s3-credentials")["data"].items()}
    assert data == {"access-key": "AKIA", "secret-key": "wJalr", "endpoint": "https://s3.example.com"}


async def test_each_kind_of_database_has_its_port_and_its_connection_string(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with form(clusters, 4, 1) as person:
        await person.sees(f"{'Port':18}port                       5432")
        await enter(person, "mysql")
        await person.sees("3306")
        await enter(person, "+pymysql", "tab", "db", "tab", "3307", *["shift+tab"] * 4)
        await enter(person, "redis")
        await person.sees("Kind              redis", "3307")
        await enter(person, *["tab"] * 4)
        await person.press("backspace")
        await enter(person, *["shift+tab"] * 4, "rediss", *["tab"] * 7, "p@ss")
        await save(person, "database")
    data = {key: b64decode(value).decode() for key, value in stored(kubectl, "database")["data"].items()}
    assert data == {"host": "db", "password": "p@ss", "uri": "rediss://:p%40ss@db"}


async def test_an_empty_value_is_asked_about_and_stored_as_kubectl_does(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, 5) as person:
        await enter(person, "A", "ctrl+n", "B", "tab", "b")
        await person.press("ctrl+s")
        await person.reads("Not saved yet: Value: it is empty. Press ctrl+s again to save anyway")
        await save(person, "secret")
    kubectl("create", "secret", "generic", "expected", "--from-literal=A=", "--from-literal=B=b")
    assert stored(kubectl, "secret")["data"] == stored(kubectl, "expected")["data"]


async def test_arrows_choose_as_digits_do(clusters: Clusters) -> None:
    async with form(clusters) as person:
        await enter(person, "tab")
        for key, use_case in [*(("down", known) for known in (*USE_CASES[1:], USE_CASES[0])), ("up", USE_CASES[-1])]:
            await enter(person, key)
            await person.sees(f"{use_case.title}]", use_case.serves[:20], use_case.stem)


async def test_what_was_typed_for_one_use_case_survives_a_look_at_another(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, 1) as person:
        await enter(person, TOKEN, "shift+tab", "4", "tab", "2", "tab", "tab", "tab", "db", *["shift+tab"] * 5)
        await person.sees("Host", "db")
        await enter(person, "1")
        await person.sees(f"{len(TOKEN)} bytes")
        await save(person, "hf-token")
    assert stored(kubectl, "hf-token")["data"] == {"token": b64encode(TOKEN.encode()).decode()}


async def test_the_use_case_that_the_table_shows_is_offered(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("4", "a")
        await person.sees("[4 Database]", "Name              database")


async def test_a_name_is_suggested_until_one_is_typed(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "hf-token", "--from-literal=token=x")
    async with form(clusters) as person:
        await person.sees("Name              hf-token-2")
        await enter(person, "tab", "2")
        await person.sees("Name              s3-credentials")
        await enter(person, "shift+tab", "x", "tab", "3")
        await person.sees("registry.", "Name              x")


async def test_a_name_that_is_taken_meanwhile_is_noticed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, 1) as person:
        await enter(person, TOKEN)
        kubectl("create", "secret", "generic", "hf-token", "--from-literal=token=x")
        await person.sees("There is a secret hf-token in llm-serving already.")
        await person.press("ctrl+s")
        await person.sees("Not saved: Name: there is a secret")
        kubectl("delete", "secret", "hf-token")
        await person.loses("There is a secret")
        await save(person, "hf-token")
    assert stored(kubectl, "hf-token")["data"] != {"token": b64encode(b"x").decode()}


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
            await paste(person, name)
            await person.sees(problem)
            await person.press("ctrl+s")
            await person.sees(f"Not saved: Name: {problem[:1].lower()}{problem[1:]}")


async def test_escape_asks_only_where_something_would_be_lost(clusters: Clusters) -> None:
    async with form(clusters) as person:
        await enter(person, "tab", "2", "tab", "3")
        await person.press("escape")
        await person.sees("27 secrets")
        for typed in (
            ("x",),
            ("tab", "tab", "x"),
            ("tab", "tab", "tab", "a=b"),
            ("tab", "2", "tab", "tab", "enter", "x"),
        ):
            await person.press("a")
            await person.sees("Will be made in")
            await enter(person, *typed)
            await person.press("escape")
            await person.sees("Leave the form?", "What was entered is lost.")
            await person.press("escape")
            await person.loses("Leave the form?")
            await person.press("escape")
            await person.sees("Leave the form?")
            await person.press("y")
            await person.sees("27 secrets")


async def test_leaving_wbtui_asks_where_something_would_be_lost(clusters: Clusters) -> None:
    for key in ("ctrl+c", "ctrl+q"):
        async with form(clusters, 1) as person:
            await enter(person, "qx")
            await person.press(key, key)
            await person.sees("Leave wbtui?")
            await person.press("n")
            await person.loses("Leave wbtui?")
            await person.sees("2 bytes")
            await person.press(key, key, "y")
            await person.until(lambda: person.app.return_code is not None)


async def test_what_is_odd_wants_saving_twice(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, 1) as person:
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
    async with form(clusters, 1) as person:
        await paste(person, pasted)
        await person.sees(f"{complaint} — ctrl+t corrects it.")
        await person.press("ctrl+t")
        await person.loses("ctrl+t corrects it")
        await save(person, "hf-token")
    assert b64decode(stored(kubectl, "hf-token")["data"]["token"]).decode() == TOKEN


async def test_windows_line_ends_are_mended_and_kept_where_they_are_meant(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, 5) as person:
        await enter(person, "mended", "tab")
        person.app.post_message(events.Paste("a\r\nb\r\n"))
        await person.sees("Its lines end the Windows way, in CRLF — ctrl+t corrects it.")
        await person.press("ctrl+t")
        await enter(person, "ctrl+n", "meant", "tab")
        person.app.post_message(events.Paste("a\r\nb"))
        await person.sees("Its lines end the Windows way")
        await person.press("ctrl+s")
        await person.reads("again to save")
        await save(person, "secret")
    data = stored(kubectl, "secret")["data"]
    assert {key: b64decode(value) for key, value in data.items()} == {"mended": b"a\nb\n", "meant": b"a\r\nb"}


async def test_the_docker_configuration_at_home_is_offered(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    config = tmp_path / ".docker" / "config.json"
    config.parent.mkdir()
    config.write_text(json.dumps(AUTHS, indent=4))
    async with form(clusters, 3, 1) as person:
        await person.press("ctrl+o")
        await person.sees("~/.docker/config.json", "Enter reads it")
        await person.press("enter")
        await person.sees("from config.json", "valid JSON")
        await save(person, "image-pull")
    assert b64decode(stored(kubectl, "image-pull")["data"][".dockerconfigjson"]) == config.read_bytes()


async def test_the_parts_of_a_connection_string_are_shown_without_its_password(clusters: Clusters) -> None:
    shown = "user app at db.example.com:5432, database shop, password set"
    async with form(clusters, 4) as person:
        await enter(person, URI)
        assert shown not in person.text()
        await enter(person, "tab")
        await person.sees(shown)
        await enter(person, "shift+tab", "x")
        await person.loses("db.example.com")
        await person.press("ctrl+u")
        await paste(person, URI)
        await person.sees(shown)
        assert "s3cr" not in person.text()


async def test_everything_is_within_reach_on_a_small_screen(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, size=(80, 24)) as person:
        for number, use_case in enumerate(USE_CASES, 1):
            await person.press("tab", str(number))
            await person.sees(f"[{number} {use_case.title}]", "ctrl+s saves", "Labels", "Will be made in")
            await person.press("shift+tab")
        await enter(person, *path_to(USE_CASES[2]))
        for _ in range(4):
            await enter(person, "ctrl+n")
        await enter(person, "last.example.com")
        await person.sees("last.example.com", "ctrl+s saves")
    assert "last" not in kubectl("get", "secrets", "-o", "name")


@pytest.fixture
async def proxy(cluster: BackgroundCluster) -> AsyncIterator[Proxy]:
    """Something that can come between the form and the cluster."""
    async with Proxy(cluster.url) as proxy:
        yield proxy


@pytest.fixture
def proxied(cluster: BackgroundCluster, proxy: Proxy, tmp_path: Path) -> Clusters:
    """The cluster behind the proxy."""
    path = tmp_path / "proxied"
    path.write_text(json.dumps(cluster.kubeconfig()).replace(cluster.url, proxy.url))
    return KubernetesClusters(Preferences(str(path)))


def created(proxy: Proxy) -> int:
    """Return how often something was really to be created."""
    posts = [request for request in proxy.requests if request.method == "POST" and "/secrets" in request.path]
    return len([request for request in posts if "dryRun" not in request.query])


def status(code: int, message: str, **causes: str) -> bytes:
    """Return what a server says that refuses something: by field, with dots for double underscores."""
    told = [{"field": field, "message": words} for field, words in causes.items()]
    return json.dumps({"kind": "Status", "code": code, "message": message, "details": {"causes": told}}).encode()


def delete_project(_: BackgroundCluster, kubectl: Kubectl) -> None:
    kubectl("delete", "namespace", "llm-serving", "--wait=false")


Switch: TypeAlias = Callable[[BackgroundCluster, Kubectl], object]


@pytest.mark.parametrize(
    ("breaks", "mends", "words"),
    [
        (
            lambda cluster, _: setattr(cluster, "quota", {"llm-serving": 1}),
            lambda cluster, _: setattr(cluster, "quota", {}),
            ("Over quota", "exceeded quota"),
        ),
        (
            lambda cluster, _: setattr(cluster, "webhook_down", True),
            lambda cluster, _: setattr(cluster, "webhook_down", False),
            ("Refused by a webhook", "connect: connection", "try again later with ctrl+s"),
        ),
        (
            lambda cluster, _: cluster.revoke("demo"),
            lambda cluster, _: cluster.restore("demo"),
            ("Not logged in", "press ctrl+s"),
        ),
        (lambda cluster, _: cluster.stop(), lambda cluster, _: cluster.start(), ("No connection", "Check the network")),
        (delete_project, None, ("Project being deleted", "llm-serving is being terminated")),
    ],
    ids=["quota", "webhook", "login", "server", "project"],
)
async def test_a_refusal_leaves_the_form_filled_until_its_cause_is_gone(
    cluster: BackgroundCluster,
    clusters: Clusters,
    kubectl: Kubectl,
    breaks: Switch,
    mends: Switch | None,
    words: tuple[str, ...],
) -> None:
    async with form(clusters, 1) as person:
        await enter(person, TOKEN)
        breaks(cluster, kubectl)
        await person.press("ctrl+s")
        await person.sees(*words, f"{len(TOKEN)} bytes", "Name              hf-token")
        if mends:
            mends(cluster, kubectl)
            await person.press("ctrl+s")
            await person.sees("hf-token was created.")


NO_DRY_RUN = 'Internal error occurred: admission webhook "x.io" does not support dry run'


async def test_a_webhook_without_dry_run_is_no_obstacle(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(answer(400, status(400, NO_DRY_RUN)))
        await person.press("ctrl+s")
        await person.reads("It cannot be tried first", "Store it without a trial?")
        await person.press("n")
        await person.loses("It cannot be tried first")
        await person.sees(f"{len(TOKEN)} bytes")
        assert not created(proxy)
        proxy.next(answer(400, status(400, NO_DRY_RUN)))
        await person.press("ctrl+s")
        await person.reads("Store it without a trial?")
        await person.press("down", "enter")
        await person.sees("hf-token was created.")
        assert created(proxy) == 1
    assert b64decode(stored(kubectl, "hf-token")["data"]["token"]).decode() == TOKEN


async def test_a_name_that_is_taken_between_two_requests_is_told(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async def be_faster(exchange: Exchange) -> None:
        await asyncio.to_thread(kubectl, "create", "secret", "generic", "hf-token", "--from-literal=token=theirs")
        await forward(exchange)

    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(forward, be_faster)
        await person.press("ctrl+s")
        await person.sees("Name taken", "Choose another name", "There is a secret", f"{len(TOKEN)} bytes")
        kubectl("delete", "secret", "hf-token")
        await person.loses("There is a secret hf-token in llm-serving already")
        await save(person, "hf-token")


async def test_a_name_that_the_list_does_not_show_is_told(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, 1) as person:
        await enter(person, TOKEN)
        kubectl("create", "secret", "generic", "hf-token", "--type=helm.sh/release.v1")
        await person.press("ctrl+s")
        await person.sees("Name taken", "There is a secret of this name in llm-serving already.")
        kubectl("delete", "secret", "hf-token")
        await save(person, "hf-token")


@pytest.mark.parametrize(
    ("use_case", "way", "field", "line"),
    [
        (1, 0, "data[token]", "Token"),
        (1, 0, "metadata.name", "Name"),
        (1, 0, "metadata.labels", "Labels (optional)"),
        (2, 0, "data[secret-key]", "Secret key"),
        (3, 1, "data[.dockerconfigjson]", "Configuration"),
        (5, 0, "data[api-key]", "Key"),
    ],
)
async def test_what_the_cluster_finds_invalid_stands_at_its_field(
    proxy: Proxy, proxied: Clusters, use_case: int, way: int, field: str, line: str
) -> None:
    typed = (
        "api-key" if entry.name == "key" else sample(entry) for entry in USE_CASES[use_case - 1].entry_forms[way].fields
    )
    async with form(proxied, use_case, way) as person:
        await enter(person, *(part for text in typed for part in (text, "tab")))
        proxy.next(answer(422, status(422, "it is invalid", **{field: "must rhyme"})))
        await person.press("ctrl+s")
        await person.sees("Refused as invalid", f"{field}: must rhyme", "Must rhyme.")
        lines = person.lines()
        at = next(number for number, text in enumerate(lines) if text.startswith(f" {line} "))
        assert lines[at + 1].strip() == "Must rhyme."
        await save(person, USE_CASES[use_case - 1].stem)


async def test_forbidden_is_told_in_the_form(proxy: Proxy, proxied: Clusters) -> None:
    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(answer(403, status(403, "you may not")))
        await person.press("ctrl+s")
        await person.sees("Forbidden: you may not. Ask an administrator of the project", f"{len(TOKEN)} bytes")


async def arrive_and_fail(exchange: Exchange) -> None:
    """Let the request through, and answer as a gateway does that has waited too long."""
    reader, writer = await exchange.proxy.connect(exchange.request)
    request = exchange.request
    lines = [
        f"{request.method} {request.target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in request.headers.items()),
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode() + request.body)
    await reader.readuntil(b"}")
    writer.close()
    await answer(504, b"gateway timeout")(exchange)


@pytest.mark.parametrize("fault", [cut_after(1), arrive_and_fail], ids=["cut", "gateway"])
async def test_a_lost_answer_is_looked_for_and_nothing_sent_twice(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, fault: Fault
) -> None:
    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(forward, fault)
        await save(person, "hf-token")
        assert created(proxy) == 1
    assert b64decode(stored(kubectl, "hf-token")["data"]["token"]).decode() == TOKEN


@pytest.mark.parametrize("fault", [drop, answer(503, b"no backend")], ids=["drop", "gateway"])
async def test_a_lost_request_is_said_to_be_not_known(proxy: Proxy, proxied: Clusters, fault: Fault) -> None:
    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(forward, fault)
        await person.press("ctrl+s")
        await person.reads("no secret hf-token so far, but it may still be created", f"{len(TOKEN)} bytes")
        assert created(proxy) == 1
        await save(person, "hf-token")


async def test_what_cannot_be_known_is_said(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(forward, cut_after(1), drop, drop)
        await person.press("ctrl+s")
        await person.sees("Not known whether it was done", "look at the list before", f"{len(TOKEN)} bytes")
        assert created(proxy) == 1
        await person.press("ctrl+s")
        await person.sees("There is a secret hf-token in llm-serving already.")
        assert created(proxy) == 1
    assert b64decode(stored(kubectl, "hf-token")["data"]["token"]).decode() == TOKEN


async def test_what_somebody_else_made_meanwhile_is_not_taken_for_ones_own(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async def be_faster(_: Exchange) -> None:
        await asyncio.to_thread(kubectl, "create", "secret", "generic", "hf-token", "--from-literal=token=theirs")

    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(forward, be_faster)
        await person.press("ctrl+s")
        await person.sees("Not known whether it was done", "someone else seems to have made")


async def test_saving_twice_at_once_sends_once(proxy: Proxy, proxied: Clusters) -> None:
    go_on = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await go_on.wait()
        await forward(exchange)

    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(wait)
        await person.press("ctrl+s", "ctrl+s", "escape")
        await person.sees("Asking the cluster whether it may be created")
        go_on.set()
        await person.sees("hf-token was created.")
        posts = [
            request for request in proxy.requests if request.path.endswith("/secrets") and request.method == "POST"
        ]
        assert [request.query.get("dryRun") for request in posts] == ["All", None]


async def test_what_comes_while_it_is_saved_is_not_saved(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    go_on = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await go_on.wait()
        await forward(exchange)

    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.default = wait
        await person.press("ctrl+s")
        await person.sees("Asking the cluster who you are")
        await person.type("late")
        person.app.post_message(events.Paste("pasted late"))
        await person.press("shift+tab", "x", "tab", "x", "ctrl+u")
        await person.sees(f"{len(TOKEN)} bytes")
        go_on.set()
        await person.sees("hf-token was created.")
    stored = json.loads(kubectl("get", "secret", "hf-token", "-o", "json"))
    assert b64decode(stored["data"]["token"]).decode() == TOKEN


async def test_what_is_typed_after_a_refusal_goes_where_it_went_before(proxy: Proxy, proxied: Clusters) -> None:
    async with form(proxied, 1) as person:
        await enter(person, TOKEN)
        proxy.next(answer(403, b'{"kind":"Status","reason":"Forbidden","message":"you may not","code":403}'))
        await person.press("ctrl+s")
        await person.sees("you may not")
        await person.type("more")
        await person.sees(f"{len(TOKEN) + 4} bytes")


LIMIT = 1024 * 1024
DEEP = '{"auths":' * 10_000
TOO_LONG = f"It is too long: {LIMIT + 1:,} bytes, where a secret holds at most {LIMIT:,}."


BAD_INPUT = {
    (1, 0, ()): [
        ("x" * (LIMIT + 1), TOO_LONG),
        ("hf_\x00\x1b[31m", "It has control characters in it."),
        (" \n ", "It is nothing but white space."),
    ],
    (5, 0, ("key", "tab")): [
        ("x" * (LIMIT + 1), TOO_LONG),
    ],
    (3, 0, ()): [
        ("x" * (LIMIT + 1), TOO_LONG),
        ("gh cr.io", "A registry's address has no white space."),
    ],
    (2, 0, ()): [
        ("AK IA", "It has white space in it."),
    ],
    (3, 1, ()): [
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
    (5, 0, ()): [
        ("🔑", "A key's name has letters, digits, - . and _ only."),
        ("..data", "A key's name may not begin with two dots, nor be one."),
    ],
}
"""By use case, way, and the keys that lead to a field: what is entered there, and what is said of it."""
ODD_INPUT = {
    (3, 1, ()): [
        ('{"auths":{"a.io":{"auth":"bm9jb2xvbg=="}}}', "the login of 1 of its 1 registries cannot be read"),
        ('{"auths":{"a.io":{"auth":"dTpw"},"b.io":{}}}', "It has no login for 1 of its 2 registries"),
        ('{"auths":{"a.io":{"auth":"dTo=","identitytoken":"t"}}}', "Image pulls ignore identity tokens"),
    ],
    (4, 0, ()): [
        ("postgresql://u:p@ss@h/d", "There is an @ in the user or the password: write it as %40."),
        ("postgresql://u:ee%jd@h/d", "There is a % in the user or the password: write it as %25."),
        ("localhost/db", "A connection string begins with its kind, as in postgresql://."),
    ],
    (5, 0, ("key", "tab")): [
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
    place: tuple[int, int, tuple[str, ...]],
    cases: list[tuple[str, str]],
    title: str,
) -> None:
    use_case, way, keys = place
    async with form(clusters, use_case, way) as person:
        entry_form = USE_CASES[use_case - 1].entry_forms[way]
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
                await person.sees("Will be made in")
                await enter(person, *path_to(use_case, number))
                await person.press("ctrl+s")
                await person.sees(f"Not saved: {required[0].title}: it is missing.")
                assert person.text().count("It is missing.") == len(required)
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
    async with form(clusters, 1) as person:
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
    async with form(clusters, 1) as person:
        await take_file(person, tmp_path / "latin1")
        await person.sees("from latin1", "8 bytes, binary", "It is not text in UTF-8.")
        await take_file(person, tmp_path / "token")
        await person.sees("from token", "It ends with a line end — ctrl+t corrects it.")


@pytest.mark.parametrize(("use_case", "first"), [(3, "ghcr.io"), (5, "api-key")])
async def test_what_is_there_twice_is_said_until_it_is_not(clusters: Clusters, use_case: int, first: str) -> None:
    async with form(clusters, use_case) as person:
        await enter(person, first, "ctrl+n", first)
        await person.sees(f"{first[:1].upper()}{first[1:]} is there twice.")
        await enter(person, "2")
        await person.loses("is there twice")
        await person.press("backspace")
        await person.sees("is there twice")
        await enter(person, *["tab"] * (len(USE_CASES[use_case - 1].entry_forms[0].fields) // 2))
        await person.press("ctrl+x")
        await person.loses("is there twice")


async def test_keys_of_different_fields_must_differ(clusters: Clusters) -> None:
    async with form(clusters, 2) as person:
        await enter(person, "a", "tab", "b", "shift+tab")
        await rename(person, "access-key")
        await person.sees("Access-key is there twice.")
    async with form(clusters, 4, 1) as person:
        await enter(person, "tab", "h", "shift+tab")
        await rename(person, "uri")
        await person.sees("Uri is there twice.")


async def test_rows_together_may_not_be_too_long(clusters: Clusters) -> None:
    async with form(clusters, 5) as person:
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
    async with form(clusters, 5) as person:
        await enter(person, "first", "tab", "value")
        for _ in range(33):
            await enter(person, *["ctrl+n"] * 3)
        await enter(person, "last", "tab", "value", "ctrl+n", "+")
        await person.sees("A form has at most 100 rows.", "last", "6 bytes")
        await person.press("ctrl+s")
        await person.sees("Not saved: Key: it is missing.", "first", "5 bytes")


WRONG_LABELS = {
    "=x": "not a label's key.",
    "a=ü": "A: a label's value has letters, digits, - . and _.",
    "a=b a=c": "A is there twice.",
    "a..b/c=d": "A..b/c: not a label's key, by what is before the /.",
    f"a={'x' * 64}": "A: a label's value has at most 63 characters.",
}


async def test_labels_are_checked_as_one_types(clusters: Clusters) -> None:
    async with form(clusters, 1) as person:
        await enter(person, TOKEN, "tab")
        for typed, sentence in WRONG_LABELS.items():
            await enter(person, typed)
            await person.sees(sentence)
            await person.press("ctrl+s")
            await person.sees("Not saved: Labels")
            await person.press("ctrl+u")
        await enter(person, "a=b c")
        await save(person, "hf-token")

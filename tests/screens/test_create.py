"""What a new secret has in it: as kubectl would make it of the same values."""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kubectl
from tests.screens.forms import (
    AUTHS,
    TOKEN,
    enter,
    form,
    past,
    paste,
    path_to,
    rename,
    sample,
    save,
    take_file,
)
from tests.stored import stored
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.use_cases.encoders import database_parts, docker_auths
from wbtui.domain.use_cases.model import EntryForm, Preset, UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Clusters

CREATOR = "demo@example.com"
LABEL = "airm.silogen.ai/use-case"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n\n  kept  \n-----END PRIVATE KEY-----\n"


CASES = [
    pytest.param(use_case, way, preset, id=f"{use_case.value}-{way.title}-{preset.title if preset else 'only'}")
    for use_case in USE_CASES
    for way in use_case.entry_forms
    for preset in way.presets or (None,)
]


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
    async with form(clusters, "ImagePullSecret") as person:
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
    async with form(clusters, "Generic") as person:
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
    async with form(clusters, "Generic") as person:
        await enter(person, "key", "tab")
        await take_file(person, tmp_path / "old")
        await person.sees("from old, 11 bytes")
        await enter(person, *"new")
        await person.loses("from old")
        await save(person, "secret")
    assert b64decode(stored(kubectl, "secret")["data"]["key"]) == b"new"


async def test_immutable_and_further_labels(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, TOKEN, "tab", "tab", "team=a example.com/stage=test", "tab", "2")
        await save(person, "hf-token")
    made = stored(kubectl, "hf-token")
    assert made["immutable"] is True
    assert made["metadata"]["labels"] == {LABEL: "HuggingFace", "team": "a", "example.com/stage": "test"}


async def test_keys_can_be_named(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "S3") as person:
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
    async with form(clusters, "HuggingFace") as person:
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

from tests.screens.forms import enter, form, save
from wbtui.cluster.clusters import KubernetesClusters, Preferences

async def main():
    async with form(KubernetesClusters(Preferences(sys.argv[1]))) as person:
        await enter(person, "tab", digit, "tab", "2", "tab", "me", "tab", "s3cret")
        await person.sees("For searches. Little is enough.", "use case VectorStore, keys THEIR_KEY, account")
        await save(person, "vectors")
        await person.press(digit)
        await person.sees(f"[{digit} Vectors 1]", "1 of 28")

asyncio.run(main())
"""


def test_one_more_use_case_is_one_entry(kubeconfig: Path, kubectl: Kubectl) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", ONE_MORE, str(kubeconfig)], check=True, timeout=60)
    made = stored(kubectl, "vectors")
    assert made["metadata"]["labels"] == {LABEL: "VectorStore"}
    assert made["data"] == {"account": b64encode(b"me").decode(), "THEIR_KEY": b64encode(b"s3cret").decode()}


async def test_each_kind_of_database_has_its_port_and_its_connection_string(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with form(clusters, "Database", 1) as person:
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
    async with form(clusters, "Generic") as person:
        await enter(person, "A", "ctrl+n", "B", "tab", "b")
        await person.press("ctrl+s")
        await person.reads("Not saved yet: Value: it is empty. Press ctrl+s again to save anyway")
        await save(person, "secret")
    kubectl("create", "secret", "generic", "expected", "--from-literal=A=", "--from-literal=B=b")
    assert stored(kubectl, "secret")["data"] == stored(kubectl, "expected")["data"]


async def test_the_docker_configuration_at_home_is_offered(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    config = tmp_path / ".docker" / "config.json"
    config.parent.mkdir()
    config.write_text(json.dumps(AUTHS, indent=4))
    async with form(clusters, "ImagePullSecret", 1) as person:
        await person.press("ctrl+o")
        await person.sees("~/.docker/config.json", "Enter reads it")
        await person.press("enter")
        await person.sees("from config.json", "valid JSON")
        await save(person, "image-pull")
    assert b64decode(stored(kubectl, "image-pull")["data"][".dockerconfigjson"]) == config.read_bytes()

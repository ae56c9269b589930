"""Text from a cluster is data: whatever it holds, it neither commands the terminal nor shifts a column."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len, split_graphemes

from tests.conftest import NOW
from tests.screens.driving import Session, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.apiserver.kinds.table import NAMESPACES, SECRETS
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.text import plain
from wbtui.repository import Clusters

HOSTILE = {
    "markup": "[bold red]x[/] [@click=app.quit]y[/] [/nothing] \\[z",
    "newlines": "one\ntwo\r\nthree\rfour\u2028five\x0bsix\x85seven",
    "ansi": "\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b31m",
    "clipboard": "\x1b]52;c;aGFja2Vk\x07",
    "bidi": "\u202eevil\u2066\u200f\u061c",
    "emoji": "👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 日本語 한국어",
    "combining": "e\u0301\u0301\u0301 z\u0351\u0352\u0310 \u0e33\u0bcd",
    "invisible": "a\u200bb\ufeffc\u00add\u180ee\ue000f\ufff9",
    "controls": "".join(map(chr, range(32))) + "\x7f",
    "long": "n" * 253,
}


def _secret(name: str, text: str, **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "Opaque",
        "data": {},
        "metadata": {
            "name": name,
            "namespace": "default",
            "uid": f"uid-{name}",
            "creationTimestamp": "2026-10-01T00:00:00Z",
            "annotations": {"airm.silogen.ai/submitter": text, "note": text},
            "labels": {"airm.silogen.ai/use-case": text, "team": text},
            "ownerReferences": [{"apiVersion": text, "kind": text, "name": text, "uid": "u"}],
            "finalizers": [text],
            "managedFields": [{"manager": text, "operation": text, "time": "2026-10-01T00:00:00Z"}],
            **metadata,
        },
    }


@pytest.fixture
def clusters(tmp_path: Path) -> Iterator[Clusters]:
    """A cluster that says the worst."""
    with BackgroundCluster(sample=False, now=lambda: NOW) as cluster:
        store = cluster.cluster.store
        store.load(SECRETS, [_secret(f"s-{name}", text) for name, text in HOSTILE.items()])
        store.load(SECRETS, [_secret("n" * 253, "plain"), _secret(f"t-{HOSTILE['ansi']}[/]", "plain")])
        store.load(SECRETS, [{"metadata": {"name": "s-bare", "namespace": "default", "uid": "bare"}}])
        store.load(NAMESPACES, [_project(text) for text in HOSTILE.values()])
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(cluster.kubeconfig()))
        yield KubernetesClusters(Preferences(str(path)))


def _project(name: str) -> dict[str, Any]:
    labels = {"airm.silogen.ai/project-id": "1"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "uid": name, "labels": labels}}


def assert_harmless(person: Session) -> None:
    """Each line is as wide as the screen, and nothing in it commands, hides, or turns round."""
    width, height = person.app.size
    strips = person.app.screen._compositor.render_strips()  # noqa: SLF001  there is no other way to read a screen
    assert len(strips) == height
    for strip in strips:
        assert cell_len(strip.text) == width
        assert all(character.isprintable() for character in strip.text.replace("\u200d", "")), repr(strip.text)
        assert not set("\ufe0f\u200b\u202e\ue000") & set(strip.text)
        assert plain(strip.text) == strip.text
        spans, _ = split_graphemes(strip.text)
        assert all(cells in {1, 2} for _, _, cells in spans), repr(strip.text)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 36), (300, 40)])
async def test_the_table_stays_in_line(clusters: Clusters, size: tuple[int, int]) -> None:
    async with session(clusters, size=size) as person:
        await person.sees("live", "13 secrets")
        assert_harmless(person)
        titles = person.line("NAME ^")
        for line in person.lines()[3:13]:
            for title in ("USE CASE", "CREATED BY", "STATE"):
                if (start := titles.find(title)) > 0:
                    assert _cells(line, start - 2, start) == "  ", line


def _cells(line: str, start: int, end: int) -> str:
    found, position = "", 0
    for first, last, cells in split_graphemes(line)[0]:
        if start <= position < end:
            found += line[first:last]
        position += cells
    return found.ljust(end - start)


async def test_details_are_harmless(clusters: Clusters) -> None:
    async with session(clusters, size=(100, 60)) as person:
        await person.sees("live")
        for name in person.names():
            await person.press("enter")
            await person.sees("esc Back", f"│ {name[:40].rstrip('…')}")
            assert_harmless(person)
            await person.press("G")
            await person.sees("Values are never shown")
            assert_harmless(person)
            await person.press("escape", "j")
            await person.loses("esc Back")


async def test_markup_is_read_as_it_stands(clusters: Clusters) -> None:
    async with session(clusters, size=(200, 60)) as person:
        await person.sees("live", "[bold red]x[/]")
        await person.goes_to("s-markup")
        await person.press("enter")
        await person.sees(HOSTILE["markup"], "finalizers")


async def test_choosers_headers_and_notices_are_harmless(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("p")
        await person.sees("[bold red]x[/]")
        assert_harmless(person)
        await person.press("up", "enter")
        await person.loses("Go to a project")
        await person.loses("13 secrets", "› default")
        assert_harmless(person)
        await person.press("colon", *"ns", "space", *"[b]x", "enter")
        await person.sees("[b]x")
        assert_harmless(person)


async def test_a_notice_with_markup_is_only_text(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        for name in ("[/b]", "[bold red]x[/]", "[@click=app.quit]y"):
            await person.type(f":secret {name}\n")
            await person.sees(f"No secret can be called {name}.")


async def test_copying_a_hostile_name_sends_it_encoded_and_shows_it_harmless(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("G", "c")
        await person.sees("sent to your terminal")
        assert_harmless(person)


async def test_an_enormous_annotation_can_be_looked_at(tmp_path: Path) -> None:
    with BackgroundCluster(sample=False, now=lambda: NOW) as cluster:
        cluster.cluster.store.load(SECRETS, [_secret("big", "x", annotations={"big": "words and " * 26_214})])
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(cluster.kubeconfig()))
        async with session(KubernetesClusters(Preferences(str(path)))) as person:
            await person.sees("live", "big")
            await person.press("enter")
            await person.sees("words and words and")
            await person.press("end")
            await person.sees("Values are never shown")
            assert_harmless(person)

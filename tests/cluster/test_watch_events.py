"""What a watch says, in whatever pieces it comes, is what is there in the end."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.cluster.conftest import Follow
from tests.conftest import Kubectl
from wbtui.cluster.connection import whole_lines
from wbtui.cluster.secrets import TableReader
from wbtui.cluster.watch_events import net_changes
from wbtui.domain.index import SecretIndex
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.projects import Scope
from wbtui.news import Changes, WatchOpened

COLUMNS = [{"name": "Name"}, {"name": "Type"}, {"name": "Data"}, {"name": "Age"}]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, str, int]]:
    """Return what happens to a few secrets: each is added, changed, deleted, and what has a selector may come back."""
    there: set[str] = set()
    events = []
    for version, uid in enumerate(draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=30)), 1):
        kind = draw(st.sampled_from(["MODIFIED", "DELETED"])) if uid in there else "ADDED"
        (there.discard if kind == "DELETED" else there.add)(uid)
        events.append((kind, uid, version))
    return events


def line(kind: str, uid: str, version: int) -> bytes:
    metadata = {"uid": uid, "name": f"secret-{uid}", "namespace": "default", "resourceVersion": str(version)}
    row = {"cells": [f"secret-{uid}", "Opaque", 1, "1s"], "object": {"metadata": metadata}}
    table = {"kind": "Table", "metadata": {"resourceVersion": str(version)}, "rows": [row]}
    if version == 1:
        table["columnDefinitions"] = COLUMNS
    return json.dumps({"type": kind, "object": table}).encode() + b"\n"


def what_is_there(history: list[tuple[str, str, int]]) -> dict[str, str]:
    """Return the version of each secret that is there after a history, told event by event."""
    there: dict[str, str] = {}
    for kind, uid, version in history:
        if kind == "DELETED":
            del there[uid]
        else:
            there[uid] = str(version)
    return there


@given(histories(), st.data())
def test_rows_are_what_is_there_however_the_stream_is_cut(
    history: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    stream = b"".join(line(*event) for event in history)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=12)) | {0, len(stream)})

    async def chunks() -> AsyncIterator[bytes]:
        for start, end in pairwise(cuts):
            yield stream[start:end]

    async def rows() -> SecretIndex:
        index, reader = SecretIndex(), TableReader(Prefixes())
        async for lines in whole_lines(chunks()):
            if changes := net_changes(map(reader.event, lines.splitlines())):
                index.update(changes.changed, changes.deleted)
        return index

    assert {secret.uid: secret.resource_version for secret in asyncio.run(rows())} == what_is_there(history)


async def test_what_was_made_and_deleted_before_it_was_read_leaves_no_row(follow: Follow, kubectl: Kubectl) -> None:
    index = SecretIndex()
    async with follow(Scope("default")) as news:
        await news.until(WatchOpened)
        for name in ("brief", "brief-too"):
            kubectl("create", "secret", "generic", name, "-n", "default")
            kubectl("label", "secret", name, "team=a", "-n", "default")
            kubectl("delete", "secret", name, "-n", "default")
        kubectl("create", "secret", "generic", "stays", "-n", "default")
        while not index.has("default", "stays"):
            changes = await news.first(Changes)
            index.update(changes.changed, changes.deleted)
    assert [secret.name for secret in index] == ["stays"]


def test_what_goes_and_comes_back_at_once_is_there() -> None:
    reader = TableReader(Prefixes())
    history = [("ADDED", "a", 1), ("DELETED", "a", 2), ("ADDED", "a", 3), ("DELETED", "b", 4)]
    changes = net_changes(reader.event(line(*event)) for event in history)
    assert changes
    assert [(secret.uid, secret.resource_version) for secret in changes.changed] == [("a", "3")]
    assert changes.deleted == ("b",)

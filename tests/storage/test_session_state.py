import json
from pathlib import Path
from typing import Any

import pytest

from wbtui.storage.session_state import SessionState


def test_what_was_chosen_is_there_in_the_next_session(tmp_path: Path) -> None:
    path = tmp_path / "state" / "choices.json"
    SessionState(path, {"demo": "llm-serving", "ä\ud800": "x"}, order="age", reverse=True, helm=True).save()
    loaded = SessionState.load(path)
    assert loaded == SessionState(path, {"demo": "llm-serving", "ä\ud800": "x"}, "age", reverse=True, helm=True)
    assert [file.name for file in path.parent.iterdir()] == ["choices.json"]


def test_what_is_chosen_later_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "choices.json"
    for order in ("age", "creator"):
        SessionState(path, order=order).save()
    assert SessionState.load(path).order == "creator"


def test_without_a_file_choices_live_in_memory_alone() -> None:
    state = SessionState(order="age")
    state.save()
    assert state == SessionState(order="age")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"null", b"[1]", b'"x"', b"[" * 100_000, b'{"projects": {"a":'], ids=range(8)
)
def test_a_corrupt_file_is_as_if_there_were_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "choices.json"
    path.write_bytes(content)
    assert SessionState.load(path) == SessionState(path)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"order": "size"}, {}),
        ({"order": 5, "reverse": 1, "helm": "yes", "projects": ["a"]}, {}),
        ({"reverse": True, "order": None}, {"reverse": True}),
        ({"projects": {"a": 5, "b": None}}, {"projects": {"a": "5", "b": "None"}}),
        ({"path": "/elsewhere", "unknown": {}, "helm": True}, {"helm": True}),
    ],
)
def test_what_does_not_fit_is_left_out(tmp_path: Path, said: Any, expected: dict[str, Any]) -> None:
    path = tmp_path / "choices.json"
    path.write_text(json.dumps(said))
    assert SessionState.load(path) == SessionState(path, **expected)


@pytest.mark.parametrize("place", ["file/choices.json", "folder"])
def test_a_place_that_cannot_be_written_costs_nothing_but_the_memory(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "full").mkdir(parents=True)
    path = tmp_path / place
    SessionState(path, order="age").save()
    assert SessionState.load(path) == SessionState(path)

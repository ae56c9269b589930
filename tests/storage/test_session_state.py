import json
from pathlib import Path
from typing import Any

import pytest

from wbtui.storage.files import PrivateFile
from wbtui.storage.problems import Problems
from wbtui.storage.session_state import SessionState


def told(problems: Problems) -> list[str]:
    """Return what was reported, and all that is reported from now on."""
    sentences: list[str] = []
    problems.listen(sentences.append)
    return sentences


def test_what_was_chosen_is_there_in_the_next_session(tmp_path: Path) -> None:
    path = tmp_path / "state" / "choices.json"
    projects = {"demo": "llm-serving", "ä\ud800": "x"}
    state = SessionState(PrivateFile(path), projects, order="age", reverse=True, helm=True)
    state.save()
    assert SessionState.load(path) == state
    assert [file.name for file in path.parent.iterdir()] == ["choices.json"]


def test_what_is_chosen_later_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "choices.json"
    for order in ("age", "creator"):
        SessionState(PrivateFile(path), order=order).save()
    assert SessionState.load(path).order == "creator"


def test_looking_at_all_projects_forgets_the_last_one_of_no_context(tmp_path: Path) -> None:
    path = tmp_path / "choices.json"
    state = SessionState(PrivateFile(path))
    for namespace in ("llm-serving", None):
        state.remember("demo", namespace, helm=namespace is None)
    assert SessionState.load(path).projects == state.projects == {"demo": "llm-serving"}
    assert SessionState.load(path).helm


def test_without_a_file_it_lives_in_memory_alone() -> None:
    state = SessionState(order="age")
    state.save()
    assert state == SessionState(order="age")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"null", b"[1]", b'"x"', b"[" * 100_000, b'{"projects": {"a":'], ids=range(8)
)
def test_a_corrupt_file_is_as_if_there_were_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "choices.json"
    path.write_bytes(content)
    state = SessionState.load(path)
    assert state == SessionState(PrivateFile(path))
    state.remember("demo", "research", helm=False)
    assert SessionState.load(path).projects == {"demo": "research"}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ({"order": "size"}, {}),
        ({"order": 5, "reverse": 1, "helm": "yes", "projects": ["a"]}, {}),
        ({"reverse": True, "order": None}, {"reverse": True}),
        ({"projects": {"a": 5, "b": None, "c": "research"}}, {"projects": {"c": "research"}}),
        ({"file": "/elsewhere", "problems": 5, "unknown": {}, "helm": True}, {"helm": True}),
    ],
)
def test_what_does_not_fit_is_left_out(tmp_path: Path, entries: Any, expected: dict[str, Any]) -> None:
    path = tmp_path / "choices.json"
    path.write_text(json.dumps(entries))
    assert SessionState.load(path) == SessionState(PrivateFile(path), **expected)


def test_what_is_not_ours_is_neither_read_nor_written_and_told_once(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "choices.json", tmp_path / "elsewhere"
    SessionState(PrivateFile(elsewhere), order="age").save()
    path.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    problems = Problems()
    state = SessionState.load(path, problems)
    sentences = told(problems)
    for project in ("research", "training"):
        state.remember("demo", project, helm=False)
    assert state.order == "name"
    assert (path.readlink(), elsewhere.read_bytes()) == (elsewhere, before)
    assert sentences == [
        f"Nothing is remembered between sessions: {path} is not used: it is a symbolic link, not a file"
    ]


def test_a_place_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    problems = Problems()
    state = SessionState.load(tmp_path / "file" / "choices.json", problems)
    for project in ("research", "training"):
        state.remember("demo", project, helm=False)
    (sentence,) = told(problems)
    assert "Nothing is remembered between sessions" in sentence
    assert "Not a directory" in sentence

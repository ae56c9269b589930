from datetime import UTC, datetime
from typing import Any

import pytest

from wbtui.domain.secret import FieldsChange, Owner, Secret
from wbtui.domain.secret_changes import change_in_words

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
BEFORE = Secret(uid="1", namespace="n", name="s", resource_version="1", keys=("a", "b"), labels={"x": "y"})
WHO = (FieldsChange("kubectl-edit", "Update", MOMENT),)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "It was changed."),
        ({"changes": WHO}, "It was changed by kubectl-edit at 2026-11-01 12:00:00 UTC."),
        ({"keys": ("a", "c")}, "It was changed: new keys c; keys gone b."),
        ({"keys": None}, "It was changed."),
        ({"immutable": True}, "It was changed: it is immutable now."),
        ({"owners": (Owner("v1", "Boss", "b", "2"),)}, "It was changed: Boss b manages it now."),
        ({"labels": {}}, "It was changed: its labels differ."),
        ({"deleted": MOMENT}, "Its deletion was requested at 2026-11-01 12:00:00 UTC."),
        ({"uid": "2"}, "It was deleted, and another one of the same name was created."),
        (
            {"uid": "2", "changes": WHO},
            "It was deleted, and another one of the same name was created by kubectl-edit at 2026-11-01 12:00:00 UTC.",
        ),
    ],
)
def test_what_became_of_a_secret_is_said(changed: dict[str, Any], words: str) -> None:
    assert change_in_words(BEFORE, BEFORE._replace(resource_version="2", **changed)) == words

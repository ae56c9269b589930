from typing import Any

import pytest

from tests.conftest import NOW
from tests.domain.samples import days_ago, secret
from wbtui.domain.projects import Scope
from wbtui.domain.secret import STATES, FieldsChange, Owner, Secret, State
from wbtui.domain.secret_types import DOCKER_CONFIG, HELM_RELEASE
from wbtui.domain.syncing import ExternalSource, WrittenBy
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES

OWNERS = (Owner("v1", "ExternalSecret", "vault", "1"), Owner("v1", "Cluster", "pg", "2"))
DULL = {"use_case": "Generic"}


@pytest.mark.parametrize(
    ("parts", "words", "sentence"),
    [
        (DULL, "", ""),
        ({"deleted": NOW, **DULL}, "terminating", "in progress"),
        ({"deleted": NOW, "finalizers": ("a/b", "c"), **DULL}, "terminating", "waits for a/b, c"),
        (
            {"deleted": NOW, "finalizers": ("a" * 300,), **DULL},
            "terminating",
            f"it waits for {'a' * 199}….",
        ),
        ({"copied_in_annotation": True, **DULL}, "copied", "kubectl apply"),
        ({"owners": OWNERS, **DULL}, "managed", "ExternalSecret vault and Cluster pg"),
        ({"immutable": True, **DULL}, "immutable", "under a new name"),
        ({"use_case": "HuggingFace", "type": DOCKER_CONFIG}, "wrongtype", DOCKER_CONFIG),
        ({"use_case": "ImagePullSecret", "type": ""}, "", ""),
        ({"use_case": "Unheard-of"}, "unknown", "no use case Unheard-of"),
        ({"managers_label": True, **DULL}, "airm", "airm.silogen.com/use-case"),
        ({}, "unlabelled", "the Workbench lists it, but offers it nowhere"),
        ({"type": HELM_RELEASE}, "", ""),
        ({"deleted": NOW, "owners": OWNERS, "immutable": True}, "terminating managed immutable unlabelled", ""),
    ],
)
def test_what_is_special_is_said_the_most_important_first(parts: dict[str, Any], words: str, sentence: str) -> None:
    special = secret(**parts)
    assert [state.word for state in special.states] == words.split()
    assert sentence in " ".join(state.sentence(special) for state in special.states)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.word)
def test_a_state_has_a_word_to_filter_by_and_a_sentence(state: State) -> None:
    made = secret(owners=OWNERS, use_case="x", deleted=NOW, written_by="you may not list them")
    assert state.word.isalpha()
    assert state.sentence(made).endswith((".", "reads them."))


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda use_case: use_case.value)
def test_a_secret_as_the_workbench_makes_it_is_nothing_special(use_case: UseCase) -> None:
    value, kind = use_case.value, use_case.type
    assert secret(use_case=value, type=kind).states == ()


def test_the_last_change_is_the_latest_that_has_a_time() -> None:
    changes = (
        FieldsChange("a", "Update", days_ago(2)),
        FieldsChange("b", "Apply", days_ago(1)),
        FieldsChange("c", "Update", None),
    )
    assert secret(changes=changes).last_change == changes[1]
    assert secret(changes=changes[2:]).last_change is None
    assert secret().last_change is None


def test_an_owner_brief_names_its_kind() -> None:
    managed: Secret = secret(owners=OWNERS, **DULL)
    assert [state.brief(managed) for state in managed.states] == ["managed by ExternalSecret"]


@pytest.mark.parametrize(("namespace", "title"), [("team-a", "team-a"), (None, "all projects"), ("", "")])
def test_a_scope_has_a_title(namespace: str | None, title: str) -> None:
    assert Scope(namespace).title == title


def written(ready: bool | None, reason: str) -> ExternalSource:  # noqa: FBT001  a value of the table below
    return ExternalSource("from-vault", "Owner", "SecretStore vault", (), ready, reason, "", None)


@pytest.mark.parametrize(
    ("written_by", "brief"),
    [
        ((written(ready=True, reason="SecretSynced"),), "in sync: SecretSynced"),
        ((written(ready=False, reason="SecretSyncedError"),), "failed: SecretSyncedError"),
        ((written(ready=True, reason="SecretSynced"), written(ready=False, reason="X")), "failed: X"),
        ((written(ready=None, reason=""),), "sync not known"),
        ("you may not list them", "sync not known"),
    ],
)
def test_the_result_of_a_sync_is_that_of_the_condition(written_by: WrittenBy, brief: str) -> None:
    marked = secret(annotations={"reconcile.external-secrets.io/data-hash": "abc"}, written_by=written_by)
    assert next(state.brief(marked) for state in marked.states) == brief


def test_a_mark_that_was_copied_says_nothing_of_a_sync() -> None:
    marks = {"reconcile.external-secrets.io/data-hash": "abc", "meta.helm.sh/release-name": "web"}
    copy = secret(annotations=marks, written_by=())
    assert [sync.tool for sync in copy.syncs] == ["Helm"]
    assert [sync.tool for sync in copy._replace(written_by=None).syncs] == ["External Secrets"]

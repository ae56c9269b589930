"""What the same values mean for each of several secrets."""

from dataclasses import replace

import pytest

from tests.domain.samples import secret
from wbtui.domain.batch import key_changes, refusal_of, replacement_for
from wbtui.domain.replacement import Replacement, relabelled
from wbtui.domain.sealed import Sealed
from wbtui.domain.secret import Owner, Secret
from wbtui.domain.use_cases.table import GENERIC

FIRST = secret(keys=("a",))


def entered(*, whole: bool = False) -> Replacement:
    draft = relabelled(FIRST, GENERIC).draft
    form = GENERIC.entry_forms[0]
    entry = {form.fields[0].name: Sealed(b"a"), form.fields[1].name: Sealed(b"new")}
    return Replacement(FIRST, replace(draft, entries=(entry,), entry_form=form), whole)


def test_each_secret_keeps_its_place_its_creator_and_its_immutability() -> None:
    other = secret("other", namespace="team-b", creator="ann", immutable=True, labels={"airm/project-secret-id": "7"})
    replacement = replacement_for(other, entered())
    draft = replacement.draft
    assert (replacement.secret, replacement.whole) == (other, False)
    assert (draft.namespace, draft.name, draft.type, draft.creator) == ("team-b", "other", "Opaque", "ann")
    assert draft.immutable
    assert not draft.labels  # a replacement carries none from one secret to another
    assert draft.data() == {"a": b"new"}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (secret("other"), ""),
        (secret("other", immutable=True), "it is immutable: rotate it by itself"),
        (secret("other", owners=(Owner("v1", "ExternalSecret", "e", "1"),)), "ExternalSecret e manages it"),
        (secret("other", type="kubernetes.io/tls"), ""),
    ],
)
def test_what_cannot_get_the_values_says_why(other: Secret, reason: str) -> None:
    said = refusal_of(replacement_for(other, entered()))
    assert said.startswith(reason)
    assert bool(said) == bool(reason)


@pytest.mark.parametrize(
    ("keys", "whole", "said"),
    [
        (("a", "b"), False, ""),
        (("a", "b"), True, "removes b"),
        (("b",), True, "adds a; removes b"),
        (("b",), False, "adds a"),
        (None, True, ""),
    ],
)
def test_keys_that_come_and_go_are_said(keys: tuple[str, ...] | None, said: str, *, whole: bool) -> None:
    assert key_changes(replacement_for(secret("other", keys=keys), entered(whole=whole)), {"a"}) == said

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.domain.names import key_problem, label_problem, name_problem, suggested_name

LABEL = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
"""As Kubernetes has them."""
TEXT = st.text("abYZ09-._/=é \n", max_size=8) | st.text(max_size=4)


@given(TEXT)
def test_a_name_is_right_by_the_guides_rule_alone(name: str) -> None:
    assert (not name_problem(name)) is bool(re.fullmatch(r"[a-z][-a-z0-9]{0,251}[a-z0-9]", name))


@pytest.mark.parametrize(("length", "right"), [(1, False), (2, True), (253, True), (254, False)])
def test_a_name_has_2_to_253_characters(length: int, right: bool) -> None:  # noqa: FBT001
    assert (not name_problem("a" * length)) is right


@given(TEXT)
def test_a_key_is_right_where_the_cluster_takes_it(key: str) -> None:
    assert (not key_problem(key)) is bool(re.fullmatch(r"(?!\.\.)(?!\.$)[-._a-zA-Z0-9]+", key) and key != ".")


def test_a_key_has_at_most_253_characters() -> None:
    assert not key_problem("k" * 253)
    assert "not 254" in key_problem("k" * 254)


@given(TEXT, TEXT)
def test_a_label_is_right_where_the_cluster_takes_it(key: str, value: str) -> None:
    prefix, slash, name = key.rpartition("/")
    right = re.fullmatch(LABEL, name) and (not slash or re.fullmatch(SUBDOMAIN, prefix))
    assert (not label_problem(key, value)) is bool(right and (not value or re.fullmatch(LABEL, value)))


@pytest.mark.parametrize(
    ("key", "value", "right"),
    [
        ("k" * 63, "", True),
        ("k" * 64, "", False),
        ("k", "v" * 63, True),
        ("k", "v" * 64, False),
        (f"{'p' * 253}/k", "", True),
        (f"{'p' * 254}/k", "", False),
    ],
)
def test_a_label_has_its_lengths(key: str, value: str, right: bool) -> None:  # noqa: FBT001
    assert (not label_problem(key, value)) is right


def test_a_suggestion_counts_on_until_it_is_free() -> None:
    assert suggested_name("hf-token", ()) == "hf-token"
    assert suggested_name("hf-token", {"hf-token", "hf-token-2", "hf-token-4"}) == "hf-token-3"


def test_a_missing_name_is_told_for_what_it_is() -> None:
    assert name_problem("") == "a secret needs a name"
    assert name_problem("", "service") == "a service needs a name"

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.domain.display_name import (
    annotation,
    another_name,
    both_names,
    derived_name,
    display_name_in,
    display_name_problem,
    generated_name,
    is_kubernetes_name,
    kubernetes_name_problem,
)

KEY = annotation("aiwb.apps.eai.amd.com")
SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
"""As Kubernetes has it."""


@pytest.mark.parametrize(
    ("annotations", "right"),
    [
        ({}, ""),
        ({KEY: "My token"}, "My token"),
        ({KEY: "hf-token"}, ""),
        ({KEY: ""}, ""),
        ({KEY: " \t"}, ""),
        ({"airm.silogen.ai/display-name": "My token"}, ""),
        ({KEY: "x" * 253}, "x" * 253),
        ({KEY: "x" * 100_000}, "x" * 253 + "…"),
    ],
)
def test_a_display_name_is_what_the_annotation_adds_to_the_name(annotations: dict[str, str], right: str) -> None:
    assert display_name_in(annotations, KEY, "hf-token") == right


def test_both_names_are_shown_where_they_differ() -> None:
    assert both_names("My token", "wb-secret-12ab34cd") == "My token (wb-secret-12ab34cd)"
    assert both_names("", "hf-token") == "hf-token"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("", "a name is missing"),
        ("a", "a name has at least 2 characters"),
        ("我的", ""),
        ("Jonas' token, for [bold]Llama[/bold] 🚀", ""),
        ("x" * 253, ""),
        ("x" * 254, "a name has at most 253 characters, not 254"),
        ("a\x1bb", "a name cannot contain the invisible character U+001B"),
        ("a\u202eb", "a name cannot contain the invisible character U+202E"),
    ],
)
def test_a_display_name_has_2_to_253_visible_characters_of_any_script(text: str, right: str) -> None:
    assert display_name_problem(text) == right


@pytest.mark.parametrize(
    ("display_name", "right"),
    [
        ("My Token", "my-token"),
        ("Schlüssel für Größe", "schlussel-fur-grosse"),
        ("  Llama 3.1 / 8B!  ", "llama-3-1-8b"),
        ("3 Amigos", "3-amigos"),
        ("我的令牌", ""),
        ("我的令牌的名字 ab", ""),
        ("🚀 go", "go"),
        ("42", ""),
        ("--", ""),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_kubernetes_name_is_derived_where_it_can_be_read(display_name: str, right: str) -> None:
    assert derived_name(display_name, ()) == right


def test_a_derived_name_is_one_that_is_free() -> None:
    assert derived_name("My Token", {"my-token", "my-token-2"}) == "my-token-3"


def test_a_generated_name_is_the_workbenchs() -> None:
    assert re.fullmatch(r"wb-secret-[0-9a-f]{8}", generated_name())
    assert re.fullmatch(r"wb-aim-[0-9a-f]{8}", generated_name("aim"))
    assert generated_name() != generated_name()


def test_a_name_that_is_taken_makes_room_for_another() -> None:
    name = generated_name()
    assert re.fullmatch(r"wb-secret-[0-9a-f]{8}", another_name(name))
    assert another_name(name) != name
    assert re.fullmatch(r"my-token-[0-9a-f]{4}", another_name("my-token"))


@given(st.text("abZ09-._é \n", max_size=8))
def test_a_kubernetes_name_is_right_where_the_cluster_takes_it(name: str) -> None:
    right = bool(re.fullmatch(SUBDOMAIN, name))
    assert (not kubernetes_name_problem(name)) is right
    assert is_kubernetes_name(name) is (right and len(name) > 1)


@given(st.text(max_size=300))
def test_what_is_derived_is_a_kubernetes_name(display_name: str) -> None:
    name = derived_name(display_name, ())
    assert not name or is_kubernetes_name(name)

import pytest

from tests.domain.samples import secret
from wbtui.domain.completion import Completion
from wbtui.domain.filter_completion import completions
from wbtui.domain.filter_fields import FIELDS
from wbtui.domain.history import History

KNOWN = [
    secret("hf-llama", keys=("token",), creator="alice@example.com", namespace="team-a", labels={"tier": "gold"}),
    secret("two words", keys=("uri", "a b"), creator="bob@example.com", type="kubernetes.io/basic-auth"),
]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("typ", ["type:"]),
        ("llama -typ", ["llama -type:"]),
        ("use:hf", ["use:hf "]),
        ("use:hf|s3", ["use:hf|s3 "]),
        ("is:imm", ["is:immutable "]),
        ("used:", ["used:yes ", "used:no ", "used:unknown "]),
        ("by:", ["by:me ", "by:alice@example.com ", "by:bob@example.com "]),
        ("!by:BO", ["!by:bob@example.com "]),
        ("by:example", ["by:alice@example.com ", "by:bob@example.com "]),
        ("key:a", ['key:"a b" ']),
        ("type:kube", ["type:kubernetes.io/basic-auth "]),
        ("label:", ["label:tier "]),
        ("project:team", ["project:team-a "]),
        ("name:two", ['name:"two words" ']),
        ("a or by:al", ["a or by:alice@example.com "]),
        ("", []),
        ("zzz", []),
        ("nope:x", []),
        ('"us', []),
        ("/us", []),
    ],
)
def test_the_last_term_of_a_filter_is_completed(text: str, lines: list[str]) -> None:
    assert completions(text, KNOWN) == lines


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_is_offered_and_has_words_to_offer(name: str) -> None:
    assert f"{name}:" in completions(name[:-1], KNOWN)
    missing = "say in filter_completion.py what is offered, and have a secret here that has it"
    assert completions(f"{name}:", KNOWN), missing


@pytest.mark.parametrize("creator", ["\x1b[2Jx", "a\nb", "\u202ex", 'a"b', "x" * 300, ""])
def test_what_nobody_can_type_is_no_candidate(creator: str) -> None:
    assert completions("by:", [secret("a", creator=creator)]) == ["by:me "]


def test_candidates_come_one_after_the_other_until_something_else_is_typed() -> None:
    known = ["alpha", "alps", "beta"]
    completion = Completion(lambda line: [name for name in known if name.startswith(line)])
    assert completion.next("al", 1) == "alpha"
    assert completion.next("alpha", 1) == "alps"
    assert completion.next("alps", 1) == "alpha"
    assert completion.next("alpha", -1) == "alps"
    assert completion.next("b", -1) == "beta"
    assert completion.next("x", 1) is None


def test_a_history_goes_back_and_forth_and_keeps_what_was_being_typed() -> None:
    history = History()
    assert (history.older("x"), history.newer()) == (None, None)
    for text in ("one", "two", " ", "one"):
        history.add(text)
    assert [history.older("dra"), history.older("one"), history.older("two")] == ["one", "two", None]
    assert [history.newer(), history.newer(), history.newer()] == ["one", "dra", None]


def test_what_looks_like_a_credential_is_not_remembered() -> None:
    history = History()
    history.add("hf_abcdefghijklmnopqrstuvwx")
    assert history.older("") is None

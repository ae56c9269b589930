import pytest

from wbtui.domain.rights import AccessRule, Resource, Rights

ALL = AccessRule(frozenset({"get", "list"}))
ONE = AccessRule(frozenset({"get", "delete"}), frozenset({"a"}))
ANOTHER = AccessRule(frozenset({"*"}), frozenset({"b", "c"}), frozenset({"*"}), frozenset({"*"}))
OTHERS = AccessRule(frozenset({"get"}), frozenset({"x"}), frozenset({"apps"}), frozenset({"deployments"}))


@pytest.mark.parametrize(
    ("rules", "verb", "names"),
    [
        ((), "get", set()),
        ((ALL,), "get", set()),
        ((ONE,), "get", {"a"}),
        ((ONE,), "list", set()),
        ((ONE, ANOTHER, OTHERS), "get", {"a", "b", "c"}),
        ((ONE, ALL), "get", set()),
        ((ONE, ALL), "delete", {"a"}),
    ],
)
def test_rights_to_some_alone_are_told_by_their_names(
    rules: tuple[AccessRule, ...], verb: str, names: set[str]
) -> None:
    assert Rights("team-a", rules, complete=True).names(verb) == names


def test_names_are_those_of_one_kind() -> None:
    rights = Rights("team-a", (ONE, OTHERS), complete=True)
    assert rights.names("get", Resource("apps", "deployments")) == {"x"}


def test_a_right_to_one_is_none_to_another() -> None:
    rights = Rights("team-a", (ONE,), complete=True)
    assert rights.refusal("get", "a") == ""
    assert rights.refusal("get", "b") == "needs get on secrets in team-a"
    assert rights.refusal("list") == "needs list on secrets in team-a"


def test_a_list_of_rights_that_is_not_complete_forbids_nothing() -> None:
    assert Rights("team-a", (ONE,), complete=False).refusal("list") == ""
    assert Rights("team-a").refusal("delete", "b") == ""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wbtui.demo.apiserver.objects.patching import json_patch as applied
from wbtui.domain.manifests import as_yaml, differences, json_patch, plain_values, without_values

PLAIN = "canary-41c9"
NAMES = st.text("abc/~", min_size=1, max_size=3)
THINGS: Any = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES, THINGS, max_size=4)


@given(OBJECTS, OBJECTS)
def test_a_patch_makes_the_one_of_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert applied(before, list(json_patch(before, after))) == after


@given(OBJECTS)
def test_what_is_the_same_needs_no_patch(thing: dict[str, Any]) -> None:
    assert list(json_patch(thing, thing)) == []


def test_what_is_put_at_the_end_of_a_list_is_all_that_is_sent() -> None:
    before, after = {"env": [{"name": "a"}]}, {"env": [{"name": "a"}, {"name": "b"}]}
    assert list(json_patch(before, after)) == [{"op": "add", "path": "/env/-", "value": {"name": "b"}}]


def test_plain_values_of_variables_are_not_shown() -> None:
    started = {"args": [f"--key={PLAIN}"], "command": ["run", PLAIN]}
    container = {"name": "app", "env": [{"name": "PASSWORD", "value": PLAIN}], **started}
    before = {"metadata": {"managedFields": [PLAIN]}, "spec": {"containers": [container]}}
    after = {"spec": {"containers": [{**container, "image": "new"}]}}
    assert PLAIN not in as_yaml(without_values(before))
    assert PLAIN not in "\n".join(differences(before, after))
    assert "+    image: new" in differences(before, after)


def test_what_kubectl_apply_keeps_is_not_shown() -> None:
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": PLAIN, "team": "a"}
    assert "team" in as_yaml(without_values({"metadata": {"annotations": annotations}}))
    assert PLAIN not in as_yaml(without_values({"metadata": {"annotations": annotations}}))


def test_what_the_cluster_reports_is_no_difference() -> None:
    assert differences({"spec": {}, "status": {"ready": 1}}, {"spec": {}, "status": {"ready": 2}}) == []


def test_what_is_there_twice_is_written_out() -> None:
    same = {"name": "x"}
    assert as_yaml({"a": same, "b": same}) == "a:\n  name: x\nb:\n  name: x\n"


def test_what_must_not_be_told_is_found() -> None:
    container = {"env": [{"name": "A", "value": "one"}, {"name": "B"}], "args": ["two", 3], "command": ["three"]}
    assert sorted(plain_values({"spec": {"containers": [container]}})) == ["one", "three", "two"]

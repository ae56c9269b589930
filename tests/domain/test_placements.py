"""Placing secrets in workloads, and taking them out again."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import secret
from wbtui.domain.placements import (
    PLACEMENTS,
    Attachment,
    attached,
    clashes,
    detached,
    folder_problem,
    is_for,
    placements_for,
    placements_on,
    variable_problem,
    variables_for,
)
from wbtui.domain.references import references_in
from wbtui.domain.targets import TARGETS
from wbtui.domain.use_cases.table import USE_CASES

MINE = "mine"
POSSIBLE = [
    (kind, placement) for kind, target in TARGETS.items() for placement in PLACEMENTS if placement in target.placements
]
OTHERS: Any = st.lists(
    st.sampled_from(
        [
            {"name": "LEVEL", "value": "debug"},
            {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "theirs", "key": "token"}}},
        ]
    ),
    unique_by=repr,
    min_size=1,
)


def wish(placement: str, **more: Any) -> Attachment:
    options = {"containers": ("app", "init"), "variables": {"HF_TOKEN": "token"}, "folder": "/etc/mine", **more}
    return Attachment(MINE, PLACEMENTS[placement], **options)


def workload(kind: str, *variables: Any, name: str = "app") -> Any:
    """Return an object of a kind, with these variables in its container, or wherever it has them."""
    target = TARGETS[kind]
    thing: dict[str, Any] = {"kind": kind, "metadata": {"name": "it"}}
    spec = target.of(thing)
    env = {"env": list(variables)} if variables else {}
    if target.containers:
        spec["containers"] = [{"name": name, **env}]
    else:
        spec |= env
    return thing


def secrets_named(kind: str, thing: Any) -> set[str]:
    return {reference.secret for reference in references_in(TARGETS[kind].kind, thing)}


@pytest.mark.parametrize(("kind", "placement"), POSSIBLE)
def test_what_is_placed_is_found_by_the_search_for_users_and_only_once(kind: str, placement: str) -> None:
    target, before = TARGETS[kind], workload(kind)
    kept = deepcopy(before)
    after = attached(target, before, wish(placement))
    assert before == kept
    assert secrets_named(kind, after) == {MINE}
    assert attached(target, after, wish(placement)) == after
    assert clashes(target, after, wish(placement)) == []


@pytest.mark.parametrize(("kind", "placement"), POSSIBLE)
@given(others=OTHERS)
def test_what_is_taken_out_leaves_all_else_as_it_was(kind: str, placement: str, others: list[Any]) -> None:
    target = TARGETS[kind]
    before = workload(kind, *others)
    after = attached(target, before, wish(placement))
    assert detached(target, after, MINE) == before
    assert json.dumps(detached(target, before, MINE)) == json.dumps(before)


def test_only_the_containers_that_are_chosen_get_it() -> None:
    thing = workload("Deployment")
    spec = TARGETS["Deployment"].of(thing)
    spec["containers"] = [{"name": "app"}, {"name": "sidecar", "env": None}]
    spec["initContainers"] = [{"name": "init"}]
    assert TARGETS["Deployment"].container_names(thing) == ("app", "sidecar", "init")
    after = TARGETS["Deployment"].of(attached(TARGETS["Deployment"], thing, wish("variables", containers=("sidecar",))))
    assert [sorted(container) for container in after["containers"]] == [["name"], ["env", "name"]]
    assert after["initContainers"] == [{"name": "init"}]


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"value": "canary-1f"}, "a plain value (not shown)"),
        ({"valueFrom": {"secretKeyRef": {"name": "theirs", "key": "t"}}}, "key t of secret theirs"),
        ({"valueFrom": {"secretKeyRef": {"name": MINE, "key": "other"}}}, f"key other of secret {MINE}"),
        ({"valueFrom": {"configMapKeyRef": {"name": "settings", "key": "t"}}}, "key t of config map settings"),
        ({"valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}, "the pod's status.podIP"),
        ({"valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}, "something else"),
    ],
)
def test_a_variable_that_is_set_to_something_else_is_told_and_then_replaced(there: Any, said: str) -> None:
    target, before = TARGETS["Deployment"], workload("Deployment", {"name": "HF_TOKEN", **there}, {"name": "B"})
    assert clashes(target, before, wish("variables")) == [f"HF_TOKEN is set in container app already, to {said}"]
    (container,) = target.of(attached(target, before, wish("variables")))["containers"]
    wanted = {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": MINE, "key": "token"}}}
    assert container["env"] == [wanted, {"name": "B"}]


def test_a_reference_that_is_there_stays_as_it_is() -> None:
    there = {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": MINE, "key": "token", "optional": True}}}
    before = workload("AIMService", there)
    assert attached(TARGETS["AIMService"], before, wish("variables")) == before


class Counted(dict[str, Any]):
    """A variable that counts how often it is read."""

    reads = 0

    def get(self, name: str, default: Any = None) -> Any:
        Counted.reads += 1
        return super().get(name, default)


def test_each_variable_that_is_there_is_read_once_however_many_keys_the_secret_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Counted, "reads", 0)
    target, count = TARGETS["AIMService"], 300
    before = workload("AIMService", *(Counted(name=f"THERE_{number}", value="1") for number in range(count)))
    wanted = {f"NEW_{number}": f"key-{number}" for number in range(count)}
    after = attached(target, before, wish("variables", variables=wanted))
    assert Counted.reads == count
    assert [item["name"] for item in after["spec"]["env"][count:]] == list(wanted)


def test_the_download_of_a_service_by_profile_comes_first_and_is_left_with_the_rest() -> None:
    target, token = TARGETS["AIMService"], secret(name=MINE, use_case="HuggingFace", keys=("token",))
    by_template, by_profile = workload("AIMService"), workload("AIMService")
    by_profile["spec"]["profile"] = {"name": "fp8"}
    assert [placement.name for placement in placements_on(token, target, by_template)] == ["variables"]
    download, server = placements_on(token, target, by_profile)
    assert (download.name, server.name) == ("download variables", "variables")
    wanted = Attachment(MINE, download, variables={"HF_TOKEN": "token"})
    there = attached(target, by_profile, wanted)
    assert there["spec"]["caching"]["env"] == [
        {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": MINE, "key": "token"}}}
    ]
    assert attached(target, there, wanted) == there
    assert detached(target, there, MINE)["spec"]["caching"] == {}


def test_a_folder_that_another_volume_has_is_told() -> None:
    before = workload("Deployment")
    before["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] = [{"name": "tls", "mountPath": "/etc/mine"}]
    (said,) = clashes(TARGETS["Deployment"], before, wish("files"))
    assert said == "container app has volume tls in /etc/mine already"


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"secretRef": {"name": "theirs"}}, "secret theirs"),
        ({"configMapRef": {"name": "settings"}}, "config map settings"),
        ({"prefix": "DB_", "secretRef": {"name": "theirs"}}, ""),
    ],
)
def test_keys_that_would_not_count_any_more_are_told(there: Any, said: str) -> None:
    before = workload("Deployment")
    before["spec"]["template"]["spec"]["containers"][0]["envFrom"] = [there]
    words = f"container app has all keys of {said}: those with the same name would not count any more"
    assert clashes(TARGETS["Deployment"], before, wish("all keys")) == ([words] if said else [])


def test_the_volume_of_a_long_name_can_be_one_and_is_not_taken_by_another() -> None:
    long = Attachment("a." * 126 + "a", PLACEMENTS["files"], containers=("app",), folder="/x")
    before = workload("Deployment")
    spec = TARGETS["Deployment"].of(before)
    (first,) = TARGETS["Deployment"].of(attached(TARGETS["Deployment"], before, long))["volumes"]
    assert len(first["name"]) <= 63
    assert "." not in first["name"]
    spec["volumes"] = [{"name": first["name"], "emptyDir": {}}]
    _, second = TARGETS["Deployment"].of(attached(TARGETS["Deployment"], before, long))["volumes"]
    assert second["name"] != first["name"]


def test_a_projected_volume_loses_only_the_source() -> None:
    both = [{"secret": {"name": MINE}}, {"secret": {"name": "theirs"}}]
    before = workload("Deployment")
    spec = TARGETS["Deployment"].of(before)
    spec["volumes"] = [{"name": "v", "projected": {"sources": both}}]
    after = TARGETS["Deployment"].of(detached(TARGETS["Deployment"], before, MINE))
    assert after["volumes"] == [{"name": "v", "projected": {"sources": both[1:]}}]


@pytest.mark.parametrize(
    ("use_case", "keys", "variables"),
    [
        ("HuggingFace", ("token",), {"token": "HF_TOKEN"}),
        ("HuggingFace", None, {"token": "HF_TOKEN"}),
        (
            "S3",
            ("access-key", "secret-key"),
            {"access-key": "AWS_ACCESS_KEY_ID", "secret-key": "AWS_SECRET_ACCESS_KEY"},
        ),
        ("S3", ("minio-access-key", "REGION"), {"minio-access-key": "AWS_ACCESS_KEY_ID", "REGION": "AWS_REGION"}),
        ("Database", ("uri", "password"), {"uri": "DATABASE_URL", "password": "PASSWORD"}),
        ("Generic", ("ci.token", "7z-key"), {"ci.token": "CI_TOKEN", "7z-key": "_7Z_KEY"}),
        ("Generic", None, {}),
        ("", ("a",), {"a": "A"}),
    ],
)
def test_keys_go_to_the_variables_that_programs_look_for(use_case: str, keys: Any, variables: dict[str, str]) -> None:
    assert variables_for(secret(use_case=use_case, keys=keys)) == variables


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda use_case: use_case.value)
def test_every_use_case_has_its_placements(use_case: Any) -> None:
    found = placements_for(secret(use_case=use_case.value, type=use_case.type))
    assert [placement.name for placement in found] == list(use_case.placements)


def test_what_has_no_label_is_placed_by_its_type() -> None:
    (pull,) = placements_for(secret(type="kubernetes.io/dockerconfigjson"))
    assert pull.name == "pull secret"


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda use_case: use_case.value)
def test_only_fitting_secrets_stand_where_one_is_wanted(use_case: Any) -> None:
    assert is_for(use_case, secret(use_case=use_case.value, type=use_case.type))
    docker = secret(type="kubernetes.io/dockerconfigjson")
    assert is_for(use_case, docker) is (use_case.value == "ImagePullSecret")
    assert not is_for(use_case, secret())


def test_names_that_cannot_be_are_told() -> None:
    assert [variable_problem(name) for name in ("HF_TOKEN", "_x")] == ["", ""]
    assert all(map(variable_problem, ("", "1a", "a-b", "a b", "a=b")))
    assert [folder_problem(folder) for folder in ("/etc/x", "/a/")] == ["", ""]
    assert all(map(folder_problem, ("", "etc", "/", "/a:b", "/etc", "/usr/", "/a/../etc", "//tmp")))

"""Which workloads are restarted because their containers hold an old value, and which are not and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.platform import custom_kinds
from wbtui.domain.held_values import HeldVerdict
from wbtui.domain.references import Container, Reference, SecretUser, why_pods_stay
from wbtui.domain.restarts import RESTARTABLE, pods_of, pods_with, restarted, restarts_after, restarts_of
from wbtui.domain.secret import FieldsChange, Owner, Secret
from wbtui.domain.usage import Usage

CHANGED = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHANGE = FieldsChange("a", "Update", CHANGED, ("token",), values_only=True)
SECRET = Secret("1", "team-a", "hf", "7", created=CHANGED, changes=(CHANGE,))
ENV = Reference("hf", "spec.containers[app].env[HF].valueFrom.secretKeyRef.name", "token", restart=True)


APIS = {"Deployment": "apps/v1", "InferenceService": "serving.kserve.io/v1beta1", "AIMService": "aim.eai.amd.com/v1"}


def owned(kind: str, name: str, owner: SecretUser | None = None) -> SecretUser:
    owners = (Owner(owner.api, owner.kind, owner.name, owner.uid),) if owner else ()
    return SecretUser(kind, name, "team-a", f"{kind}/{name}", owners, api=APIS.get(kind, "x/v1"))


def pod(name: str, minutes: float, owner: SecretUser | None = None, waiting: str = "") -> SecretUser:
    one = owned("Pod", name, owner)
    container = Container("app", CHANGED + timedelta(minutes=minutes))
    return SecretUser(
        "Pod", name, "team-a", one.uid, one.owners, (ENV,), pods="spec", containers=(container,), waiting=waiting
    )


WEB, BATCH = owned("Deployment", "web"), owned("Job", "batch")
SETS = owned("ReplicaSet", "web-1", WEB)
SERVICE = owned("AIMService", "llama")
INFERENCE = owned("InferenceService", "llama-1", SERVICE)
PREDICTOR = owned("Deployment", "llama-predictor", INFERENCE)
APP = owned("App", "shop")
SHOP = owned("Deployment", "shop-web", APP)


def usage(*pods: SecretUser) -> Usage:
    return Usage((WEB, BATCH, SETS, SERVICE, INFERENCE, PREDICTOR, APP, SHOP, *pods), ("Pod",), ())


def test_only_workloads_with_an_old_value_are_restarted() -> None:
    old, new = pod("old", -5, SETS), pod("new", 5, SETS)
    assert restarts_of(SECRET, usage(old, new)).workloads == (WEB,)
    assert pods_with(HeldVerdict.OLD, WEB, SECRET, usage(old, new)) == (old,)
    assert restarts_of(SECRET, usage(new)) == ((), ())


def test_what_takes_all_keys_is_restarted_after_a_change_of_any() -> None:
    every = Reference("hf", "spec.containers[app].envFrom[].secretRef.name", "", restart=True)
    held = usage(replace(pod("p", -5, SETS), references=(every,)))
    assert restarts_after(SECRET, held, {"token"}).workloads == (WEB,)
    assert restarts_after(SECRET, usage(pod("p", -5, SETS)), {"token"}).workloads == (WEB,)
    assert restarts_after(SECRET, usage(pod("p", -5, SETS)), {"other"}) == ((), ())


def test_what_cannot_be_restarted_says_why() -> None:
    pods = (pod("alone", -5), pod("b", -5, BATCH), pod("p", -5, SHOP))
    workloads, others = restarts_of(SECRET, usage(*pods))
    assert workloads == ()
    assert {str(user): reason.partition(":")[0] for user, reason in others} == {
        "Pod alone": "nothing makes it again",
        "Job batch": "it runs to its end",
        "App shop": "it manages Deployment shop-web, and may undo a restart of that",
    }


def test_a_workload_whose_pods_stay_is_not_restarted() -> None:
    paused = replace(WEB, stays="its rollout is paused: resume it first")
    held = Usage((paused, SETS, pod("p", -5, SETS)), ("Pod",), ())
    assert restarts_of(SECRET, held) == ((), ((paused, paused.stays),))


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({}, ""),
        ({"paused": False, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}}, ""),
        ({"paused": True}, "its rollout is paused"),
        ({"updateStrategy": {"type": "OnDelete"}}, "its pods are replaced only when someone deletes them"),
        ({"updateStrategy": {"rollingUpdate": {"partition": 2}}}, "its pods below number 2 stay as they are"),
        ({"updateStrategy": {"rollingUpdate": {"maxUnavailable": 1}}}, ""),
    ],
)
def test_why_pods_stay_as_they_are(spec: dict[str, Any], why: str) -> None:
    assert why_pods_stay({"spec": spec}).partition(":")[0] == why


def test_of_what_others_manage_that_is_restarted_which_hands_it_down() -> None:
    held = usage(pod("p", -5, PREDICTOR))
    assert restarts_of(SECRET, held) == ((INFERENCE,), ())
    assert [one.name for one in pods_with(HeldVerdict.OLD, INFERENCE, SECRET, held)] == ["p"]


def test_an_owner_that_was_not_searched_is_known_by_what_it_owns() -> None:
    held = Usage((PREDICTOR, pod("p", -5, PREDICTOR)), ("Pod",), ())
    assert [(str(user), user.api) for user in restarts_of(SECRET, held).workloads] == [(str(INFERENCE), INFERENCE.api)]


def test_a_kind_of_the_same_name_in_another_group_is_not_restarted() -> None:
    other = replace(WEB, api="example.com/v1")
    held = Usage((other, pod("p", -5, other)), ("Pod",), ())
    assert restarts_of(SECRET, held).workloads == ()


def test_pods_that_have_ended_need_not_come_up() -> None:
    ended = replace(pod("evicted", 5, SETS), ended=True)
    assert [one.name for one in pods_of(WEB, usage(ended, pod("new", 5, SETS)))] == ["new"]


def test_a_part_that_hands_annotations_down_is_in_the_schema() -> None:
    missing = set(RESTARTABLE.values())
    for one in custom_kinds():
        known = RESTARTABLE.get((one.group, one.kind))
        for steps in known.parts if known else ():
            schema: Any = one.schema
            for step in steps:
                schema = schema["properties"][step]
            annotations = schema.get("properties", {}).get("annotations")
            assert steps == ("metadata",) or annotations["additionalProperties"] == {"type": "string"}
        missing.discard(known)
    assert {one.kind.kind for one in missing} == {"Deployment", "StatefulSet", "DaemonSet"}


@pytest.mark.parametrize("components", [("predictor",), ("predictor", "transformer")])
def test_all_components_of_a_model_are_restarted(components: tuple[str, ...]) -> None:
    spec = {component: {"annotations": {"a": "b"}} for component in components}
    before = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "spec": spec}
    annotations = {"a": "b", "kubectl.kubernetes.io/restartedAt": "2026-11-01T12:00:00Z"}
    assert restarted(before, CHANGED)["spec"] == {component: {"annotations": annotations} for component in components}


def test_a_restart_is_kubectls_annotation_and_nothing_else() -> None:
    template = {"metadata": {"annotations": {"a": "b"}}, "spec": {"containers": []}}
    before = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"template": template},
    }
    after = restarted(before, CHANGED)
    annotations = {"a": "b", "kubectl.kubernetes.io/restartedAt": "2026-11-01T12:00:00Z"}
    assert after == {
        **before,
        "spec": {"template": {"metadata": {"annotations": annotations}, "spec": {"containers": []}}},
    }
    assert template["metadata"] == {"annotations": {"a": "b"}}

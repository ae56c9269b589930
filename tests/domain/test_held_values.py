"""Which containers hold an old value, against a list of who wrote what when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.domain.held_values import HeldVerdict, are_stale, held_values, pods_by_verdict
from wbtui.domain.references import Container, Reference, SecretUser
from wbtui.domain.secret import FieldsChange, Secret
from wbtui.domain.usage import BEING_SEARCHED, NotSearched, Usage

T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def secret(*changes: FieldsChange, created: float = 0, immutable: bool = False) -> Secret:
    created_at = at(created)
    return Secret("1", "team-a", "hf", "7", created=created_at, changes=changes, immutable=immutable)


def pod(name: str, started: float, key: str = "token", path: str = "", sub_paths: tuple[str, ...] = ()) -> SecretUser:
    where = path or "spec.containers[app].env[HF_TOKEN].valueFrom.secretKeyRef.name"
    reference = Reference("hf", where, key, restart="env" in where)
    containers = (Container("app", at(started), sub_paths), Container("sidecar", at(started)))
    return SecretUser("Pod", name, "team-a", name, references=(reference,), pods="spec", containers=containers)


def values(time: float, *keys: str, values_only: bool = True) -> FieldsChange:
    return FieldsChange("wbtui", "Update", at(time), keys or ("token",), values_only)


LABELS = FieldsChange("kubectl-label", "Update", at(50))
CREATED = values(0, values_only=False)


@pytest.mark.parametrize(
    ("one", "started", "verdict"),
    [
        (secret(CREATED), 5, HeldVerdict.NEW),
        (secret(CREATED, values(10)), 5, HeldVerdict.OLD),
        (secret(CREATED, values(10)), 15, HeldVerdict.NEW),
        (secret(CREATED, values(10)), 10.05, HeldVerdict.UNKNOWN),
        (secret(CREATED, values(10)), 9.95, HeldVerdict.UNKNOWN),
        (secret(CREATED, values(10, "other")), 5, HeldVerdict.NEW),
        (secret(CREATED, LABELS), 5, HeldVerdict.NEW),
        (secret(values(10, values_only=False)), 5, HeldVerdict.UNKNOWN),
        (secret(CREATED, created=0), -5, HeldVerdict.OLD),
        (secret(), 5, HeldVerdict.UNKNOWN),
        (secret(FieldsChange("kubectl", "Update", None, ("token",))), 5, HeldVerdict.UNKNOWN),
    ],
)
def test_a_container_holds_what_it_was_started_with(one: Secret, started: float, verdict: HeldVerdict) -> None:
    (held,) = held_values(one, Usage((pod("p", started),), ("Pod",), ()).of(one))
    assert (held.container.name, held.verdict) == ("app", verdict)


AHEAD, BEHIND = "the clock of its node is ahead by 9m or more", "the clock of its node is behind by 30m or more"


@pytest.mark.parametrize(
    ("created", "started", "reported", "verdict", "why"),
    [
        (5, 14, 5, HeldVerdict.OLD, "it was started before the change"),
        (5, 20, 11, HeldVerdict.UNKNOWN, AHEAD),
        (5, 20, None, HeldVerdict.NEW, "it was started after the change"),
        (15, -15, 15, HeldVerdict.NEW, "it was started after the change"),
        (5, -25, 11, HeldVerdict.UNKNOWN, BEHIND),
        (5, -25, None, HeldVerdict.UNKNOWN, BEHIND),
        (5, 6, 11, HeldVerdict.OLD, "it was started before the change"),
        (5, 11, 11, HeldVerdict.NEW, "it was started after the change"),
        (5, 10, 11, HeldVerdict.UNKNOWN, "it was started within 5 s of the change"),
    ],
)
def test_the_clock_of_a_node_counts_only_where_that_of_the_api_server_does_not_tell(
    created: float, started: float, reported: float | None, verdict: HeldVerdict, why: str
) -> None:
    told = None if reported is None else at(reported)
    container = Container("app", at(started), created=at(created), reported=told)
    one = secret(CREATED, values(10))
    (held,) = held_values(one, Usage((replace(pod("p", 0), containers=(container,)),), (), ()).of(one))
    assert held.verdict is verdict
    assert held.reason.startswith(why)


def test_after_an_immutable_secret_was_recreated_a_node_may_have_the_old_value() -> None:
    one = secret(CREATED, immutable=True)
    pods = (pod("before", -5), pod("after", 5))
    held = {value.pod.name: value.verdict for value in held_values(one, Usage(pods, (), ()).of(one))}
    assert held == {"before": HeldVerdict.OLD, "after": HeldVerdict.UNKNOWN}


@pytest.mark.parametrize(
    ("path", "sub_paths", "names"),
    [
        ("spec.volumes[keys].secret.secretName", (), []),
        ("spec.volumes[keys].secret.secretName", ("keys",), ["app"]),
        ("spec.volumes[keys].projected.sources[0].secret.name", ("keys", "data"), ["app"]),
        ("spec.imagePullSecrets[hf].name", (), []),
        ("spec.initContainers[app].envFrom[0].secretRef.name", (), ["app"]),
    ],
)
def test_mounted_files_change_by_themselves_but_for_parts_of_a_volume(
    path: str, sub_paths: tuple[str, ...], names: list[str]
) -> None:
    one = secret(CREATED, values(10))
    held = held_values(one, Usage((pod("p", 5, "", path, sub_paths),), (), ()).of(one))
    assert [value.container.name for value in held] == names


def test_pods_are_counted_by_the_worst_of_their_containers() -> None:
    one = secret(CREATED, values(10))
    pods = (pod("a", 5), pod("b", 5), pod("c", 20), pod("d", 10))
    held = held_values(one, Usage(pods, (), ()).of(one))
    assert pods_by_verdict(held) == {HeldVerdict.OLD: 2, HeldVerdict.NEW: 1, HeldVerdict.UNKNOWN: 1}


def test_what_is_stale_and_what_is_not_known() -> None:
    one = secret(CREATED, values(10))
    for pods, not_searched, stale in (
        ((pod("a", 5), pod("b", 20)), (), True),
        ((pod("b", 20),), (), False),
        ((pod("b", 20),), (NotSearched("Pod", "you may not list them"),), None),
        ((pod("b", 10),), (), None),
        ((pod("a", 5),), (NotSearched("Queue", BEING_SEARCHED),), None),
        ((), (), False),
        ((), (NotSearched("Pod", "gone", stale=True),), None),
    ):
        assert list(are_stale(Usage(pods, (), not_searched), [one])) == [stale]


@given(st.lists(st.sampled_from(["value", "label", "start"]), max_size=12))
def test_a_history_is_never_told_wrong(steps: list[str]) -> None:
    value, written, labelled = 0, 0.0, 0.0
    started: dict[str, tuple[int, int]] = {}
    for minute, what in enumerate(steps, 1):
        if what == "value":
            value, written = value + 1, float(minute)
        elif what == "label":
            labelled = float(minute)
        else:
            started[f"p{minute}"] = (minute, value)
    labels = [FieldsChange("kubectl-label", "Update", at(labelled))] if labelled else []
    one = secret(values(written, values_only=written > 0), *labels)
    pods = tuple(pod(name, minute) for name, (minute, _) in started.items())
    for held in held_values(one, Usage(pods, (), ()).of(one)):
        assert held.verdict is (HeldVerdict.NEW if started[held.pod.name][1] == value else HeldVerdict.OLD)


@given(st.lists(st.sampled_from(["value", "label", "start"]), max_size=12))
def test_where_one_manager_writes_values_and_labels_nothing_is_called_old_that_is_new(steps: list[str]) -> None:
    value, touched = 0, 0.0
    started: dict[str, tuple[int, int]] = {}
    for minute, what in enumerate(steps, 1):
        if what == "start":
            started[f"p{minute}"] = (minute, value)
        else:
            value, touched = value + (what == "value"), float(minute)
    one = secret(values(touched, values_only=False))
    pods = tuple(pod(name, minute) for name, (minute, _) in started.items())
    for held in held_values(one, Usage(pods, (), ()).of(one)):
        is_new = started[held.pod.name][1] == value
        assert held.verdict in (
            {HeldVerdict.NEW, HeldVerdict.UNKNOWN} if is_new else {HeldVerdict.OLD, HeldVerdict.UNKNOWN}
        )

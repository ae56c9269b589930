"""What is said of the uses of a secret."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.domain.samples import secret
from wbtui.domain.label_selector import LabelSelector, Requirement
from wbtui.domain.references import Container, Reference, SecretUser
from wbtui.domain.secret import FieldsChange
from wbtui.domain.usage import BEING_SEARCHED, NotSearched, Usage
from wbtui.widgets.held_view import held_in_words
from wbtui.widgets.usage_view import coverage_lines, use_lines

LABELS: LabelSelector = (Requirement("push", "Exists"),)


@pytest.mark.parametrize(
    ("kind", "namespace", "reference", "said"),
    [
        ("Ingress", "team-a", Reference("hf", "spec.tls"), "spec.tls"),
        ("SecretStore", "team-a", Reference("hf", "spec.auth", namespace="team-a"), "spec.auth"),
        ("PersistentVolume", "", Reference("hf", "spec.csi", namespace="team-a"), "spec.csi in team-a"),
        (
            "AIMClusterModelSource",
            "",
            Reference("hf", "spec.pull"),
            "spec.pull, in the namespace of its operator (aim-system by default)",
        ),
        ("AIMClusterProfile", "", Reference("hf", "spec.env"), "spec.env, in each project that uses it"),
        ("Anything", "", Reference("hf", "spec.x"), "spec.x, in a namespace that it does not say"),
        ("PushSecret", "team-a", Reference("", "spec.selector", selector=LABELS), "spec.selector, by its labels"),
    ],
)
def test_where_a_secret_is_meant_to_be(kind: str, namespace: str, reference: Reference, said: str) -> None:
    usage = Usage((SecretUser(kind, "one", namespace, "1", references=(reference,)),), (kind,), ())
    one = secret("hf", labels={"push": ""})
    assert [str(line) for line, use in use_lines(usage.of(one), one) if use] == [said]


ENV = Reference("hf", "spec.containers[app].env[T].valueFrom.secretKeyRef.name", restart=True)
CHANGED = secret("hf", changes=(FieldsChange("me", "Update", NOW, ("token",), values_only=True),))


def pod(name: str, minutes: float) -> SecretUser:
    container = Container("app", NOW + timedelta(minutes=minutes))
    return SecretUser("Pod", name, "team-a", name, references=(ENV,), pods="spec", containers=(container,))


def said(usage: Usage, most: int = 0) -> list[str]:
    return [str(line).partition(",")[0] for line in held_in_words(CHANGED, usage, most)]


def test_what_does_not_hold_the_new_value_is_said_by_container() -> None:
    pods = (pod("a", 0), pod("b", -5), pod("c", 5))
    assert said(Usage(pods, ("Pod",), ())) == [
        f"1 of 3 pods holds the old value (changed {NOW:%H:%M} UTC)",
        "Pod b",
        "Pod a",
    ]


def test_of_many_containers_the_first_are_named() -> None:
    pods = tuple(pod(f"p{number}", -5) for number in range(9))
    assert said(Usage(pods, ("Pod",), ()), most=2)[1:] == [
        "Pod p0",
        "Pod p1",
        "… and 7 more containers: see what uses it.",
    ]


def test_nothing_is_said_of_values_before_all_pods_were_searched() -> None:
    assert said(Usage((pod("b", -5),), (), (NotSearched("Pod", BEING_SEARCHED),))) == []
    assert said(Usage((pod("b", -5),), (), (NotSearched("Pod", "gone", stale=True),)))


def test_what_was_not_searched_of_other_projects_is_said() -> None:
    words = "Of other projects, only what is cluster-wide was searched; :all searches them all."
    assert words in map(str, coverage_lines(Usage((), ("Pod",), ())))
    assert words not in map(str, coverage_lines(Usage((), ("Pod",), (), everywhere=True)))


def test_how_far_a_search_is_that_goes_on_stands_before_what_was_searched() -> None:
    to_come = tuple(NotSearched(kind, BEING_SEARCHED) for kind in ("Queue", "Job", "CronJob"))
    lines = [str(line) for line in coverage_lines(Usage((), ("Pod",), (*to_come, NotSearched("Topic", "no right"))))]
    assert lines[:3] == [
        "Searching for uses: 1 of about 4 kinds so far …",
        "Not searched (no right): Topic.",
        "Searched: Pod.",
    ]


def test_of_many_kinds_the_first_are_named_and_the_others_counted() -> None:
    kinds = ("Pod", "Job", "CronJob", "Ingress", "DaemonSet")
    assert "Searched: 5 kinds: Pod, Job, CronJob and 2 more." in map(
        str, coverage_lines(Usage((), kinds, ()), short=True)
    )
    assert "Searched: 5 kinds: Pod, Job, CronJob, Ingress, DaemonSet." in map(str, coverage_lines(Usage((), kinds, ())))

from typing import Any

import pytest

from wbtui.domain.targets import TARGETS


@pytest.mark.parametrize(
    ("kind", "spec", "said"),
    [
        ("Deployment", {"replicas": 2}, "Its pods (2) are replaced a few at a time."),
        (
            "Deployment",
            {"replicas": 0, "strategy": {"type": "Recreate"}},
            "Its pods (0) are all stopped, and then started again",
        ),
        ("StatefulSet", {"updateStrategy": {"type": "OnDelete"}}, "Its pods are replaced only when someone deletes"),
        ("CronJob", {}, "Its next run sees the change"),
    ],
)
def test_what_happens_is_said(kind: str, spec: dict[str, Any], said: str) -> None:
    assert TARGETS[kind].consequence({"spec": spec}, ()).startswith(said)


def test_a_few_pods_are_named_and_the_others_counted() -> None:
    pods = tuple(f"pod-{number}" for number in range(200))
    said = TARGETS["Deployment"].consequence({}, pods)
    assert said.endswith("They are pod-0, pod-1, pod-2, pod-3 and 196 more.")
    assert TARGETS["Deployment"].consequence({}, pods[:2]).endswith("They are pod-0, pod-1.")

"""Why a rollout does not go on, as the conditions of a workload say."""

from typing import Any

import pytest

from wbtui.cluster.rollouts import why_stalled

QUOTA = 'pods "web-2-x" is forbidden: exceeded quota: small'
CREATE = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": QUOTA}
LATE = {
    "type": "Progressing",
    "status": "False",
    "reason": "ProgressDeadlineExceeded",
    "message": 'ReplicaSet "web-2" has timed out progressing.',
}
GOES_ON = {"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated", "message": "is progressing."}
NOT_CREATED = f"its new pods cannot be created: {QUOTA}"
TOO_LONG = 'its rollout takes longer than its progress deadline: ReplicaSet "web-2" has timed out progressing'


def deployment(*conditions: Any, generation: int = 2, observed: int = 2, env: str = "x") -> dict[str, Any]:
    container = {"name": "main", "env": [{"name": "A", "value": env}]}
    return {
        "metadata": {"generation": generation},
        "spec": {"template": {"spec": {"containers": [container]}}},
        "status": {"observedGeneration": observed, "conditions": list(conditions)},
    }


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        ((), ""),
        ((GOES_ON,), ""),
        ((CREATE,), NOT_CREATED),
        ((LATE,), TOO_LONG),
        ((LATE, CREATE), f"{TOO_LONG}; {NOT_CREATED}"),
        (({**CREATE, "status": "False"},), ""),
        (({**CREATE, "message": ""},), "its new pods cannot be created"),
        (({"type": 5},), ""),
    ],
)
def test_conditions_say_why(conditions: tuple[Any, ...], why: str) -> None:
    assert why_stalled(deployment(*conditions)) == why


def test_a_status_of_an_earlier_change_says_nothing() -> None:
    assert why_stalled(deployment(CREATE, generation=3, observed=2)) == ""


@pytest.mark.parametrize("manifest", [{}, {"metadata": None, "status": None}, {"metadata": {"generation": 1}}])
def test_what_has_no_status_is_not_stalled(manifest: dict[str, Any]) -> None:
    assert why_stalled(manifest) == ""


def test_a_value_that_a_message_quotes_is_removed_and_control_characters_too() -> None:
    quoted = {**CREATE, "message": "denied:\x1b[2J A=canary-of-a-value-1 is too long"}
    why = why_stalled(deployment(quoted, env="canary-of-a-value-1"))
    assert why == "its new pods cannot be created: denied:\N{REPLACEMENT CHARACTER}[2J A=[removed] is too long"


def test_a_long_message_is_shortened() -> None:
    assert len(why_stalled(deployment({**CREATE, "message": "x" * 30_000}))) == 300

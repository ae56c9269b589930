"""What a rotation says before it begins."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.domain.samples import secret
from wbtui.domain.references import Container, Reference, SecretUser
from wbtui.domain.restarts import restarts_after
from wbtui.domain.rotation import RotationPlan
from wbtui.domain.secret import Owner
from wbtui.domain.usage import NotSearched, Usage

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
ONE = secret()


def running(name: str, key: str, *, restart: bool = True) -> tuple[SecretUser, ...]:
    """Return a Deployment and its pod, whose running container has a key of the secret."""
    uses = (Reference(ONE.name, "spec.containers[main].env[A].valueFrom.secretKeyRef", key, restart=restart),)
    template = (Reference(ONE.name, "spec.template.spec.containers[main].env[A].valueFrom.secretKeyRef", key),)
    deployment = SecretUser(
        "Deployment", name, ONE.namespace, name, (), template, api="apps/v1", pods="spec.template.spec"
    )
    owner = Owner("apps/v1", "Deployment", name, name)
    pod = SecretUser(
        "Pod",
        f"{name}-1",
        ONE.namespace,
        f"{name}-1",
        (owner,),
        uses,
        containers=(Container("main", STARTED),),
        api="v1",
    )
    return deployment, pod


USAGE = Usage((*running("web", "token"), *running("api", "url"), *running("job", "", restart=False)), ("Pod",), ())


@pytest.mark.parametrize(
    ("keys", "names"),
    [((), ["Deployment api", "Deployment web"]), (("token",), ["Deployment web"]), (("other",), [])],
)
def test_what_has_one_of_the_keys_is_restarted_after_it_has_a_new_value(
    keys: tuple[str, ...], names: list[str]
) -> None:
    assert list(map(str, restarts_after(ONE, USAGE, keys).workloads)) == names


def test_all_that_will_happen_is_said() -> None:
    text = RotationPlan(ONE, ("token",), USAGE).text
    assert "New values are written for token in team-a." in text
    assert "Then restarted, one after the other: Deployment web." in text
    assert "Also used by: Deployment api, Deployment job." in text


def test_a_missing_right_restarts_nothing_and_is_said() -> None:
    plan = RotationPlan(ONE, (), USAGE, "needs patch on deployments in team-a")
    assert not plan.restarted
    assert "Deployment web holds the value, and is not restarted. Not allowed: needs patch on deployments" in plan.text


def test_what_nothing_restarts_and_what_was_not_searched_is_said() -> None:
    (_, pod) = running("bare", "token")
    alone = SecretUser(
        pod.kind, pod.name, pod.namespace, pod.uid, (), pod.references, containers=pod.containers, api="v1"
    )
    text = RotationPlan(ONE, (), Usage((alone,), ("Pod",), (NotSearched("CronJob", "forbidden"),))).text
    assert "Pod bare-1 holds the value, and is not restarted: nothing makes it again" in text
    assert "Not everything could be searched (CronJob)" in text


def test_that_nothing_is_restarted_is_said_with_the_reason() -> None:
    unknown = "Nothing is restarted: no running container is known to hold the value."
    assert unknown in RotationPlan(ONE, ("other",), USAGE).text
    bare = replace(USAGE, users=tuple(replace(user, owners=()) for user in USAGE.users if user.kind == "Pod"))
    text = RotationPlan(ONE, ("token",), bare).text
    assert "Nothing is restarted." in text
    assert "Pod web-1 holds the value, and is not restarted: " in text

"""Which objects name a secret, how each would name another one, and what the next one is called."""

from datetime import date

import pytest

from tests.domain.samples import secret
from wbtui.domain.handover import REPLACES, dated_name, next_name, pair_of, renamed, repointed, still_names, users_of
from wbtui.domain.references import Reference, SecretUser
from wbtui.domain.replacement import relabelled
from wbtui.domain.rights import AccessRule, Rights
from wbtui.domain.secret import Owner
from wbtui.domain.usage import Usage
from wbtui.domain.use_cases.table import USE_CASES

OLD = secret()
RIGHTS = Rights(OLD.namespace)


@pytest.mark.parametrize(
    ("name", "taken", "following"),
    [
        ("token", (), "token-v2"),
        ("token", ("token-v2", "token-v3"), "token-v4"),
        ("token-v2", (), "token-v3"),
        ("token-v9", (), "token-v10"),
        ("v2", (), "v2-v2"),
        ("token-v0", (), "token-v0-v2"),
        ("a" * 253, (), f"{'a' * 250}-v2"),
        (f"{'a' * 249}.b.c", (), f"{'a' * 249}-v2"),
    ],
)
def test_the_next_version_gets_the_next_number_that_is_free(name: str, taken: tuple[str, ...], following: str) -> None:
    assert next_name(name, taken) == following


@pytest.mark.parametrize(
    ("name", "taken", "following"),
    [
        ("hf", (), "hf-2026-11-26"),
        ("hf-v3", (), "hf-2026-11-26"),
        ("hf-2026-05-01", (), "hf-2026-11-26"),
        ("hf-2026-11-26", ("hf-2026-11-26",), "hf-2026-11-26-2"),
        ("hf-2026-11-26-2", ("hf-2026-11-26", "hf-2026-11-26-2"), "hf-2026-11-26-3"),
        ("x" * 253, (), f"{'x' * 242}-2026-11-26"),
    ],
)
def test_a_name_may_have_the_date_in_the_place_of_a_version(name: str, taken: tuple[str, ...], following: str) -> None:
    assert dated_name(name, date(2026, 11, 26), taken) == following


def user(
    kind: str, name: str, *owners: SecretUser, api: str = "apps/v1", ended: bool = False, idle: bool = False
) -> SecretUser:
    made_by = tuple(Owner(owner.api, owner.kind, owner.name, owner.uid) for owner in owners)
    named = (Reference(OLD.name, "spec.template.spec.imagePullSecrets[0]"),)
    return SecretUser(kind, name, OLD.namespace, f"{kind}/{name}", made_by, named, api=api, ended=ended, idle=idle)


def test_what_follows_its_owner_is_not_changed_and_what_is_past_needs_nothing() -> None:
    web = user("Deployment", "web")
    now, before = user("ReplicaSet", "web-2", web), user("ReplicaSet", "web-1", web, idle=True)
    pod, ended = user("Pod", "web-2-a", now, api="v1"), user("Pod", "web-2-b", now, api="v1", ended=True)
    users = users_of(OLD, Usage((web, now, before, pod, ended), ("Pod",), ()), RIGHTS)
    assert (users.changeable, users.others, users.pods, users.past) == ((web,), (), (pod,), 2)
    assert users.any


def test_pods_of_a_workload_that_names_another_secret_by_now_are_waited_for() -> None:
    web = SecretUser("Deployment", "web", OLD.namespace, "Deployment/web", api="apps/v1")
    now = user("ReplicaSet", "web-1", web)
    pod = user("Pod", "web-1-a", now, api="v1")
    users = users_of(OLD, Usage((web, now, pod), ("Pod",), ()), RIGHTS)
    assert (users.changeable, users.others, users.pods) == ((), (), (pod,))


@pytest.mark.parametrize(
    ("kind", "api", "reason"),
    [
        ("Job", "batch/v1", "the pods of a Job cannot be changed"),
        ("Pod", "v1", "nothing makes it again"),
        ("Certificate", "cert-manager.io/v1", "it writes the secret"),
        ("Unknown", "example.com/v1", "change it where it was created"),
    ],
)
def test_what_cannot_be_changed_says_why(kind: str, api: str, reason: str) -> None:
    (_, said) = users_of(OLD, Usage((user(kind, "one", api=api),), (), ()), RIGHTS).others[0]
    assert said.startswith(reason)


def test_what_an_unknown_object_manages_and_what_is_not_allowed_is_left_alone() -> None:
    boss = SecretUser("Platform", "boss", OLD.namespace, "boss", api="example.com/v1")
    usage = Usage((boss, user("Deployment", "web", boss), user("StatefulSet", "db")), (), ())
    rights = Rights(OLD.namespace, (AccessRule(frozenset({"get"})),), complete=True)
    reasons = {str(one): reason for one, reason in users_of(OLD, usage, rights).others}
    assert reasons == {
        "Deployment web": "Platform boss manages it, and would undo the change: change that",
        "StatefulSet db": f"not allowed: needs patch on statefulsets in {OLD.namespace}",
    }


def deployment(**spec: object) -> dict[str, object]:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}, "spec": {"template": {"spec": spec}}}


def test_every_place_names_the_other_secret_and_what_is_read_of_it_is_known() -> None:
    before = deployment(
        imagePullSecrets=[{"name": "old"}, {"name": "another"}],
        containers=[
            {
                "name": "main",
                "env": [
                    {"name": "A", "valueFrom": {"secretKeyRef": {"name": "old", "key": "a"}}},
                    {"name": "B", "valueFrom": {"secretKeyRef": {"name": "old", "key": "b", "optional": True}}},
                    {"name": "C", "valueFrom": {"secretKeyRef": {"name": "another", "key": "c"}}},
                    {"name": "D", "value": "old"},
                ],
                "envFrom": [{"secretRef": {"name": "old"}}],
            }
        ],
        volumes=[
            {"name": "old", "secret": {"secretName": "old", "items": [{"key": "file", "path": "x"}]}},
            {"name": "p", "projected": {"sources": [{"secret": {"name": "old"}}, {"configMap": {"name": "old"}}]}},
        ],
    )
    change = repointed(user("Deployment", "web"), before, "old", "new")
    assert change.needed == {"a", "file"}
    assert not still_names(change, "old")
    assert str(change.before).count("'old'") == str(before).count("'old'") == 9
    left = str(change.after)
    assert left.count("'new'") == 6
    assert left.count("'old'") == 3  # a value, the name of a volume, and a ConfigMap


def test_a_pair_is_known_from_either_secret_as_long_as_both_are_there() -> None:
    new = secret(name="token-v2", uid="2")._replace(annotations={REPLACES: OLD.name})
    third = secret(name="token-v3", uid="3")._replace(annotations={REPLACES: "token-v2"})
    elsewhere = new._replace(namespace="elsewhere", uid="4")
    assert pair_of(OLD, [elsewhere, OLD, new]) == pair_of(new, [OLD, new]) == (OLD, new)
    assert pair_of(new, [OLD, new, third]) == (new, third)
    assert pair_of(new, [new]) is None
    assert pair_of(OLD, [OLD]) is None


def test_the_marks_of_tools_that_keep_the_former_secret_are_not_carried() -> None:
    marks = {"argocd.argoproj.io/instance": "x", "app.kubernetes.io/managed-by": "Helm", "team": "a"}
    old = OLD._replace(labels=marks, annotations={**marks, REPLACES: "before"}, display_name="The token")
    draft = renamed(relabelled(old, USE_CASES[0]).draft, old, "token-v2")
    assert draft.labels == {"team": "a"}
    assert draft.annotations == {"team": "a", REPLACES: OLD.name}
    assert (draft.name, draft.display_name) == ("token-v2", "The token (token-v2)")

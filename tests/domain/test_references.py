from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import merged
from wbtui.domain.reference_paths import Path
from wbtui.domain.references import KINDS, MORE_PATHS, Kind, Reference, SecretUser, references_in, service_account_in
from wbtui.domain.secret import Owner, Secret
from wbtui.domain.usage import ABSENT, USED_BY_TYPE, NotSearched, Usage, by_topmost_owner, missing_keys

NAMES = st.from_regex(r"[a-z0-9]([-a-z0-9.]{0,8}[a-z0-9])?", fullmatch=True)
PLACES = [(kind, path) for kind in KINDS for path in kind.paths]


def planted(steps: list[str], leaf: dict[str, Any], beside: int) -> dict[str, Any]:
    """Return an object that has `leaf` at the end of `steps`, with `beside` empty neighbours in each list."""
    if not steps:
        return leaf
    name, inner = steps[0].removesuffix("[]"), planted(steps[1:], leaf, beside)
    return {name: [*({"name": f"other-{n}"} for n in range(beside)), inner] if steps[0].endswith("[]") else inner}


def leaf_of(path: Path, name: str) -> dict[str, Any]:
    return {path.name: name, **({path.key: "the-key"} if path.key else {}), **dict.fromkeys(path.keys, "the-key")}


@pytest.mark.parametrize(("kind", "path"), PLACES, ids=[f"{kind.kind}:{path.steps}" for kind, path in PLACES])
def test_every_path_of_the_table_is_found(kind: Kind, path: Path) -> None:
    thing = planted(path.steps.split("."), leaf_of(path, "mine"), beside=2)
    found = [reference for reference in references_in(kind, thing) if reference.secret == "mine"]
    assert found
    assert {reference.key for reference in found} == ({"the-key"} if path.key or path.keys else {""})


@given(st.lists(st.tuples(st.sampled_from([place for place in PLACES if place[0].kind == "Pod"]), NAMES), max_size=6))
def test_a_pod_gives_exactly_the_secrets_that_it_names(places: list[tuple[tuple[Kind, Path], str]]) -> None:
    pod: Any = {}
    for (_, path), name in places:
        pod = merged(pod, planted(path.steps.split("."), leaf_of(path, name), beside=1))
    kind = next(kind for kind in KINDS if kind.kind == "Pod")
    found = {reference.secret for reference in references_in(kind, pod)}
    assert found - {"other-0"} == {name for _, name in places}


@pytest.mark.parametrize(
    "thing", [{}, {"spec": None}, {"spec": {"containers": "no list"}}, {"spec": {"volumes": [None]}}]
)
def test_malformed_objects_name_nothing(thing: dict[str, Any]) -> None:
    assert [reference for kind in KINDS for reference in references_in(kind, thing)] == []


CLONE = {"kind": "Secret", "apiVersion": "v1", "name": "copy", "clone": {"name": "hf", "namespace": "shared"}}
EXAMPLES: dict[str, tuple[str, dict[str, Any], list[tuple[str, str, str]]]] = {
    "a volume of CSI": (
        "PersistentVolume",
        {"spec": {"csi": {"nodeStageSecretRef": {"name": "ceph", "namespace": "rook"}}}},
        [("ceph", "rook", "")],
    ),
    "a volume of Azure": (
        "PersistentVolume",
        {"spec": {"azureFile": {"secretName": "azure", "secretNamespace": "storage"}}},
        [("azure", "storage", "")],
    ),
    "a storage class": (
        "StorageClass",
        {
            "parameters": {
                "csi.storage.k8s.io/provisioner-secret-name": "ceph",
                "csi.storage.k8s.io/provisioner-secret-namespace": "rook",
                "csi.storage.k8s.io/node-stage-secret-name": "${pvc.name}",
            }
        },
        [("ceph", "rook", "")],
    ),
    "annotations of an Ingress": (
        "Ingress",
        {
            "metadata": {
                "annotations": {
                    "nginx.ingress.kubernetes.io/auth-secret": "basic",
                    "nginx.ingress.kubernetes.io/auth-tls-secret": "edge/ca",
                    "nginx.ingress.kubernetes.io/auth-secret-type": "auth-file",
                }
            }
        },
        [("basic", "", ""), ("ca", "edge", "")],
    ),
    "a storage of the Resource Manager": (
        "ConfigMap",
        {"data": {"SECRET_NAME": "s3", "ACCESS_KEY_NAME": "id", "SECRET_KEY_NAME": "key", "BUCKET": "b"}},
        [("s3", "", "id"), ("s3", "", "key")],
    ),
    "a service account of KServe": (
        "ServiceAccount",
        {"metadata": {"annotations": {"serving.kserve.io/secretName": "s3"}}},
        [("s3", "", "")],
    ),
}


@pytest.mark.parametrize(("name", "thing", "found"), EXAMPLES.values(), ids=list(EXAMPLES))
def test_places_of_their_own(name: str, thing: dict[str, Any], found: list[tuple[str, str, str]]) -> None:
    kind = next(kind for kind in KINDS if kind.kind == name)
    assert [(one.secret, one.namespace, one.key) for one in references_in(kind, thing)] == found


def test_storages_are_those_with_the_resource_managers_label() -> None:
    kind = next(kind for kind in KINDS if kind.kind == "ConfigMap")
    assert kind.selector == "airm.silogen.ai/project-storage-id"


def kyverno(*rules: dict[str, Any]) -> list[Reference]:
    paths = MORE_PATHS["kyverno.io", "ClusterPolicy"]
    kind = Kind("ClusterPolicy", "kyverno.io/v1", "clusterpolicies", paths, cluster_wide=True)
    return list(references_in(kind, {"spec": {"rules": [{"name": "r", "generate": rule} for rule in rules]}}))


def test_a_policy_of_kyverno_uses_what_it_clones() -> None:
    found = kyverno(CLONE, {**CLONE, "kind": "ConfigMap"}, {"foreach": [{**CLONE, "clone": {"name": "each"}}]})
    assert [(one.secret, one.namespace) for one in found] == [("hf", "shared"), ("each", "")]
    assert found[0].path == "spec.rules[r].generate.clone.name"


def test_a_policy_of_kyverno_uses_what_it_clones_by_labels() -> None:
    expressions = [{"key": "team", "operator": "In", "values": ["a", "b"]}, {"key": "old", "operator": "DoesNotExist"}]
    selector = {"matchLabels": {"clone": "yes"}, "matchExpressions": expressions}
    clones = {"namespace": "team-a", "kinds": ["v1/Secret", "v1/ConfigMap"], "selector": selector}
    (reference,) = kyverno({"cloneList": clones}, {"cloneList": {**clones, "kinds": ["v1/ConfigMap"]}})
    usage = Usage((SecretUser("ClusterPolicy", "p", "", "1", references=(reference,)),), ("ClusterPolicy",), ())

    def with_labels(**labels: str) -> Secret:
        return secret("any")._replace(labels=labels)

    meant = with_labels(clone="yes", team="b")
    others = [with_labels(clone="yes"), with_labels(clone="yes", team="a", old=""), secret("any")]
    elsewhere = meant._replace(namespace="team-b")
    assert list(usage.used([meant, *others, elsewhere])) == [True, False, False, False, False]
    assert [str(use.user) for use in usage.of(meant)] == ["ClusterPolicy p"]
    assert usage.of(elsewhere) == ()


@pytest.mark.parametrize(
    ("kind", "thing", "account"),
    [
        ("Pod", {"spec": {"serviceAccountName": "runner"}}, "runner"),
        ("Pod", {"spec": {}}, "default"),
        ("Deployment", {"spec": {"template": {"spec": {"serviceAccountName": "runner"}}}}, "runner"),
        ("AIMService", {"spec": {"serviceAccountName": "runner"}}, "runner"),
        ("AIMService", {"spec": {}}, ""),
        ("ConfigMap", {"data": {}}, ""),
    ],
)
def test_pods_pull_with_their_service_account(kind: str, thing: dict[str, Any], account: str) -> None:
    assert service_account_in(next(entry for entry in KINDS if entry.kind == kind), thing) == account


def user(kind: str, name: str, owner: str = "", secret: str = "", path: str = "spec.env") -> SecretUser:
    references = (Reference(secret, path, "token"),) if secret else ()
    owner_kind, _, owner_name = owner.partition("/")
    owners = (Owner("v1", owner_kind, owner_name, owner),) if owner else ()
    pods = next((known.account for known in KINDS if known.kind == kind), "")
    return SecretUser(kind, name, "team-a", f"{kind}/{name}", owners, references, pods=pods)


def secret(name: str, *keys: str) -> Secret:
    return Secret(uid=name, namespace="team-a", name=name, resource_version="1", keys=keys)


def test_uses_are_grouped_under_the_owner_on_top_also_one_that_was_not_searched() -> None:
    users = (
        user("Pod", "p", "ReplicaSet/r", "hf"),
        user("ReplicaSet", "r", "Deployment/d"),
        user("Deployment", "d", "InferenceService/i"),
    )
    (use,) = Usage(users, (), ()).of(secret("hf", "token"))
    assert (str(use.user), str(use.top)) == ("Pod p", "InferenceService i")


def test_what_a_deployment_hands_down_is_said_once() -> None:
    template, pod = "spec.template.spec.containers[a].env[X]", "spec.containers[a].env[X]"
    users = (
        user("Pod", "p-1", "ReplicaSet/new", "hf", pod),
        user("Pod", "p-2", "ReplicaSet/new", "hf", pod),
        user("ReplicaSet", "new", "Deployment/d", "hf", template),
        replace(user("ReplicaSet", "old", "Deployment/d", "hf", "spec.template.spec.volumes[v]"), idle=True),
        user("Deployment", "d", secret="hf", path=template),
        user("Pod", "alone", secret="hf", path=pod),
    )
    groups = [
        (str(top), [(str(spot.use.user), list(map(str, spot.repeated))) for spot in spots])
        for top, spots in by_topmost_owner(Usage(users, (), ()).of(secret("hf")))
    ]
    assert groups == [
        ("Deployment d", [("Deployment d", ["ReplicaSet new", "Pod p-1", "Pod p-2"]), ("ReplicaSet old", [])]),
        ("Pod alone", [("Pod alone", [])]),
    ]


def test_another_key_or_an_optional_reference_is_another_place() -> None:
    path = "spec.template.spec.containers[a].env[X]"
    one = Reference("hf", path, "token", restart=True)
    deployment = SecretUser(
        "Deployment", "d", "team-a", "1", references=(one, replace(one, key="b"), replace(one, optional=True))
    )
    ((_, spots),) = by_topmost_owner(Usage((deployment,), (), ()).of(secret("hf")))
    assert len(spots) == 3


USERS = st.lists(
    st.builds(
        SecretUser,
        st.sampled_from(["Pod", "ReplicaSet", "ServiceAccount", "AIMClusterModel"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["team-a", "team-b", ""]),
        st.sampled_from("123456"),
        st.lists(st.builds(Owner, st.just("v1"), st.just("Any"), NAMES, st.sampled_from("123456")), max_size=1).map(
            tuple
        ),
        st.lists(
            st.builds(Reference, st.sampled_from(["hf", "s3"]), st.sampled_from(["imagePullSecrets[x]", "spec.x"])),
            max_size=3,
        ).map(tuple),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=6,
)


@given(USERS, st.sampled_from(["hf", "s3", "none"]), st.sampled_from(["team-a", "team-b"]))
def test_what_is_used_is_what_has_uses_and_each_is_in_one_place(
    users: list[SecretUser], name: str, namespace: str
) -> None:
    usage = Usage(tuple(users), ("Pod",), ())
    one = secret(name)._replace(namespace=namespace)
    uses = usage.of(one)
    assert list(usage.used([one])) == [bool(uses)]
    told = [named for _, spots in by_topmost_owner(uses) for spot in spots for named in (spot.use.user, *spot.repeated)]
    assert set(told) == {use.user for use in uses}


def test_what_needs_no_reference_is_not_unused_without_one() -> None:
    helm = [secret("release")._replace(type=kind) for kind in sorted(USED_BY_TYPE)]
    named = secret("hf")._replace(type="kubernetes.io/service-account-token")
    usage = Usage((user("Pod", "p", secret="hf"),), ("Pod",), ())
    assert list(usage.used([*helm, named, secret("other")])) == [None, None, None, True, False]


@pytest.mark.parametrize(
    ("not_searched", "used"),
    [
        (NotSearched("Pod", "no connection"), None),
        (NotSearched("Pod", ABSENT), None),
        (NotSearched("Pod", "no connection", stale=True), False),
    ],
)
def test_where_nothing_was_ever_looked_at_nothing_is_unused(not_searched: NotSearched, *, used: bool | None) -> None:
    assert list(Usage((), (), (not_searched,)).used([secret("hf")])) == [used]


def test_owners_in_a_circle_do_not_hang() -> None:
    users = (user("Pod", "a", "Pod/b", "hf"), user("Pod", "b", "Pod/a"))
    assert len(Usage(users, (), ()).of(secret("hf"))) == 1


def test_a_key_that_is_wanted_and_not_there_is_told() -> None:
    usage = Usage((user("Pod", "p", secret="hf"),), (), ())
    wrong, right = secret("hf", "hf_token"), secret("hf", "token")
    assert missing_keys(wrong, usage.of(wrong)) == usage.of(wrong)
    assert missing_keys(right, usage.of(right)) == ()


def test_secrets_of_another_project_are_not_meant() -> None:
    other = Secret(uid="x", namespace="team-b", name="hf", resource_version="1")
    assert Usage((user("Pod", "p", secret="hf"),), (), ()).of(other) == ()


def test_an_external_secret_without_a_target_name_makes_a_secret_of_its_own_name() -> None:
    kind = next(entry for entry in KINDS if entry.kind == "ExternalSecret")
    thing = {"metadata": {"name": "pulled"}, "spec": {"target": {}}}
    assert [reference.secret for reference in references_in(kind, thing)] == ["pulled"]


@pytest.mark.parametrize(("said", "optional"), [({}, False), ({"optional": False}, False), ({"optional": True}, True)])
def test_a_reference_is_optional_where_it_says_so(said: dict[str, bool], *, optional: bool) -> None:
    variable = {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf", "key": "token", **said}}}
    pod = {"spec": {"containers": [{"name": "app", "env": [variable]}]}}
    kind = next(kind for kind in KINDS if kind.kind == "Pod")
    assert [reference.optional for reference in references_in(kind, pod)] == [optional]

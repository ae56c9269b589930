"""Which workloads are restarted because their containers hold an old value, and which are not and why."""

from datetime import UTC, datetime, timedelta

from wbtui.domain.references import Container, Reference, User
from wbtui.domain.restarts import restarted, restarts_of, stale_pods_of, stuck_pod_of
from wbtui.domain.secret import Change, Owner, Secret
from wbtui.domain.usage import Usage

CHANGED = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHANGE = Change("a", "Update", CHANGED, ("token",), values_only=True)
SECRET = Secret("1", "team-a", "hf", "7", created=CHANGED, changes=(CHANGE,))
ENV = Reference("hf", "spec.containers[app].env[HF].valueFrom.secretKeyRef.name", "token", restart=True)


def owned(kind: str, name: str, owner: User | None = None) -> User:
    owners = (Owner("v1", owner.kind, owner.name, owner.uid),) if owner else ()
    return User(kind, name, "team-a", f"{kind}/{name}", owners)


def pod(name: str, minutes: float, owner: User | None = None, waiting: str = "") -> User:
    one = owned("Pod", name, owner)
    container = Container("app", CHANGED + timedelta(minutes=minutes))
    return User(
        "Pod", name, "team-a", one.uid, one.owners, (ENV,), pods="spec", containers=(container,), waiting=waiting
    )


WEB, BATCH = owned("Deployment", "web"), owned("Job", "batch")
SETS = owned("ReplicaSet", "web-1", WEB)
SERVICE = owned("AIMService", "llama")
PREDICTOR = owned("Deployment", "llama-predictor", SERVICE)


def usage(*pods: User) -> Usage:
    return Usage((WEB, BATCH, SETS, SERVICE, PREDICTOR, *pods), ("Pod",), ())


def test_only_workloads_with_an_old_value_are_restarted() -> None:
    old, new = pod("old", -5, SETS), pod("new", 5, SETS)
    assert restarts_of(SECRET, usage(old, new)).workloads == (WEB,)
    assert stale_pods_of(WEB, SECRET, usage(old, new)) == (old,)
    assert restarts_of(SECRET, usage(new)) == ((), ())


def test_what_cannot_be_restarted_says_why() -> None:
    pods = (pod("alone", -5), pod("b", -5, BATCH), pod("p", -5, PREDICTOR))
    workloads, others = restarts_of(SECRET, usage(*pods))
    assert workloads == ()
    assert {str(user): reason.partition(":")[0] for user, reason in others} == {
        "Pod alone": "nothing makes it again",
        "Job batch": "it runs to its end",
        "AIMService llama": "it manages Deployment llama-predictor, and would undo a restart of that",
    }


def test_a_pod_that_does_not_come_up_is_found_by_its_workload() -> None:
    stuck = pod("new", 5, SETS, waiting="app: CrashLoopBackOff")
    assert stuck_pod_of(WEB, usage(stuck)) == stuck
    assert stuck_pod_of(PREDICTOR, usage(stuck)) is None
    assert stuck_pod_of(WEB, usage(pod("new", 5, SETS))) is None


def test_a_restart_is_kubectls_annotation_and_nothing_else() -> None:
    template = {"metadata": {"annotations": {"a": "b"}}, "spec": {"containers": []}}
    before = {"metadata": {"name": "web"}, "spec": {"template": template}}
    after = restarted(before, CHANGED)
    annotations = {"a": "b", "kubectl.kubernetes.io/restartedAt": "2026-11-01T12:00:00Z"}
    assert after == {
        "metadata": {"name": "web"},
        "spec": {"template": {"metadata": {"annotations": annotations}, "spec": {"containers": []}}},
    }
    assert template["metadata"] == {"annotations": {"a": "b"}}

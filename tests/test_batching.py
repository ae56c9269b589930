"""One value for many targets, without a screen: tried first, written one by one, each with its own report."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster.conftest import kubeconfig_of, written
from tests.conftest import Kubectl
from tests.proxy import Fault, Proxy, answer, drop
from wbtui.batching import Batch, Creation, Renewal, Stage
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.draft import Draft
from wbtui.domain.replacement import Replacement
from wbtui.domain.sealed import Sealed
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.table import GENERIC, USE_CASES
from wbtui.errors import AccountChanged, NotSent, Unauthorized
from wbtui.repository import Cluster, Clusters

NAME = "shared"
PROJECTS = ("llm-serving", "research", "training")
TOKEN = "hf_" + "Ab3" * 8


@pytest.fixture
async def here(proxied: Clusters) -> AsyncIterator[Cluster]:
    """The cluster, behind the proxy."""
    cluster = await proxied.connect()
    yield cluster
    await cluster.close()


def creations(projects: Iterable[str] = PROJECTS) -> list[Creation]:
    use_case = USE_CASES[0]
    form = use_case.entry_forms[0]
    entries = ({"token": Sealed(TOKEN.encode())},)
    draft = Draft(namespace="", name=NAME, use_case=use_case, entry_form=form, entries=entries, keys=form.keys())
    return [Creation(replace(draft, namespace=project)) for project in projects]


def status(code: int, reason: str, message: str) -> Fault:
    words = {"kind": "Status", "code": code, "reason": reason, "message": message}
    return answer(code, json.dumps(words).encode())


def stages(batch: Batch) -> dict[str, Stage]:
    return {report.target.namespace: report.stage for report in batch.reports}


def made(kubectl: Kubectl) -> list[str]:
    found = kubectl("get", "secrets", "-A", "--field-selector", f"metadata.name={NAME}", "-o", "json")
    return sorted(item["metadata"]["namespace"] for item in json.loads(found)["items"])


def posts(proxy: Proxy) -> list[tuple[str, bool]]:
    requests = [one for one in proxy.requests if one.method == "POST" and one.path.endswith("/secrets")]
    return [(one.path.split("/")[4], "dryRun" in one.query) for one in requests]


async def test_all_are_tried_before_any_is_created(here: Cluster, proxy: Proxy, kubectl: Kubectl) -> None:
    batch = Batch(here, creations())
    tried = [(report.target.namespace, report.stage) async for report in batch.try_all()]
    assert tried == [(project, stage) for project in PROJECTS for stage in (Stage.TRYING, Stage.READY)]
    assert made(kubectl) == []
    written = [str(report) async for report in batch.write()]
    assert written == [f"{NAME} in {project}: {stage}" for project in PROJECTS for stage in ("writing …", "written")]
    assert made(kubectl) == list(PROJECTS)
    assert posts(proxy) == [*((project, True) for project in PROJECTS), *((project, False) for project in PROJECTS)]
    assert [report.secret.namespace for report in batch.done if report.secret] == list(PROJECTS)
    assert not batch.left


POLICY = "ValidatingAdmissionPolicy 'p' with binding 'b'"
REFUSALS = [
    (status(403, "Forbidden", 'secrets "x" is forbidden: exceeded quota: q, used: count/secrets=1'), "over quota"),
    (status(403, "Forbidden", 'admission webhook "p" denied the request: no'), "refused by a webhook"),
    (status(500, "InternalError", 'failed calling webhook "p": timeout'), "refused by a webhook"),
    (status(403, "Forbidden", "secrets is forbidden: no right"), "forbidden"),
    (status(409, "Conflict", "Operation cannot be fulfilled on resourcequotas: modified"), "resourcequotas"),
    (status(503, "ServiceUnavailable", "etcd is busy"), "not known whether it was"),
    (status(422, "Invalid", "Secret is invalid"), "refused as invalid"),
    (status(422, "Invalid", f'secrets "x" is forbidden: {POLICY} denied request: no'), "refused by a policy"),
]


@pytest.mark.parametrize(("fault", "said"), REFUSALS, ids=[words for _, words in REFUSALS])
async def test_what_one_project_refuses_at_the_write_is_written_by_another_try(
    here: Cluster, proxy: Proxy, kubectl: Kubectl, fault: Fault, said: str
) -> None:
    batch = Batch(here, creations())
    assert [report.stage async for report in batch.try_all()][1::2] == [Stage.READY] * 3
    proxy.once("/research/secrets", fault)
    reports = [report async for report in batch.write()]
    assert said in reports[3].state
    assert made(kubectl) == ["llm-serving", "training"]
    assert [report.target.namespace for report in batch.left] == ["research"]
    proxy.requests.clear()
    assert [report.stage async for report in batch.write()] == [Stage.WRITING, Stage.DONE]
    assert made(kubectl) == list(PROJECTS)
    assert posts(proxy) == [("research", False)]


@pytest.mark.parametrize("fault", [fault for fault, _ in REFUSALS if fault is not REFUSALS[4][0]])
async def test_what_one_project_refuses_at_the_trial_keeps_no_other_from_it(
    here: Cluster, proxy: Proxy, kubectl: Kubectl, fault: Fault
) -> None:
    batch = Batch(here, creations())
    proxy.once("/llm-serving/secrets", fault)
    async for _ in batch.try_all():
        pass
    assert stages(batch) == dict(zip(PROJECTS, (Stage.REFUSED, Stage.READY, Stage.READY), strict=True))
    async for _ in batch.write():
        pass
    assert made(kubectl) == ["research", "training"]


async def test_one_that_exists_is_refused_and_not_overwritten(here: Cluster, kubectl: Kubectl) -> None:
    batch = Batch(here, creations())
    async for _ in batch.try_all():
        pass
    kubectl("create", "secret", "generic", NAME, "-n", "training", "--from-literal=theirs=1")
    async for _ in batch.write():
        pass
    assert stages(batch)["training"] is Stage.REFUSED
    assert "name taken" in str(batch.reports[2])
    assert list(json.loads(kubectl("get", "secret", NAME, "-n", "training", "-o", "json"))["data"]) == ["theirs"]


@pytest.mark.parametrize("fault", [status(403, "Forbidden", "no"), drop], ids=["refused", "lost"])
@pytest.mark.parametrize("stops", [True, False])
async def test_trouble_stops_the_others_only_where_that_is_asked_for(
    here: Cluster, proxy: Proxy, kubectl: Kubectl, fault: Fault, *, stops: bool
) -> None:
    batch = Batch(here, creations())
    async for _ in batch.try_all():
        pass
    batch.stops_at_trouble = stops
    proxy.once("/llm-serving/secrets", fault)
    async for _ in batch.write():
        pass
    assert made(kubectl) == ([] if stops else ["research", "training"])
    assert len(batch.left) == (3 if stops else 1)


async def test_nothing_more_is_sent_once_it_is_stopped(here: Cluster, kubectl: Kubectl) -> None:
    batch = Batch(here, creations())
    async for _ in batch.try_all():
        pass
    async for report in batch.write():
        if report.stage is Stage.DONE:
            batch.stop()
    assert made(kubectl) == ["llm-serving"]
    assert [report.target.namespace for report in batch.left] == ["research", "training"]


async def test_a_lost_answer_is_one_target_and_a_lost_cluster_is_all(
    here: Cluster, proxy: Proxy, kubectl: Kubectl
) -> None:
    batch = Batch(here, creations())
    async for _ in batch.try_all():
        pass
    proxy.once("/llm-serving/secrets", drop)
    async for report in batch.write():
        if report.target.namespace == "research" and report.stage is Stage.DONE:
            await proxy.stop()
            break
    assert stages(batch)["llm-serving"] is Stage.UNKNOWN
    with pytest.raises(NotSent):
        async for _ in batch.write():
            pass
    assert stages(batch) == dict(zip(PROJECTS, (Stage.UNKNOWN, Stage.DONE, Stage.READY), strict=True))
    assert made(kubectl) == ["research"]


async def test_a_login_that_ends_keeps_it_from_all_and_leaves_them_as_they_are(here: Cluster, proxy: Proxy) -> None:
    batch = Batch(here, creations())
    async for _ in batch.try_all():
        pass
    proxy.default = status(401, "Unauthorized", "Unauthorized")
    with pytest.raises(Unauthorized):
        async for _ in batch.write():
            pass
    assert set(stages(batch).values()) == {Stage.READY}


async def test_another_user_keeps_it_from_all_and_leaves_them_as_they_are(
    cluster: BackgroundCluster, tmp_path: Path
) -> None:
    written(tmp_path, "demo-token", "token")
    path = written(tmp_path, kubeconfig_of(cluster.url, {"tokenFile": "token"}))
    here = await KubernetesClusters(Preferences(path)).connect()
    await here.account()
    batch = Batch(here, creations())
    async for _ in batch.try_all():
        pass
    written(tmp_path, "demo-restricted-token", "token")
    with pytest.raises(AccountChanged):
        async for _ in batch.write():
            pass
    await here.close()
    assert set(stages(batch).values()) == {Stage.READY}


DELETE = ("delete", "secret", NAME)
CREATE = ("create", "secret", "generic", NAME, "--from-literal=a=theirs")
IMMUTABLE = ("patch", "secret", NAME, "-p", '{"immutable":true}')
OTHER_VALUE = ("patch", "secret", NAME, "-p", '{"data":{"a":"eA=="}}')


def renewal(secret: Secret, type_: str = "Opaque") -> Renewal:
    form = GENERIC.entry_forms[0]
    entry = {form.fields[0].name: Sealed(b"a"), form.fields[1].name: Sealed(b"new")}
    draft = Draft(
        namespace=secret.namespace,
        name=secret.name,
        use_case=None,
        entry_form=form,
        entries=(entry,),
        keys={},
        type=type_,
    )
    return Renewal(Replacement(secret._replace(type=type_), draft, whole=False))


@pytest.mark.parametrize(
    ("changes", "stage", "said"),
    [
        ([DELETE], Stage.REFUSED, "not found"),
        ([IMMUTABLE], Stage.REFUSED, "it is immutable: rotate it by itself"),
        ([OTHER_VALUE], Stage.CHANGED, "another try replaces it anyway"),
        ([DELETE, CREATE], Stage.REFUSED, "another one of the same name was created"),
    ],
)
async def test_a_secret_that_changes_after_the_trial_is_not_overwritten_unasked(
    here: Cluster, kubectl: Kubectl, changes: list[tuple[str, ...]], stage: Stage, said: str
) -> None:
    targets = []
    for project in PROJECTS:
        kubectl("create", "secret", "generic", NAME, "-n", project, "--from-literal=a=old")
        targets.append(renewal(await here.read(Secret("", project, NAME, ""))))
    batch = Batch(here, targets)
    async for _ in batch.try_all():
        pass
    assert set(stages(batch).values()) == {Stage.READY}
    for change in changes:
        kubectl(*change, "-n", "research")
    async for _ in batch.write():
        pass
    assert batch.reports[1].stage is stage
    assert said in str(batch.reports[1])
    assert [report.stage for report in batch.reports[::2]] == [Stage.DONE] * 2


async def test_another_secret_of_the_name_is_not_written_where_no_type_is_known(
    here: Cluster, kubectl: Kubectl
) -> None:
    kubectl("create", "secret", "generic", NAME, "-n", "research", "--from-literal=a=old")
    batch = Batch(here, [renewal(await here.read(Secret("", "research", NAME, "")), type_="")])
    async for _ in batch.try_all():
        pass
    for change in (DELETE, CREATE):
        kubectl(*change, "-n", "research")
    for _ in range(2):
        async for _ in batch.write():
            pass
    assert batch.reports[0].stage is Stage.REFUSED
    assert json.loads(kubectl("get", "secret", NAME, "-n", "research", "-o", "json"))["data"] == {"a": "dGhlaXJz"}

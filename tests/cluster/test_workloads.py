"""Writing workloads: what a lost answer leaves unknown is said, and one's own is told from somebody else's."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT, kubeconfig_of, written
from tests.conftest import Kubectl
from tests.proxy import Fault, Proxy, answer, cut_after, drop
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.models import Model
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.reference_paths import Json
from wbtui.domain.service_draft import ServiceDraft
from wbtui.errors import AlreadyExists, Conflict, NotSent, Uncertain
from wbtui.repository import Cluster

LOST: dict[str, Fault] = {"no answer": drop, "a gateway's": answer(504), "unreadable": answer(201, b"<html>")}
UNKNOWN = "not known whether it was done"


@pytest.fixture
def notes() -> list[AuditRecord]:
    """The records of what was written."""
    return []


@pytest.fixture
async def here(proxy: Proxy, tmp_path: Path, notes: list[AuditRecord]) -> AsyncIterator[Cluster]:
    """The cluster, behind the proxy."""
    path = written(tmp_path, kubeconfig_of(proxy.url))
    here = await KubernetesClusters(Preferences(path, note=notes.append)).connect()
    yield here
    await here.close()


def service(**more: Any) -> Json:
    model = Model("AIMClusterModel", "llama-3-1-8b", "")
    return ServiceDraft(namespace=PROJECT, name="llama", model=model, **more).manifest(Prefixes())


def uid(kubectl: Kubectl) -> str:
    return kubectl("get", "aimservice", "llama", "-o", "jsonpath={.metadata.uid}")


async def deployment(here: Cluster) -> tuple[Json, Json]:
    """Return a Deployment as it is, and with one more annotation."""
    found = await here.workloads.find(PROJECT)
    before = await here.workloads.read(next(one for one in found.found if one.kind == "Deployment"))
    after = json.loads(json.dumps(before))
    after["metadata"].setdefault("annotations", {})["example.com/note"] = "new"
    return before, after


@pytest.mark.parametrize("size", [1, 200])
async def test_a_service_whose_answer_breaks_off_is_looked_for(
    proxy: Proxy, here: Cluster, kubectl: Kubectl, notes: list[AuditRecord], size: int
) -> None:
    proxy.next(cut_after(size))
    made = await here.workloads.write({}, service())
    assert made["metadata"]["uid"] == uid(kubectl)
    assert sum(request.method == "POST" for request in proxy.requests) == 1
    assert [note.result for note in notes] == ["done"]


@pytest.mark.parametrize("fault", LOST)
async def test_a_service_that_is_not_there_may_still_be_created(
    proxy: Proxy, here: Cluster, notes: list[AuditRecord], fault: str
) -> None:
    proxy.next(LOST[fault])
    with pytest.raises(Uncertain, match="no AIMService llama so far, but it may still be created"):
        await here.workloads.write({}, service())
    assert [note.result for note in notes] == [UNKNOWN]


async def test_somebody_elses_service_is_not_ones_own(proxy: Proxy, here: Cluster, kubectl: Kubectl) -> None:
    await here.workloads.write({}, service(creator="somebody@example.com"))
    theirs = uid(kubectl)
    proxy.next(drop)
    with pytest.raises(Uncertain, match="AIMService llama exists now, but someone else seems to have created it"):
        await here.workloads.write({}, service())
    with pytest.raises(AlreadyExists):
        await here.workloads.write({}, service())
    assert uid(kubectl) == theirs


async def test_a_service_that_cannot_be_looked_for_is_told_when_it_is_sent_again(
    proxy: Proxy, here: Cluster, kubectl: Kubectl
) -> None:
    proxy.next(cut_after(1), drop, drop)
    with pytest.raises(Uncertain, match="cannot be seen whether AIMService llama was created"):
        await here.workloads.write({}, service())
    for dry_run in (True, False):
        made = await here.workloads.write({}, service(), dry_run=dry_run)
        assert made["metadata"]["uid"] == uid(kubectl)


async def test_without_a_connection_no_service_was_sent(proxy: Proxy, here: Cluster) -> None:
    await proxy.stop()
    with pytest.raises(NotSent):
        await here.workloads.write({}, service())


@pytest.mark.parametrize("fault", [*LOST.values(), cut_after(1)], ids=[*LOST, "cut"])
async def test_a_change_whose_answer_is_lost_is_not_known_and_not_done_twice(
    proxy: Proxy, here: Cluster, notes: list[AuditRecord], fault: Fault
) -> None:
    before, after = await deployment(here)
    proxy.next(fault)
    name = after["metadata"]["name"]
    with pytest.raises(Uncertain, match=f"whether Deployment {name} was changed is not known"):
        await here.workloads.write(before, after)
    assert sum(request.method == "PATCH" for request in proxy.requests) == 1
    assert [note.result for note in notes] == [UNKNOWN]
    proxy.next(fault)
    with pytest.raises(Exception) as raised:  # noqa: PT011  any but one that says that something may have been done
        await here.workloads.write(before, after, dry_run=True)
    assert not isinstance(raised.value, Uncertain)


async def test_a_change_that_was_done_is_not_done_again(proxy: Proxy, here: Cluster) -> None:
    before, after = await deployment(here)
    proxy.next(cut_after(1))
    with pytest.raises(Uncertain):
        await here.workloads.write(before, after)
    with pytest.raises(Conflict):
        await here.workloads.write(before, after)

"""Restarting what another object manages: KServe's InferenceService hands an annotation down to its pods."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW, Kubectl, ServerClock, users
from tests.platform import definitions
from tests.screens.driving import session
from wbtui.demo.background import BackgroundCluster
from wbtui.repository import Clusters

ENV = {"name": "URL", "valueFrom": {"secretKeyRef": {"name": "litellm-config", "key": "master-key"}}}
PODS: dict[str, Any] = {"containers": [{"name": "model", "image": "model", "env": [ENV]}]}
STARTED = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def cluster(server_clock: ServerClock) -> Iterator[BackgroundCluster]:
    """An embedded cluster that has KServe's kinds."""
    with BackgroundCluster(now=server_clock, users=users(), definitions=definitions("InferenceService")) as cluster:
        yield cluster


def create(kubectl: Kubectl, folder: Path, api: str, kind: str, name: str, owner: Any, **parts: Any) -> Any:
    """Create an object that another one controls; return it."""
    owners = [{**owner, "controller": True}] if owner else []
    thing = {"apiVersion": api, "kind": kind, "metadata": {"name": name, "ownerReferences": owners}, **parts}
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(thing))
    made = json.loads(kubectl("create", "--validate=false", "-o", "json", "-f", str(manifest)))
    return {"apiVersion": api, "kind": kind, "name": name, "uid": made["metadata"]["uid"]}


@pytest.fixture
def model(kubectl: Kubectl, tmp_path: Path) -> None:
    """A model of KServe, whose pod was started before a value of its secret was changed."""
    predictor: dict[str, Any] = {
        "model": {"modelFormat": {"name": "vllm"}, "storageUri": "hf://a/b"},
        "annotations": {"a": "b"},
    }
    inference = create(
        kubectl, tmp_path, "serving.kserve.io/v1beta1", "InferenceService", "chat", None, spec={"predictor": predictor}
    )
    labels = {"app": "chat"}
    template = {"metadata": {"labels": labels}, "spec": PODS}
    workload = {"selector": {"matchLabels": labels}, "template": template}
    deployment = create(kubectl, tmp_path, "apps/v1", "Deployment", "chat-predictor", inference, spec=workload)
    create(kubectl, tmp_path, "v1", "Pod", "chat-1", deployment, spec=PODS)
    container = {"name": "model", "image": "model", "imageID": "", "ready": True, "restartCount": 0}
    statuses = [{**container, "state": {"running": {"startedAt": STARTED}}}]
    status = json.dumps({"status": {"phase": "Running", "containerStatuses": statuses}})
    kubectl("patch", "pod", "chat-1", "--subresource=status", "--type=merge", "-p", status)
    kubectl.clock.time += timedelta(minutes=10)
    kubectl("patch", "secret", "litellm-config", "-p", '{"data":{"master-key":"bmV3"}}')


@pytest.mark.usefixtures("model")
async def test_a_model_of_kserve_is_restarted_by_its_own_annotation(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("litellm-config")
        await person.press("u")
        await person.reads("InferenceService chat", "Pod chat-1, container model: old value")
        await person.press("r")
        await person.reads("An annotation of InferenceService chat is set; KServe then replaces its pods.")
        assert "rollout restart deployment/chat-predictor" not in person.said()
        await person.press("ctrl+s")
        await person.reads("Restart what holds the old value?", "InferenceService chat")
        await person.press("y")
        await person.reads("InferenceService chat: restarted; 1 pod still holds the old value")
        kubectl("delete", "pod", "chat-1")
        await person.reads("InferenceService chat: restarted; its new pods are not there yet")
    predictor = json.loads(kubectl("get", "inferenceservice", "chat", "-o", "json"))["spec"]["predictor"]
    assert predictor["annotations"].keys() == {"a", "kubectl.kubernetes.io/restartedAt"}
    template = json.loads(kubectl("get", "deployment", "chat-predictor", "-o", "json"))["spec"]["template"]
    assert "annotations" not in template["metadata"]

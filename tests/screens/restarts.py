"""The pods of a Deployment that hold a value, and playing the kubelet and the ReplicaSet for them."""

import json
from datetime import timedelta
from pathlib import Path

from tests.conftest import NOW, Kubectl
from tests.screens.driving import Session

PODS = ("llm-gateway-6c9d8f7b54-8kq2n", "llm-gateway-6c9d8f7b54-zt7wd")
_LATER = NOW + timedelta(minutes=10)
LATER = f"{_LATER:%Y-%m-%dT%H:%M:%SZ}"


def change_value(kubectl: Kubectl) -> None:
    """Give the secret of the gateway another value, as somebody else would."""
    kubectl("patch", "secret", "slack-webhook", "-p", '{"data":{"url":"aHR0cHM6Ly9uZXc="}}')


async def see_old_value_held(person: Session, kubectl: Kubectl, held: str = "2 of 2 pods hold the old value") -> None:
    """Change the gateway's secret, which is under the cursor, and see in its uses which pods hold the old value."""
    change_value(kubectl)
    await person.press("u")
    await person.sees("Used by: slack-webhook", held)


def state_of(kubectl: Kubectl, pod: str, state: dict[str, object]) -> None:
    """Let the gateway's container in a pod be in a state, as the kubelet would tell later."""
    kubectl.clock.time = max(kubectl.clock.time, _LATER)
    statuses = json.loads(kubectl("get", "pod", PODS[0], "-o", "json"))["status"]["containerStatuses"]
    for status in statuses:
        status["state"] = state
    patch = json.dumps({"status": {"containerStatuses": statuses}})
    kubectl("patch", "pod", pod, "--subresource=status", "--type=merge", "-p", patch)


def restarted_at(kubectl: Kubectl) -> str:
    template = json.loads(kubectl("get", "deployment", "llm-gateway", "-o", "json"))["spec"]["template"]
    return str(template["metadata"].get("annotations", {}).get("kubectl.kubernetes.io/restartedAt", ""))


def add_pod(kubectl: Kubectl, folder: Path, name: str, state: dict[str, object]) -> None:
    """Add a pod as the ReplicaSet of the gateway would; its container is in a state."""
    pod = json.loads(kubectl("get", "pod", PODS[0], "-o", "json"))
    pod["metadata"] = {key: pod["metadata"][key] for key in ("namespace", "labels", "ownerReferences")} | {"name": name}
    manifest = folder / "pod.json"
    manifest.write_text(json.dumps(pod))
    kubectl("create", "--validate=false", "-f", str(manifest))
    state_of(kubectl, name, state)


def stall(kubectl: Kubectl, message: str, *, reason: str = "FailedCreate") -> None:
    """Let the Deployment of the gateway say that its rollout does not go on, as its controller does."""
    generation = json.loads(kubectl("get", "deployment", "llm-gateway", "-o", "json"))["metadata"]["generation"]
    kind, status = ("ReplicaFailure", "True") if reason == "FailedCreate" else ("Progressing", "False")
    condition = {"type": kind, "status": status, "reason": reason, "message": message}
    patch = json.dumps({"status": {"observedGeneration": generation, "conditions": [condition]}})
    kubectl("patch", "deployment", "llm-gateway", "--subresource=status", "--type=merge", "-p", patch)

"""kubectl as its own users run it, against the embedded cluster."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.demo.conftest import Kubectl

DOCKER = ("--docker-server=ghcr.io", "--docker-username=demo", "--docker-password=demo")
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "main", "image": "x:1", "env": [{"name": "A", "value": "a"}]}]},
        },
    },
}


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("get secrets -A", ["hf-token-finetune", "sh.helm.release.v1.llm-gateway.v3", "kubernetes.io/basic-auth"]),
        ("get secrets -l airm.silogen.ai/use-case=HuggingFace", ["hf-token-llama"]),
        ("get secret hf-token-llama -o yaml", ["token: ZGVtby1", "airm.silogen.ai/submitter: amara.okafor@"]),
        ("get secret old-inference-key -o jsonpath={.metadata.finalizers}", ["airm.silogen.ai/secret-finalizer"]),
        ("get ns", ["llm-serving", "training", "kube-system", "Active"]),
        ("get aimservices", ["llama-chat", "Running", "qwen-chat", "Failed"]),
        ("get aimclmdl", ["llama-3-1-8b", "Ready"]),
        ("get externalsecrets", ["SecretSynced", "SecretSyncedError"]),
        ("get all", ["pod/vector-db-0", "1/1", "deployment.apps/llm-gateway", "2/2", "aimservice.aim.eai.amd.com/"]),
        ("get pods -o wide", ["CreateContainerConfigError", "mi300x-"]),
        ("describe secret hf-token-llama", ["token:  25 bytes", "use-case=HuggingFace"]),
        ("describe deployment llm-gateway", ["gateway-tls", "SLACK_WEBHOOK_URL", "2 desired"]),
        ("describe pod vector-db-0", ["minio-artifacts", "Running"]),
        ("create secret generic made --from-literal=a=1", ["secret/made created"]),
        ("create secret generic made --from-literal=a=1 --dry-run=server", ["secret/made created (server dry run)"]),
        (f"create secret docker-registry pull {' '.join(DOCKER)}", ["secret/pull created"]),
        ("label secret hf-token-llama team=chat", ["labeled"]),
        ("annotate secret hf-token-llama note=mine", ["annotated"]),
        ("delete secret slack-webhook", ['secret "slack-webhook" deleted']),
        ("rollout restart deployment llm-gateway", ["restarted"]),
        ("auth can-i delete secrets", ["yes"]),
        ("auth whoami", ["demo@example.com", "system:masters"]),
        ("auth whoami --as restricted@example.com", ["restricted@example.com"]),
        ("auth can-i --list --context demo-restricted", ["secrets", "hf-token-llama", "[get list watch create]"]),
        ("get secrets --context demo-restricted", ["hf-token-llama"]),
        ("api-resources --api-group=aim.eai.amd.com", ["aimservices", "AIMClusterModel"]),
    ],
)
def test_answers(kubectl: Kubectl, command: str, shown: list[str]) -> None:
    output = kubectl(*command.split())
    for text in shown:
        assert text in output


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("auth can-i delete secrets --context demo-restricted", "no"),
        ("get ns --context demo-restricted", "cannot list resource"),
        ("delete secret slack-webhook --context demo-restricted", "Forbidden"),
        ("get secrets --as nobody@example.com --context demo-restricted", "Forbidden"),
        ("create secret generic hf-token-llama", "already exists"),
        ("create secret generic Bad_Name", "a lowercase RFC 1123 subdomain"),
        ("get secret nope", "NotFound"),
        ("scale deployment llm-gateway --replicas=2 --context demo-restricted", "Forbidden"),
        ("set env deployment/llm-gateway A=1 --context demo-restricted", "cannot patch resource"),
    ],
)
def test_refuses(kubectl: Kubectl, command: str, shown: str) -> None:
    assert shown in kubectl(*command.split(), fails=True)


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        ("strategic", '{"stringData":{"extra":"1"}}'),
        ("merge", '{"data":{"extra":"MQ=="}}'),
        ("json", '[{"op":"add","path":"/data/extra","value":"MQ=="}]'),
    ],
)
def test_patches(kubectl: Kubectl, kind: str, patch: str) -> None:
    kubectl("patch", "secret", "slack-webhook", "--type", kind, "-p", patch)
    found = json.loads(kubectl("get", "secret", "slack-webhook", "-o", "json"))
    assert found["data"] == {"url": "ZGVtby1zbGFjay13ZWJob29rLXVybA==", "extra": "MQ=="}


def test_sets_a_status(kubectl: Kubectl) -> None:
    ready = '{"type":"Ready","status":"True","reason":"R","message":"","lastTransitionTime":"2026-11-01T00:00:00Z"}'
    patch = f'{{"status":{{"status":"Running","conditions":[{ready}]}}}}'
    kubectl("patch", "aimservice", "mistral-batch", "--subresource=status", "--type=merge", "-p", patch)
    assert "Running" in kubectl("get", "aimservice", "mistral-batch")
    wrong = ("patch", "aimservice", "mistral-batch", "--subresource=status", "--type=merge", "-p")
    assert "Unsupported value" in kubectl(*wrong, '{"status":{"status":"Fine"}}', fails=True)


def test_creates_with_its_type(kubectl: Kubectl) -> None:
    kubectl("create", "secret", "docker-registry", "pull", *DOCKER)
    assert "kubernetes.io/dockerconfigjson" in kubectl("get", "secret", "pull")


def test_applies_changes(kubectl: Kubectl, tmp_path: Path) -> None:
    manifest = tmp_path / "web.json"

    def apply(env: list[dict[str, str]]) -> str:
        DEPLOYMENT["spec"]["template"]["spec"]["containers"][0]["env"] = env  # type: ignore[index]
        manifest.write_text(json.dumps(DEPLOYMENT))
        return kubectl("apply", "-f", str(manifest))

    first, second, third = ({"name": name, "value": name} for name in "ABC")
    assert "created" in apply([first, second])
    assert "unchanged" in apply([first, second])
    assert "configured" in apply([second, third])
    found = json.loads(kubectl("get", "deployment", "web", "-o", "json"))
    assert found["spec"]["template"]["spec"]["containers"][0]["env"] == [second, third]
    assert found["metadata"]["generation"] == 2


def test_watches(kubectl: Kubectl, environment: dict[str, str]) -> None:
    command = ["kubectl", "get", "secrets", "-o", "wide", "--watch"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        lines = iter(watching.stdout.readline, "")
        assert any("wandb-api-key" in line for line in lines)
        kubectl("create", "secret", "generic", "seen-by-watch")
        assert any("seen-by-watch" in line for line in lines)
        watching.terminate()

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
        ("api-resources --api-group=aim.eai.amd.com", ["aimservices", "AIMClusterModel", "AIMProfile"]),
        ("get aimservices.v1alpha1.aim.eai.amd.com", ["Warning: aim.eai.amd.com/v1alpha1", "llama-chat", "TEMPLATE"]),
        ("explain secret.data", ["KIND:       Secret", "<map[string]string>"]),
        ("explain pods.spec.containers.env.valueFrom.secretKeyRef", ["-required-", "optional\t<boolean>"]),
        ("explain aimservice.spec.profile", ["GROUP:      aim.eai.amd.com", "selector\t<Object>"]),
        ("explain aimservice.spec --output=plaintext-openapiv2", ["profileOverrides\t<Object>", "env\t<[]Object>"]),
        ("explain deployment.spec.replicas --output=plaintext-openapiv2", ["FIELD:    replicas <integer>"]),
        ("create configmap made --from-literal=a=1", ["configmap/made created"]),
        ("create serviceaccount made", ["serviceaccount/made created"]),
        ("create deployment made --image=x:1 --replicas=2 --port=80", ["deployment.apps/made created"]),
        ("create job made --image=x:1 -- echo", ["job.batch/made created"]),
        ("create cronjob made --image=x:1 --schedule=@daily", ["cronjob.batch/made created"]),
        ("create namespace made", ["namespace/made created"]),
        ("run made --image=x:1", ["pod/made created"]),
        ("set env deployment/llm-gateway A=1", ["env updated"]),
        ("delete secrets -l owner=helm", ["sh.helm.release.v1.vector-db.v2"]),
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


MANIFEST = """
apiVersion: v1
kind: Secret
metadata: {name: made, labels: {team: chat}}
stringData: {token: demo}
---
apiVersion: aim.eai.amd.com/v1alpha2
kind: AIMService
metadata: {name: made}
spec:
  model: {name: qwen3-32b}
"""


@pytest.mark.parametrize("way", [("create",), ("apply",), ("apply", "--server-side")])
def test_takes_a_manifest(kubectl: Kubectl, tmp_path: Path, way: tuple[str, ...]) -> None:
    manifest = tmp_path / "made.yaml"
    manifest.write_text(MANIFEST)
    file = ("-f", str(manifest))
    assert "secret/made" in kubectl(*way, *file)
    assert json.loads(kubectl("get", "secret", "made", "-o", "json"))["data"] == {"token": "ZGVtbw=="}
    assert json.loads(kubectl("get", "aimservice", "made", "-o", "json"))["spec"]["replicas"] == 1
    manifest.write_text(MANIFEST.replace("team: chat", "team: eval"))
    kubectl(*(("replace",) if way == ("create",) else way), *file)
    assert kubectl("get", "secret", "made", "-o", "jsonpath={.metadata.labels}") == '{"team":"eval"}'
    assert kubectl("diff", *way[1:], *file) == ""
    kubectl("delete", *file)
    assert "NotFound" in kubectl("get", "secret", "made", fails=True)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("stringdata: {a: b}", 'unknown field "stringdata"'),
        ("data: {a: 1}", "cannot unmarshal number into Go struct field Secret.data of type []uint8"),
        ("data: {a: b}", "illegal base64 data at input byte 0"),
        ("immutable: soon", "cannot unmarshal string into Go struct field Secret.immutable of type bool"),
    ],
)
def test_refuses_a_manifest(kubectl: Kubectl, tmp_path: Path, wrong: str, message: str) -> None:
    manifest = tmp_path / "wrong.yaml"
    manifest.write_text(f"apiVersion: v1\nkind: Secret\nmetadata: {{name: wrong}}\n{wrong}\n")
    assert message in kubectl("create", "-f", str(manifest), fails=True)
    assert "NotFound" in kubectl("get", "secret", "wrong", fails=True)


def test_edits(kubectl: Kubectl, environment: dict[str, str], tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/replicas: 2/replicas: 4/' \"$1\"\n")
    editor.chmod(0o700)
    environment["EDITOR"] = str(editor)
    assert "edited" in kubectl("edit", "deployment", "llm-gateway")
    assert kubectl("get", "deployment", "llm-gateway", "-o", "jsonpath={.spec.replicas}") == "4"


def test_watches(kubectl: Kubectl, environment: dict[str, str]) -> None:
    command = ["kubectl", "get", "secrets", "-o", "wide", "--watch"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        lines = iter(watching.stdout.readline, "")
        assert any("wandb-api-key" in line for line in lines)
        kubectl("create", "secret", "generic", "seen-by-watch")
        assert any("seen-by-watch" in line for line in lines)
        watching.terminate()

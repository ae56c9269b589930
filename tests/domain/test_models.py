import pytest

from wbtui.domain.models import Condition, ServiceDraft

PREFIX = "airm.silogen.ai"


def test_a_service_names_secrets_as_the_engine_wants_it() -> None:
    draft = ServiceDraft(
        namespace="team-a",
        name="chat",
        model="llama",
        replicas=2,
        token=("hf", "token"),
        pull_secrets=("ghcr", "docker"),
        metric="latency",
        creator="me@example.com",
    )
    assert draft.manifest(PREFIX) == {
        "apiVersion": "aim.eai.amd.com/v1alpha1",
        "kind": "AIMService",
        "metadata": {
            "name": "chat",
            "namespace": "team-a",
            "labels": {"airm.silogen.ai/workload-type": "INFERENCE"},
            "annotations": {"airm.silogen.ai/submitter": "me@example.com"},
        },
        "spec": {
            "model": {"name": "llama"},
            "replicas": 2,
            "overrides": {"metric": "latency"},
            "imagePullSecrets": [{"name": "ghcr"}, {"name": "docker"}],
            "env": [{"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf", "key": "token"}}}],
        },
    }


def test_what_is_not_chosen_is_left_out() -> None:
    bare = ServiceDraft(namespace="team-a", name="chat", model="llama").manifest(PREFIX)
    assert bare["spec"] == {"model": {"name": "llama"}, "replicas": 1}
    assert "annotations" not in bare["metadata"]


@pytest.mark.parametrize(
    ("type_", "reason", "message", "part"),
    [
        ("Ready", "CreateContainerConfigError", "couldn't find key hf_token in Secret p/hf", "has no such key"),
        ("ConfigValid", "ReferenceNotFound", 'Secret "hf" not found', "not in the project"),
        ("Ready", "CreateContainerConfigError", 'secret "hf" not found', "not in the project"),
        ("InferenceServicePodsReady", "ImagePullAuthFailure", "401", "registry refused the login"),
        ("Ready", "ImagePullBackOff", "Back-off pulling image", "image cannot be pulled"),
        ("CacheReady", "CacheFailed", "401 Client Error: gated repo", "Hugging Face refused"),
        ("CacheReady", "CacheFailed", "Template cache failed", "could not be downloaded"),
        ("AuthValid", "AuthError", "Authentication or authorization failure", "A login was refused"),
        ("ModelReady", "ModelNotFound", "there is no such model", ""),
    ],
)
def test_what_is_about_secrets_is_explained(type_: str, reason: str, message: str, part: str) -> None:
    said = Condition(type_, holds=False, reason=reason, message=message).explanation
    assert part in said if part else not said


def test_what_is_well_needs_no_explanation() -> None:
    assert not Condition("AuthValid", holds=True, reason="AuthenticationValid", message="").explanation

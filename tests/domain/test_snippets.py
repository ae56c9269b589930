import pytest
import yaml

from tests.domain.samples import secret
from wbtui.domain.snippets import Snippet, snippets_for

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def _snippets(*args: object, **more: object) -> tuple[Snippet, ...]:
    return snippets_for(secret(*args, **more), "aiwb.example")  # type: ignore[arg-type]


def texts(*args: object, **more: object) -> dict[str, str]:
    return {snippet.title: snippet.text for snippet in _snippets(*args, **more)}


def test_the_manifest_has_everything_but_data() -> None:
    annotations = {"airm.silogen.ai/submitter": "a", LAST_APPLIED: "canary", "kapp.k14s.io/original": "canary"}
    (text, *_) = texts(keys=("token",), labels={"use": "x"}, annotations=annotations, immutable=True).values()
    assert yaml.safe_load(text) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "hf-token",
            "namespace": "team-a",
            "labels": {"use": "x"},
            "annotations": {"airm.silogen.ai/submitter": "a"},
        },
        "type": "Opaque",
        "immutable": True,
    }
    assert "token" in text.splitlines()[-1]
    assert "canary" not in text


def test_the_manifest_of_another_secret_has_no_ids_of_the_resource_manager() -> None:
    labels = {"airm.silogen.ai/project-secret-id": "1", "airm.silogen.ai/secret-scope": "Project", "use": "x"}
    (text, *_) = texts(labels=labels, finalizers=("airm.silogen.ai/secret-finalizer",)).values()
    assert yaml.safe_load(text)["metadata"] == {"name": "hf-token", "namespace": "team-a", "labels": {"use": "x"}}


def test_the_manifest_has_the_display_name() -> None:
    (text, *_) = texts("wb-1", display_name="My token").values()
    assert yaml.safe_load(text)["metadata"]["annotations"] == {"aiwb.example/display-name": "My token"}


def test_pieces_have_the_right_names_and_keys() -> None:
    said = texts(keys=("token",), use_case="HuggingFace")
    reference = {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf-token", "key": "token"}}}
    assert yaml.safe_load(said["env of a container"]) == {"env": [reference]}
    assert yaml.safe_load(said["envFrom of a container"]) == {"envFrom": [{"secretRef": {"name": "hf-token"}}]}
    service = yaml.safe_load(said["AIMService"])
    assert service["spec"] == {"model": {"name": "name-of-the-model"}, "env": [reference]}
    service = yaml.safe_load(said["AIMService of v1alpha2, which gives it to the download alone"])
    assert service["apiVersion"] == "aim.eai.amd.com/v1alpha2"
    assert service["spec"]["caching"] == {"mode": "Shared", "env": [reference]}
    config = yaml.safe_load(said["AIMRuntimeConfig, for all services of the project"])
    assert (config["metadata"]["name"], config["spec"]) == ("default", {"env": [reference]})
    pod = yaml.safe_load(said["volume of a pod, and its mount"])
    (mount,), (volume,) = pod["containers"][0]["volumeMounts"], pod["volumes"]
    assert (mount["name"], volume["secret"]["secretName"]) == (volume["name"], "hf-token")


def test_a_pull_secret_is_offered_as_one_and_as_nothing_else() -> None:
    said = texts("ghcr", type="kubernetes.io/dockerconfigjson", keys=(".dockerconfigjson",))
    assert yaml.safe_load(said["imagePullSecrets of a pod"]) == {"imagePullSecrets": [{"name": "ghcr"}]}
    assert yaml.safe_load(said["AIMService"])["spec"]["imagePullSecrets"] == [{"name": "ghcr"}]
    assert not any("env" in title for title in said)


@pytest.mark.parametrize("keys", [(), None])
@pytest.mark.parametrize("use_case", ["", "Unknown", "HuggingFace", "Generic"])
@pytest.mark.parametrize(
    "kind", ["Opaque", "", "kubernetes.io/dockerconfigjson", "kubernetes.io/tls", "example.com/odd"]
)
def test_a_secret_of_any_kind_has_pieces(keys: tuple[str, ...] | None, use_case: str, kind: str) -> None:
    said = texts(keys=keys, use_case=use_case, type=kind)
    assert all(yaml.safe_load(text) for text in said.values())
    assert said.keys() - {"manifest of the secret, without values"}


def test_a_secret_without_keys_makes_no_variables() -> None:
    said = texts(keys=())
    assert list(said) == [
        "manifest of the secret, without values",
        "envFrom of a container",
        "volume of a pod, and its mount",
    ]


def test_a_snippet_is_written_when_it_is_asked_for_and_once() -> None:
    written: list[str] = []

    def write() -> str:
        written.append("x")
        return "text"

    snippet = Snippet("title", write)
    assert written == []
    assert [snippet.text, snippet.text] == ["text", "text"]
    assert written == ["x"]

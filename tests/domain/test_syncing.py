import pytest

from tests.domain.samples import secret
from wbtui.domain.secret import Owner
from wbtui.domain.syncing import syncs

MARKS = [
    ({"argocd.argoproj.io/instance": "web"}, {}, "Argo CD application web"),
    ({}, {"argocd.argoproj.io/tracking-id": "web:/Secret:team-a/hf"}, "Argo CD application web"),
    ({}, {"argocd.argoproj.io/tracking-id": "web:external-secrets.io/ExternalSecret:team-a/hf"}, ""),
    (
        {"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"},
        {},
        "Flux Kustomization flux-system/apps",
    ),
    ({"helm.toolkit.fluxcd.io/name": "db"}, {}, "Flux HelmRelease db"),
    ({}, {"meta.helm.sh/release-name": "db", "meta.helm.sh/release-namespace": "ops"}, "Helm release db in ops"),
    ({}, {"reconcile.external-secrets.io/data-hash": "8f3a"}, "External Secrets"),
    ({}, {"reflector.v1.k8s.emberstack.com/reflects": "shared/ghcr"}, "Reflector copy of shared/ghcr"),
    ({}, {"replicator.v1.mittwald.de/replicate-from": "shared/ghcr"}, "Replicator copy of shared/ghcr"),
    ({"generate.kyverno.io/policy-name": "pull"}, {}, "Kyverno policy pull"),
    ({}, {"cert-manager.io/certificate-name": "tls"}, "cert-manager Certificate tls"),
    ({"app.kubernetes.io/managed-by": "Helm", "team": "a"}, {"note": "x"}, ""),
    ({"argocd.argoproj.io/instance": ""}, {}, ""),
]


@pytest.mark.parametrize(("labels", "annotations", "words"), MARKS)
def test_who_puts_a_secret_back_is_told_by_its_marks(
    labels: dict[str, str], annotations: dict[str, str], words: str
) -> None:
    assert " and ".join(map(str, syncs(labels, annotations))) == words
    said = {state.word: state.sentence for state in secret(labels=labels, annotations=annotations).states}
    assert ("synced" in said) is bool(words)


def test_a_tool_with_two_marks_is_named_once() -> None:
    labels = {"argocd.argoproj.io/instance": "web"}
    annotations = {"argocd.argoproj.io/tracking-id": "web:/Secret:team-a/hf", "meta.helm.sh/release-name": "db"}
    assert [sync.tool for sync in syncs(labels, annotations)] == ["Argo CD", "Helm"]


def test_what_external_secrets_copied_from_an_external_secret_is_not_about_its_secret() -> None:
    labels = {"argocd.argoproj.io/instance": "web", "reconcile.external-secrets.io/created-by": "1f3a"}
    assert [sync.tool for sync in syncs(labels, {"meta.helm.sh/release-name": "db"})] == ["External Secrets"]


def test_an_owner_says_enough() -> None:
    owned = secret(
        owners=(Owner("external-secrets.io/v1", "ExternalSecret", "hf", "1"),),
        annotations={"reconcile.external-secrets.io/data-hash": "8f3a"},
    )
    assert not owned.syncs
    assert "managed" in {state.word for state in owned.states}

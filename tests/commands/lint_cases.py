"""For each check of `wbtui lint`: objects that it finds, and others that look much like them and that are well."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from wbtui.domain.expiry import EXPIRES, SOON

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class Case(NamedTuple):
    """What one check is tried with: YAML, what is found of it as `-o name` prints it, and words about it."""

    check: str
    manifests: str
    found: set[str]
    words: str


def _secret(name: str, *, keys: str = "token: eA==", more: str = "", metadata: str = "") -> str:
    return f"""
---
apiVersion: v1
kind: Secret
metadata: {{name: {name}, {metadata}}}
data: {{{keys}}}
{more}
"""


def _use_case(value: str) -> str:
    return f"labels: {{airm.silogen.ai/use-case: {value}}}"


def _deployment(name: str, container: str, pod: str = "", replicas: int = 1) -> str:
    return f"""
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: app, image: app, {container}}}], {pod}}}
"""


def _variable(secret: str, key: str = "token", more: str = "") -> str:
    return f"env: [{{name: TOKEN, valueFrom: {{secretKeyRef: {{name: {secret}, key: {key}{more}}}}}}}]"


_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_NOW = datetime.now(UTC)


def _expires(name: str, when: str) -> str:
    return _secret(name, metadata=f"annotations: {{{EXPIRES}: '{when}'}}")


def _day(days: int) -> str:
    return f"{_NOW + timedelta(days):%Y-%m-%d}"


CASES = (
    Case(
        "expired",
        _expires("over", _day(-1)) + _expires("near", _day(3)) + _expires("far", _day(300)) + _secret("never"),
        {"secret/over"},
        f"It expired at {_day(-1)}, by its annotation.",
    ),
    Case(
        "expires-soon",
        _expires("over", _day(-1)) + _expires("near", _day(3)) + _expires("far", _day(SOON.days + 2)),
        {"secret/near"},
        f"It expires at {_day(3)}, by its annotation.",
    ),
    Case(
        "unreadable-expiry",
        _expires("odd", "next year") + _expires("empty", "") + _expires("far", _day(300)) + _secret("never"),
        {"secret/odd", "secret/empty"},
        'is "next year", which is no date.',
    ),
    Case(
        "unknown-use-case",
        _secret("odd", metadata=_use_case("GitKey"))
        + _secret("lower", metadata="labels: {airm.silogen.com/use-case: huggingface}")
        + _secret("none"),
        {"secret/odd"},
        "GitKey",
    ),
    Case(
        "wrong-type",
        _secret("opaque", metadata=_use_case("ImagePullSecret"))
        + _secret("docker", metadata=_use_case("Generic"), keys="username: eA==, password: eA==")
        + _secret("basic", keys="username: eA==, password: eA==", more="type: kubernetes.io/basic-auth"),
        {"secret/opaque"},
        "Its type is Opaque; use case ImagePullSecret needs kubernetes.io/dockerconfigjson.",
    ),
    Case(
        "values-in-annotation",
        _secret("copied", metadata=f'annotations: {{{_APPLIED}: \'{{"data":{{"token":"eA=="}}}}\'}}')
        + _secret("other", metadata='annotations: {example.com/backup: \'{"data":{"token":"eA=="}}\'}')
        + _secret("well", metadata=f"annotations: {{example.com/note: 'without {_APPLIED}'}}"),
        {"secret/copied", "secret/other"},
        "may hold the values",
    ),
    Case(
        "hash-in-annotation",
        _secret("sha", metadata=f"annotations: {{example.com/data-hash: {_SHA256}}}")
        + _secret("prefixed", metadata=f"annotations: {{checksum/config: 'sha256:{_SHA256}'}}")
        + _secret("base64", metadata="annotations: {sha256: 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='}")
        + _secret("label", metadata="labels: {example.com/md5: 098f6bcd4621d373cade4e832627b4f6}")
        + _secret("owner", metadata=f"labels: {{objectset.rio.cattle.io/hash: {_SHA256[:40]}}}")
        + _secret("commit", metadata="annotations: {example.com/commit: a94a8fe5ccb19ba61c4c0873d391e987982fbbd3}")
        + _secret("salted", metadata="annotations: {example.com/hash: '$2b$12$abcdefghijklmnopqrstuv'}")
        + _secret("named", metadata="annotations: {example.com/hash-algorithm: sha256}"),
        {"secret/sha", "secret/prefixed", "secret/base64", "secret/label"},
        "looks like a hash without a salt",
    ),
    Case(
        "shared-id",
        _secret("first", metadata="labels: {airm.silogen.ai/project-secret-id: one}")
        + _secret("copy", metadata="labels: {airm.silogen.ai/project-secret-id: one}")
        + _secret("own", metadata="labels: {airm.silogen.ai/project-secret-id: two}")
        + _secret("without"),
        {"secret/first", "secret/copy"},
        "It and copy have the same label airm.silogen.ai/project-secret-id: one.",
    ),
    Case(
        "same-display-name",
        _secret("one", metadata="annotations: {aiwb.apps.eai.amd.com/display-name: Llama}")
        + _secret("two", metadata="annotations: {aiwb.apps.eai.amd.com/display-name: Llama}")
        + _secret("three", metadata="annotations: {aiwb.apps.eai.amd.com/display-name: four}")
        + _secret("four")
        + _secret("five", metadata="annotations: {aiwb.apps.eai.amd.com/display-name: Llama 3}"),
        {"secret/one", "secret/two", "secret/three", "secret/four"},
        'It and two have the same name for people: "Llama".',
    ),
    Case(
        "missing-secret",
        _secret("there")
        + _deployment("lost", _variable("nowhere"))
        + _deployment("asleep", _variable("nowhere"), replicas=0)
        + _deployment("volume", "", "volumes: [{name: v, secret: {secretName: nowhere}}]")
        + _deployment("optional", _variable("nowhere", more=", optional: true"))
        + _deployment("maybe", "", "volumes: [{name: v, secret: {secretName: nowhere, optional: true}}]")
        + _deployment("fine", _variable("there"))
        + _deployment("pull", "", "imagePullSecrets: [{name: nowhere}]"),
        {"deployment/lost", "deployment/asleep", "deployment/volume"},
        "names secret nowhere, which does not exist.",
    ),
    Case(
        "missing-reference",
        _secret("there", metadata="", more="type: helm.sh/release.v1")
        + _deployment("pull", "", "imagePullSecrets: [{name: nowhere}]")
        + _deployment("release", "", "imagePullSecrets: [{name: there}]")
        + _deployment("lost", _variable("nowhere"))
        + _deployment("by-account", "", "serviceAccountName: robot")
        + "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\nimagePullSecrets: [{name: nowhere}]\n",
        {"deployment/pull", "serviceaccount/robot"},
        "spec.template.spec.imagePullSecrets[nowhere].name names secret nowhere, which does not exist.",
    ),
    Case(
        "missing-key",
        _secret("two-keys", keys="token: eA==, other: eA==")
        + _deployment("wrong", _variable("two-keys", key="tokem"))
        + _deployment("right", _variable("two-keys"))
        + _deployment("optional", _variable("two-keys", key="tokem", more=", optional: true"))
        + _deployment("all", "envFrom: [{secretRef: {name: two-keys}}]")
        + _deployment("lost", _variable("nowhere")),
        {"deployment/wrong"},
        "needs key tokem of secret two-keys, which has other, token.",
    ),
    Case(
        "stuck-deletion",
        _secret("stuck", metadata="finalizers: [example.com/keep]")
        + _secret("waits-for-nothing")
        + _secret("keeps", metadata="finalizers: [example.com/keep]"),
        {"secret/stuck"},
        "waits for example.com/keep.",
    ),
)

"""What is said of the uses of a secret."""

import pytest

from tests.domain.samples import secret
from wbtui.domain.label_selector import LabelSelector, Requirement
from wbtui.domain.references import Reference, User
from wbtui.domain.usage import Usage
from wbtui.widgets.usage_view import use_lines

LABELS: LabelSelector = (Requirement("push", "Exists"),)


@pytest.mark.parametrize(
    ("kind", "namespace", "reference", "said"),
    [
        ("Ingress", "team-a", Reference("hf", "spec.tls"), "spec.tls"),
        ("SecretStore", "team-a", Reference("hf", "spec.auth", namespace="team-a"), "spec.auth"),
        ("PersistentVolume", "", Reference("hf", "spec.csi", namespace="team-a"), "spec.csi in team-a"),
        (
            "AIMClusterModelSource",
            "",
            Reference("hf", "spec.pull"),
            "spec.pull, in the namespace of its operator (aim-system by default)",
        ),
        ("AIMClusterProfile", "", Reference("hf", "spec.env"), "spec.env, in each project that uses it"),
        ("Anything", "", Reference("hf", "spec.x"), "spec.x, in a namespace that it does not say"),
        ("PushSecret", "team-a", Reference("", "spec.selector", selector=LABELS), "spec.selector, by its labels"),
    ],
)
def test_where_a_secret_is_meant_to_be(kind: str, namespace: str, reference: Reference, said: str) -> None:
    usage = Usage((User(kind, "one", namespace, "1", references=(reference,)),), (kind,), ())
    one = secret("hf", labels={"push": ""})
    assert [str(line) for line, use in use_lines(usage.of(one), one) if use] == [said]

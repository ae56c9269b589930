"""When credentials expire: in the list, the details and the filter, as Certificates say it, and as time passes."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW, Kubectl, users
from tests.platform import definitions
from tests.screens.driving import Session, session
from wbtui.app import Workbench
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.expiry import CERTIFICATE_MARK, EXPIRES
from wbtui.repository import Clusters
from wbtui.widgets.secret_list import SecretList

DATES = {"hf-token-llama": "2026-11-10", "s3-datasets": "2026-10-30T18:00:00+02:00", "slack-webhook": "2027-06-30"}
MEMBER = "demo-member"


@pytest.fixture
def cluster() -> Iterator[BackgroundCluster]:
    """An embedded cluster that has the kinds of cert-manager."""
    with BackgroundCluster(now=lambda: NOW, users=users(), definitions=definitions("Certificate")) as cluster:
        yield cluster


@pytest.fixture
def dated(kubectl: Kubectl) -> None:
    """Dates in annotations: one soon, one past, one far away, and one that nobody can read."""
    for name, date in {**DATES, "hf-token-eval": "soon"}.items():
        kubectl("annotate", "secret", name, f"{EXPIRES}={date}")


def issue(kubectl: Kubectl, folder: Path, not_after: datetime) -> None:
    """Have a Certificate write gateway-tls, as cert-manager would."""
    spec = {"secretName": "gateway-tls", "issuerRef": {"name": "ca"}, "dnsNames": ["gateway.example.com"]}
    body = {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": "gateway"}, "spec": spec}
    manifest = folder / "certificate.json"
    manifest.write_text(json.dumps(body))
    kubectl("create", "-f", str(manifest))
    kubectl("annotate", "secret", "gateway-tls", f"{CERTIFICATE_MARK}=gateway")
    renew(kubectl, not_after)


def renew(kubectl: Kubectl, not_after: datetime) -> None:
    """Say of the Certificate until when what it has issued is valid."""
    status = {"notAfter": f"{not_after:%Y-%m-%dT%H:%M:%SZ}", "revision": 1}
    body = json.dumps({"status": status})
    kubectl("patch", "certificate", "gateway", "--subresource=status", "--type=merge", "-p", body)


async def ask(person: Session, text: str, *names: str) -> None:
    """Filter, and see these names."""
    await person.press("slash", "ctrl+u")
    await person.type(text)
    await person.press("enter")
    await person.until(lambda: person.names() == [*names])


@pytest.mark.usefixtures("dated")
async def test_the_list_marks_what_expires_within_14_days_or_has_expired(clusters: Clusters) -> None:
    async with session(clusters, size=(120, 36)) as person:
        await person.sees(" live\n")
        await person.until(lambda: "expires in 8d" in person.line("hf-token-llama"))
        await person.until(lambda: "expired 44h ago" in person.line("s3-datasets"))
        assert "expire" not in person.line("slack-webhook")
        await ask(person, "is:expiring", "hf-token-llama")
        await ask(person, "is:expired", "s3-datasets")
        await ask(person, "expires:<14d", "hf-token-llama", "s3-datasets")
        await ask(person, "expires:>2027-01-31 name:slack", "slack-webhook")


@pytest.mark.usefixtures("dated")
async def test_a_column_shows_dates_and_sorts_with_what_is_not_known_last(clusters: Clusters) -> None:
    async with session(clusters, size=(120, 36)) as person:
        await person.sees(" live\n")
        await person.press(":")
        await person.type("columns expires,state\n")
        await person.sees("EXPIRES", "2026-11-10", "2026-10-30")
        await person.until(lambda: "unreadable" in person.line("hf-token-eval"))
        await person.press("X")
        await person.sees("EXPIRES ^", "by expiry")
        known = ["s3-datasets", "hf-token-llama", "slack-webhook", "s3-checkpoints"]
        await person.until(lambda: person.names()[:4] == known)
        await person.press("X")
        await person.sees("EXPIRES v")
        await person.until(lambda: person.names()[:4] == known[::-1])
        await person.press("t")
        await person.until(lambda: "in 8d" in person.line("hf-token-llama"))
        await person.until(lambda: "44h ago" in person.line("s3-datasets"))
        assert "unreadable" in person.line("hf-token-eval")


@pytest.mark.usefixtures("dated")
async def test_the_details_tell_the_date_and_what_says_so(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        for name, words in (
            ("hf-token-llama", f"2026-11-10 (in 8d), from the annotation {EXPIRES}"),
            ("s3-datasets", "2026-10-30 16:00 UTC (expired 44h ago), from the annotation"),
            ("hf-token-eval", f"not known: soon in the annotation {EXPIRES} is no date"),
        ):
            await person.goes_to(name)
            await person.press("enter")
            await person.reads(words)
            await person.press("escape")


async def test_the_date_of_a_certificate_is_followed(clusters: Clusters, kubectl: Kubectl, tmp_path: Path) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        issue(kubectl, tmp_path, NOW + timedelta(days=3, hours=1))
        await person.until(lambda: "expires in 3d1h" in person.line("gateway-tls"))
        await ask(person, "is:expiring", "gateway-tls")
        await person.press("enter")
        await person.reads("(in 3d1h), from Certificate gateway")
        renew(kubectl, NOW + timedelta(days=90))
        await person.reads("(in 90d), from Certificate gateway")
        await person.press("escape")
        await person.sees("No matches.")
        kubectl("delete", "certificate", "gateway")
        await ask(person, "name:gateway-tls", "gateway-tls")
        await person.press("enter")
        await person.reads("gateway-tls", "uid")
        await person.until(lambda: "Certificate gateway" not in person.said().replace("cert-manager Certificate", ""))


async def test_who_may_not_list_certificates_is_told_so(
    cluster: BackgroundCluster, kubectl: Kubectl, tmp_path: Path
) -> None:
    issue(kubectl, tmp_path, NOW + timedelta(days=3))
    path = tmp_path / "of-a-member"
    path.write_text(json.dumps(cluster.kubeconfig() | {"current-context": MEMBER}))
    async with session(KubernetesClusters(Preferences(str(path)))) as person:
        await person.sees(" live\n")
        await person.goes_to("gateway-tls")
        await person.press("enter")
        await person.reads("not known: Certificate: you may not list them")


async def test_the_mark_appears_as_time_passes_and_nothing_else_is_drawn(
    clusters: Clusters, kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    kubectl("annotate", "secret", "hf-token-llama", f"{EXPIRES}=2026-11-20")
    monkeypatch.setattr(SecretList, "MINUTE", 0.01)
    clock = [NOW]
    app = Workbench(clusters, now=lambda: clock[0])
    async with app.run_test(size=(120, 36)) as pilot:
        person = Session(pilot)
        await person.sees(" live\n", "hf-token-llama")
        assert "expires" not in person.text()
        clock[0] += timedelta(days=4, hours=12)
        await person.until(lambda: "expires in 14d" in person.line("hf-token-llama"))
        await person.press("slash")
        await person.type("is:expired\n")
        await person.sees("No matches.")
        clock[0] += timedelta(days=20)
        await person.until(lambda: person.names() == ["hf-token-llama"])
        await person.sees("1 of 27")

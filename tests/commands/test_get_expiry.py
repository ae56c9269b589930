"""What `wbtui get` tells of when credentials expire: its states are as of the real time, and so are these dates."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Command
from tests.conftest import NOW, Kubectl, users
from tests.platform import definitions
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.expiry import CERTIFICATE_MARK, EXPIRES

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
WRITTEN = f"{SOON:%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def cluster() -> Iterator[BackgroundCluster]:
    """An embedded cluster that has the kinds of cert-manager, and a Certificate that has expired."""
    with BackgroundCluster(now=lambda: NOW, users=users(), definitions=definitions("Certificate")) as cluster:
        yield cluster


@pytest.fixture(autouse=True)
def _dates(kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl("annotate", "secret", "hf-token-llama", f"{EXPIRES}={WRITTEN}")
    kubectl("annotate", "secret", "gateway-tls", f"{CERTIFICATE_MARK}=gateway")
    spec = {"secretName": "gateway-tls", "issuerRef": {"name": "ca"}, "dnsNames": ["gateway.example.com"]}
    body = {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": "gateway"}, "spec": spec}
    (tmp_path / "certificate.json").write_text(json.dumps(body))
    kubectl("create", "-f", str(tmp_path / "certificate.json"))
    expired = json.dumps({"status": {"notAfter": "2026-01-31T10:00:00Z"}})
    kubectl("patch", "certificate", "gateway", "--subresource=status", "--type=merge", "-p", expired)


def facts(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["name"], row["expires"], row["expiresSource"], bool({"expiring", "expired"} & set(row["states"]))


def test_a_date_of_the_first_century_and_one_with_another_offset_are_told_in_utc_with_four_digits(
    command: Command, kubectl: Kubectl
) -> None:
    kubectl("annotate", "secret", "s3-datasets", f"{EXPIRES}=0001-01-02")
    far = json.dumps({"status": {"notAfter": "2027-01-31T23:00:00-05:00"}})
    kubectl("patch", "certificate", "gateway", "--subresource=status", "--type=merge", "-p", far)
    items = json.loads(command("get", "gateway-tls", "s3-datasets", "-o", "json").out)["items"]
    assert [item["expires"] for item in items] == ["2027-02-01T04:00:00Z", "0001-01-02T00:00:00Z"]


def test_a_date_beyond_the_last_one_is_not_known_and_ends_nothing(command: Command, kubectl: Kubectl) -> None:
    beyond = json.dumps({"status": {"notAfter": "9999-12-31T23:59:59-14:00"}})
    kubectl("patch", "certificate", "gateway", "--subresource=status", "--type=merge", "-p", beyond)
    done = command("get", "gateway-tls", "-o", "json")
    assert (done.code, json.loads(done.out)["items"][0]["expires"]) == (0, None)


def test_every_format_tells_dates_and_what_says_so(command: Command) -> None:
    names = ("gateway-tls", "hf-token-llama", "s3-datasets")
    items = json.loads(command("get", *names, "-o", "json").out)["items"]
    assert list(map(facts, items)) == [
        ("gateway-tls", "2026-01-31T10:00:00Z", "Certificate gateway", True),
        ("hf-token-llama", WRITTEN, "annotation", True),
        ("s3-datasets", None, None, False),
    ]
    rows = list(csv.DictReader(command("get", *names, "-o", "csv").out.splitlines()))
    assert [(row["expires"], row["expiresSource"]) for row in rows] == [
        ("2026-01-31T10:00:00Z", "Certificate gateway"),
        (WRITTEN, "annotation"),
        ("", ""),
    ]
    head, *lines = command("get", *names, "-o", "wide").out.splitlines()
    at = head.index("EXPIRES")
    assert [line[at : at + 10].strip() for line in lines] == ["2026-01-31", WRITTEN[:10], "<none>"]
    table = command("get", *names).out
    assert "expires in " in table
    assert "expired " in table


def test_a_table_says_where_an_annotation_is_no_date(command: Command, kubectl: Kubectl) -> None:
    kubectl("annotate", "secret", "s3-datasets", f"{EXPIRES}=tomorrow")
    head, line = command("get", "s3-datasets", "-o", "wide").out.splitlines()
    assert line[head.index("EXPIRES") :].split()[0] == "unreadable"


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        ("is:expired", ["gateway-tls"]),
        ("is:expiring name:hf", ["hf-token-llama"]),
        ("expires:<14d -use:generic", ["gateway-tls", "hf-token-llama"]),
        ("expires:<2026-02-01", ["gateway-tls"]),
    ],
)
def test_the_filter_knows_dates_also_those_of_certificates(command: Command, filter_: str, names: list[str]) -> None:
    assert command("get", "--filter", filter_, "-o", "name").out.split() == [f"secret/{name}" for name in names]


def test_who_may_not_list_certificates_is_told_that_some_dates_are_not_known(command: Command) -> None:
    done = command("get", "--context", "demo-member", "--filter", "is:expired", "-o", "name")
    assert done == (0, "", "When what Certificates have issued expires is not known: you may not list them.\n" + NONE)


NONE = "No secrets in project llm-serving match the filter.\n"


def test_what_expires_is_not_followed(command: Command) -> None:
    for text in ("is:expired", "hf or expires:<14d"):
        done = command("get", "--watch", "--filter", text)
        assert (done.code, done.out) == (2, "")
        assert "leave out is:expiring, is:expired and expires:" in done.err

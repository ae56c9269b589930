"""The checks of `wbtui lint`, where time or several checks play a part; what each finds is tried on a cluster."""

from dataclasses import replace
from datetime import timedelta

from tests.conftest import NOW
from wbtui.domain.checks.model import CheckedFacts, Finding, Found, Severity, Subject, Unknown, at_least, report
from wbtui.domain.checks.of_secrets import DELETION_TAKES
from wbtui.domain.checks.table import BY_ID, CHECKS
from wbtui.domain.references import Reference, SecretUser
from wbtui.domain.secret import Owner, Secret
from wbtui.domain.syncing import ExternalSource
from wbtui.domain.usage import Usage

SECRET = Secret("1", "team", "token", "1")


def facts(*secrets: Secret) -> CheckedFacts:
    return CheckedFacts(secrets, secrets, Usage((), (), ()), (), NOW)


def found(check: str, secret: Secret) -> list[Found | Unknown]:
    return list(BY_ID[check].find(facts(secret)))


def test_a_deletion_is_stuck_only_after_a_while() -> None:
    deleted = SECRET._replace(finalizers=("example.com/keep",), deleted=NOW - DELETION_TAKES)
    assert not found("stuck-deletion", deleted)
    later = deleted._replace(deleted=NOW - DELETION_TAKES - timedelta(seconds=1))
    assert len(found("stuck-deletion", later)) == 1
    assert not found("stuck-deletion", later._replace(finalizers=()))


def test_a_sync_that_is_not_known_is_no_failed_one() -> None:
    source = ExternalSource("vault", "Owner", "store", (), ready=False, reason="", message="canary", synced=None)
    (failed,) = found("failed-sync", SECRET._replace(written_by=(source,)))
    assert failed == Found(
        Subject("Secret", "team", "token"), "ExternalSecret vault could not sync it: it gives no reason."
    )
    assert not found("failed-sync", SECRET._replace(written_by=(source._replace(ready=True),)))
    assert not found("failed-sync", SECRET._replace(written_by=(source._replace(ready=None),)))
    (unknown,) = found("failed-sync", SECRET._replace(written_by="you may not list them"))
    assert isinstance(unknown, Unknown)


def test_a_certificate_that_is_not_known_is_said_once_for_both_checks() -> None:
    (gap,) = report(CHECKS, facts(SECRET._replace(issued="you may not list them"))).not_checked
    assert (gap.checks, gap.what) == (("expired", "expires-soon"), "Secret/team/token")


def test_findings_are_by_project_with_the_worst_first() -> None:
    secrets = [
        SECRET._replace(uid="1", name="b", copied_in_annotation=True),
        SECRET._replace(uid="2", name="a", use_case="GitKey"),
        SECRET._replace(uid="3", namespace="other", name="c", copied_in_annotation=True),
    ]
    findings = report(CHECKS, facts(*secrets)).findings
    assert [one.subject.name for one in findings] == ["c", "a", "b"]
    assert at_least(Severity.ERROR, findings)
    assert not at_least(Severity.ERROR, findings[:1])
    assert at_least(Severity.NOTE, findings[:1])
    assert isinstance(findings[0], Finding)
    assert not at_least(Severity.NOTE, ())


def test_what_has_ended_or_was_replaced_needs_no_secret() -> None:
    reference = Reference("gone", "spec.containers[app].env[TOKEN].valueFrom.secretKeyRef.name", "token", restart=True)
    runs = SecretUser("Pod", "runs", "team", "1", references=(reference,), pods="spec")
    ended = replace(runs, name="ended", uid="2", ended=True)
    replaced = replace(runs, kind="ReplicaSet", uid="3", idle=True, owners=(Owner("apps/v1", "Deployment", "d", "4"),))
    usage = Usage((runs, ended, replaced), ("Pod",), ())
    missing = CheckedFacts((), (), usage, {("team", "gone")}, NOW)
    assert [one.subject.name for one in BY_ID["missing-secret"].find(missing)] == ["runs"]


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(CHECKS)

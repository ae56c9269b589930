"""What a check is, what it looks at, and what it says."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from wbtui.domain.secret import Secret
from wbtui.domain.usage import Usage


class Severity(Enum):
    """How bad a finding is, the worst first. The values are the levels of SARIF."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Needs(Enum):
    """What a check looks at beside the metadata of secrets."""

    NOTHING = "nothing"
    WRITERS = "the ExternalSecrets and Certificates that write secrets"
    PODS = "pods"
    USERS = "what refers to secrets"
    ABSENCE = "what refers to secrets, and which of those do not exist"


class Subject(NamedTuple):
    """The object that a finding is about."""

    kind: str
    namespace: str
    name: str


class CheckedFacts(NamedTuple):
    """What checks look at: `chosen` are the secrets to check, `secrets` all of the same projects.

    `missing` has the namespaces and names of secrets that are referred to and do not exist.
    """

    secrets: Sequence[Secret]
    chosen: Sequence[Secret]
    usage: Usage
    missing: Collection[tuple[str, str]]
    now: datetime


class Found(NamedTuple):
    """What a check has found: the object, and a sentence."""

    subject: Subject
    sentence: str


class Unknown(NamedTuple):
    """What a check cannot know of an object, and the reason."""

    subject: Subject
    reason: str


class Check(NamedTuple):
    """One check: its id, what is wrong where it finds something, and what to do then."""

    id: str
    severity: Severity
    title: str
    advice: str
    find: Callable[[CheckedFacts], Iterator[Found | Unknown]]
    needs: Needs = Needs.NOTHING


class Finding(NamedTuple):
    """Something that is wrong with one object."""

    check: Check
    subject: Subject
    sentence: str


class NotChecked(NamedTuple):
    """What some checks know nothing about, and why."""

    checks: tuple[str, ...]
    what: str
    reason: str


class CheckReport(NamedTuple):
    """All findings, by project with the worst first, and what could not be checked."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]


def report(checks: Sequence[Check], facts: CheckedFacts) -> CheckReport:
    """Return what the checks find."""
    findings: list[Finding] = []
    unknown: dict[Unknown, list[str]] = {}
    for check in checks:
        for one in check.find(facts):
            if isinstance(one, Found):
                findings.append(Finding(check, *one))
            else:
                unknown.setdefault(one, []).append(check.id)
    findings.sort(key=_order)
    gaps = (NotChecked(tuple(ids), "/".join(filter(None, one.subject)), one.reason) for one, ids in unknown.items())
    return CheckReport(tuple(findings), tuple(gaps))


def _order(finding: Finding) -> tuple[str, int, str, Subject]:
    return finding.subject.namespace, _WORST_FIRST.index(finding.check.severity), finding.check.id, finding.subject


_WORST_FIRST = tuple(Severity)


def at_least(severity: Severity, findings: Sequence[Finding]) -> bool:
    """Return whether a finding is as bad as `severity`, or worse."""
    return any(_WORST_FIRST.index(one.check.severity) <= _WORST_FIRST.index(severity) for one in findings)

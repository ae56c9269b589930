"""The formats of findings on stdout: THE table of them."""

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, NamedTuple

from wbtui import __version__
from wbtui.commands.secret_formats import API_VERSION, aligned
from wbtui.domain.checks.model import Check, CheckReport, Finding, NotChecked
from wbtui.domain.text import plain

_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class FindingList(NamedTuple):
    """What was found by `checks`, and how to write it: with a column of projects, and with titles."""

    report: CheckReport
    checks: tuple[Check, ...]
    projects: bool
    headers: bool


def _table(listing: FindingList) -> str:
    rows = [["SEVERITY", "CHECK", "PROJECT", "OBJECT", "FINDING"]] if listing.headers else []
    for finding in listing.report.findings:
        check, subject = finding.check, finding.subject
        rows.append([check.severity.value, check.id, subject.namespace, _object(finding), finding.sentence])
    shown = (0, 1, 2, 3, 4) if listing.projects else (0, 1, 3, 4)
    return aligned([[plain(row[position]) for position in shown] for row in rows])


def _object(finding: Finding) -> str:
    return f"{finding.subject.kind.lower()}/{finding.subject.name}"


def _names(listing: FindingList) -> str:
    names = dict.fromkeys(_object(finding) for finding in listing.report.findings)
    return "".join(f"{plain(name)}\n" for name in names)


def _json(listing: FindingList) -> str:
    document = {
        "apiVersion": API_VERSION,
        "kind": "FindingList",
        "checks": [check.id for check in listing.checks],
        "notChecked": [_not_checked(one) for one in listing.report.not_checked],
        "items": [_record(finding) for finding in listing.report.findings],
    }
    return json.dumps(document, indent=2) + "\n"


def _not_checked(one: NotChecked) -> dict[str, Any]:
    return {"checks": list(one.checks), "what": one.what, "reason": one.reason}


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check.id,
        "severity": finding.check.severity.value,
        "object": _place(finding),
        "message": finding.sentence,
        "advice": finding.check.advice,
    }


def _place(finding: Finding) -> dict[str, str]:
    return {"kind": finding.subject.kind, "project": finding.subject.namespace, "name": finding.subject.name}


def _sarif(listing: FindingList) -> str:
    positions = {check.id: position for position, check in enumerate(listing.checks)}
    driver = {"name": "wbtui", "version": __version__, "rules": list(map(_rule, listing.checks))}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": in_words(one.checks, one.what, one.reason)}}
                    for one in listing.report.not_checked
                ],
            }
        ],
        "results": [_result(finding, positions[finding.check.id]) for finding in listing.report.findings],
    }
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def in_words(checks: Iterable[str], what: str, reason: str) -> str:
    """Return a sentence about what could not be checked."""
    return f"Not checked ({', '.join(checks)}): {what}: {reason}."


def _rule(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "shortDescription": {"text": f"{check.title}."},
        "help": {"text": check.advice},
        "defaultConfiguration": {"level": check.severity.value},
    }


def _result(finding: Finding, position: int) -> dict[str, Any]:
    subject = finding.subject
    same = sha256("\0".join((finding.check.id, *subject, finding.sentence)).encode(errors="replace")).hexdigest()
    return {
        "ruleId": finding.check.id,
        "ruleIndex": position,
        "level": finding.check.severity.value,
        "message": {"text": f"{finding.sentence} {finding.check.advice}"},
        "locations": [
            {
                "logicalLocations": [
                    {
                        "name": subject.name,
                        "fullyQualifiedName": "/".join(filter(None, (subject.namespace, _object(finding)))),
                        "kind": "resource",
                    }
                ]
            }
        ],
        "partialFingerprints": {"finding/v1": same},
    }


FORMATS: dict[str, Callable[[FindingList], str]] = {
    "table": _table,
    "json": _json,
    "sarif": _sarif,
    "name": _names,
}
"""By the names that `-o` takes."""

"""When a credential expires, as far as that is known without reading it: by an annotation or by a Certificate."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from wbtui.domain.clock import utc_moment
from wbtui.domain.prefixes import OWN

EXPIRES = f"{OWN}/expires"
"""The annotation with the date, in UTC: a date means its beginning."""
SOON = timedelta(days=14)
"""How long before its end a credential counts as expiring."""
CERTIFICATE_MARK = "cert-manager.io/certificate-name"
"""The annotation that cert-manager gives to the secrets that it writes."""

# Patterns are strings, so that they are compiled on first use, after the first frame.
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DATE}(?:[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,9}})?)?(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?"
_FROM_NOW = r"([0-9]{1,6})([hdwy])"
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "y": timedelta(days=365)}
_HOW = "a date is written as 2027-01-31 or 2027-01-31T10:00Z, or as a time from now: 6h, 90d, 12w or 1y"
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Certificate(NamedTuple):
    """A Certificate of cert-manager that writes a secret; `not_after` is when what it has issued expires."""

    name: str
    not_after: datetime | None


Issued: TypeAlias = Certificate | str | None
"""The Certificate that writes a secret, or why it is not known; None where it has no sign of one."""


class Certificates(NamedTuple):
    """The Certificates of a project, or of all, by the project and the name of the secret that they write.

    `unknown` is why they are not known.
    """

    found: Mapping[tuple[str, str], Certificate]
    unknown: str = ""

    def of(self, namespace: str, name: str, *, marked: bool) -> Issued:
        """Return what writes a secret; `marked` says that it has a sign of a Certificate."""
        return self.found.get((namespace, name)) or ((self.unknown or None) if marked else None)


class Expiry(NamedTuple):
    """When a credential expires, and what says so: "annotation", or the Certificate."""

    moment: datetime
    source: str

    def is_expired(self, now: datetime) -> bool:
        """Return whether it has expired."""
        return self.moment <= now

    def is_expiring(self, now: datetime) -> bool:
        """Return whether it expires soon, and has not yet."""
        return timedelta() < self.moment - now <= SOON

    def mark(self, now: datetime) -> str:
        """Return what marks it in a list: when it expires soon or has expired; empty where neither is so."""
        left = self.moment - now
        if left > SOON:
            return ""
        return f"expires in {length_in_words(left)}" if left > timedelta() else f"expired {length_in_words(-left)} ago"


BY_TIME: Mapping[str, Callable[[Expiry, datetime], bool]] = {
    "expiring": Expiry.is_expiring,
    "expired": Expiry.is_expired,
}
"""The states that come with time, by the words of the other states: for `is:` and for formats."""


def expiry_of(annotations: Mapping[str, str], issued: Issued = None) -> Expiry | None:
    """Return when a secret with these annotations expires: by its Certificate, which writes it, else by its own date.

    None where that is not known.
    """
    if isinstance(issued, Certificate) and issued.not_after:
        return Expiry(issued.not_after, f"Certificate {issued.name}")
    text = annotations.get(EXPIRES)
    return _annotated(text) if text else None


def unreadable_date(annotations: Mapping[str, str]) -> str:
    """Return what stands in the annotation and is no date; empty where it is one, or where nothing stands there."""
    text = annotations.get(EXPIRES, "")
    return "" if _annotated(text) else text


def entered_moment(text: str, now: datetime) -> datetime:
    """Return the moment that was entered: a date, with or without a time and a time zone, or a time from now.

    A date means its beginning, and a time without a zone is in UTC. Raises `ValueError`, whose text says what is wrong.
    """
    text = text.strip()
    if not (match := re.fullmatch(_FROM_NOW, text)):
        return parsed_moment(text)
    try:
        moment = now + int(match[1]) * _UNITS[match[2]]
        return (moment + _MINUTE - timedelta.resolution).replace(second=0, microsecond=0)  # no less than was entered
    except OverflowError:
        raise ValueError("that is too far away") from None


def as_annotation(moment: datetime) -> str:
    """Return a moment as the annotation has it: a date where it is the beginning of one, else RFC 3339 in UTC."""
    text = moment.astimezone(UTC).isoformat(timespec="seconds")
    return text.removesuffix("T00:00:00+00:00").replace("+00:00", "Z")


def moment_in_words(moment: datetime) -> str:
    """Return a moment as people read it."""
    return as_annotation(moment).replace("T", " ").replace(":00Z", "Z").replace("Z", " UTC")


def length_in_words(length: timedelta) -> str:
    """Return a time, rounded down: 13d, 4d6h, 30h or 45m."""
    for unit, size, part, part_size, most in _STEPS:
        if length >= 2 * size:
            rest = length % size // part_size if length < most else 0
            return f"{length // size}{unit}" + (f"{rest}{part}" if rest else "")
    return f"{length // _MINUTE}m" if length >= _MINUTE else "<1m"


_STEPS = (("d", _DAY, "h", _HOUR, 8 * _DAY), ("h", _HOUR, "m", _MINUTE, 8 * _HOUR))
"""A unit, and a smaller one for what is left over, up to a time of which that is a small part."""


def parsed_moment(text: str) -> datetime:
    """Return the moment that a date means, with or without a time and a time zone. Raises `ValueError`."""
    if not re.fullmatch(_MOMENT, text):
        raise ValueError(_HOW)
    try:
        return utc_moment(text).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise ValueError("there is no such date") from None


@lru_cache(1024)
def _annotated(text: str) -> Expiry | None:
    """Return what an annotation says, which anyone may have written, in whatever form of ISO 8601."""
    try:
        return Expiry(utc_moment(text), "annotation")
    except (ValueError, OverflowError):
        return None

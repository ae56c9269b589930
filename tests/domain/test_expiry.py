from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.domain.samples import secret
from wbtui.domain.expiry import (
    EXPIRES,
    SOON,
    Certificate,
    Certificates,
    Expiry,
    as_annotation,
    entered_moment,
    length_in_words,
    moment_in_words,
    parsed_moment,
)
from wbtui.domain.replacement import relabelled
from wbtui.domain.use_cases.table import USE_CASES

MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
ZONES = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-01-31", datetime(2027, 1, 31, tzinfo=UTC)),
        (" 2027-01-31\t", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-01-31T10:00Z", datetime(2027, 1, 31, 10, tzinfo=UTC)),
        ("2027-01-31 10:00", datetime(2027, 1, 31, 10, tzinfo=UTC)),
        ("2027-01-31T10:00:59.999+02:00", datetime(2027, 1, 31, 8, 0, 59, tzinfo=UTC)),
        ("2027-01-31T23:30-0130", datetime(2027, 2, 1, 1, tzinfo=UTC)),
        ("90d", NOW + timedelta(days=90)),
        ("12w", NOW + timedelta(weeks=12)),
        ("6h", NOW + timedelta(hours=6)),
        ("1y", NOW + timedelta(days=365)),
        ("0d", NOW),
    ],
)
def test_a_date_or_a_time_from_now_is_understood(text: str, moment: datetime) -> None:
    assert entered_moment(text, NOW - timedelta(seconds=7)) == moment


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a date is written as"),
        ("tomorrow", "a date is written as"),
        ("31.01.2027", "a date is written as"),
        ("01/31/2027", "a date is written as"),
        ("2027-1-31", "a date is written as"),
        ("20270131", "a date is written as"),
        ("2027-01-31T10", "a date is written as"),
        ("2027-01-31T10:00 CET", "a date is written as"),
        ("\u0662027-01-31", "a date is written as"),
        ("3m", "a date is written as"),
        ("-3d", "a date is written as"),
        ("1 d", "a date is written as"),
        ("2027-02-30", "there is no such date"),
        ("2027-01-31T25:00Z", "there is no such date"),
        ("0000-01-01", "there is no such date"),
        ("0001-01-01T00:00+01:00", "there is no such date"),
        ("9999-12-31T23:59-01:00", "there is no such date"),
        ("999999y", "too far away"),
        ("999999w", "too far away"),
    ],
)
def test_anything_else_is_refused_in_plain_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        entered_moment(text, NOW)


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,9}[a-zµ]{1,2}|[-0-9:T+Z. ]{1,30}", fullmatch=True), MOMENTS)
@example("0001-01-01T00:00+23:59", NOW)
def test_whatever_is_entered_is_a_moment_in_utc_or_refused(text: str, now: datetime) -> None:
    moment, refusal = now, ""
    try:
        moment = entered_moment(text, now)
    except ValueError as error:
        refusal = str(error)
    assert refusal.isascii()
    assert moment.tzinfo is UTC
    assert entered_moment(as_annotation(moment), now) == moment


@given(MOMENTS.filter(lambda moment: 1 < moment.year < 9999), ZONES)
def test_what_is_stored_is_read_as_the_same_moment_from_any_zone(moment: datetime, zone: timezone) -> None:
    local = moment.astimezone(zone)
    assert parsed_moment(as_annotation(local)) == parsed_moment(local.isoformat()) == moment
    assert secret(annotations={EXPIRES: local.isoformat()}).expiry == Expiry(moment, "annotation")


@given(MOMENTS, MOMENTS)
@example(NOW, NOW)
@example(NOW + SOON, NOW)
def test_a_secret_is_expired_or_expiring_or_neither(moment: datetime, now: datetime) -> None:
    expiry = Expiry(moment, "annotation")
    assert [expiry.is_expired(now), expiry.is_expiring(now), moment - now > SOON].count(True) == 1
    assert bool(expiry.mark(now)) is (expiry.is_expired(now) or expiry.is_expiring(now))


def test_the_mark_tells_how_long_there_is_left() -> None:
    lengths = {"14d": 14.0, "13d": 13.9, "8d": 8.1, "7d21h": 7.9, "2d2h": 2.1, "3d": 3.01, "47h": 1.99, "2h24m": 0.1}
    lengths |= {"90m": 1.5 / 24, "<1m": 0.5 / 1440}
    assert {length_in_words(timedelta(days=days)): days for days in lengths.values()} == lengths
    assert Expiry(NOW + SOON, "annotation").mark(NOW) == "expires in 14d"
    assert Expiry(NOW + SOON + timedelta(seconds=1), "annotation").mark(NOW) == ""
    assert Expiry(NOW - timedelta(days=3), "annotation").mark(NOW) == "expired 3d ago"


@pytest.mark.parametrize("text", ["", "soon", "90d", "2027-02-30", "2027-01-31 …", "\n2027-01-31"])
def test_what_is_no_date_in_the_annotation_says_nothing(text: str) -> None:
    assert secret(annotations={EXPIRES: text}).expiry is None


def test_a_certificate_counts_before_the_annotation() -> None:
    annotations = {EXPIRES: "2027-01-31"}
    issued = Certificate("web", NOW)
    assert secret(annotations=annotations, issued=issued).expiry == Expiry(NOW, "Certificate web")
    for unknown in (None, "you may not list them", Certificate("web", None)):
        dated = secret(annotations=annotations, issued=unknown).expiry
        assert dated == Expiry(datetime(2027, 1, 31, tzinfo=UTC), "annotation")


def test_why_certificates_are_not_known_is_said_where_a_secret_has_a_sign_of_one() -> None:
    web = Certificate("web", NOW)
    known, unknown = Certificates({("a", "tls"): web}), Certificates({}, "you may not list them")
    assert [known.of("a", "tls", marked=False), known.of("b", "tls", marked=True)] == [web, None]
    assert [unknown.of("a", "tls", marked=marked) for marked in (True, False)] == ["you may not list them", None]


@pytest.mark.parametrize("moment", ["2027-01-31", "2027-01-31 10:00 UTC", "2027-01-31 10:00:30 UTC"])
def test_a_moment_is_shown_as_people_read_it(moment: str) -> None:
    assert moment_in_words(parsed_moment(moment.replace(" UTC", "Z"))) == moment


@pytest.mark.parametrize(("keys", "goes"), [(("token",), True), (("token", "other"), False), (None, False)])
def test_a_date_goes_with_the_last_of_its_values_and_not_where_the_keys_are_not_known(
    keys: tuple[str, ...] | None, *, goes: bool
) -> None:
    dated = secret(keys=keys, annotations={EXPIRES: "2027-01-31"})
    change = relabelled(dated, USE_CASES[0]).date_change({"token"})
    assert change == ({EXPIRES: None} if goes else {})

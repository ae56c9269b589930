import json
import subprocess
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.web_tokens import web_token
from wbtui.domain.dated_values import expiry_in, session_token_note
from wbtui.domain.expiry import Expiry

STAMP = int(NOW.timestamp())


def token(claims: Any, header: Any = None) -> bytes:
    return web_token(claims, header).encode()


TOKEN = token({"exp": STAMP, "accessKey": "minio", "sub": "ü?>"})
PROFILE = b"""[saml]
aws_access_key_id = ASIAEXAMPLE
aws_secret_access_key = example
aws_session_token = example
x_security_token_expires = 2030-01-02T00:47:31+02:00
"""
PRINTED = {
    "Credentials": {
        "AccessKeyId": "ASIA",
        "SecretAccessKey": "a",
        "SessionToken": "b",
        "Expiration": "2030-01-01T22:47:31+00:00",
    }
}
EXPORTED = b"export AWS_SESSION_TOKEN=example\nexport AWS_CREDENTIAL_EXPIRATION=2030-01-01T22:47:31Z\n"
THEN = datetime(2030, 1, 1, 22, 47, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [TOKEN, b" " + TOKEN + b"\n", token({"exp": STAMP + 0.5}), token({"exp": float(STAMP)})]
)
def test_a_json_web_token_says_when_it_expires(value: bytes) -> None:
    assert expiry_in([value]) == Expiry(NOW, "the token")


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"hf_abc.def.ghi",
        b"eyJ.eyJ.x",
        TOKEN[:-20] + b" " + TOKEN[-20:],
        TOKEN.rpartition(b".")[0],
        TOKEN + b".more",
        token({"iat": STAMP}),
        token({"exp": str(STAMP)}),
        token({"exp": True}),
        token({"exp": None}),
        token({"exp": 10**30}),
        token({"exp": 1e308}),
        token({"exp": -(10**15)}),
        token([STAMP]),
        token("exp"),
        token({"exp": STAMP}, header=["alg"]),
        b"eyJhbGciOiJIUzUxMiJ9." + b64encode(b"[" * 9000).rstrip(b"=") + b".x",
        b"\xff\xfe" + TOKEN,
    ],
)
def test_what_is_no_token_with_a_date_says_nothing(value: bytes) -> None:
    assert expiry_in([value]) is None


@pytest.mark.parametrize("days", [-3000, 1, 30_000])
@pytest.mark.parametrize("more", [b"", b"# of the gateway\n"])
def test_a_certificate_says_until_when_it_is_valid(days: int, more: bytes) -> None:
    until = NOW + timedelta(days=days)
    issued = trustme.CA().issue_cert("gateway.example.com", not_before=until - timedelta(days=1), not_after=until)
    chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
    assert expiry_in([more + chain]) == Expiry(until, "the certificate")
    assert expiry_in([chain.replace(b"\n", b"\r\n")]) == Expiry(until, "the certificate")
    assert expiry_in([chain[:200]]) is None


@pytest.mark.parametrize(
    "until",
    [
        datetime(1950, 1, 2, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2050, 1, 1, tzinfo=UTC),
    ],
)
def test_a_year_of_two_digits_is_between_1950_and_2049(until: datetime) -> None:
    issued = trustme.CA().issue_cert("gateway.example.com", not_before=until - timedelta(days=1), not_after=until)
    assert expiry_in([issued.cert_chain_pems[0].bytes()]) == Expiry(until, "the certificate")


def test_a_certificate_is_read_as_openssl_reads_it() -> None:
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 77 -subj /CN=a -keyout -"
    key_and_certificate = subprocess.run(made.split(), check=True, capture_output=True).stdout
    told = subprocess.run(
        ["openssl", "x509", "-noout", "-enddate", "-dateopt", "iso_8601"],
        input=key_and_certificate,
        check=True,
        capture_output=True,
    ).stdout.decode()
    expiry = expiry_in([key_and_certificate])
    assert expiry
    assert f"notAfter={expiry.moment:%Y-%m-%d %H:%M:%SZ}" == told.strip()


@pytest.mark.parametrize(
    "value", [PROFILE, json.dumps(PRINTED).encode(), json.dumps(PRINTED, indent=4).encode(), EXPORTED]
)
def test_what_tools_write_beside_a_token_of_aws_is_its_date(value: bytes) -> None:
    assert expiry_in([value]) == Expiry(THEN, "the profile")


@pytest.mark.parametrize(
    "value",
    [
        b"expiration = 2030-01-01T22:47:31Z",
        b"aws_session_token = a\nexpiration = soon",
        b"aws_session_token = a\nexpiration = 2030-13-01T22:47:31Z",
        b"aws_session_token = a\nmy_expiration = 2030-01-01T22:47:31Z",
        b"IQoJb3JpZ2luX2VjEHwaCXVzLWVhc3QtMSJHMEUCIQD",
    ],
)
def test_a_date_elsewhere_is_not_taken_for_that_of_a_token(value: bytes) -> None:
    assert expiry_in([value]) is None


def test_of_several_values_the_first_to_expire_counts() -> None:
    later, sooner = token({"exp": STAMP + 60}), token({"exp": STAMP})
    assert expiry_in([later, b"x", sooner, PROFILE]) == Expiry(NOW, "the token")


def test_a_session_token_of_aws_is_said_to_tell_nothing() -> None:
    assert session_token_note(TOKEN.decode()) == ""
    assert session_token_note("IQoJb3JpZ2luX2VjEHwaCXVzLWVhc3QtMSJHMEUCIQD").startswith(
        "It does not say when it expires"
    )


DER = st.binary(max_size=60) | st.lists(st.sampled_from([0x30, 0x02, 0xA0, 0x17, 0x18, 0x80, 0x84, 3, 0, 0xFF])).map(
    bytes
)


@given(
    st.binary()
    | DER.map(lambda der: b"-----BEGIN CERTIFICATE-----\n" + b64encode(der) + b"\n-----END")
    | st.text().map(token)
)
def test_any_value_is_read_without_a_complaint(value: bytes) -> None:
    assert expiry_in([value]) is None

"""Try the keys of an object store: with a bucket where one is entered, else with the account."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from wbtui.domain.clock import utc_now
from wbtui.trying.http import TrialRequest, TrialResponse, send, unclear
from wbtui.trying.model import Entered, Trial
from wbtui.trying.verdict import TrialOutcome, TrialVerdict
from wbtui.trying.wire import Wire

_SERVICE = "an object store (S3)"
_DEFAULT_REGION = "us-east-1"
_EMPTY = hashlib.sha256(b"").hexdigest()
_NO_KEYS = (("list-type", "2"), ("max-keys", "0"))
"""The query that lists a bucket, and gives no name of what is in it."""
_OK = 200


class Keys(NamedTuple):
    """The keys, and the object store they are for; Amazon's without an endpoint."""

    access_key: str
    secret_key: str
    session_token: str = ""
    endpoint: str = ""
    region: str = ""
    bucket: str = ""

    @property
    def signed_region(self) -> str:
        """Return the region in the signature."""
        return self.region or _DEFAULT_REGION

    @property
    def url(self) -> str:
        """Return the address of the bucket, or of the account; the bucket is in its path."""
        endpoint = self.endpoint or f"https://s3.{quote(self.signed_region, safe='')}.amazonaws.com"
        return f"{endpoint.rstrip('/')}/{quote(self.bucket, safe='')}"


def trials(entered: Entered) -> list[Trial]:
    """Return the trial of the keys. Raises `CannotTell`."""
    entered.required("access_key", "secret_key")
    keys = Keys(**{name: text.strip() for name, text in entered.rows[0].items() if name in Keys._fields})
    hidden = tuple(key.encode() for key in (keys.access_key, keys.secret_key, keys.session_token) if key)
    return [Trial(partial(try_keys, keys, utc_now()), hidden)]


def try_keys(keys: Keys, now: datetime, wire: Wire) -> TrialVerdict:
    """Ask what is in the bucket, or which buckets there are; `now` is part of the signature."""
    query = _NO_KEYS if keys.bucket else ()
    text = "&".join(f"{name}={value}" for name, value in query)
    token = ", the session token" if keys.session_token else ""
    carries = f"The access key{token} and a signature (the secret key itself is not sent)"
    url = f"{keys.url}?{text}" if text else keys.url
    answer = send(wire, TrialRequest(url, signed(keys, url, now), carries=carries))
    return _verdict(keys, answer, now)


def signed(keys: Keys, url: str, now: datetime) -> dict[str, str]:
    """Return the headers of a GET request with AWS Signature Version 4."""
    parts, date = urlsplit(url), now.strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": parts.netloc, "x-amz-content-sha256": _EMPTY, "x-amz-date": date}
    if keys.session_token:
        headers["x-amz-security-token"] = keys.session_token
    names = ";".join(sorted(headers))
    lines = [f"{name}:{headers[name]}" for name in sorted(headers)]
    request = "\n".join(["GET", parts.path or "/", parts.query, *lines, "", names, _EMPTY])
    scope = f"{date[:8]}/{keys.signed_region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{keys.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"Credential={keys.access_key}/{scope}"
    return {**headers, "authorization": f"AWS4-HMAC-SHA256 {credential},SignedHeaders={names},Signature={signature}"}


def _verdict(keys: Keys, answer: TrialResponse, now: datetime) -> TrialVerdict:
    if answer.status == _OK and re.search(rb"<List(AllMyBuckets|Bucket)Result", answer.body):
        text = f"the keys may list {keys.bucket}" if keys.bucket else "the keys may list the buckets of the account"
        return TrialVerdict(TrialOutcome.ACCEPTED, text)
    code = _element(answer, "Code")
    if region := _other_region(answer, code, keys.signed_region):
        return TrialVerdict(TrialOutcome.UNKNOWN, f"the region is {region}, and {keys.signed_region} was signed for")
    if code == "RequestTimeTooSkewed":
        return TrialVerdict(TrialOutcome.UNKNOWN, f"the clock of this machine is {_skew(answer.headers, now)}")
    if code == "AccessDenied" and not keys.bucket:
        text = "the keys are good, but may not list the buckets of the account: enter a bucket to try them with it"
        return TrialVerdict(TrialOutcome.ACCEPTED, text)
    if outcome := _OUTCOMES.get(code):
        return TrialVerdict(outcome, _TEXTS[code].format(host=answer.host, bucket=keys.bucket))
    return (
        unclear(answer, _SERVICE)._replace(text=f"{answer.host} answers {code}") if code else unclear(answer, _SERVICE)
    )


_REFUSALS: Mapping[str, str] = {
    "InvalidAccessKeyId": "{host} does not know this access key",
    "SignatureDoesNotMatch": "the secret key does not belong to this access key",
    "InvalidToken": "{host} does not know this session token",
    "ExpiredToken": "the session token has expired",
}
_NOT_FOR_BUCKET: Mapping[str, str] = {
    "AccessDenied": "the keys are good, but may not list {bucket}",
    "NoSuchBucket": "the keys are good, but there is no bucket {bucket}",
    "InvalidBucketName": "the keys are good, but {bucket} is not the name of a bucket",
}
_TEXTS = {**_REFUSALS, **_NOT_FOR_BUCKET}
_OUTCOMES = dict.fromkeys(_REFUSALS, TrialOutcome.REFUSED) | dict.fromkeys(_NOT_FOR_BUCKET, TrialOutcome.NOT_FOR_THIS)


def _element(answer: TrialResponse, name: str) -> str:
    # A pattern in place of a parser, which would expand entities in an untrusted text.
    found = re.search(rf"<{name}>([\w.-]{{1,64}})</{name}>".encode(), answer.body)
    return found[1].decode(errors="replace") if found else ""


def _other_region(answer: TrialResponse, code: str, signed_for: str) -> str:
    region = answer.headers.get("x-amz-bucket-region", "") or _element(answer, "Region")
    about_region = code in {"AuthorizationHeaderMalformed", "PermanentRedirect"}
    return region if about_region and region != signed_for else ""


def _skew(headers: Mapping[str, str], now: datetime) -> str:
    try:
        off = now - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return "off"
    minutes = round(abs(off) / timedelta(minutes=1))
    return f"{minutes} minutes {'fast' if off > timedelta() else 'slow'}"

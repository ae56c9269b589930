"""Keys of object stores, on one that checks signatures, and signatures as botocore makes them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.services import s3
from tests.services.programs import installed
from tests.services.web import Answer, web
from tests.trying.trials import Tried, credential, tried
from wbtui.trying.attempt import attempt
from wbtui.trying.model import Trial
from wbtui.trying.s3 import Keys, signed, try_keys
from wbtui.trying.verdict import CannotTell


async def on(endpoint: str, access: str = s3.ACCESS_KEY, secret: str = s3.SECRET_KEY, **more: str) -> Tried:
    row = {"access_key": access, "secret_key": secret, "endpoint": endpoint, **more}
    return await tried(credential("S3", row))


@pytest.mark.parametrize("token", ["", "session/token=="])
@pytest.mark.parametrize("bucket", ["", "models", "my.bucket_1", "bücket ~*"])
@pytest.mark.parametrize("endpoint", ["", "https://s3.example.com:9000", "http://minio.example/prefix/"])
def test_signatures_are_those_of_botocore(endpoint: str, bucket: str, token: str) -> None:
    keys = Keys("AKIAEXAMPLE", "secret/key+1", token, endpoint, "eu-west-3", bucket)
    url = f"{keys.url}?list-type=2&max-keys=0" if bucket else keys.url
    request = AWSRequest("GET", url)
    auth = S3SigV4Auth(Credentials(keys.access_key, keys.secret_key, token or None), "s3", "eu-west-3")
    auth.add_auth(request)
    then = datetime.strptime(request.context["timestamp"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    ours = signed(keys, url, then)
    assert request.headers["Authorization"].replace(", ", ",") == ours["authorization"]


if installed(s3.PROGRAM):

    @pytest.fixture(scope="module")
    def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
        """An object store."""
        with s3.object_store(tmp_path_factory.mktemp("store")) as url:
            yield url

    @pytest.mark.parametrize(
        ("changed", "outcome", "said"),
        [
            ({}, "accepted", "the keys may list the buckets of the account"),
            ({"bucket": s3.BUCKET}, "accepted", "the keys may list models"),
            ({"bucket": "missing"}, "accepted, not for this", "the keys are good, but there is no bucket missing"),
            (
                {"access": s3.USER_KEY, "secret": s3.USER_SECRET, "bucket": s3.BUCKET},
                "accepted, not for this",
                "the keys are good, but may not list models",
            ),
            ({"secret": "wrong"}, "refused", "the secret key does not belong to this access key"),
            ({"access": "AKIANOBODY"}, "refused", "127.0.0.1 does not know this access key"),
            ({"region": "eu-west-3"}, "cannot tell from here", "the region is us-east-1, and eu-west-3 was signed for"),
        ],
    )
    async def test_a_store_that_checks_signatures(store: str, changed: dict[str, str], outcome: str, said: str) -> None:
        found = await on(store, **changed)
        assert found.only == (outcome, said)
        (to,) = found.asked
        place = store.removeprefix("http://")
        sent = "The access key and a signature (the secret key itself is not sent)"
        assert to.question == f"{sent} will be sent to {place}."

    async def test_a_clock_that_is_off_is_said(store: str) -> None:
        keys = Keys(s3.ACCESS_KEY, s3.SECRET_KEY, endpoint=store)

        async def agree(_: object) -> bool:
            return True

        verdict = await attempt(Trial(partial(try_keys, keys, datetime.now(UTC) + timedelta(hours=1)), ()), agree)
        assert verdict.text == "the clock of this machine is 60 minutes fast"


def error(code: str, more: str = "", status: int = 403, **headers: str) -> Answer:
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>m</Message>{more}</Error>'
    return Answer(status, body.encode(), {name.replace("_", "-"): text for name, text in headers.items()})


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        (
            error("PermanentRedirect", status=301, x_amz_bucket_region="eu-west-3"),
            "cannot tell from here",
            "the region is eu-west-3, and us-east-1 was signed for",
        ),
        (
            error("AuthorizationHeaderMalformed", "<Region>ap-south-1</Region>", 400),
            "cannot tell from here",
            "the region is ap-south-1, and us-east-1 was signed for",
        ),
        (error("ExpiredToken", status=400), "refused", "the session token has expired"),
        (error("SlowDown", status=503), "cannot tell from here", "127.0.0.1 answers SlowDown"),
        (Answer(200, b"<html>"), "cannot tell from here", "(HTTP 200) is not one of an object store"),
        (Answer(301, b"", {"Location": "https://a.example"}), "cannot tell from here", "redirects to a.example"),
    ],
)
async def test_what_other_stores_answer(answer: Answer, outcome: str, said: str) -> None:
    with web(lambda _: answer) as served:
        told, text = (await on(served.url, bucket="models")).only
        (asked,) = served.asked
    assert told == outcome
    assert said in text
    assert asked.target == "/models?list-type=2&max-keys=0"
    assert s3.SECRET_KEY not in f"{asked}"


async def test_keys_that_may_not_list_buckets_are_good() -> None:
    with web(lambda _: error("AccessDenied")) as served:
        outcome, text = (await on(served.url)).only
    assert outcome == "accepted"
    assert "enter a bucket to try them with it" in text


def test_without_an_endpoint_it_is_amazons() -> None:
    assert Keys("a", "s", bucket="b").url == "https://s3.us-east-1.amazonaws.com/b"
    assert Keys("a", "s", region="eu-west-3").url == "https://s3.eu-west-3.amazonaws.com/"


async def test_one_key_alone_is_not_tried() -> None:
    with pytest.raises(CannotTell, match="the access key is not entered"):
        await on("https://a.example", access="")

"""What every trial sees to: where a credential goes, for how long, and what a bad server can do."""

import asyncio
import json
import socket
import ssl
import threading
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.proxy import Proxy
from tests.services import hub
from tests.services.web import Answer, web
from tests.trying.trials import Tried, credential, tried
from wbtui.domain.credential import EnteredCredential
from wbtui.domain.sealed import Sealed
from wbtui.domain.trials import TrialOptions
from wbtui.domain.use_cases.table import GENERIC, HUGGING_FACE
from wbtui.trying.attempt import attempt
from wbtui.trying.model import Trial
from wbtui.trying.table import plan
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import Destination

HTML = {"Content-Type": "text/html"}
TOKEN = hub.READ


async def on(url: str, token: str = TOKEN, **more: Any) -> Tried:
    entered = credential("HuggingFace", {"token": token})
    return await tried(entered, options=TrialOptions(hugging_face=url), **more)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(200, b"<html>log in</html>", HTML), "(HTTP 200) is not one of Hugging Face"),
        (Answer(200, b"[" * 100_000), "(HTTP 200) is not one of Hugging Face"),
        (Answer(200, b'{"name": 3}'), "(HTTP 200) is not one of Hugging Face"),
        (Answer(403, b"<html>no</html>", HTML), "(HTTP 403) is not one of Hugging Face"),
        (Answer(429, b"", {"Retry-After": "17"}), "limits requests; try again in 17 s"),
        (Answer(429), "limits requests"),
        (Answer(502, b"x" * 10_000_000, HTML), "failed (HTTP 502)"),
        (Answer(302, b"", {"Location": "https://elsewhere.example/a?b"}), "redirects to elsewhere.example; a"),
        (Answer(302, b"", {"Location": "https://[x"}), "redirects to another page"),
        (Answer(307, b"", {"Location": "/login"}), "redirects to another page; a credential is not sent there"),
    ],
)
async def test_what_a_bad_server_answers_tells_nothing_of_the_credential(answer: Answer, said: str) -> None:
    with web(lambda _: answer) as served:
        outcome, text = (await on(served.url)).only
        assert len(served.asked) == 1
    assert outcome == "cannot tell from here"
    assert said in text


async def test_a_redirect_gets_no_credential() -> None:
    with web(lambda _: Answer(200)) as other:
        elsewhere = Answer(302, b"", {"Location": f"{other.url}/api/whoami-v2"})
        with web(lambda _: elsewhere) as served:
            await on(served.url)
        assert other.asked == []


async def test_a_server_that_hangs_is_waited_for_in_time() -> None:
    with web(lambda _: Answer(200, hangs=True)) as served:
        assert (await on(served.url, seconds=0.2)).only == ("cannot tell from here", "no answer within 0.2 s")


async def test_a_trial_that_is_stopped_ends_its_thread_and_its_connection() -> None:
    with web(lambda _: Answer(200, hangs=True)) as served:
        trial = asyncio.create_task(on(served.url))
        await asyncio.to_thread(served.received.wait)
        thread = next(thread for thread in threading.enumerate() if thread.name == "trial")
        trial.cancel()
        await asyncio.wait([trial])
        await asyncio.to_thread(thread.join, 2)
        assert not thread.is_alive()


async def test_a_trial_that_is_stopped_at_its_question_ends_its_thread_and_sends_nothing() -> None:
    asked = asyncio.Event()

    async def wait(_: object) -> bool:
        asked.set()
        await asyncio.Event().wait()
        return True

    with web(lambda _: Answer(200)) as served:
        entered = credential("HuggingFace", {"token": TOKEN})
        (run,) = plan(entered).trials("", TrialOptions(hugging_face=served.url))
        trial = asyncio.create_task(attempt(run, wait))
        await asked.wait()
        thread = next(thread for thread in threading.enumerate() if thread.name == "trial")
        trial.cancel()
        await asyncio.wait([trial])
        await asyncio.to_thread(thread.join, 2)
        assert not thread.is_alive()
        assert served.asked == []


async def test_what_a_driver_raises_is_not_told() -> None:
    def fail(_: object) -> TrialVerdict:
        raise ValueError(f"postgresql://app:{TOKEN}@h/d")

    verdict = await attempt(Trial(fail, (TOKEN.encode(),)), lambda _: asyncio.sleep(0, result=True))
    assert verdict == (TrialOutcome.UNKNOWN, "the trial failed (ValueError)", "")


@pytest.mark.parametrize(
    "host",
    [
        "db.prod.svc",
        "db.prod.svc.cluster.local",
        "DB.prod.SVC.",
        "db.prod.svc.cluster.example.com",
        "pod.cluster.local",
    ],
)
async def test_a_name_inside_the_cluster_is_not_looked_up(host: str) -> None:
    found = await on(f"https://{host}:8443")
    assert found.only == ("cannot tell from here", f"{host.rstrip('.').lower()} is a name inside the cluster")
    assert found.asked == []


@pytest.mark.parametrize(
    ("url", "warning"),
    [
        ("https://169.254.169.254", "169.254.169.254 is a link-local address"),
        ("https://[::ffff:169.254.169.254]", "169.254.169.254 is a link-local address"),
        ("https://2852039166", "169.254.169.254 is a link-local address"),
        ("https://0xa9fea9fe", "169.254.169.254 is a link-local address"),
        ("https://[fe80::1]", "fe80::1 is a link-local address"),
        ("https://[fd00:ec2::254]", "fd00:ec2::254 is a link-local address"),
        ("http://192.0.2.1", "it is plain HTTP"),
    ],
)
@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:1"])
async def test_what_is_risky_is_said_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, url: str, warning: str, proxy: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    found = await on(url, agrees=False)
    (to,) = found.asked
    assert f"Warning: {warning}" in to.question
    assert "as you chose" in found.only[1]


@pytest.mark.parametrize("url", ["ftp://a.example", "https://", "a.example", "https://u:p@a.example", "https://a:x"])
async def test_what_is_no_address_is_not_asked(url: str) -> None:
    found = await on(url)
    assert found.only[1].startswith("the address to ask")
    assert found.asked == []


@pytest.mark.parametrize("token", ["hf_a\r\nX-Evil: 1", "hf_✓", "hf_a\0"])
async def test_a_token_that_no_header_can_carry_is_not_sent_nor_quoted(token: str) -> None:
    with web(lambda _: Answer(200)) as served:
        assert (await on(served.url, token)).only[1] == "what was entered has characters in it that cannot be sent"
        assert served.asked == []


async def test_what_a_server_repeats_of_a_token_is_removed() -> None:
    account = json.dumps({"name": f"so {TOKEN} {b64encode(TOKEN.encode()).decode()[:-2]}", "auth": None}).encode()
    with web(lambda _: Answer(200, account)) as served:
        (verdict,) = (await on(served.url)).verdicts
    assert verdict.outcome is TrialOutcome.ACCEPTED
    assert verdict.text == "so [removed] [removed], a token"


async def test_a_host_is_looked_up_once_and_that_address_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        address = "127.0.0.1" if len(looked_up) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    with hub.hub() as served:
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        entered = credential("HuggingFace", {"token": TOKEN})
        url = served.url.replace("127.0.0.1", "mirror.example")
        found = await tried(entered, hub.OPEN_MODEL, TrialOptions(hugging_face=url))
        assert found.only[0] == "accepted"
        assert len(served.asked) == 2
    assert looked_up == ["mirror.example"]


def test_who_agreed_to_a_request_has_not_agreed_to_send_a_credential() -> None:
    request = Destination("a.example", 80, warnings=("it is plain HTTP",))
    assert request.question.startswith("A request without a credential will be sent to a.example:80.")
    assert request.key != request._replace(carries="The token").key
    assert request.key == request._replace(why="b.example asks for the login at a.example").key


@pytest.mark.usefixtures("trusted")
async def test_tls_goes_through_a_proxy_to_the_server_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with hub.hub(context(AUTHORITY, "hub.example")) as served:
        async with Proxy(served.url, tunnel_to=int(served.url.rpartition(":")[2])) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            found = await on("https://hub.example")
            assert found.only == ("accepted", "alice, a token that may read")
            assert [request.target for request in proxy.requests] == ["hub.example:443"]
            assert TOKEN not in str(proxy.requests)


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:1", "http://user:proxy-password@127.0.0.1:1", "x://h"])
async def test_a_proxy_that_cannot_be_used_is_said_without_its_password(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    (verdict,) = (await on("https://hub.example")).verdicts
    assert verdict.text.startswith(f"the proxy {proxy.replace('user:proxy-password@', '')} cannot be used: ")


@pytest.mark.parametrize("rows", [[("HF_TOKEN", TOKEN)], [("x", TOKEN)], [("a", "b"), ("my-token", TOKEN)]])
async def test_keys_that_a_secret_has_already_are_known_by_their_names(rows: list[tuple[str, str]]) -> None:
    entries = tuple({"key": Sealed(key.encode()), "value": Sealed(value.encode())} for key, value in rows)
    entered = EnteredCredential(HUGGING_FACE, GENERIC.entry_forms[0], entries)
    with hub.hub() as served:
        found = await tried(entered, options=TrialOptions(hugging_face=served.url))
    assert found.only[0] == "accepted"


async def test_a_token_that_is_not_entered_is_asked_for() -> None:
    with pytest.raises(CannotTell, match="the token is not entered"):
        await on("https://a.example", "")


AUTHORITY = trustme.CA()


def context(authority: trustme.CA, *names: str, expired: bool = False) -> ssl.SSLContext:
    """Return what a server needs to speak TLS under a name."""
    ends = datetime(2020, 1, 1, tzinfo=UTC) if expired else None
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, not_after=ends).configure_cert(tls)
    return tls


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have certificates of the authority trusted."""
    path = tmp_path / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@pytest.mark.usefixtures("trusted")
async def test_a_trusted_server_is_asked_by_tls() -> None:
    with hub.hub(context(AUTHORITY, "127.0.0.1")) as served:
        assert (await on(served.url)).only == ("accepted", "alice, a token that may read")


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("tls", "said"),
    [
        (context(AUTHORITY, "127.0.0.1", expired=True), "certificate has expired"),
        (context(AUTHORITY, "elsewhere.example"), "IP address mismatch"),
        (context(trustme.CA(), "127.0.0.1"), "unable to get local issuer certificate"),
    ],
)
async def test_a_certificate_that_cannot_be_trusted_ends_it(tls: ssl.SSLContext, said: str) -> None:
    with hub.hub(tls) as served:
        outcome, text = (await on(served.url)).only
        assert served.asked == []
    assert outcome == "cannot tell from here"
    assert text.startswith("the certificate of 127.0.0.1 cannot be trusted here")
    assert said in text


async def test_a_server_without_tls_gets_nothing_over_it() -> None:
    with hub.hub() as served:
        found = await on(served.url.replace("http", "https"))
        assert found.only[1] == "127.0.0.1 does not speak TLS there, or another kind of it"
        assert served.asked == []


async def test_a_port_where_nobody_listens_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert (await on(f"http://127.0.0.1:{port}")).only[1] == (f"127.0.0.1:{port} cannot be reached: Connection refused")


async def test_the_proxy_of_the_environment_is_used_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with hub.hub() as served:
        async with Proxy(served.url, tunnel_to=int(served.url.rpartition(":")[2])) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//user:proxy-password@"))
            found = await on("http://hub.example")
            (to,) = set(found.asked)
            assert f"through the proxy {proxy.url}." in to.question
            assert found.only == ("accepted", "alice, a token that may read")
            assert [request.target for request in proxy.requests] == ["hub.example:80"]
    assert [asked.headers["host"] for asked in served.asked] == ["hub.example"]


async def test_who_does_not_agree_sends_nothing() -> None:
    with web(lambda _: Answer(200)) as served:
        found = await on(served.url, agrees=False)
        assert found.only == ("cannot tell from here", f"nothing was sent to {served.place}, as you chose")
        assert served.asked == []

"""What a client does when something goes wrong on the way, seen from both ends."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cluster.conftest import (
    LIMIT,
    PREFIXES,
    PROJECT,
    Follow,
    chain_of,
    connected,
    following,
    kubeconfig_of,
    written,
)
from tests.conftest import Kubectl, users
from tests.proxy import Exchange, Fault, Proxy, answer, cut_after, drop, forward, hang, hang_in_headers
from wbtui.cluster.access import account_of
from wbtui.cluster.backoff import Backoff
from wbtui.cluster.connection import JSON, METADATA, TABLE, Connection, RequestOptions
from wbtui.cluster.secrets import secrets_of
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import Scope
from wbtui.errors import (
    Busy,
    ClusterError,
    Expired,
    Forbidden,
    Invalid,
    NotServed,
    ReadOnly,
    ServerError,
    Silent,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
    ValuesReceived,
    WatchForbidden,
)
from wbtui.news import Changes, Complete, Interrupted, Page, WatchClosed, WatchOpened

CANARY = "Y2FuYXJ5"
PATH = f"/api/v1/namespaces/{PROJECT}/secrets"


def status(code: int, message: str = "", reason: str = "") -> bytes:
    return json.dumps({"kind": "Status", "code": code, "message": message, "reason": reason}).encode()


def whole(kind: str, **more: object) -> bytes:
    return json.dumps({"kind": kind, "apiVersion": "v1", "metadata": {"name": "x"}, **more}).encode()


VALUES = {"data": {"token": CANARY}}
PASSING: dict[str, tuple[Fault, type[ClusterError], str]] = {
    "too many requests": (answer(429, b"slow down"), Busy, "the answer was 429"),
    "a broken server": (answer(500, status(500, "etcd is away")), ServerError, "etcd is away"),
    "an unavailable server": (answer(503), ServerError, "the answer was 503"),
    "a bad gateway": (
        answer(502, b"<html>bad gateway</html>", Content_Type="text/html"),
        ServerError,
        "the answer was 502",
    ),
    "no answer": (drop, Unreachable, "closed the connection"),
    "half a head": (cut_after(20), Unreachable, ""),
    "half a body": (cut_after(600), Unreachable, "closed the connection"),
    "silence": (hang, Unreachable, "did not answer in time"),
    "silence in the head": (hang_in_headers, Unreachable, "did not answer in time"),
    "a redirect": (answer(302, Location="http://127.0.0.1:1/login"), Unreachable, "redirects"),
    "no HTTP": (lambda exchange: _write(exchange.writer, b"SSH-2.0-OpenSSH_9.6\r\n"), Unreachable, ""),
}
LASTING: dict[str, tuple[Fault, type[ClusterError], str]] = {
    "a login page": (answer(200, b"<html>log in</html>", Content_Type="text/html"), UnexpectedAnswer, "does not match"),
    "garbage": (answer(200, bytes(range(256))), UnexpectedAnswer, "does not match"),
    "nothing": (answer(200), UnexpectedAnswer, "does not match"),
    "another kind": (answer(200, whole("PodList")), UnexpectedAnswer, "sent PodList instead of a Table"),
    "a proxy that wants a login": (answer(407), Unreachable, "a proxy requires a login"),
    "nested too deep": (answer(200, b"[" * 100_000), UnexpectedAnswer, "does not match"),
    "values nested too deep": (
        answer(200, b'{"kind":"Table","data":' + b"[" * 100_000),
        UnexpectedAnswer,
        "does not match",
    ),
    "values out of place": (answer(200, whole("Table", rows=[CANARY])), UnexpectedAnswer, "does not match"),
    "not allowed": (answer(403, status(403, "no\x1b[31m")), Forbidden, "no\N{REPLACEMENT CHARACTER}[31m"),
    "no such path": (answer(404, b"404 page not found"), NotServed, "does not know this path"),
    "a gateway's page": (
        answer(404, b"<html>404</html>"),
        UnexpectedAnswer,
        "404 Not Found, and it is not from a Kubernetes",
    ),
    "a bad request": (answer(400, status(400, "what?")), Invalid, "what?"),
    "a teapot": (answer(418), UnexpectedAnswer, "the answer was 418"),
    "a forbidding gateway": (
        answer(403, b"<html>no</html>"),
        UnexpectedAnswer,
        "403 Forbidden, and it is not from a Kubernetes",
    ),
}


WITH_VALUES = {
    "a list of whole secrets": answer(200, whole("SecretList", items=[VALUES])),
    "a whole secret": answer(200, whole("Secret", **VALUES)),
}
TRIED_TWICE = {"no answer", "half a head"}
"""A connection that breaks before an answer may have been an old one: the client itself tries another."""


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)


def is_for_a_person(error: ClusterError) -> bool:
    advice = error.advice.replace("{retry}", "").replace("{go.project}", "")  # keys are put in by the screen
    text = f"{error} {advice} {error!r} {error.args}"
    return (
        CANARY not in chain_of(error)
        and bool(error.advice)
        and not any(part in text for part in ("Traceback", "{", "demo-token", CANARY, "\x1b", "\n"))
    )


@pytest.mark.parametrize("name", PASSING)
async def test_a_list_that_fails_is_told_and_tried_again(proxy: Proxy, follow: Follow, name: str) -> None:
    fault, kind, words = PASSING[name]
    proxy.next(*[fault] * (2 if name in TRIED_TWICE else 1))
    async with follow(patience=0.3) as news:
        trouble = await news.next()
        await news.until(WatchOpened)
    assert isinstance(trouble, Interrupted)
    assert type(trouble.error) is kind
    assert words in str(trouble.error)
    assert is_for_a_person(trouble.error)


@pytest.mark.parametrize("name", [name for name in PASSING if name != "half a body"])
async def test_a_watch_that_fails_is_told_and_opened_again(proxy: Proxy, follow: Follow, name: str) -> None:
    fault, kind, words = PASSING[name]
    proxy.next(forward, *[fault] * (2 if name in TRIED_TWICE else 1))
    async with follow(patience=0.3) as news:
        first, _, trouble = await news.until(Interrupted)
        live = await news.next()
    assert isinstance(first, Page)
    assert isinstance(trouble, Interrupted)
    assert type(trouble.error) is kind
    assert words in str(trouble.error)
    assert isinstance(live, WatchOpened)


@pytest.mark.parametrize("step", ["list", "watch"])
@pytest.mark.parametrize("name", LASTING)
async def test_a_refusal_is_told_and_recovers_by_itself(proxy: Proxy, follow: Follow, name: str, step: str) -> None:
    fault, kind, words = LASTING[name]
    proxy.next(*([forward] if step == "watch" else []), fault)
    async with follow() as news:
        interrupted = await news.first(Interrupted)
        await news.until(WatchOpened)
    assert isinstance(interrupted.error, Unreachable if (name, step) == ("nothing", "watch") else kind)
    assert words in str(interrupted.error) or step == "watch"
    assert (interrupted.as_of is not None) == (step == "watch")
    assert is_for_a_person(interrupted.error)


@pytest.mark.parametrize("step", ["list", "watch"])
@pytest.mark.parametrize("name", WITH_VALUES)
async def test_values_are_not_received_a_second_time(proxy: Proxy, follow: Follow, name: str, step: str) -> None:
    proxy.next(*([forward] if step == "watch" else []), WITH_VALUES[name])
    async with follow() as news:
        with pytest.raises((ValuesReceived, UnexpectedAnswer)) as caught:
            await asyncio.wait_for(news.until(Changes), LIMIT)
    assert is_for_a_person(caught.value)


async def test_a_watch_with_values_in_it_is_refused(proxy: Proxy, follow: Follow) -> None:
    row = {"cells": [], "object": {"kind": "Secret", "metadata": {"name": "x"}, **VALUES}}
    event = {"type": "ADDED", "object": {"kind": "Table", "rows": [row]}}
    proxy.next(forward, answer(200, json.dumps(event).encode() + b"\n"))
    async with follow() as news:
        with pytest.raises(ValuesReceived) as caught:
            await news.until(Changes)
    assert is_for_a_person(caught.value)


REFUSED = answer(403, status(403, "cannot watch", "Forbidden"))


async def test_a_watch_that_is_refused_for_a_moment_goes_on_where_it_was(proxy: Proxy, follow: Follow) -> None:
    proxy.next(forward, REFUSED, REFUSED)
    async with follow() as news:
        told = await news.until(WatchOpened)
    errors = [one.error for one in told if isinstance(one, Interrupted)]
    assert [(type(error), str(error)) for error in errors] == [(WatchForbidden, "cannot watch")] * 2
    assert sum("limit" in request.query for request in proxy.requests) == 1


async def test_where_watching_stays_forbidden_the_list_is_read_again(proxy: Proxy, follow: Follow) -> None:
    proxy.next(forward, REFUSED, REFUSED, REFUSED, forward, REFUSED)
    async with follow() as news:
        told = await news.until(WatchOpened)
    assert [type(one) for one in told] == [
        *(Page, Complete, Interrupted, Interrupted, Interrupted),
        *(Page, Complete, Interrupted),
        *(Page, Complete, WatchOpened),
    ]


async def _say_nothing_more(exchange: Exchange) -> None:
    """Accept a watch, and say nothing."""
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    await exchange.reader.read()


async def _one_bookmark(exchange: Exchange) -> None:
    """Accept a watch, send one bookmark, and say nothing more."""
    bookmark = {"type": "BOOKMARK", "object": {"kind": "Table", "metadata": {"resourceVersion": "1"}}}
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    exchange.writer.write(json.dumps(bookmark).encode() + b"\n")
    await exchange.reader.read()


async def test_a_watch_that_falls_silent_is_told_and_the_list_read_again(proxy: Proxy, follow: Follow) -> None:
    proxy.next(forward, _one_bookmark)
    async with follow(silence=0.3) as news:
        *_, interrupted = await news.until(Interrupted)
        assert [type(one) for one in await news.until(WatchOpened)] == [Page, Complete, WatchOpened]
    assert isinstance(interrupted, Interrupted)
    assert isinstance(interrupted.error, Silent)
    assert "nothing has come from 127.0.0.1" in str(interrupted.error)


async def test_where_no_bookmark_ever_came_a_silent_watch_is_opened_again(proxy: Proxy, follow: Follow) -> None:
    proxy.next(forward, _say_nothing_more, hang)
    async with follow(silence=0.3, patience=0.3) as news:
        told = await news.until(Interrupted)
        assert [type(one) for one in told] == [Page, Complete, WatchOpened, WatchClosed, Interrupted]
        assert isinstance(await news.next(), WatchOpened)


async def test_a_watch_that_ends_after_a_bookmark_goes_on_from_there(proxy: Proxy, follow: Follow) -> None:
    async def bookmark_and_end(exchange: Exchange) -> None:
        bookmark = {"type": "BOOKMARK", "object": {"kind": "Table", "metadata": {"resourceVersion": "987654"}}}
        await answer(200, json.dumps(bookmark).encode() + b"\n")(exchange)

    proxy.next(forward, bookmark_and_end, answer(410, status(410, "expired", "Expired")))
    async with follow() as news:
        await news.until(WatchOpened)
        await news.until(WatchOpened)
    versions = [request.query["resourceVersion"] for request in proxy.requests if "watch" in request.query]
    assert versions[1] == "987654"
    assert versions[2] != "987654"


async def test_a_watch_that_is_refused_once_more_later_goes_on_where_it_was(proxy: Proxy, follow: Follow) -> None:
    proxy.next(forward, REFUSED, REFUSED)
    async with follow() as news:
        await news.until(WatchOpened)
        proxy.next(REFUSED)
        proxy.cut()
        told = await news.until(WatchOpened)
    assert WatchForbidden in [type(one.error) for one in told if isinstance(one, Interrupted)]
    assert sum("limit" in request.query for request in proxy.requests) == 1


async def test_a_watch_is_not_live_before_it_is_answered(proxy: Proxy, follow: Follow) -> None:
    proxy.next(forward, hang)
    async with follow(patience=0.3) as news:
        told = await news.until(Interrupted)
    assert [type(one) for one in told] == [Page, Complete, Interrupted]


async def test_a_watch_that_breaks_goes_on_where_it_was(proxy: Proxy, follow: Follow, kubectl: Kubectl) -> None:
    async with follow() as news:
        await news.until(WatchOpened)
        kubectl("create", "secret", "generic", "before")
        await news.until(Changes)
        proxy.cut()
        trouble = await news.first(Interrupted)
        told = await news.until(WatchOpened)
        kubectl("create", "secret", "generic", "after")
        changes = await news.first(Changes)
    assert isinstance(trouble.error, Unreachable)
    assert not any(isinstance(one, Page) for one in told)
    assert [secret.name for secret in changes.changed] == ["after"]
    lists = [request for request in proxy.requests if "limit" in request.query]
    assert len(lists) == 1


async def test_a_page_that_has_expired_begins_the_list_again_in_silence(tmp_path: Path) -> None:
    with BackgroundCluster(secrets=600, users=users()) as cluster:
        async with Proxy(cluster.url) as proxy:
            proxy.next(forward, answer(410, status(410, "expired", "Expired")))
            async with (
                connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection,
                following(secrets_of(connection, Scope(PROJECT), PREFIXES).follow()) as news,
            ):
                told = await news.until(WatchOpened)
    assert [type(news) for news in told] == [Page, Page, Page, Complete, WatchOpened]
    assert [page.loaded for page in told if isinstance(page, Page)] == [500, 500, 627]


async def test_after_a_restart_an_expired_watch_is_listed_again_at_once(proxy: Proxy, follow: Follow) -> None:
    proxy.next(forward, answer(503), answer(503), answer(410, status(410, "expired", "Expired")))
    async with follow() as news:
        told = await news.until(WatchOpened)
    assert [type(one) for one in told] == [Page, Complete, Interrupted, Interrupted, Page, Complete, WatchOpened]


async def test_a_list_that_is_always_expired_is_no_storm(proxy: Proxy, follow: Follow) -> None:
    proxy.next(*[answer(410, status(410, "expired", "Expired"))] * 3)
    async with follow() as news:
        troubles = [told for told in await news.until(WatchOpened) if isinstance(told, Interrupted)]
    assert [type(trouble.error) for trouble in troubles] == [Expired, Expired]


async def test_the_wait_doubles_up_to_its_longest_and_starts_over(
    proxy: Proxy, follow: Follow, kubectl: Kubectl
) -> None:
    proxy.next(*[answer(500)] * 5)
    async with follow() as news:
        waits = [told.seconds for told in await news.until(WatchOpened) if isinstance(told, Interrupted)]
        kubectl("create", "secret", "generic", "fresh")
        await news.until(Changes)
        proxy.cut()
        again = (await news.first(Interrupted)).seconds
    ceilings = [0.01, 0.02, 0.04, 0.05, 0.05]
    assert all(ceiling / 2 <= wait <= ceiling for wait, ceiling in zip(waits, ceilings, strict=True))
    assert 0.005 <= again <= 0.01


@pytest.mark.parametrize(
    ("tries", "asked", "least", "most"),
    [
        (0, None, 0.25, 0.5),
        (3, None, 2, 4),
        (9, None, 15, 30),
        (100_000, None, 15, 30),
        (0, 7, 7, 7),
        (0, 1e9, 120, 120),
    ],
)
def test_backoff_has_its_bounds(tries: int, asked: float | None, least: float, most: float) -> None:
    assert least <= Backoff(tries=tries).next(asked) <= most


def test_no_two_clients_wait_equally_long() -> None:
    assert len({Backoff().next(None) for _ in range(20)}) > 1


@pytest.mark.parametrize(
    ("asked", "least"), [("7", 7), ("0", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("-1", 0), ("soon", 0), ("٣", 3)]
)
async def test_a_server_that_asks_for_time_gets_it(proxy: Proxy, follow: Follow, asked: str, least: float) -> None:
    proxy.next(answer(429, b"", Retry_After=asked))
    async with follow() as news:
        trouble = await news.first(Interrupted)
    assert type(trouble.error) is Busy
    assert least <= trouble.seconds <= least + 1


async def test_lists_and_watches_ask_for_metadata_and_nothing_else(proxy: Proxy, follow: Follow) -> None:
    async with follow() as news:
        await news.until(WatchOpened)
    listed, watched = proxy.requests
    hidden = {"fieldSelector": "type!=helm.sh/release.v1", "includeObject": "Metadata"}
    assert (listed.path, watched.path) == (PATH, PATH)
    assert listed.query == {**hidden, "limit": "500"}
    seconds, version = watched.query["timeoutSeconds"], watched.query["resourceVersion"]
    rest = {"watch": "1", "allowWatchBookmarks": "true", "timeoutSeconds": seconds, "resourceVersion": version}
    assert watched.query == {**hidden, **rest}
    assert 240 <= int(seconds) <= 360
    assert version.isdecimal()
    assert {request.headers["accept"] for request in proxy.requests} == {TABLE}
    assert {request.headers["authorization"] for request in proxy.requests} == {"Bearer demo-token"}
    assert {request.headers["user-agent"].partition("/")[0] for request in proxy.requests} == {"wbtui"}


async def test_an_empty_list_asks_for_the_metadata_of_its_project(proxy: Proxy, follow: Follow) -> None:
    async with follow(Scope("default")) as news:
        await news.until(WatchOpened)
    _, asked, _ = proxy.requests
    assert (asked.path, asked.headers["accept"]) == ("/api/v1/namespaces/default", METADATA)


async def test_all_projects_with_helm_are_asked_for_without_selectors(proxy: Proxy, follow: Follow) -> None:
    async with follow(Scope(None, helm=True)) as news:
        await news.until(WatchOpened)
    assert proxy.requests[0].path == "/api/v1/secrets"
    assert proxy.requests[0].query == {"includeObject": "Metadata", "limit": "500"}


WRITES = {
    "create": lambda c: c.post(PATH, {}, accept=METADATA, body={"metadata": {"name": "x"}}),
    "change": lambda c: c.patch(f"{PATH}/slack-webhook", {}, accept=METADATA, patch={"data": None}),
    "patch": lambda c: c.patch(f"{PATH}/slack-webhook", {}, accept=METADATA, patch=[]),
    "delete": lambda c: c.delete(f"{PATH}/slack-webhook", {}, accept=METADATA),
}


@pytest.mark.parametrize("write", WRITES)
async def test_a_read_only_session_sends_no_write(proxy: Proxy, tmp_path: Path, write: str) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url)), RequestOptions(read_only=True)) as connection:
        with pytest.raises(ReadOnly):
            await WRITES[write](connection)
        assert proxy.requests == []
        await connection.get(PATH, accept=TABLE)
        await _who_am_i(connection)
    assert [request.method for request in proxy.requests] == ["GET", "POST"]
    assert proxy.requests[1].path.startswith("/apis/authentication.k8s.io/")


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("fault", [drop, hang, answer(307, Location="/elsewhere"), answer(500)], ids=lambda _: "")
async def test_a_write_is_never_sent_twice(proxy: Proxy, tmp_path: Path, write: str, fault: Fault) -> None:
    proxy.next(forward, fault)
    async with connected(written(tmp_path, kubeconfig_of(proxy.url)), RequestOptions(timeout=1.5)) as connection:
        await connection.get(PATH, accept=TABLE)
        with pytest.raises((Unreachable, ServerError)):
            await WRITES[write](connection)
    assert len(proxy.requests) == 2


async def _who_am_i(connection: Connection) -> bytes:
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    return await connection.post_review("/apis/authentication.k8s.io/v1/selfsubjectreviews", review)


@pytest.mark.parametrize("user", ["restricted@example.com", ""])
async def test_acting_as_someone_else(proxy: Proxy, tmp_path: Path, user: str) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url)), RequestOptions(impersonate=user)) as connection:
        said = json.loads(await _who_am_i(connection))
        assert (await account_of(connection, ""))[0].impersonated == bool(user)
    assert said["status"]["userInfo"]["username"] == (user or "demo@example.com")
    assert proxy.requests[0].headers.get("impersonate-user", "") == user
    assert proxy.requests[0].headers["accept"] == JSON


async def test_a_token_that_nobody_knows_is_tried_once_more_and_no_oftener(proxy: Proxy, tmp_path: Path) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url, {"token": "stolen"}))) as connection:
        with pytest.raises(Unauthorized):
            await connection.get(PATH, accept=TABLE)
    assert len(proxy.requests) == 2

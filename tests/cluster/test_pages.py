"""A list of many pages: what is asked for and when, in parts that are drawn one by one."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from tests.cluster.conftest import LIMIT, PREFIXES, PROJECT, connected, written
from tests.proxy import Fault, Proxy, answer, drop, forward, held_after
from wbtui.cluster.connection import Began
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.pages import Pages
from wbtui.cluster.secrets import secrets_of
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.errors import ClusterError
from wbtui.news import Complete, Page

_SECRETS = 5000
_HEAD = 2000
"""Bytes that hold the beginning of an answer, and not all of it."""


@pytest.fixture(scope="module")
def many() -> Iterator[BackgroundCluster]:
    with BackgroundCluster(secrets=_SECRETS) as cluster:
        yield cluster


@asynccontextmanager
async def listing(proxy: Proxy, many: BackgroundCluster, folder: Path) -> AsyncIterator[ListWatch[Secret]]:
    path = written(folder, json.dumps(many.kubeconfig()).replace(many.url, proxy.url))
    async with connected(path) as connection:
        yield secrets_of(connection, Scope(PROJECT), PREFIXES)


async def listed(secrets: ListWatch[Secret]) -> list[Page[Secret] | Complete]:
    async with asyncio.timeout(6 * LIMIT):
        return [news async for news in secrets.list()]


def more_requests_than(count: int) -> Callable[[Proxy], bool]:
    return lambda proxy: len(proxy.requests) > count


async def test_a_page_is_asked_for_while_the_one_before_it_comes(many: BackgroundCluster, tmp_path: Path) -> None:
    async with Proxy(many.url) as proxy, listing(proxy, many, tmp_path) as secrets:
        # Without another request, an answer would never come to its end; but the first one has the line to itself.
        proxy.next(forward, *(held_after(_HEAD, more_requests_than(count)) for count in (2, 3)))
        await listed(secrets)
        assert len(proxy.requests) > len((1, 2, 3))


async def test_the_line_is_used_while_pages_wait_to_be_read(many: BackgroundCluster, tmp_path: Path) -> None:
    async with Proxy(many.url) as proxy, listing(proxy, many, tmp_path) as secrets:
        # The second answer ends only once the fourth page is asked for.
        proxy.next(forward, held_after(_HEAD, more_requests_than(3)))
        assert isinstance((await listed(secrets))[-1], Complete)


async def test_no_more_than_three_pages_are_on_their_way() -> None:
    asked: list[str] = []
    never = asyncio.Event()

    async def get(_: int, token: str, began: Began) -> bytes:
        asked.append(token)
        page = b'{"kind":"Table","apiVersion":"v1","metadata":{"continue":"%d"}' % len(asked)
        began(bytearray(page))
        if token:
            await never.wait()
        return page

    async with aclosing(Pages(get, 500, 1_000)) as pages:
        await pages.ask().body()
        for _ in range(20):
            await asyncio.sleep(0)
        assert asked == ["", "1", "2", "3"]


async def test_later_pages_are_larger_and_come_in_parts(many: BackgroundCluster, tmp_path: Path) -> None:
    async with Proxy(many.url) as proxy, listing(proxy, many, tmp_path) as secrets:
        *news, complete = await listed(secrets)
        asked = [request.query for request in proxy.requests]
    pages = [page for page in news if isinstance(page, Page)]
    uids = [secret.uid for page in pages for secret in page.items]
    assert isinstance(complete, Complete)
    assert len(uids) == len(complete.uids) > _SECRETS
    assert set(uids) == complete.uids
    limits = [int(query["limit"]) for query in asked]
    assert limits == sorted(limits)
    assert (limits[0], limits[-1]) == (500, 1000)
    assert len({query.get("continue") for query in asked}) == len(asked)
    assert {len(page.items) for page in pages[:-1]} == {500}
    assert [page.loaded for page in pages] == [*range(500, len(uids), 500), len(uids)]


@pytest.mark.parametrize("faults", [[drop, drop], [answer(503)]])
async def test_a_later_page_that_fails_ends_the_list(
    many: BackgroundCluster, tmp_path: Path, faults: list[Fault]
) -> None:
    async with Proxy(many.url) as proxy, listing(proxy, many, tmp_path) as secrets:
        proxy.next(forward, *faults)
        with pytest.raises(ClusterError):
            await listed(secrets)
        assert isinstance((await listed(secrets))[-1], Complete)


async def test_after_a_page_of_many_bytes_the_next_one_is_small_again(many: BackgroundCluster, tmp_path: Path) -> None:
    def page(token: str, size: int = 0) -> Fault:
        # With a blank before it, what is said of the page is only read once all of it is there.
        table = {"kind": "Table", "metadata": {"resourceVersion": "1", "continue": token}, "rows": []}
        return answer(200, b" " * (size + 1) + json.dumps(table).encode())

    async with Proxy(many.url) as proxy, listing(proxy, many, tmp_path) as secrets:
        proxy.next(page("second"), page("third", 4 << 20), page(""))
        await listed(secrets)
        limits = [request.query.get("limit") for request in proxy.requests[:3]]
    assert limits == ["500", "1000", "500"]

"""What is too much, too many or leads elsewhere is not asked for and not taken."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cluster.conftest import PROJECT, Follow, connected, kubeconfig_of, searching, written
from tests.proxy import Exchange, Proxy, answer, forward
from wbtui.cluster.connection import JSON, whole_lines
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.external_secrets import sources_of
from wbtui.domain.secret import Owner, Secret
from wbtui.errors import NotFound, TooLarge
from wbtui.news import Interrupted, WatchOpened

MIB = 1 << 20


def packed(size: int) -> bytes:
    compressor = zlib.compressobj(wbits=31)
    return b"".join([*(compressor.compress(b" " * MIB) for _ in range(size // MIB)), compressor.flush()])


@pytest.mark.parametrize("status", [200, 403])
async def test_an_answer_that_unpacks_to_too_much_is_not_read_to_its_end(
    proxy: Proxy, follow: Follow, status: int
) -> None:
    proxy.next(answer(status, packed(80 * MIB), Content_Encoding="gzip"))
    async with follow() as news:
        interrupted = await news.first(Interrupted)
        await news.until(WatchOpened)
    assert isinstance(interrupted.error, TooLarge)
    assert str(interrupted.error).startswith(f"the answer is larger than {64 if status == 200 else 1} MiB")


async def test_a_line_that_does_not_end_is_not_kept() -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += MIB
            yield b"x" * MIB

    with pytest.raises(TooLarge):
        await anext(whole_lines(endless()))
    assert taken == 9 * MIB


@pytest.mark.parametrize("part", ["..", ".", "%2e%2e", "x/../y"])
async def test_a_path_that_leads_elsewhere_is_not_asked_for(proxy: Proxy, tmp_path: Path, part: str) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        with pytest.raises(NotFound):
            await connection.get(f"/api/v1/namespaces/{PROJECT}/secrets/{part}", accept=JSON)
    assert proxy.requests == []


async def test_an_owners_name_leads_to_nothing_but_that_owner(proxy: Proxy, tmp_path: Path) -> None:
    owner = Owner("external-secrets.io/v1", "ExternalSecret", "a/b?c#d", "1")
    secret = Secret(uid="2", namespace=PROJECT, name="x", resource_version="1", type="Opaque", owners=(owner,))
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        with pytest.raises(NotFound):
            await sources_of(connection, Discovery(connection), secret)
    assert proxy.requests[-1].path.endswith(f"/namespaces/{PROJECT}/externalsecrets/a%2Fb%3Fc%23d")


async def test_six_kinds_are_listed_at_a_time(proxy: Proxy, tmp_path: Path) -> None:
    under_way = most = 0
    six = asyncio.Event()

    async def wait_for_six(exchange: Exchange) -> None:
        nonlocal under_way, most
        if "limit" not in exchange.request.query:  # which kinds there are
            await forward(exchange)
            return
        under_way += 1
        most = max(most, under_way)
        if under_way >= 6:
            six.set()
        await six.wait()
        for _ in range(6):  # as long as a seventh would need to come
            _, writer = await exchange.proxy.connect(exchange.request)
            writer.close()
            await writer.wait_closed()
        under_way -= 1  # it still takes one of the six, until it is answered
        await forward(exchange)

    proxy.default = wait_for_six
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        usage = await searching(connection).search(PROJECT)
    assert len(usage.searched) > 6
    assert most == 6

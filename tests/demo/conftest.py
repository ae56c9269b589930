from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.demo.client import Client
from wbtui.demo.cluster import EmbeddedCluster


@pytest.fixture
async def cluster() -> AsyncIterator[EmbeddedCluster]:
    async with EmbeddedCluster() as cluster:
        yield cluster


@pytest.fixture
async def client(cluster: EmbeddedCluster) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(cluster.url) as session:
        yield Client(session, cluster.token())

"""The demo on a host that others use, and beside a browser."""

import asyncio
import json
import stat

import aiohttp
import pytest

from tests.conftest import users
from tests.demo.client import Client
from wbtui.demo.cluster import EmbeddedCluster
from wbtui.demo.serve import DemoSession

SECRETS = "/api/v1/namespaces/llm-serving/secrets"
SECRET = {"metadata": {"name": "new"}, "data": {}}


def test_each_start_makes_new_tokens() -> None:
    clusters = [EmbeddedCluster(sample=False) for _ in range(2)]
    tokens = {cluster.token(user) for cluster in clusters for user in ("demo", "demo-restricted")}
    assert len(tokens) == 4
    assert min(len(token) for token in tokens) > 32


@pytest.mark.parametrize("token", ["demo-token", "", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
async def test_other_tokens_are_refused(cluster: EmbeddedCluster, token: str) -> None:
    async with aiohttp.ClientSession(cluster.url) as session:
        assert (await Client(session, token).send("GET", SECRETS)).status == 401


def test_the_kubeconfig_of_a_session_is_for_its_owner_alone() -> None:
    with DemoSession() as demo:
        assert stat.S_IMODE(demo.kubeconfig.stat().st_mode) == 0o600
        assert stat.S_IMODE(demo.kubeconfig.parent.stat().st_mode) == 0o700
    assert not demo.kubeconfig.parent.exists()


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1", 200), ("localhost:80", 200), ("evil.example:80", 403), ("127.0.0.1.nip.io", 403)]
)
async def test_only_names_of_this_host_are_served(client: Client, host: str, status: int) -> None:
    assert (await client.send("GET", SECRETS, Host=host)).status == status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_what_a_web_page_can_send_is_not_read(client: Client, method: str, kind: str) -> None:
    path = SECRETS if method == "POST" else f"{SECRETS}/slack-webhook"
    before = await client.send("GET", SECRETS)
    refused = await client.send(method, path, SECRET, Content_Type=kind)
    assert (refused.status, refused.body["reason"]) == (415, "UnsupportedMediaType")
    assert await client.send("GET", SECRETS) == before


async def test_listens_on_loopback_alone(cluster: EmbeddedCluster) -> None:
    port = int(cluster.url.rpartition(":")[2])
    with pytest.raises(OSError, match=r"\[Errno \d+\]"):
        await asyncio.open_connection("127.0.0.2", port)
    assert json.dumps(cluster.kubeconfig()).count(f"http://127.0.0.1:{port}") == len(users())

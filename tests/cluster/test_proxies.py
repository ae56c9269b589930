"""Through proxies: which one, and that what goes through them is what goes without them."""

import socket
import ssl
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.cluster.conftest import PROJECT, connected, kubeconfig_of, written
from tests.cluster.socks import SocksProxy
from tests.proxy import Proxy
from wbtui.cluster.connection import TABLE
from wbtui.cluster.proxies import environment_proxy
from wbtui.demo.background import BackgroundCluster
from wbtui.errors import ClusterError, NotSent, Unauthorized, Unreachable
from wbtui.http.route import Route

PATH = f"/api/v1/namespaces/{PROJECT}/secrets"
NOWHERE = "http://127.0.0.1:1"


async def test_a_proxy_of_the_kubeconfig_is_used(proxy: Proxy, cluster: BackgroundCluster, tmp_path: Path) -> None:
    path = written(tmp_path, kubeconfig_of(cluster.url, **{"proxy-url": proxy.url}))
    async with connected(path) as connection:
        assert b"hf-token-llama" in await connection.get(PATH, accept=TABLE)
    assert proxy.requests[0].target == f"{cluster.url}{PATH}"


@pytest.mark.parametrize(
    ("proxy_url", "words"),
    [
        (NOWHERE, "the proxy 127.0.0.1:1 cannot be reached: Connection refused"),
        ("socks5://127.0.0.1:1", "the proxy 127.0.0.1:1 cannot be reached: Connection refused"),
        (
            "socks5://me:canary-token@nowhere.invalid",
            "the proxy nowhere.invalid:1080 cannot be reached: its name does not resolve",
        ),
    ],
)
async def test_a_proxy_that_does_not_work_is_said_in_a_sentence(
    cluster: BackgroundCluster, tmp_path: Path, proxy_url: str, words: str
) -> None:
    async with connected(written(tmp_path, kubeconfig_of(cluster.url, **{"proxy-url": proxy_url}))) as connection:
        with pytest.raises(NotSent) as caught:
            await connection.get(PATH, accept=TABLE)
    assert words in str(caught.value)
    assert "canary" not in f"{caught.value!r}{caught.value.advice}"


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "SOCKS5"])
@pytest.mark.parametrize("login", ["", "me:p%40ss@"])
async def test_a_socks_proxy_is_used_and_resolves_the_name(
    cluster: BackgroundCluster, tmp_path: Path, scheme: str, login: str
) -> None:
    async with SocksProxy(cluster.url, login=("me", "p@ss") if login else None) as socks:
        address = f"{scheme}://{login}127.0.0.1:{socks.port}"
        said = kubeconfig_of("http://localhost:8001", **{"proxy-url": address})
        async with connected(written(tmp_path, said)) as connection:
            assert b"hf-token-llama" in await connection.get(PATH, accept=TABLE)
    assert socks.asked == [("localhost", 8001)]


async def test_a_socks_proxy_that_refuses_is_said_in_a_sentence(cluster: BackgroundCluster, tmp_path: Path) -> None:
    async with SocksProxy(cluster.url, login=("me", "secret")) as socks:
        said = kubeconfig_of(cluster.url, **{"proxy-url": f"socks5://127.0.0.1:{socks.port}"})
        async with connected(written(tmp_path, said)) as connection:
            with pytest.raises(NotSent, match=r"the proxy 127\.0\.0\.1:\d+ cannot be reached: it refuses: "):
                await connection.get(PATH, accept=TABLE)


AUTHORITY = trustme.CA()
CERTIFIED = {"certificate-authority-data": b64encode(AUTHORITY.cert_pem.bytes()).decode()}


@pytest.mark.parametrize("way", ["http", "socks5"])
@pytest.mark.parametrize(
    ("issued", "more", "works"),
    [
        ("cluster.example", {}, True),
        ("other.example", {"tls-server-name": "other.example"}, True),
        ("other.example", {}, False),
        ("cluster.example", {"tls-server-name": "other.example"}, False),
    ],
)
async def test_a_server_behind_a_proxy_proves_itself_by_its_name(
    cluster: BackgroundCluster, tmp_path: Path, way: str, issued: str, more: dict[str, Any], *, works: bool
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert(issued).configure_cert(context)
    async with (
        Proxy(cluster.url, tls=context) as server,
        SocksProxy(server.url) as socks,
        Proxy(server.url, tunnel_to=server.port) as http,
    ):
        address = f"{way}://127.0.0.1:{socks.port if way == 'socks5' else http.port}"
        said = kubeconfig_of("https://cluster.example", **CERTIFIED, **more, **{"proxy-url": address})
        async with connected(written(tmp_path, said)) as connection:
            if works:
                assert b"hf-token-llama" in await connection.get(PATH, accept=TABLE)
            else:
                with pytest.raises(Unreachable, match=r"is not trusted.*not valid for"):
                    await connection.get(PATH, accept=TABLE)
    assert len(server.requests) == works


async def test_this_machine_is_never_reached_through_the_environments_proxy(
    proxy: Proxy, cluster: BackgroundCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy.url)
    async with connected(written(tmp_path, kubeconfig_of(cluster.url))) as connection:
        await connection.get(PATH, accept=TABLE)
    assert proxy.requests == []


async def test_what_the_environment_names_is_used_for_others_and_sees_no_token_in_clear(
    proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy.url)
    async with connected(written(tmp_path, kubeconfig_of("http://cluster.example"))) as connection:
        with pytest.raises(Unauthorized):
            await connection.get(PATH, accept=TABLE)
    assert {request.target for request in proxy.requests} == {f"http://cluster.example{PATH}"}
    assert not any("authorization" in request.headers for request in proxy.requests)


async def test_a_socks_proxy_of_the_environment_is_used(
    cluster: BackgroundCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with SocksProxy(cluster.url) as socks:
        monkeypatch.setenv("HTTP_PROXY", f"socks5://127.0.0.1:{socks.port}")
        async with connected(written(tmp_path, kubeconfig_of("http://cluster.example"))) as connection:
            with pytest.raises(ClusterError):
                await connection.get(PATH, accept=TABLE)
    assert set(socks.asked) == {("cluster.example", 80)}


@pytest.mark.parametrize(
    ("server", "proxy"),
    [
        ("https://cluster.example:6443", "http://proxy:3128"),
        ("https://internal.example", "http://proxy:3128"),
        ("https://api.internal.example", ""),
        ("https://API.internal.example", ""),
        ("https://domain.example", ""),
        ("https://api.domain.example", ""),
        ("https://notdomain.example", "http://proxy:3128"),
        ("https://star.example", "http://proxy:3128"),
        ("https://a.star.example", ""),
        ("https://port.example:6443", ""),
        ("https://port.example", "http://proxy:3128"),
        ("https://10.1.2.3:6443", ""),
        ("https://11.1.2.3:6443", "http://proxy:3128"),
        ("https://12.0.0.1:6443", ""),
        ("https://12.0.0.1", "http://proxy:3128"),
        ("https://[fd00::5]:6443", ""),
        ("https://[fe00::5]:6443", "http://proxy:3128"),
        ("https://127.0.0.1:6443", ""),
        ("https://127.9.9.9", ""),
        ("https://[::1]:6443", ""),
        ("https://localhost:6443", ""),
        ("http://cluster.example", ""),
    ],
)
def test_proxies_follow_the_rules_of_kubectl(monkeypatch: pytest.MonkeyPatch, server: str, proxy: str) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", "socks5://never:1")
    monkeypatch.setenv("https_proxy", "proxy:3128")
    names = ".internal.example,domain.example, *.star.example,port.example:6443"
    monkeypatch.setenv("no_proxy", f"10.0.0.0/8, {names},12.0.0.1:6443,fd00::/8,nonsense/99")
    assert environment_proxy(server) == proxy


def test_no_proxy_may_be_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy:3128")
    monkeypatch.setenv("NO_PROXY", "*")
    assert environment_proxy("https://cluster.example") == ""


@pytest.mark.parametrize("way", ["straight", "http", "socks5"])
async def test_a_silent_network_is_noticed_by_the_kernel(cluster: BackgroundCluster, way: str) -> None:
    async with SocksProxy(cluster.url) as socks, Proxy(cluster.url) as http:
        proxies = {"straight": "", "http": http.url, "socks5": f"socks5://127.0.0.1:{socks.port}"}
        opened = await Route(cluster.url.replace("127.0.0.1", "localhost"), proxy=proxies[way]).open()
        used = opened.writer.get_extra_info("socket")
        assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 20
        opened.writer.transport.abort()

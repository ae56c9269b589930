"""Who the server proves to be, and who we prove to be to it."""

import tempfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.cluster.conftest import PROJECT, connected, kubeconfig_of, written
from tests.cluster.tls import AUTHORITY, OTHER, certified_by, encoded, secured
from tests.proxy import Proxy
from wbtui.cluster.connection import TABLE, Connection, RequestOptions
from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.demo.apiserver.access.users import CLUSTER_ADMIN, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.errors import ClusterError, KubeconfigError, Unreachable

PATH = f"/api/v1/namespaces/{PROJECT}/secrets"
VERSION = "client.authentication.k8s.io/v1"
PAST = datetime(2020, 1, 1, tzinfo=UTC)
FUTURE = datetime.now(UTC) + timedelta(days=1)


async def listed(tmp_path: Path, kubeconfig: dict[str, Any]) -> bytes:
    async with connected(written(tmp_path, kubeconfig)) as connection:
        return await connection.get(PATH, accept=TABLE)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("127.0.0.1",), certified_by()),
        (("127.0.0.1",), {"certificate-authority": "ca.pem"}),
        (("cluster.example",), {**certified_by(), "tls-server-name": "cluster.example"}),
        (("127.0.0.1",), {"insecure-skip-tls-verify": True}),
        (("elsewhere",), {"insecure-skip-tls-verify": True}),
    ],
)
async def test_a_server_that_proves_itself_is_used(
    cluster: BackgroundCluster, tmp_path: Path, names: tuple[str, ...], said: dict[str, Any]
) -> None:
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with secured(cluster, *names) as proxy:
        assert b"hf-token-llama" in await listed(tmp_path, kubeconfig_of(proxy.url, **said))


@pytest.mark.parametrize(
    ("issued", "said", "words"),
    [
        ({}, {}, "unable to get local issuer|self-signed"),
        ({}, certified_by(OTHER), "unable to get local issuer|self-signed|signature failure"),
        ({"names": ("elsewhere.example",)}, certified_by(), "is not valid for"),
        ({}, {**certified_by(), "tls-server-name": "cluster.example"}, "not valid for 'cluster.example'"),
    ],
)
async def test_a_server_that_does_not_is_sent_nothing(
    cluster: BackgroundCluster, tmp_path: Path, issued: dict[str, Any], said: dict[str, Any], words: str
) -> None:
    issued = dict(issued)
    async with secured(cluster, *issued.pop("names", ()), **issued) as proxy:
        with pytest.raises(Unreachable, match=words) as caught:
            await listed(tmp_path, kubeconfig_of(proxy.url, **said))
        assert proxy.requests == []
    assert "is not trusted" in str(caught.value)
    assert not str(caught.value).endswith(".")
    assert "certificate-authority" in caught.value.advice


@pytest.mark.parametrize(
    ("issued", "words"), [({"not_after": PAST}, "has expired"), ({"not_before": FUTURE}, "not yet valid")]
)
async def test_a_certificate_of_another_time_may_be_for_the_clock_of_this_machine(
    cluster: BackgroundCluster, tmp_path: Path, issued: dict[str, Any], words: str
) -> None:
    async with secured(cluster, **issued) as proxy:
        with pytest.raises(Unreachable, match=words) as caught:
            await listed(tmp_path, kubeconfig_of(proxy.url, **certified_by()))
        assert proxy.requests == []
    assert caught.value.advice.startswith(f"The clock of this machine says {datetime.now(UTC):%Y-}")


async def test_a_server_without_tls_is_said_to_be_one(cluster: BackgroundCluster, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"no secure connection to 127\.0\.0\.1"):
        await listed(tmp_path, kubeconfig_of(cluster.url.replace("http:", "https:"), **certified_by()))


@pytest.mark.parametrize("by_file", [True, False])
async def test_a_client_certificate_is_shown(cluster: BackgroundCluster, tmp_path: Path, *, by_file: bool) -> None:
    mine = AUTHORITY.issue_cert("me@example.com", common_name="me")
    chain, key = mine.cert_chain_pems[0], mine.private_key_pem
    chain.write_to_path(str(tmp_path / "me.crt"))
    key.write_to_path(str(tmp_path / "me.key"))
    files = {"client-certificate": "me.crt", "client-key": "me.key"}
    data = {"client-certificate-data": encoded(chain), "client-key-data": encoded(key)}
    user = {"token": "demo-token", **(files if by_file else data)}
    async with secured(cluster, ask=True) as proxy:
        assert await listed(tmp_path, kubeconfig_of(proxy.url, user, **certified_by()))
    assert [request.certificate for request in proxy.requests] == ["me"]


@pytest.mark.parametrize("shown", [None, OTHER])
async def test_a_client_certificate_that_is_missing_or_unknown_is_refused(
    cluster: BackgroundCluster, tmp_path: Path, shown: trustme.CA | None
) -> None:
    user: dict[str, Any] = {"token": "demo-token"}
    if shown:
        mine = shown.issue_cert("me@example.com")
        user |= {
            "client-certificate-data": encoded(mine.cert_chain_pems[0]),
            "client-key-data": encoded(mine.private_key_pem),
        }
    async with secured(cluster, ask=True) as proxy:
        with pytest.raises(Unreachable) as caught:
            await listed(tmp_path, kubeconfig_of(proxy.url, user, **certified_by()))
        assert proxy.requests == []
    assert "127.0.0.1" in str(caught.value)


MINE = AUTHORITY.issue_cert("me@example.com")
LOCKED = b64encode(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIF\n-----END ENCRYPTED PRIVATE KEY-----\n").decode()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (encoded(OTHER.issue_cert("x@example.com").private_key_pem), "the key does not belong to the certificate"),
        (LOCKED, "is encrypted"),
        ("QUFB", r"users\[me\]\.user\.client-certificate and \.client-key: they are not a certificate and a key"),
    ],
)
async def test_a_key_that_does_not_fit_is_said_in_a_sentence(tmp_path: Path, key: str, words: str) -> None:
    user = {"client-certificate-data": encoded(MINE.cert_chain_pems[0]), "client-key-data": key}
    with pytest.raises(KubeconfigError, match=words) as caught:
        await listed(tmp_path, kubeconfig_of("https://127.0.0.1:1", user, **certified_by()))
    assert "BEGIN" not in str(caught.value)


@pytest.mark.parametrize("part", ["certificate", "key"])
async def test_an_empty_file_of_a_client_certificate_is_said(tmp_path: Path, part: str) -> None:
    MINE.cert_chain_pems[0].write_to_path(str(tmp_path / "certificate"))
    MINE.private_key_pem.write_to_path(str(tmp_path / "key"))
    (tmp_path / part).write_bytes(b"")
    user = {"client-certificate": "certificate", "client-key": "key"}
    with pytest.raises(KubeconfigError, match=rf"\.client-key: the {part} is empty"):
        await listed(tmp_path, kubeconfig_of("https://127.0.0.1:1", user, **certified_by()))


async def test_a_plugin_may_give_a_certificate(cluster: BackgroundCluster, tmp_path: Path) -> None:
    status = {
        "clientCertificateData": MINE.cert_chain_pems[0].bytes().decode(),
        "clientKeyData": MINE.private_key_pem.bytes().decode(),
        "token": "demo-token",
    }
    answer = written(tmp_path, {"apiVersion": VERSION, "kind": "ExecCredential", "status": status}, "answer")
    user = {"exec": {"apiVersion": VERSION, "command": "cat", "args": [answer]}}
    async with secured(cluster, ask=True) as proxy:
        assert await listed(tmp_path, kubeconfig_of(proxy.url, user, **certified_by()))


@pytest.mark.parametrize("user", [None, {}])
async def test_nobody_in_particular_may_ask_and_is_refused(
    cluster: BackgroundCluster, tmp_path: Path, user: dict[str, Any] | None
) -> None:
    async with secured(cluster) as proxy:
        said = kubeconfig_of(proxy.url, {}, **certified_by())
        if user is None:
            said["users"], said["contexts"][0]["context"]["user"] = [], ""
        with pytest.raises(ClusterError, match="Unauthorized"):
            await listed(tmp_path, said)


async def test_tls_goes_through_a_proxy_unopened(cluster: BackgroundCluster, proxy: Proxy, tmp_path: Path) -> None:
    async with secured(cluster) as server:
        said = kubeconfig_of(server.url, **certified_by(), **{"proxy-url": proxy.url})
        assert b"hf-token-llama" in await listed(tmp_path, said)
        assert [request.path for request in server.requests] == [PATH]
        target = f"127.0.0.1:{server.port}"
    (tunnel,) = proxy.requests
    assert (tunnel.method, tunnel.target) == ("CONNECT", target)
    assert "authorization" not in tunnel.headers


async def test_in_a_pod_its_service_account_is_used_and_its_token_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = {name: TokenUser(name, f"{name}-token", (CLUSTER_ADMIN,)) for name in ("first", "next")}
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "ca.crt"))
    written(tmp_path, "first-token", "token")
    with BackgroundCluster(users=users) as cluster:
        async with secured(cluster) as server:
            monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
            monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(server.port))
            kubeconfig = Kubeconfig(str(tmp_path / "missing"), pod=tmp_path)
            connection = Connection(kubeconfig, kubeconfig.select(None), RequestOptions())
            assert await connection.get(PATH, accept=TABLE)
            written(tmp_path, "next-token", "token")
            assert await connection.get(PATH, accept=TABLE)
            await connection.close()
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == ["Bearer first-token", "Bearer next-token"]


async def test_no_key_is_left_in_a_file(
    cluster: BackgroundCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "files"))
    (tmp_path / "files").mkdir()
    user = {
        "token": "demo-token",
        "client-certificate-data": encoded(MINE.cert_chain_pems[0]),
        "client-key-data": encoded(MINE.private_key_pem),
    }
    async with secured(cluster, ask=True) as proxy:
        said = written(tmp_path, kubeconfig_of(proxy.url, user, **certified_by()))
        async with connected(said) as connection:
            await connection.get(PATH, accept=TABLE)
            assert list((tmp_path / "files").iterdir()) == []

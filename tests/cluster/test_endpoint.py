"""The kubeconfig is edited while one is connected: nothing is written to what the context did not lead to before."""

from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT, connected, kubeconfig_of, written
from tests.cluster.tls import AUTHORITY, OTHER, certified_by, secured
from wbtui.cluster.connection import TABLE
from wbtui.demo.background import BackgroundCluster
from wbtui.errors import KubeconfigError, Unreachable

PATH = f"/api/v1/namespaces/{PROJECT}/secrets"
BY_FILE = {"certificate-authority": "ca.pem"}
EDITS: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "data": (certified_by(), certified_by(OTHER), "certificate-authority", "is not trusted"),
    "file": (BY_FILE, BY_FILE, "certificate-authority", "is not trusted"),
    "name": (certified_by(), {**certified_by(), "tls-server-name": "elsewhere"}, "tls-server-name", "is not trusted"),
    "proxy": (certified_by(), {**certified_by(), "proxy-url": "http://127.0.0.1:1"}, "proxy-url", "the proxy 127"),
    "verified": (
        {"insecure-skip-tls-verify": True},
        {},
        "insecure-skip-tls-verify",
        "is not trusted",
    ),
}
"""What the kubeconfig says before and after, the field that is named, and what happens once that is taken."""


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("aged", [False, True])
async def test_after_an_edit_writes_are_refused_until_one_reconnects(
    cluster: BackgroundCluster, tmp_path: Path, edit: str, *, aged: bool
) -> None:
    before, after, field, taken = EDITS[edit]
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with (
        secured(cluster) as proxy,
        connected(written(tmp_path, kubeconfig_of(proxy.url, **before))) as connection,
    ):
        await connection.get(PATH, accept=TABLE)
        OTHER.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        written(tmp_path, kubeconfig_of(proxy.url, **after))
        if aged:
            connection.logins.retire(await connection.logins.current())
        with pytest.raises(KubeconfigError, match=f"the kubeconfig has another {field} now for the context here"):
            await connection.delete(f"{PATH}/hf-token-llama", {}, accept=TABLE)
        connection.logins.reconnect()
        with pytest.raises(Unreachable, match=taken):
            await connection.get(PATH, accept=TABLE)
        assert [request.method for request in proxy.requests] == ["GET"]


async def test_where_the_endpoint_is_the_same_the_login_stays(cluster: BackgroundCluster, tmp_path: Path) -> None:
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with (
        secured(cluster) as proxy,
        connected(written(tmp_path, kubeconfig_of(proxy.url, **BY_FILE))) as connection,
    ):
        login = await connection.logins.current()
        written(tmp_path, kubeconfig_of(proxy.url, **certified_by()))
        connection.logins.reconnect()
        assert await connection.logins.current() is login
        await connection.delete(f"{PATH}/hf-token-llama", {}, accept=TABLE)
        connection.logins.reconnect()
        connection.logins.retire(login)
        assert await connection.logins.current() is not login


async def test_a_kubeconfig_that_is_being_written_does_no_harm(cluster: BackgroundCluster, tmp_path: Path) -> None:
    async with connected(written(tmp_path, kubeconfig_of(cluster.url))) as connection:
        await connection.get(PATH, accept=TABLE)
        written(tmp_path, "{")
        connection.logins.reconnect()
        await connection.delete(f"{PATH}/hf-token-llama", {}, accept=TABLE)

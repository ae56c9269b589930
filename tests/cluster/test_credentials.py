"""Credentials that change, or come from elsewhere: token files, passwords, identity providers."""

import asyncio
import json
import ssl
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from tests.cluster.conftest import PROJECT, chain_of, connected, kubeconfig_of, written
from tests.proxy import Exchange, Proxy, answer
from wbtui.cluster.access import account_of
from wbtui.cluster.connection import TABLE
from wbtui.demo.apiserver.access.users import CLUSTER_ADMIN, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.errors import ClusterError, CredentialsError, KubeconfigError, Unreachable

PATH = f"/api/v1/namespaces/{PROJECT}/secrets"
VERSION = "client.authentication.k8s.io/v1"
CANARY = "canary-token"


def is_for_a_person(error: ClusterError) -> bool:
    text = f"{error} {error.advice} {error!r}".replace("{retry}", "ctrl+r")
    return (
        bool(error.advice)
        and CANARY not in chain_of(error)
        and not any(part in text for part in ("Traceback", "{", CANARY, "\n", "\x1b"))
    )


@pytest.mark.parametrize("ending", ["", "\n"])
async def test_a_token_that_rotates_is_read_again_once(tmp_path: Path, ending: str) -> None:
    users = {name: TokenUser(name, f"{name}-token", (CLUSTER_ADMIN,)) for name in ("old", "new")}
    with BackgroundCluster(users=users) as cluster:
        async with Proxy(cluster.url) as proxy:
            written(tmp_path, f"old-token{ending}", "token")
            async with connected(written(tmp_path, kubeconfig_of(proxy.url, {"tokenFile": "token"}))) as connection:
                await connection.get(PATH, accept=TABLE)
                written(tmp_path, f"new-token{ending}", "token")
                cluster.revoke("old")
                await asyncio.gather(*(connection.get(PATH, accept=TABLE) for _ in range(5)))
                await connection.get(PATH, accept=TABLE)
    sent = [request.headers["authorization"] for request in proxy.requests]
    assert sent.count("Bearer old-token") <= 6
    assert sent.count("Bearer new-token") == 6


FILE = r"users\[me\]\.user\.tokenFile: /.*/token"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", f"{FILE} is empty"),
        (b"\n \n", f"{FILE} is empty"),
        (f"\ufeff{CANARY}\n".encode(), f"{FILE} begins with a byte order mark"),
        (f"\ufeff{CANARY}\n".encode("utf-16-le"), f"{FILE} begins with a byte order mark"),
        (f"{CANARY}\n{CANARY}\n".encode(), f"{FILE} has a character that cannot be sent"),
    ],
)
async def test_a_token_file_without_a_token_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "token").write_bytes(content)
    async with connected(written(tmp_path, kubeconfig_of("http://127.0.0.1:1", {"tokenFile": "token"}))) as connection:
        with pytest.raises(KubeconfigError, match=words) as caught:
            await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)


@pytest.mark.parametrize(
    "beside",
    [
        {"tokenFile": ""},
        {"tokenFile": "empty"},
        {"tokenFile": "blank"},
        {"tokenFile": "missing"},
        {"client-key-data": b64encode(b"no key").decode()},
        {"client-certificate": "empty", "client-key": "blank"},
        {"password": CANARY},
    ],
)
async def test_a_token_counts_beside_what_is_empty(
    cluster: BackgroundCluster, tmp_path: Path, beside: dict[str, str]
) -> None:
    written(tmp_path, "", "empty")
    written(tmp_path, "\n", "blank")
    path = written(tmp_path, kubeconfig_of(cluster.url, {"token": "demo-token", **beside}))
    async with connected(path) as connection:
        assert await connection.get(PATH, accept=TABLE)


async def test_a_token_file_that_is_being_written_takes_no_login_away(
    cluster: BackgroundCluster, tmp_path: Path
) -> None:
    written(tmp_path, "demo-token", "token")
    async with connected(written(tmp_path, kubeconfig_of(cluster.url, {"tokenFile": "token"}))) as connection:
        await connection.get(PATH, accept=TABLE)
        written(tmp_path, "", "token")
        assert await connection.get(PATH, accept=TABLE)


async def test_a_token_file_that_fills_later_counts(tmp_path: Path) -> None:
    users = {name: TokenUser(name, f"{name}-token", (CLUSTER_ADMIN,)) for name in ("old", "new")}
    with BackgroundCluster(users=users) as cluster:
        user = {"token": "old-token", "tokenFile": "token"}
        async with connected(written(tmp_path, kubeconfig_of(cluster.url, user))) as connection:
            await connection.get(PATH, accept=TABLE)
            written(tmp_path, "new-token", "token")
            account, _ = await account_of(connection, "")
    assert account.username == "new"


def token(expires: int | None, **more: Any) -> str:
    claims = {"sub": "Jürgen ÿÿ>>??", **({} if expires is None else {"exp": expires}), **more}
    parts = ({"alg": "none"}, claims)
    encoded = [urlsafe_b64encode(json.dumps(p, ensure_ascii=False).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*encoded, "signature"])


STALE, FRESH = token(1), token(None, iat=2)


class IdentityProvider:
    """Answers discovery and one refresh, by TLS, in the way of the proxy's faults."""

    def __init__(self) -> None:
        self.authority = trustme.CA()
        self.answer: dict[str, Any] = {"id_token": FRESH, "refresh_token": "next-refresh"}
        self.status = 200

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[Proxy]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("127.0.0.1").configure_cert(context)
        async with Proxy("http://127.0.0.1:1", tls=context) as proxy:
            proxy.next(*[self._respond] * 4)
            yield proxy

    async def _respond(self, exchange: Exchange) -> None:
        if exchange.request.path == "/.well-known/openid-configuration":
            endpoint = {"token_endpoint": f"{exchange.proxy.url}/token"}
            await answer(200, json.dumps(endpoint).encode())(exchange)
        else:
            await answer(self.status, json.dumps(self.answer).encode())(exchange)

    def user(self, issuer: str, held: str | None = STALE, **more: Any) -> dict[str, Any]:
        authority = b64encode(self.authority.cert_pem.bytes()).decode()
        config = {
            "idp-issuer-url": issuer,
            "client-id": "wbtui",
            "client-secret": "s",
            "refresh-token": "first-refresh",
            "idp-certificate-authority-data": authority,
            **({"id-token": held} if held else {}),
            **more,
        }
        kept = {name: value for name, value in config.items() if value}
        return {"auth-provider": {"name": "oidc", "config": kept}}


def kept(folder: Path) -> tuple[str, str]:
    """Return the tokens that stand in the kubeconfig now."""
    config = yaml.safe_load((folder / "config").read_text())["users"][0]["user"]["auth-provider"]["config"]
    return config["id-token"], config["refresh-token"]


@pytest.fixture
def provider() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture
def oidc_cluster() -> Any:
    users = {"jo": TokenUser("jo", FRESH, (CLUSTER_ADMIN,))}
    with BackgroundCluster(users=users) as cluster:
        yield cluster


@pytest.mark.parametrize("held", [STALE, None, "nonsense"])
@pytest.mark.parametrize("by_file", [True, False])
async def test_a_stale_token_is_renewed_and_kept(
    provider: IdentityProvider, oidc_cluster: BackgroundCluster, tmp_path: Path, held: str | None, *, by_file: bool
) -> None:
    provider.authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    more = {"idp-certificate-authority": "ca.pem", "idp-certificate-authority-data": ""} if by_file else {}
    async with provider.serve() as issuer:
        path = written(tmp_path, kubeconfig_of(oidc_cluster.url, provider.user(issuer.url, held, **more)))
        async with connected(path) as connection:
            assert await connection.get(PATH, accept=TABLE)
        posted = [request.body.decode() for request in issuer.requests if request.method == "POST"]
    assert posted == ["grant_type=refresh_token&refresh_token=first-refresh"]
    assert kept(tmp_path) == (FRESH, "next-refresh")


async def test_a_fresh_token_is_used_without_asking(
    provider: IdentityProvider, oidc_cluster: BackgroundCluster, tmp_path: Path
) -> None:
    path = written(tmp_path, kubeconfig_of(oidc_cluster.url, provider.user("https://127.0.0.1:1", FRESH)))
    async with connected(path) as connection:
        assert await connection.get(PATH, accept=TABLE)


async def test_a_refresh_token_that_stays_the_same_need_not_be_repeated(
    provider: IdentityProvider, oidc_cluster: BackgroundCluster, tmp_path: Path
) -> None:
    del provider.answer["refresh_token"]
    async with provider.serve() as issuer:
        path = written(tmp_path, kubeconfig_of(oidc_cluster.url, provider.user(issuer.url)))
        async with connected(path) as connection:
            assert await connection.get(PATH, accept=TABLE)
    assert kept(tmp_path) == (FRESH, "first-refresh")


@pytest.mark.parametrize("authority", ["", b64encode(trustme.CA().cert_pem.bytes()).decode()], ids=["none", "another"])
async def test_a_provider_that_cannot_prove_itself_gets_no_token(
    provider: IdentityProvider, tmp_path: Path, authority: str
) -> None:
    async with provider.serve() as issuer:
        user = provider.user(issuer.url, **{"idp-certificate-authority-data": authority})
        async with connected(written(tmp_path, kubeconfig_of("http://127.0.0.1:1", user))) as connection:
            with pytest.raises(
                Unreachable, match=r"the certificate of the identity provider .* is not trusted"
            ) as caught:
                await connection.get(PATH, accept=TABLE)
        assert issuer.requests == []
    assert is_for_a_person(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "more", "words"),
    [
        (400, {"error": CANARY}, {}, "did not renew the token"),
        (200, {}, {}, "did not renew the token"),
        (200, [CANARY], {}, "did not renew the token"),
        (200, {"id_token": FRESH}, {"refresh-token": ""}, "none to renew it with"),
    ],
)
async def test_a_provider_that_renews_nothing_needs_a_person(
    provider: IdentityProvider, tmp_path: Path, status: int, body: Any, more: dict[str, str], words: str
) -> None:
    provider.status, provider.answer = status, body
    async with provider.serve() as issuer:
        path = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", provider.user(issuer.url, **more)))
        async with connected(path) as connection:
            with pytest.raises(CredentialsError, match=words) as caught:
                await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)


async def test_a_provider_that_is_not_there_is_said_in_a_sentence(provider: IdentityProvider, tmp_path: Path) -> None:
    path = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", provider.user("https://127.0.0.1:1")))
    async with connected(path) as connection:
        with pytest.raises(Unreachable, match=r"the identity provider 127\.0\.0\.1:1 cannot be reached") as caught:
            await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)

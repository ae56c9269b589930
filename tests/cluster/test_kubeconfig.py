import os
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT, connected, kubeconfig_of, written
from tests.proxy import Proxy
from wbtui.cluster.connection import TABLE, RequestOptions
from wbtui.cluster.kubeconfig import IN_CLUSTER, Kubeconfig
from wbtui.cluster.proxies import environment_proxy
from wbtui.demo.background import BackgroundCluster
from wbtui.repository import ClusterError, Forbidden, KubeconfigError, NoKubeconfig, Unreachable

CANARY = "canary-token"
PATH = f"/api/v1/namespaces/{PROJECT}/secrets"
NOWHERE = "http://127.0.0.1:1"


def config(current: str = "", *contexts: str) -> dict[str, Any]:
    return {
        **({"current-context": current} if current else {}),
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in contexts],
        "clusters": [{"name": name, "cluster": {"server": NOWHERE}} for name in contexts],
        "users": [{"name": name, "user": {"token": CANARY}} for name in contexts],
    }


def is_for_a_person(error: ClusterError) -> bool:
    text = f"{error} {error.advice} {error!r}"
    return bool(error.advice) and not any(part in text for part in ("Traceback", "{", CANARY, "\n", "\x1b"))


@pytest.mark.parametrize(
    ("files", "current", "names"),
    [
        ([config("a", "a", "b")], "a", ["a", "b"]),
        ([config("a", "a"), config("b", "b")], "a", ["a", "b"]),
        ([config("", "a"), config("b", "b")], "b", ["a", "b"]),
        ([config("a", "a"), config("", "a", "b")], "a", ["a", "b"]),
        (["", config("b", "b")], "b", ["b"]),
        ([config("a", "a"), "", "# nothing\n"], "a", ["a"]),
        ([{"current-context": "b"}, config("a", "a", "b")], "b", ["a", "b"]),
    ],
)
def test_files_are_merged_as_kubectl_does(tmp_path: Path, files: list[Any], current: str, names: list[str]) -> None:
    paths = [written(tmp_path, file, str(number)) for number, file in enumerate(files)]
    kubeconfig = Kubeconfig.of(os.pathsep.join([*paths, str(tmp_path / "missing"), ""]))
    assert [context.name for context in kubeconfig.contexts()] == names
    assert kubeconfig.select(None).name == current
    assert kubeconfig.select(names[-1]).name == names[-1]


BROKEN: dict[str, tuple[Any, str]] = {
    "no current context": (config("", "a"), "no current context"),
    "an unknown current context": (config("x\x1b", "a"), "no context x"),
    "an empty file": ("", "no current context"),
    "a list": ("[1, 2]", "malformed"),
    "a word": (CANARY, "malformed"),
    "no YAML": (f"users:\n- name: me\n  token: {CANARY}: {{\n", "not valid YAML at line 3"),
    "no text": (f"token: {CANARY}\x01", "not valid YAML"),
    "a deep hole": ("[" * 5000, "malformed"),
    "contexts that are none": ({"current-context": "a", "contexts": {"a": {"token": CANARY}}}, "malformed"),
    "a context without a name": ({"contexts": [{"context": {"token": CANARY}}]}, "malformed"),
    "a context that is a list": ({"contexts": [{"name": "a", "context": [CANARY]}]}, "malformed"),
}
NOT_WORKING: dict[str, tuple[Any, str]] = {
    "no such cluster": ({**config("a", "a"), "clusters": []}, "a"),
    "no such user": ({**config("a", "a"), "users": []}, "there is no user a"),
    "a user without an entry": ({**config("a", "a"), "users": [{"name": "a", "x": CANARY}]}, "Expected key user"),
    "users that are none": ({**config("a", "a"), "users": {CANARY: CANARY}}, "list to have 'name' key"),
    "a server that is a number": (kubeconfig_of(5), "malformed"),
    "a CA that is no base64": (kubeconfig_of("https://x", **{"certificate-authority-data": "a"}), "malformed"),
    "a CA that is none": (kubeconfig_of("https://x", **{"certificate-authority-data": "QUFB"}), "does not work"),
    "a CA that is missing": (kubeconfig_of("https://x", **{"certificate-authority": "no.crt"}), "no.crt"),
    "a token file that is missing": (kubeconfig_of(NOWHERE, {"tokenFile": "no.token"}), "No such file"),
    "a plugin that is a word": (kubeconfig_of(NOWHERE, {"exec": CANARY}), "malformed"),
    "a plugin without a command": (kubeconfig_of(NOWHERE, {"exec": {"apiVersion": CANARY}}), "malformed"),
    "an identity provider without a configuration": (
        kubeconfig_of(NOWHERE, {"auth-provider": {"name": "oidc"}}),
        "Expected key config",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    text, words = BROKEN[name]
    with pytest.raises(KubeconfigError, match=words) as caught:
        Kubeconfig.of(written(tmp_path, text)).select(None)
    assert is_for_a_person(caught.value)


@pytest.mark.parametrize("name", NOT_WORKING)
async def test_an_entry_that_does_not_work_is_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    said, words = NOT_WORKING[name]
    with pytest.raises(KubeconfigError, match=words) as caught:
        async with connected(written(tmp_path, said)) as connection:
            await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)


def test_an_unknown_context_is_said_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(KubeconfigError, match="no context c") as caught:
        Kubeconfig.of(written(tmp_path, config("a", "a", "b"))).select("c")
    assert "It has: a, b." in caught.value.advice


@pytest.mark.parametrize("path", ["folder", "file/below", "x" * 300, "\0"])
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(KubeconfigError) as caught:
        Kubeconfig.of(str(tmp_path / path)).contexts()
    assert is_for_a_person(caught.value)


@pytest.mark.parametrize(("flag", "in_pod", "found"), [(None, True, True), (None, False, False), ("x", True, False)])
async def test_without_a_file_there_is_the_pod_or_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flag: str | None, *, in_pod: bool, found: bool
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "missing"))
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    if in_pod:
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    kubeconfig = Kubeconfig.of(flag and str(tmp_path / flag))
    if not found:
        with pytest.raises(NoKubeconfig, match="there is no kubeconfig at"):
            kubeconfig.contexts()
        return
    assert [context.name for context in kubeconfig.contexts()] == [IN_CLUSTER]
    with pytest.raises(KubeconfigError, match="Service token file does not exist"):
        await kubeconfig.login(kubeconfig.select(None))


@pytest.mark.parametrize("said", [{"user": {"as": "restricted@example.com"}}, {"flag": "restricted@example.com"}])
async def test_one_may_act_as_another(cluster: BackgroundCluster, tmp_path: Path, said: dict[str, Any]) -> None:
    path = written(tmp_path, kubeconfig_of(cluster.url, {"token": "demo-token", **said.get("user", {})}))
    async with connected(path, RequestOptions(impersonate=said.get("flag", ""))) as connection:
        await connection.get(PATH, accept=TABLE)
        assert connection.impersonates == "restricted@example.com"
        with pytest.raises(Forbidden, match=r"restricted@example\.com"):
            await connection.get("/api/v1/secrets", accept=TABLE)


async def test_whoever_may_not_act_as_another_is_refused(cluster: BackgroundCluster, tmp_path: Path) -> None:
    path = written(tmp_path, kubeconfig_of(cluster.url, {"token": "demo-restricted-token"}))
    async with connected(path, RequestOptions(impersonate="demo@example.com")) as connection:
        with pytest.raises(Forbidden, match="impersonate"):
            await connection.get(PATH, accept=TABLE)


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("http://nowhere.invalid", "the name nowhere.invalid does not resolve"),
        (NOWHERE, "127.0.0.1:1 cannot be reached: Connection refused"),
        ("http://user:canary-token@127.0.0.1:1", "127.0.0.1:1 cannot be reached"),
        ("nonsense", "no address"),
        ("http://", "no address"),
        ("http://127.0.0.1:99999", "no address"),
    ],
)
async def test_a_server_that_is_not_there_is_said_in_a_sentence(tmp_path: Path, server: str, words: str) -> None:
    user: dict[str, Any] | None = {} if "@" in server else None
    async with connected(written(tmp_path, kubeconfig_of(server, user))) as connection:
        with pytest.raises(Unreachable, match=words) as caught:
            await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)


async def test_a_proxy_of_the_kubeconfig_is_used(proxy: Proxy, cluster: BackgroundCluster, tmp_path: Path) -> None:
    path = written(tmp_path, kubeconfig_of(cluster.url, **{"proxy-url": proxy.url}))
    async with connected(path) as connection:
        assert b"hf-token-llama" in await connection.get(PATH, accept=TABLE)
    assert proxy.requests[0].target == f"{cluster.url}{PATH}"


@pytest.mark.parametrize("proxy_url", [NOWHERE, "socks5://127.0.0.1:1"])
async def test_a_proxy_that_does_not_work_is_said_in_a_sentence(
    cluster: BackgroundCluster, tmp_path: Path, proxy_url: str
) -> None:
    async with connected(written(tmp_path, kubeconfig_of(cluster.url, **{"proxy-url": proxy_url}))) as connection:
        with pytest.raises(ClusterError) as caught:
            await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)


async def test_this_machine_is_never_reached_through_the_environments_proxy(
    proxy: Proxy, cluster: BackgroundCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy.url)
    async with connected(written(tmp_path, kubeconfig_of(cluster.url))) as connection:
        await connection.get(PATH, accept=TABLE)
    assert proxy.requests == []


async def test_what_the_environment_names_is_used_for_others(
    proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy.url)
    async with connected(written(tmp_path, kubeconfig_of("http://cluster.example"))) as connection:
        assert b"hf-token-llama" in await connection.get(PATH, accept=TABLE)
    assert proxy.requests[0].target == f"http://cluster.example{PATH}"


@pytest.mark.parametrize(
    ("server", "proxy"),
    [
        ("https://cluster.example:6443", "http://proxy:3128"),
        ("https://api.internal.example", None),
        ("https://10.1.2.3:6443", None),
        ("https://11.1.2.3:6443", "http://proxy:3128"),
        ("https://127.0.0.1:6443", None),
        ("https://127.9.9.9", None),
        ("https://[::1]:6443", None),
        ("https://localhost:6443", None),
        ("http://cluster.example", None),
    ],
)
def test_proxies_follow_the_rules_of_kubectl(monkeypatch: pytest.MonkeyPatch, server: str, proxy: str | None) -> None:
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.setenv("https_proxy", "proxy:3128")
    monkeypatch.setenv("no_proxy", "10.0.0.0/8, .internal.example,nonsense/99")
    assert environment_proxy(server) == proxy


async def test_a_netrc_does_not_come_in_the_way_of_a_token(
    cluster: BackgroundCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETRC", written(tmp_path, "default login anonymous password me", "netrc"))
    async with connected(written(tmp_path, kubeconfig_of(cluster.url))) as connection:
        assert await connection.get(PATH, accept=TABLE)

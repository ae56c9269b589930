import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.conftest import PROJECT, chain_of, connected, kubeconfig_of, written
from wbtui.cluster.access import account_of
from wbtui.cluster.connection import TABLE, RequestOptions
from wbtui.cluster.kubeconfig import IN_CLUSTER, Kubeconfig
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import Context
from wbtui.errors import ClusterError, CredentialsError, Forbidden, KubeconfigError, NoKubeconfig, Unreachable

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
    advice = error.advice.replace("{retry}", "ctrl+r")
    text = f"{error} {advice} {error!r}"
    return (
        bool(error.advice)
        and CANARY not in chain_of(error)
        and not any(part in text for part in ("Traceback", "{", CANARY, "\n", "\x1b"))
    )


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
    "a list": ("[1, 2]", "it must be a mapping"),
    "a word": (CANARY, "it must be a mapping"),
    "no YAML": (f"users:\n- name: me\n  token: {CANARY}: {{\n", "not valid YAML at line 3"),
    "a control character": (f"token: {CANARY}\x01", "not valid YAML"),
    "no text": (f"token: {CANARY}\xff".encode("latin-1"), "not text in UTF-8"),
    "a deep hole": ("[" * 5000, "nested too deeply"),
    "a long number": (f"kind: {'9' * 5000}", "a number is too long"),
    "another version": ({**config("a", "a"), "apiVersion": "v2"}, "not a kubeconfig of v1: it says that it is v2"),
    "another object": ({"apiVersion": "apps/v1", "kind": "Deployment"}, "it says that it is apps/v1 Deployment"),
    "contexts that are none": (
        {"current-context": "a", "contexts": {"a": {"token": CANARY}}},
        "contexts must be a list",
    ),
    "a context without a name": ({"contexts": [{"context": {"cluster": CANARY}}]}, "no current context"),
    "a context that is a list": (
        {"contexts": [{"name": "a", "context": [CANARY]}]},
        r"contexts\[a\]\.context must be a mapping of names to values",
    ),
    "a namespace that is a number": (
        {"contexts": [{"name": "a"}, {"name": "b", "context": {"namespace": 5}}]},
        r"contexts\[b\]\.context\.namespace must be text: put it in quotes",
    ),
    "a name that is a number": ({"contexts": [{"name": 5}]}, r"contexts\[0\]\.name must be text"),
    "two users of one name": (
        {**config("a", "a"), "users": [{"name": "a", "user": {"token": CANARY}}, {"name": "a"}]},
        "two users of the name a",
    ),
}


def broken_user(user: Any) -> Any:
    return kubeconfig_of(NOWHERE, user)


def secure_user(user: Any) -> Any:
    return kubeconfig_of("https://127.0.0.1:1", user)


def broken_server(**cluster: Any) -> Any:
    return kubeconfig_of("https://x", **cluster)


def plugin(**more: Any) -> Any:
    return broken_user({"exec": {"apiVersion": f"{PLUGINS}/v1", "command": "true", **more}})


PLUGINS = "client.authentication.k8s.io"
OF_USER, OF_SERVER = r"users\[me\]\.user\.", r"clusters\[there\]\.cluster\."
NOT_WORKING: dict[str, tuple[Any, str]] = {
    "no such cluster": ({**config("a", "a"), "clusters": []}, "no cluster a, which its context a names"),
    "no cluster": ({**config("a", "a"), "contexts": [{"name": "a"}]}, r"contexts\[a\]\.context\.cluster .* is missing"),
    "no such user": ({**config("a", "a"), "users": []}, "no user a, which its context a names"),
    "users that are none": ({**config("a", "a"), "users": {CANARY: CANARY}}, "users must be a list"),
    "a server that is missing": (kubeconfig_of(None), rf"{OF_SERVER}server is missing"),
    "a server that is a number": (kubeconfig_of(5), rf"{OF_SERVER}server must be text: put it in quotes"),
    "a server of another kind": (kubeconfig_of("ftp://x"), rf"{OF_SERVER}server begins with ftp, and not with https"),
    "a server without a host": (kubeconfig_of("https://"), rf"{OF_SERVER}server https:// is not an address"),
    "a server with a space": (kubeconfig_of(" https://x"), rf"{OF_SERVER}server .* is not an address"),
    "a port that is none": (kubeconfig_of("https://x:99999"), rf"{OF_SERVER}server https://x:99999 is not an address"),
    "a path without a scheme": (kubeconfig_of("x:6443/k8s"), rf"{OF_SERVER}server x:6443/k8s is not an address"),
    "a CA that is no base64": (
        broken_server(**{"certificate-authority-data": "a"}),
        rf"{OF_SERVER}certificate-authority-data is not base64",
    ),
    "a CA that is none": (
        broken_server(**{"certificate-authority-data": "QUFB"}),
        rf"{OF_SERVER}certificate-authority: holds no certificate",
    ),
    "a CA that is missing": (
        broken_server(**{"certificate-authority": "~/no.crt"}),
        rf"{OF_SERVER}certificate-authority: /.*/~/no\.crt cannot be read: No such file",
    ),
    "a CA that does not count": (
        broken_server(**{"certificate-authority": "ca.crt", "insecure-skip-tls-verify": True}),
        "insecure-skip-tls-verify cannot be combined with certificate-authority",
    ),
    "a switch that is a word": (
        broken_server(**{"insecure-skip-tls-verify": "true"}),
        rf"{OF_SERVER}insecure-skip-tls-verify must be true or false",
    ),
    "a proxy of another kind": (
        broken_server(**{"proxy-url": f"ftp://{CANARY}@x"}),
        rf"{OF_SERVER}proxy-url must begin with one of http, https, socks5",
    ),
    "a proxy without a scheme": (
        broken_server(**{"proxy-url": "localhost:3128"}),
        rf"{OF_SERVER}proxy-url must begin with one of",
    ),
    "a proxy without a host": (broken_server(**{"proxy-url": "socks5://"}), rf"{OF_SERVER}proxy-url names no host"),
    "a token that is a number": (broken_user({"token": 12345}), rf"{OF_USER}token must be text: put it in quotes"),
    "a token that cannot be sent": (broken_user({"token": f"{CANARY}\n{CANARY}"}), "a character that cannot be sent"),
    "a token file that is missing": (
        broken_user({"tokenFile": "no.token"}),
        rf"{OF_USER}tokenFile: /.*/no\.token cannot be read: No such file",
    ),
    "a token that is blank": (broken_user({"token": " "}), rf"{OF_USER}token is blank"),
    "a token with a mark": (
        broken_user({"token": f"\ufeff{CANARY}"}),
        rf"{OF_USER}token begins with a byte order mark",
    ),
    "a token that is empty": (secure_user({"token": ""}), rf"{OF_USER}token is empty"),
    "a token file without a name": (secure_user({"tokenFile": ""}), rf"{OF_USER}tokenFile is empty"),
    "a certificate without anything": (
        secure_user({"client-certificate-data": ""}),
        rf"{OF_USER}client-certificate-data is empty",
    ),
    "a key without a certificate": (
        secure_user({"client-key-data": "QUFB"}),
        rf"{OF_USER}client-certificate is missing: client-key cannot be used without it",
    ),
    "a password without a name": (
        secure_user({"password": CANARY}),
        rf"{OF_USER}username is missing: password cannot be used without it",
    ),
    "a token and a password": (
        broken_user({"token": CANARY, "username": "me"}),
        rf"{OF_USER}token cannot be combined with username",
    ),
    "a certificate without a key": (
        broken_user({"client-certificate-data": "QUFB"}),
        rf"{OF_USER}client-key is missing",
    ),
    "a certificate that is missing": (
        broken_user({"client-certificate": "no.crt", "client-key": "no.key"}),
        rf"{OF_USER}client-certificate: /.*/no\.crt cannot be read: No such file",
    ),
    "a key that is no base64": (
        broken_user({"client-key-data": f"-{CANARY}"}),
        rf"{OF_USER}client-key-data is not base64",
    ),
    "groups that are a word": (broken_user({"as": "jo", "as-groups": "dev"}), rf"{OF_USER}as-groups must be a list"),
    "groups of nobody": (broken_user({"as-groups": ["dev"]}), rf"{OF_USER}as is missing"),
    "azure": (
        broken_user({"auth-provider": {"name": "azure", "config": {"apiserver-id": CANARY}}}),
        r"auth-provider\.name azure was removed in Kubernetes 1\.26: use kubelogin",
    ),
    "gcp, beside a token": (
        broken_user({"token": CANARY, "auth-provider": {"name": "gcp"}}),
        r"auth-provider\.name gcp was removed in Kubernetes 1\.26: use gke-gcloud-auth-plugin",
    ),
    "another provider": (broken_user({"auth-provider": {"name": "openstack"}}), "openstack is not known: only oidc is"),
    "a provider without a name": (
        broken_user({"auth-provider": {}}),
        r"auth-provider\.name without a name is not known",
    ),
    "a provider without an issuer": (
        broken_user({"auth-provider": {"name": "oidc"}}),
        r"config\.idp-issuer-url is missing",
    ),
    "a plugin that is a word": (broken_user({"exec": CANARY}), rf"{OF_USER}exec must be a mapping"),
    "a plugin without a command": (plugin(command=""), rf"{OF_USER}exec\.command is missing"),
    "a plugin without a version": (
        plugin(apiVersion=None),
        rf"{OF_USER}exec\.apiVersion is missing: it must be one of {PLUGINS}/v1",
    ),
    "a plugin of an old version": (
        plugin(apiVersion=f"{PLUGINS}/v1alpha1"),
        rf"{OF_USER}exec\.apiVersion {PLUGINS}/v1alpha1 must be",
    ),
    "an argument that is a number": (
        plugin(args=["-t", 5]),
        rf"{OF_USER}exec\.args\[1\] must be text: put it in quotes",
    ),
    "a variable that is a number": (
        plugin(env=[{"name": "A", "value": 5}]),
        rf"{OF_USER}exec\.env\[A\]\.value must be text",
    ),
    "a variable without a name": (plugin(env=[{"value": "x"}]), rf"{OF_USER}exec\.env has a variable without a name"),
    "a plugin that wants the keyboard": (
        plugin(interactiveMode="Always"),
        rf"{OF_USER}exec\.interactiveMode Always needs the keyboard",
    ),
    "a plugin beside a provider": (
        broken_user({"exec": {"apiVersion": f"{PLUGINS}/v1", "command": "true"}, "auth-provider": {"name": "oidc"}}),
        rf"{OF_USER}auth-provider cannot be combined with exec",
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
    with pytest.raises((KubeconfigError, CredentialsError), match=words) as caught:
        async with connected(written(tmp_path, said)) as connection:
            await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)


def test_an_unknown_context_is_said_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(KubeconfigError, match="no context c") as caught:
        Kubeconfig.of(written(tmp_path, config("a", "a", "b"))).select("c")
    assert "Choose one of a, b with" in caught.value.advice


@pytest.mark.parametrize("path", ["folder", "file/below", "x" * 300, "\0"])
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(KubeconfigError) as caught:
        Kubeconfig.of(str(tmp_path / path)).contexts()
    assert is_for_a_person(caught.value)


MARKED = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", MARKED)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_that_powershell_wrote_is_read(tmp_path: Path, encoding: str, line_end: str) -> None:
    text = yaml.safe_dump(config("a", "a")).replace("\n", line_end)
    marked = text if encoding in {"utf-8-sig", "utf-16"} else f"\ufeff{text}"
    (tmp_path / "config").write_bytes(marked.encode(encoding))
    assert Kubeconfig.of(str(tmp_path / "config")).select(None).name == "a"


TEXT = yaml.safe_dump(config("a", "a"))


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{TEXT}",
        f"{TEXT}---\n",
        f"{TEXT}---\ncurrent-context: b\n",
        f"{TEXT}...\n",
        f"{TEXT}---\n}}}}}}\n",
        TEXT.replace("current-context: a", "current-context: b\ncurrent-context: a"),
        f"{TEXT}unknown: 1\npreferences: {{}}\n",
        json.dumps(config("a", "a"), indent="\t"),
        "{current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}], users: null}",
        f"{TEXT}extensions: null\n".replace("users:", "users:\n- null"),
    ],
)
def test_what_kubectl_reads_of_a_file_is_read(tmp_path: Path, text: str) -> None:
    assert [context.name for context in Kubeconfig.of(written(tmp_path, text)).contexts()] == ["a"]
    assert Kubeconfig.of(written(tmp_path, text)).select(None).cluster == "a"


def test_a_date_is_a_name(tmp_path: Path) -> None:
    path = written(tmp_path, "current-context: 2024-01-01\ncontexts: [{name: 2024-01-01}]\n")
    assert Kubeconfig.of(path).select(None).name == "2024-01-01"


async def test_relative_files_begin_where_the_entry_stands(cluster: BackgroundCluster, tmp_path: Path) -> None:
    (tmp_path / "users").mkdir()
    written(tmp_path / "users", "demo-token", "token")
    whole = kubeconfig_of(cluster.url, {"tokenFile": "./token"})
    users = written(tmp_path / "users", {"users": whole.pop("users")})
    path = written(tmp_path, {**whole, "users": []})
    async with connected(os.pathsep.join([path, users])) as connection:
        assert await connection.get(PATH, accept=TABLE)


@pytest.mark.parametrize(("flag", "in_pod", "found"), [(None, True, True), (None, False, False), ("x", True, False)])
def test_without_a_file_there_is_the_pod_or_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flag: str | None, *, in_pod: bool, found: bool
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "missing"))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    if in_pod:
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    kubeconfig = replace(Kubeconfig.of(flag and str(tmp_path / flag)), pod=tmp_path)
    written(tmp_path, "demo-token", "token")
    written(tmp_path, "team-a\n", "namespace")
    if found:
        assert kubeconfig.contexts() == (Context(IN_CLUSTER, IN_CLUSTER, IN_CLUSTER, "team-a"),)
    else:
        with pytest.raises(NoKubeconfig, match="there is no kubeconfig at"):
            kubeconfig.contexts()


def test_a_pod_without_a_token_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    kubeconfig = Kubeconfig(str(tmp_path / "missing"), pod=tmp_path)
    with pytest.raises(NoKubeconfig, match="this pod has no service account token") as caught:
        kubeconfig.select(None)
    assert "automountServiceAccountToken" in caught.value.advice


@pytest.mark.parametrize("said", [{"user": {"as": "restricted@example.com"}}, {"flag": "restricted@example.com"}])
async def test_one_may_act_as_another(cluster: BackgroundCluster, tmp_path: Path, said: dict[str, Any]) -> None:
    path = written(tmp_path, kubeconfig_of(cluster.url, {"token": "demo-token", **said.get("user", {})}))
    async with connected(path, RequestOptions(impersonate=said.get("flag", ""))) as connection:
        await connection.get(PATH, accept=TABLE)
        account, _ = await account_of(connection, "")
        assert (account.username, account.impersonated) == ("restricted@example.com", True)
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
        ("nowhere.invalid", "the name nowhere.invalid does not resolve"),
        (NOWHERE, "127.0.0.1:1 cannot be reached: Connection refused"),
        ("127.0.0.1:1", "127.0.0.1:1 cannot be reached: Connection refused"),
        ("http://user:canary-token@127.0.0.1:1", "127.0.0.1:1 cannot be reached"),
    ],
)
async def test_a_server_that_is_not_there_is_said_in_a_sentence(tmp_path: Path, server: str, words: str) -> None:
    async with connected(written(tmp_path, kubeconfig_of(server))) as connection:
        with pytest.raises(Unreachable, match=words) as caught:
            await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)


@pytest.mark.parametrize(
    "change",
    [("http://", ""), ("http://", "HTTP://"), ("http://", "http://", "/"), ("http://", "http://", "/?orgId=1")],
)
async def test_a_server_is_written_in_any_way_that_kubectl_reads(
    cluster: BackgroundCluster, tmp_path: Path, change: tuple[str, ...]
) -> None:
    before, after, *end = change
    server = cluster.url.replace(before, after) + "".join(end)
    async with connected(written(tmp_path, kubeconfig_of(server))) as connection:
        assert b"hf-token-llama" in await connection.get(PATH, accept=TABLE)


async def test_a_netrc_does_not_come_in_the_way_of_a_token(
    cluster: BackgroundCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETRC", written(tmp_path, "default login anonymous password me", "netrc"))
    async with connected(written(tmp_path, kubeconfig_of(cluster.url))) as connection:
        assert await connection.get(PATH, accept=TABLE)


def test_of_two_entries_of_one_name_the_first_files_counts(tmp_path: Path) -> None:
    first = written(tmp_path, kubeconfig_of("https://first.example:6443"), "first")
    second = written(tmp_path, kubeconfig_of("https://second.example:6443"), "second")
    target = Kubeconfig.of(os.pathsep.join((first, second))).target("here")
    assert target.server.fields.server == "https://first.example:6443"

"""Using a secret with workloads, and taking it out again: shown first, sent once, as kubectl would have done it."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import kubeconfig_of, written
from tests.conftest import Kubectl
from tests.proxy import Proxy, answer, drop, hang
from tests.screens.driving import Session, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.demo.apiserver.access.users import Role, RoleRule, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.widgets.attachment_form import AttachmentForm
from wbtui.widgets.secret_table import SecretTable
from wbtui.widgets.variable_lines import VariableLine

PLAIN = "canary-53d0"


def read(kubectl: Kubectl, kind: str, name: str) -> Any:
    return json.loads(kubectl("get", kind, name, "-o", "json"))


def pod(kubectl: Kubectl, kind: str, name: str) -> Any:
    return read(kubectl, kind, name)["spec"]["template"]["spec"]


@asynccontextmanager
async def using(
    clusters: Clusters,
    secret: str,
    workload: str,
    start: StartLocation | None = None,
    size: tuple[int, int] = (120, 50),
) -> AsyncIterator[Session]:
    """Open the form that uses a secret with a workload."""
    async with session(clusters, start=start, size=size) as person:
        await person.sees(" live\n")
        await person.goes_to(secret)
        await person.press("w")
        await person.sees(f"Use {secret} with", "Enter chooses")
        await person.type(workload)
        await person.press("enter")
        await person.sees("ctrl+s applies this change")
        yield person


async def send(person: Session, *more: str) -> None:
    await person.press("ctrl+s")
    await person.sees("now uses", *more)


async def test_a_token_becomes_the_variable_that_kubectl_would_make(clusters: Clusters, kubectl: Kubectl) -> None:
    before = pod(kubectl, "deployment", "eval-dashboard")
    async with using(clusters, "hf-token-eval", "eval-dashboard") as person:
        await person.sees("+        - name: HF_TOKEN", "Its pods (1) are replaced", "eval-dashboard-7b5d4c6f8c-m4x9p")
        assert pod(kubectl, "deployment", "eval-dashboard") == before
        await send(person, "Deployment eval-dashboard now uses hf-token-eval")
    made = pod(kubectl, "deployment", "eval-dashboard")
    for group in ("containers", "initContainers"):
        before[group][0]["env"].append(made[group][0]["env"][-1])
    assert made == before
    kubectl("set", "env", "deployment/eval-dashboard", "HF_TOKEN-")
    kubectl("set", "env", "deployment/eval-dashboard", "--from=secret/hf-token-eval", "--prefix=HF_")
    assert pod(kubectl, "deployment", "eval-dashboard") == made


async def test_containers_are_chosen_and_variables_named(clusters: Clusters, kubectl: Kubectl) -> None:
    async with using(clusters, "s3-datasets", "eval-dashboard") as person:
        await person.sees("[x] web", "[x] migrate", "AWS_SECRET_ACCESS_KEY")
        await person.press("tab", "right", "space", "tab", *["backspace"] * 40, "tab", *["backspace"] * 40)
        await person.type("S3_SECRET")
        await person.sees("[ ] migrate", "left out", "+        - name: S3_SECRET")
        await send(person)
    made = pod(kubectl, "deployment", "eval-dashboard")
    wanted = {
        "name": "S3_SECRET",
        "valueFrom": {"secretKeyRef": {"name": "s3-datasets", "key": "AWS_SECRET_ACCESS_KEY"}},
    }
    assert made["containers"][0]["env"][-1] == wanted
    assert "S3_SECRET" not in json.dumps(made["initContainers"])
    assert "AWS_ACCESS_KEY_ID" not in json.dumps(made)


def lines_in(person: Session) -> list[VariableLine]:
    return list(person.app.screen.query(VariableLine))


async def test_lines_of_many_keys_are_made_as_they_are_reached(clusters: Clusters, kubectl: Kubectl) -> None:
    keys = [f"KEY_{key:02}" for key in range(50)]
    kubectl("create", "secret", "generic", "many-keys", *(f"--from-literal={key}=x" for key in keys))
    async with using(clusters, "many-keys", "eval-dashboard", size=(80, 24)) as person:
        await person.sees("KEY_00")
        assert len(lines_in(person)) < len(keys)
        await person.press("tab", *["tab"] * len(keys))
        assert len(lines_in(person)) == len(keys)
        await person.press(*["backspace"] * len(keys[-1]))
        await person.type("LAST")
        await person.sees("KEY_48", "LAST")
        await send(person)
    container = pod(kubectl, "deployment", "eval-dashboard")["containers"][0]
    env = {item["name"]: item.get("valueFrom") for item in container["env"]}
    assert [env[key]["secretKeyRef"]["key"] for key in keys[:-1]] == keys[:-1]
    assert env["LAST"]["secretKeyRef"] == {"name": "many-keys", "key": keys[-1]}


async def test_lines_of_many_keys_are_made_as_the_form_is_scrolled(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "many-keys", *(f"--from-literal=KEY_{key:03}=x" for key in range(50)))
    async with using(clusters, "many-keys", "eval-dashboard", size=(80, 24)) as person:
        area = person.app.screen.query_one(AttachmentForm)
        assert len(lines_in(person)) < 50
        while len(lines_in(person)) < 50:
            area.scroll_page_down(animate=False)
            await person.pilot.pause()


async def test_all_keys_become_variables_with_a_prefix(clusters: Clusters, kubectl: Kubectl) -> None:
    async with using(clusters, "pg-feature-store", "vector-db") as person:
        await person.press("2", "tab", "tab")
        await person.type("PG_")
        await person.sees("+        - prefix: PG_")
        await send(person, "StatefulSet vector-db")
    (container,) = pod(kubectl, "statefulset", "vector-db")["containers"]
    assert container["envFrom"] == [{"prefix": "PG_", "secretRef": {"name": "pg-feature-store"}}]


async def test_files_are_mounted_in_a_folder(clusters: Clusters, kubectl: Kubectl) -> None:
    async with using(clusters, "wandb-api-key", "llm-gateway") as person:
        await person.press("3")
        await person.sees("+          mountPath: /etc/secrets/wandb-api-key")
        await send(person)
    made = pod(kubectl, "deployment", "llm-gateway")
    (mount,) = [mount for mount in made["containers"][0]["volumeMounts"] if "wandb" in mount["mountPath"]]
    (volume,) = [volume for volume in made["volumes"] if volume["name"] == mount["name"]]
    assert volume["secret"]["secretName"] == "wandb-api-key"
    assert mount["readOnly"] is True


async def test_a_pull_secret_goes_to_a_service_account_as_kubectl_patches_it(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with using(clusters, "rocm-registry", "ServiceAccount model-runner") as person:
        await person.sees("+- name: rocm-registry", "Pods that start from now on")
        await send(person)
    made = read(kubectl, "serviceaccount", "model-runner")["imagePullSecrets"]
    assert made == [{"name": "ghcr-pull"}, {"name": "rocm-registry"}]
    again = json.dumps({"imagePullSecrets": made})  # the list is atomic: a patch replaces it
    assert "no change" in kubectl("patch", "serviceaccount", "model-runner", "-p", again)


@pytest.mark.parametrize(
    ("secret", "kind", "name", "path"),
    [
        ("hf-token-eval", "AIMService", "support-chat", ("spec",)),
        ("hf-token-eval", "AIMRuntimeConfig", "default", ("spec",)),
        ("hf-token-mistral", "CronJob", "nightly-eval", ("spec", "jobTemplate", "spec", "template", "spec")),
    ],
)
async def test_other_kinds_have_it_where_they_look_for_it(
    clusters: Clusters, kubectl: Kubectl, secret: str, kind: str, name: str, path: tuple[str, ...]
) -> None:
    async with using(clusters, secret, f"{kind} {name}") as person:
        await person.press("ctrl+s")
        await person.until(lambda: "now uses" in person.text() or "HF_TOKEN is set" in person.text())
        if "HF_TOKEN is set" in person.text():
            await send(person)
    holder = read(kubectl, kind.lower(), name)
    for step in path:
        holder = holder[step]
    (holder,) = holder.get("containers", [holder])
    tokens = [item["valueFrom"]["secretKeyRef"] for item in holder["env"] if item["name"] == "HF_TOKEN"]
    assert tokens == [{"name": secret, "key": "token"}]


def token_of(holder: Any) -> str:
    """Return the name of the secret that the only variable reads."""
    (variable,) = holder["env"]
    return str(variable["valueFrom"]["secretKeyRef"]["name"])


async def test_a_token_goes_to_the_download_of_a_service_and_to_the_caches_that_it_has(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with using(clusters, "hf-token-eval", "AIMService wb-aim-9b27e3a5") as person:
        await person.sees("[1 variables of the download]", "2 variables", "+          name: hf-token-eval")
        await person.reads("A cache that exists keeps the credentials that it was made with")
        await person.press("ctrl+s")
        await person.reads("HF_TOKEN is set for the download already, to key token of secret vault-hf-token")
        await person.press("ctrl+s")
        await person.sees("Caches keep the credentials they have", "AIMProfileCache wb-aim-9b27e3a5-cache")
        await person.type("AIMArtifact")
        await person.press("enter")
        await person.sees("ctrl+s applies this change", "Its next download reads it")
        await person.press("ctrl+s")
        await person.reads("HF_TOKEN is set already")
        await person.press("ctrl+s")
        await person.sees("Caches keep the credentials they have")
        await person.loses("  AIMArtifact wb-aim-9b27e3a5-weights")
        await person.press("escape")
        await person.loses("Caches keep the credentials they have")
    made = read(kubectl, "aimservice", "wb-aim-9b27e3a5")["spec"]
    assert token_of(made["caching"]) == "hf-token-eval"
    assert made["env"] == []
    assert token_of(read(kubectl, "aimartifact", "wb-aim-9b27e3a5-weights")["spec"]) == "hf-token-eval"
    assert token_of(read(kubectl, "aimprofilecache", "wb-aim-9b27e3a5-cache")["spec"]) == "vault-hf-token"


async def test_the_server_can_be_given_the_token_as_well(clusters: Clusters, kubectl: Kubectl) -> None:
    async with using(clusters, "hf-token-eval", "AIMService wb-aim-4c1d80fe") as person:
        await person.press("2", "ctrl+s")
        await person.sees("Caches keep the credentials they have")
        await person.press("escape")
    made = read(kubectl, "aimservice", "wb-aim-4c1d80fe")["spec"]
    assert (token_of(made), token_of(made["caching"])) == ("hf-token-eval", "vault-hf-token")


async def test_the_project_gets_a_default_where_it_has_none(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("delete", "aimruntimeconfig", "default")
    async with using(clusters, "hf-token-eval", "AIMRuntimeConfig") as person:
        await person.sees("It does not exist yet and will be created.", "+  env:")
        await send(person)
    assert read(kubectl, "aimruntimeconfig", "default")["spec"]["env"][0]["name"] == "HF_TOKEN"


async def test_what_is_there_already_is_not_added_twice(clusters: Clusters, kubectl: Kubectl) -> None:
    before = pod(kubectl, "deployment", "llm-gateway")
    async with using(clusters, "gateway-api-keys", "llm-gateway") as person:
        await person.press("2")
        await person.sees("Nothing would change.")
        await person.press("ctrl+s")
        await person.sees("Deployment llm-gateway already uses it this way.")
    assert pod(kubectl, "deployment", "llm-gateway") == before


async def test_a_variable_that_is_something_else_is_asked_about_and_its_value_not_shown(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    kubectl("set", "env", "deployment/eval-dashboard", "-c", "web", f"HF_TOKEN={PLAIN}")
    async with using(clusters, "hf-token-eval", "eval-dashboard") as person:
        await person.press("ctrl+s")
        await person.reads(
            "HF_TOKEN is set in container web already, to a plain value (not shown)", "again to save anyway"
        )
        assert PLAIN not in person.text()
        await send(person)
    assert PLAIN not in json.dumps(pod(kubectl, "deployment", "eval-dashboard"))


async def test_a_workload_that_changed_meanwhile_is_shown_anew(clusters: Clusters, kubectl: Kubectl) -> None:
    async with using(clusters, "hf-token-eval", "eval-dashboard") as person:
        kubectl("set", "env", "deployment/eval-dashboard", "-c", "web", "LEVEL=debug")
        await person.press("ctrl+s")
        await person.sees("Changed by another user: Deployment eval-dashboard has changed, by kubectl", "name: LEVEL")
        assert "HF_TOKEN" not in json.dumps(pod(kubectl, "deployment", "eval-dashboard"))
        await send(person)
    env = pod(kubectl, "deployment", "eval-dashboard")["containers"][0]["env"]
    assert [item["name"] for item in env][-2:] == ["LEVEL", "HF_TOKEN"]


async def test_a_workload_that_is_gone_is_said_to_be(clusters: Clusters, kubectl: Kubectl) -> None:
    async with using(clusters, "hf-token-eval", "eval-dashboard") as person:
        kubectl("delete", "deployment", "eval-dashboard")
        await person.press("ctrl+s")
        await person.sees("Not found:", '"eval-dashboard" not found')


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Clusters]:
    """The same cluster for someone who may change stateful sets, and see deployments."""
    look = ("get", "list", "watch")
    rules = (
        RoleRule(look, ("secrets",)),
        RoleRule(look, ("deployments",), ("apps",)),
        RoleRule((*look, "patch"), ("statefulsets",), ("apps",)),
    )
    users = {"me": TokenUser("me@example.com", "token", (Role("some", rules, "llm-serving"),))}
    with BackgroundCluster(users=users) as cluster:
        path = tmp_path / "limited"
        path.write_text(json.dumps(cluster.kubeconfig()))
        yield KubernetesClusters(Preferences(str(path)))


async def test_who_may_not_change_it_is_told_before_anything_is_done(limited: Clusters) -> None:
    async with using(limited, "hf-token-eval", "eval-dashboard") as person:
        await person.press("ctrl+s")
        await person.sees("Forbidden:", "cannot patch resource", '"deployments"')


async def test_kinds_that_one_may_not_list_are_named(limited: Clusters) -> None:
    async with session(limited) as person:
        await person.sees(" live\n")
        await person.press("w")
        await person.sees("StatefulSet vector-db", "Not seen, you may not list them: DaemonSet,", "AIMService")


async def test_who_may_change_no_workload_is_told_so_by_the_key(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation(context="demo-restricted")) as person:
        await person.sees(" live\n")
        await person.until(lambda: person.app.screen_stack[0].session.rights.known)  # type: ignore[attr-defined]
        await person.press("w")
        await person.sees("Not allowed: needs patch on deployments in llm-serving")


async def test_a_job_and_what_another_manages_cannot_be_chosen_and_say_why(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    owner = [{"apiVersion": "v1", "kind": "Platform", "name": "it", "uid": "1", "controller": True}]
    kubectl("patch", "deployment", "eval-dashboard", "-p", json.dumps({"metadata": {"ownerReferences": owner}}))
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.goes_to("hf-token-eval")
        await person.press("w")
        await person.type("import-weights")
        await person.press("enter")
        await person.sees("the pods of a Job cannot be changed: delete the Job")
        await person.press(*["backspace"] * 20)
        await person.type("eval-dashboard")
        await person.sees("managed by Platform it")
        await person.press("enter")
        await person.sees("Platform it manages it and would undo the change")


async def test_only_what_can_pull_images_is_offered_for_a_pull_secret(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.goes_to("ghcr-pull")
        await person.press("w")
        await person.sees("ServiceAccount model-runner", "AIMService llama-chat")
        assert "AIMRuntimeConfig" not in person.text()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("tab", "space"), "Containers: select at least one"),
        (("tab", "tab", *["backspace"] * 20), "Variables: name at least one"),
        (("tab", "tab", "minus"), "a variable's name has letters, digits and _ only"),
        (("3", "tab", "tab", *["backspace"] * 40), "a folder is a whole path"),
        (("2", "tab", "tab", "1"), "a variable's name has letters"),
        (("3", "tab", "tab", *["backspace"] * 40, *"/etc/tls"), "container gateway has volume tls in /etc/tls already"),
    ],
)
async def test_what_cannot_be_is_not_sent(
    clusters: Clusters, kubectl: Kubectl, keys: tuple[str, ...], said: str
) -> None:
    before = pod(kubectl, "deployment", "llm-gateway")
    async with using(clusters, "hf-token-eval", "Deployment llm-gateway") as person:
        await person.press(*keys, "ctrl+s")
        await person.sees(said, "Not saved")
    assert pod(kubectl, "deployment", "llm-gateway") == before


async def test_a_narrow_terminal_shows_what_has_to_be_known(clusters: Clusters) -> None:
    async with using(clusters, "hf-token-eval", "eval-dashboard", size=(80, 24)) as person:
        await person.sees("[1 variables]", "HF_TOKEN", "+        - name: HF_TOKEN", "ctrl+s Save")


async def test_a_lost_answer_is_not_sent_again_and_shows_when_looked_at(
    cluster: BackgroundCluster, kubectl: Kubectl, tmp_path: Path
) -> None:
    async with Proxy(cluster.url) as proxy:
        clusters = KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of(proxy.url))))
        async with using(clusters, "hf-token-eval", "eval-dashboard") as person:
            patches = len([request for request in proxy.requests if request.method == "PATCH"])
            proxy.next(drop)
            await person.press("ctrl+s")
            await person.sees("No connection")
            assert "HF_TOKEN" not in json.dumps(pod(kubectl, "deployment", "eval-dashboard"))
            await person.press("ctrl+s")
            await person.sees("now uses")
        sent = [request for request in proxy.requests if request.method == "PATCH"][patches:]
        assert [request.query.get("dryRun") for request in sent] == ["All", "All", None]


@asynccontextmanager
async def detaching(clusters: Clusters, secret: str, *keys: str) -> AsyncIterator[Session]:
    """Open what takes a secret out of the use that these keys lead to."""
    async with session(clusters, size=(120, 50)) as person:
        await person.sees(" live\n")
        await person.goes_to(secret)
        await person.press("u")
        await person.sees(f"Used by: {secret}", "Searched:")
        await person.loses("kinds so far")
        await person.press(*keys, "enter")
        yield person


async def test_a_secret_is_taken_out_from_where_it_is_used(clusters: Clusters, kubectl: Kubectl) -> None:
    before = pod(kubectl, "deployment", "llm-gateway")
    async with detaching(clusters, "slack-webhook") as person:
        await person.sees("Remove slack-webhook from Deployment llm-gateway", "-        - name: SLACK_WEBHOOK_URL")
        assert pod(kubectl, "deployment", "llm-gateway") == before
        await person.press("ctrl+s")
        await person.sees("Deployment llm-gateway no longer uses slack-webhook.")
    (container,) = before["containers"]
    del container["env"][0]
    assert pod(kubectl, "deployment", "llm-gateway") == before


async def test_a_volume_goes_with_its_mounts(clusters: Clusters, kubectl: Kubectl) -> None:
    async with detaching(clusters, "gateway-tls") as person:
        await person.sees("-        - name: tls", "-      - name: tls")
        await person.press("ctrl+s")
        await person.sees("no longer uses")
    made = pod(kubectl, "deployment", "llm-gateway")
    assert "volumes" not in made
    assert "volumeMounts" not in made["containers"][0]


async def test_what_was_taken_out_of_is_not_used_any_more_anywhere(clusters: Clusters) -> None:
    async with detaching(clusters, "hf-token-mistral") as person:
        await person.sees("Remove hf-token-mistral from AIMService mistral-batch")
        await person.press("ctrl+s")
        await person.sees("no longer uses")
        await person.press("slash")
        await person.type("is:unused mistral")
        await person.press("enter")
        await person.sees("1 of 27")
        assert person.current() == "hf-token-mistral"
        await person.press("enter")
        await person.sees("Used by", "No users found")


async def test_what_cannot_be_taken_out_says_why(clusters: Clusters) -> None:
    async with detaching(clusters, "s3-model-weights", "G") as person:
        await person.sees("Job import-weights: the pods of a Job cannot be changed")
        await person.press("u")
        await person.sees("Used by: s3-model-weights", "Searched:")
        await person.press("g", "enter")
        await person.sees("ConfigMap model-storage is not a workload")


async def test_an_attached_secret_is_used_at_once(clusters: Clusters) -> None:
    async with using(clusters, "litellm-config", "vector-db") as person:
        await send(person)
        await person.press("slash")
        await person.type("is:unused litellm")
        await person.press("enter")
        await person.sees("0 of 27")
        await person.press("slash", "home")
        await person.type("!")
        await person.sees("1 of 27")
        await person.press("enter", "u")
        await person.sees("StatefulSet vector-db", "key master-key")


async def test_a_read_only_session_looks_at_uses_and_ends_none(kubeconfig: Path) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), options=RequestOptions(read_only=True)))
    async with detaching(clusters, "slack-webhook") as person:
        await person.sees("Not allowed: this session is read-only.")


async def test_a_refusal_tells_no_plain_value_of_a_variable(
    cluster: BackgroundCluster, kubectl: Kubectl, tmp_path: Path
) -> None:
    kubectl("set", "env", "deployment/eval-dashboard", "-c", "web", f"PASSWORD={PLAIN}")
    said = {"kind": "Status", "message": f'Invalid value: core.Container{{Env: "{PLAIN}"}}', "reason": "Invalid"}
    async with Proxy(cluster.url) as proxy:
        clusters = KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of(proxy.url))))
        async with using(clusters, "hf-token-eval", "eval-dashboard") as person:
            proxy.next(answer(422, json.dumps(said).encode()))
            await person.press("ctrl+s")
            await person.sees("Refused as invalid", "[removed]")
            assert PLAIN not in person.text()


async def test_a_secret_that_is_gone_meanwhile_is_not_attached(clusters: Clusters, kubectl: Kubectl) -> None:
    before = pod(kubectl, "deployment", "eval-dashboard")
    async with using(clusters, "license-server", "eval-dashboard") as person:
        kubectl("delete", "secret", "license-server")
        table = person.app.screen_stack[0].query_one(SecretTable)
        await person.until(lambda: table.index.total == 26)
        await person.press("ctrl+s")
        await person.sees("license-server is no longer in the list")
    assert pod(kubectl, "deployment", "eval-dashboard") == before


async def test_a_secret_that_is_being_deleted_is_not_offered_to_a_workload(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.goes_to("old-inference-key")
        await person.press("w")
        await person.sees("Not allowed: it is being deleted")


@asynccontextmanager
async def choosing(cluster: BackgroundCluster, tmp_path: Path, workload: str) -> AsyncIterator[tuple[Session, Proxy]]:
    """Have a workload for hf-token-eval narrowed down to, so that Enter reads it through a proxy."""
    async with Proxy(cluster.url) as proxy:
        clusters = KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of(proxy.url))))
        async with session(clusters) as person:
            await person.sees(" live\n")
            await person.goes_to("hf-token-eval")
            await person.press("w")
            await person.sees("Enter chooses")
            await person.type(workload)
            yield person, proxy


@pytest.mark.parametrize("spec", [{"env": [None]}, None, "x", {"imagePullSecrets": [None], "env": []}])
async def test_what_is_not_built_as_its_kind_is_refused(
    cluster: BackgroundCluster, tmp_path: Path, spec: object
) -> None:
    async with choosing(cluster, tmp_path, "AIMRuntimeConfig") as (person, proxy):
        body = {"metadata": {"name": "default", "namespace": "llm-serving", "resourceVersion": "1"}, "spec": spec}
        proxy.next(answer(200, json.dumps(body).encode()))
        await person.press("enter")
        await person.sees("unexpected answer", "does not match the schema")


async def test_what_is_waited_for_is_said(cluster: BackgroundCluster, tmp_path: Path) -> None:
    async with choosing(cluster, tmp_path, "eval-dashboard") as (person, proxy):
        proxy.next(hang)
        await person.press("enter")
        await person.sees("Reading Deployment eval-dashboard")

"""What the recordings do not show: what happens over time, and on demand."""

import asyncio
import gc
import json
import re
import socket
import tracemalloc
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.conftest import users
from tests.demo.client import MERGE, METADATA, TABLE, Client
from tests.proxy import HOST
from wbtui.demo.apiserver.access.users import Role, RoleRule, TokenUser
from wbtui.demo.apiserver.kinds.table import SECRETS as KIND
from wbtui.demo.apiserver.objects.store import HISTORY
from wbtui.demo.apiserver.shapes import Refusal
from wbtui.demo.background import BackgroundCluster
from wbtui.demo.cluster import EmbeddedCluster

SECRETS = "/api/v1/namespaces/llm-serving/secrets"
JSON_PATCH, STRATEGIC = "application/json-patch+json", "application/strategic-merge-patch+json"


def secret(name: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, **more.pop("metadata", {})}, "data": {"a": "MQ=="}, **more}


async def names(client: Client, query: str = "") -> list[str]:
    answer = await client.send("GET", f"{SECRETS}{query}")
    return [item["metadata"]["name"] for item in answer.body["items"]]


async def revision(client: Client) -> str:
    answer = await client.send("GET", f"{SECRETS}?limit=1")
    return str(answer.body["metadata"]["resourceVersion"])


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("fieldSelector=type!=helm.sh/release.v1,metadata.name=slack-webhook", {"slack-webhook"}),
        ("fieldSelector=type==kubernetes.io/tls", {"gateway-tls"}),
        ("labelSelector=owner=helm,status!=superseded,name in (vector-db)", {"sh.helm.release.v1.vector-db.v2"}),
        ("labelSelector=owner,version notin (1,2)", {"sh.helm.release.v1.llm-gateway.v3"}),
        ("labelSelector=!airm.silogen.ai/use-case,airm.silogen.com/use-case", {"hf-legacy"}),
    ],
)
async def test_selects(server: Client, selector: str, expected: set[str]) -> None:
    assert set(await names(server, f"?{selector.replace(' ', '%20')}")) == expected


@pytest.mark.parametrize("selector", ["labelSelector=a%20b", "fieldSelector=data=x"])
async def test_refuses_a_selector_that_it_does_not_know(server: Client, selector: str) -> None:
    assert (await server.send("GET", f"{SECRETS}?{selector}")).status == 400


async def test_pages_show_one_moment_whatever_changes(server: Client) -> None:
    before = await names(server)
    page = await server.send("GET", f"{SECRETS}?limit=5")
    found = [item["metadata"]["name"] for item in page.body["items"]]
    await server.send("POST", SECRETS, secret("zzz-new"))
    await server.send("DELETE", f"{SECRETS}/{before[-1]}")
    await server.send("PATCH", f"{SECRETS}/{before[7]}", {"metadata": {"labels": {"x": "y"}}}, Content_Type=MERGE)
    while token := page.body["metadata"].get("continue"):
        assert page.body["metadata"]["remainingItemCount"] == len(before) - len(found)
        page = await server.send("GET", f"{SECRETS}?limit=5&continue={token}")
        found += [item["metadata"]["name"] for item in page.body["items"]]
        assert all("x" not in item["metadata"].get("labels", {}) for item in page.body["items"])
    assert found == before
    assert "zzz-new" in await names(server)


async def test_expired_pages_can_go_on_inconsistently(cluster: EmbeddedCluster, client: Client) -> None:
    page = await client.send("GET", f"{SECRETS}?limit=5")
    cluster.compact()
    expired = await client.send("GET", f"{SECRETS}?limit=5&continue={page.body['metadata']['continue']}")
    assert (expired.status, expired.body["reason"]) == (410, "Expired")
    rest = await client.send("GET", f"{SECRETS}?continue={expired.body['metadata']['continue']}")
    assert len(rest.body["items"]) == len(await names(client)) - 5


async def test_watch_tells_what_enters_and_leaves_its_selector(server: Client) -> None:
    query = f"?watch=1&labelSelector=team=a&resourceVersion={await revision(server)}"
    async with server.watch(SECRETS + query) as events:
        await server.send("POST", SECRETS, secret("one", metadata={"labels": {"team": "a"}}))
        await server.send("POST", SECRETS, secret("other"))
        for team in ("b", "a"):
            body = {"metadata": {"labels": {"team": team}}}
            await server.send("PATCH", f"{SECRETS}/one", body, Content_Type=MERGE)
        await server.send("DELETE", f"{SECRETS}/one")
        kinds = [await events.name() for _ in range(4)]
    assert kinds == [(kind, "one") for kind in ("ADDED", "DELETED", "ADDED", "DELETED")]


async def test_watch_without_a_version_begins_with_what_is_there(client: Client) -> None:
    answer = await client.send("GET", f"{SECRETS}?watch=1&timeoutSeconds=1&allowWatchBookmarks=1", accept=METADATA)
    present = [event["object"]["metadata"]["name"] for event in answer.body[:-1]]
    assert present == await names(client)
    assert answer.body[-1]["type"] == "BOOKMARK"
    assert answer.body[-1]["object"]["metadata"] == {"resourceVersion": await revision(client)}


async def test_compaction_ends_watches_with_an_error(cluster: EmbeddedCluster, client: Client) -> None:
    query = f"?watch=1&resourceVersion={await revision(client)}"
    async with client.watch(SECRETS + query) as events:
        cluster.compact()
        event = await events.next()
        assert (event["type"], event["object"]["code"]) == ("ERROR", 410)
        assert await events.next() is None
    async with client.watch(SECRETS + query) as events:
        assert (await events.next())["object"]["reason"] == "Expired"


async def test_ages_are_those_of_the_moment() -> None:
    times = [datetime(2026, 11, 2, tzinfo=UTC)]
    cluster = EmbeddedCluster(now=lambda: times[0])
    async with cluster, aiohttp.ClientSession(cluster.url) as session:
        client = Client(session, cluster.token())
        async with client.watch(f"{SECRETS}?watch=1&resourceVersion={await revision(client)}") as events:
            times[0] += timedelta(days=3)
            await client.send("POST", SECRETS, secret("young"))
            assert (await events.next())["object"]["rows"][0]["cells"] == ["young", "Opaque", 1, "0s"]
        times[0] += timedelta(days=3, hours=5)
        page = await client.send("GET", f"{SECRETS}?fieldSelector=metadata.name=young", accept=TABLE)
        assert page.body["rows"][0]["cells"][-1] == "3d5h"


async def test_a_watch_from_the_future_has_nothing_to_tell(server: Client) -> None:
    async with server.watch(f"{SECRETS}?watch=1&resourceVersion=999999&timeoutSeconds=1") as events:
        await server.send("POST", SECRETS, secret("past"))
        assert await events.next() is None


async def test_a_revoked_token_ends_its_watches(cluster: EmbeddedCluster, client: Client) -> None:
    async with client.watch(f"{SECRETS}?watch=1&resourceVersion={await revision(client)}") as events:
        cluster.revoke("demo")
        assert await events.next() is None
    assert (await client.send("GET", SECRETS)).status == 401
    cluster.restore("demo")
    assert (await client.send("GET", SECRETS)).status == 200


async def test_a_client_that_leaves_is_forgotten(cluster: EmbeddedCluster, client: Client) -> None:
    async with client.watch(f"{SECRETS}?watch=1") as events:
        await events.next()
        assert len(cluster.store.watchers) == 1
    async with asyncio.timeout(10):
        while cluster.store.watchers:
            await client.send("GET", "/livez")


async def test_a_watch_ends_with_the_cluster() -> None:
    async with aiohttp.ClientSession() as session, EmbeddedCluster() as cluster:
        client = Client(session, cluster.token())
        async with client.watch(f"{cluster.url}{SECRETS}?watch=1") as events:
            assert (await events.next())["type"] == "ADDED"
            await cluster.stop()
            async with asyncio.timeout(5):
                while await events.next():
                    pass


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("POST", "?dryRun=All", secret("dry"), "application/json"),
        ("PATCH", "/slack-webhook?dryRun=All", {"data": {"url": "MQ=="}}, MERGE),
        ("PUT", "/slack-webhook?dryRun=All", secret("slack-webhook"), "application/json"),
        ("DELETE", "/slack-webhook?dryRun=All", None, "application/json"),
        ("DELETE", "/slack-webhook", {"dryRun": ["All"]}, "application/json"),
    ],
)
async def test_dry_run_stores_nothing(server: Client, method: str, path: str, body: Any, kind: str) -> None:
    before = (await server.send("GET", SECRETS)).body["items"]
    answer = await server.send(method, SECRETS + path, body, Content_Type=kind)
    assert answer.status in {200, 201}
    assert (await server.send("GET", SECRETS)).body["items"] == before


async def test_the_last_finalizer_lets_go(client: Client) -> None:
    path = f"{SECRETS}/old-inference-key"
    again = await client.send("DELETE", path, accept=METADATA)
    assert again.body["metadata"]["deletionTimestamp"] == "2026-10-28T16:05:00Z"
    more = {"metadata": {"finalizers": ["airm.silogen.ai/secret-finalizer", "example.com/late"]}}
    assert (await client.send("PATCH", path, more, Content_Type=MERGE)).status == 422
    async with client.watch(f"{SECRETS}?watch=1&resourceVersion={await revision(client)}") as events:
        await client.send("PATCH", path, {"metadata": {"finalizers": None}}, Content_Type=MERGE)
        assert await events.name() == ("DELETED", "old-inference-key")
    assert (await client.send("GET", path)).status == 404


async def test_a_held_pod_is_shown_as_terminating(server: Client) -> None:
    pods = "/api/v1/namespaces/llm-serving/pods"
    containers = [{"name": "main", "image": "x:1"}]
    body = {"metadata": {"name": "held", "finalizers": ["example.com/hold"]}, "spec": {"containers": containers}}
    await server.send("POST", pods, body)
    await server.send("DELETE", f"{pods}/held")
    row = (await server.send("GET", f"{pods}/held", accept=TABLE)).body["rows"][0]
    assert row["cells"][:4] == ["held", "0/1", "Terminating", "0"]


def test_history_is_not_kept_for_ever() -> None:
    store = EmbeddedCluster(sample=False).store
    first = store.write(KIND, secret("busy", metadata={"namespace": "default"}))
    for _ in range(HISTORY):
        store.write(KIND, first.body)
    with pytest.raises(Refusal, match="too old resource version"):
        store.watch(KIND, "demo", int(first.revision) - 1)
    assert len(list(store.watch(KIND, "demo", int(first.revision)).take_events())) == HISTORY


async def test_put_replaces_and_conflicts(server: Client) -> None:
    found = (await server.send("GET", f"{SECRETS}/slack-webhook")).body
    changed = found | {"data": {"a": "MQ=="}}
    first = await server.send("PUT", f"{SECRETS}/slack-webhook", changed)
    assert first.body["data"] == {"a": "MQ=="}
    assert (await server.send("PUT", f"{SECRETS}/slack-webhook", changed)).body["reason"] == "Conflict"
    same = await server.send("PUT", f"{SECRETS}/slack-webhook", first.body)
    assert same.body == first.body


async def test_fields_belong_to_who_wrote_them_last(server: Client) -> None:
    await server.send("POST", f"{SECRETS}?fieldManager=first", secret("shared", data={"a": "MQ==", "b": "MQ=="}))
    patch = {"data": {"a": "Mg==", "b": None}}
    answer = await server.send("PATCH", f"{SECRETS}/shared?fieldManager=second", patch, Content_Type=MERGE)
    entries = {entry["manager"]: entry["fieldsV1"] for entry in answer.body["metadata"]["managedFields"]}
    assert entries == {"first": {"f:data": {}, "f:type": {}}, "second": {"f:data": {"f:a": {}}}}


async def test_strategic_merge_knows_lists_by_key(server: Client) -> None:
    path = "/apis/apps/v1/namespaces/llm-serving/deployments/llm-gateway"
    container = {
        "name": "gateway",
        "env": [{"name": "DATABASE_URL", "$patch": "delete"}, {"name": "NEW", "value": "1"}],
        "volumeMounts": [{"mountPath": "/etc/tls", "subPath": "tls"}],
    }
    pod = {"containers": [container], "imagePullSecrets": [{"name": "rocm-registry"}]}
    patch = {"spec": {"template": {"spec": pod}}}
    answer = await server.send("PATCH", path, patch, Content_Type=STRATEGIC)
    found = answer.body["spec"]["template"]["spec"]
    assert [entry["name"] for entry in found["containers"][0]["env"]] == ["NEW", "SLACK_WEBHOOK_URL"]
    (mount,) = found["containers"][0]["volumeMounts"]
    assert mount == {"name": "tls", "mountPath": "/etc/tls", "readOnly": True, "subPath": "tls"}
    assert [entry["name"] for entry in found["imagePullSecrets"]] == ["rocm-registry", "ghcr-pull"]
    assert answer.body["metadata"]["generation"] == 2
    aim = "/apis/aim.eai.amd.com/v1alpha1/namespaces/llm-serving/aimservices/llama-chat"
    assert (await server.send("PATCH", aim, {}, Content_Type=STRATEGIC)).status == 415


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (secret("k", type="kubernetes.io/tls"), 422, "data[tls.crt]"),
        (secret("k", type="kubernetes.io/basic-auth"), 422, "data[username]"),
        (secret("k", data={".dockerconfigjson": "W10="}, type="kubernetes.io/dockerconfigjson"), 422, "data[.docker"),
        (secret("k", metadata={"labels": {"-bad": "x"}}), 422, "metadata.labels"),
        (secret("k", metadata={"namespace": "other"}), 400, "does not match the namespace"),
        (secret("k", data={"a": 1}), 400, "cannot unmarshal number into Go struct field Secret.data of type []uint8"),
        (secret("k", metadata={"labels": ["a"]}), 400, "cannot unmarshal array into Go struct field ObjectMeta."),
        ({"metadata": {"name": 5}}, 400, "cannot unmarshal number"),
        ({"metadata": ["k"]}, 400, "cannot unmarshal"),
        (["k"], 400, "cannot unmarshal"),
        (secret(""), 422, "name or generateName is required"),
        (
            secret("k", data={"a": b64encode(b"x" * 700_000).decode(), "b": b64encode(b"x" * 700_000).decode()}),
            422,
            "data: Too",
        ),
    ],
)
async def test_refuses_what_is_no_secret(server: Client, body: Any, status: int, field: str) -> None:
    answer = await server.send("POST", SECRETS, body)
    assert answer.status == status
    assert field in answer.body["message"]


async def test_unknown_fields_are_dropped_with_a_warning(server: Client) -> None:
    answer = await server.send("POST", SECRETS, secret("odd", spec={"x": 1}))
    assert (answer.status, answer.warning) == (201, '299 - "unknown field \\"spec\\""')
    assert "spec" not in answer.body


async def test_generates_names(server: Client) -> None:
    answer = await server.send("POST", SECRETS, secret("", metadata={"generateName": "made-"}))
    assert answer.body["metadata"]["name"].startswith("made-")


async def test_impersonates_whom_one_may(cluster: EmbeddedCluster, client: Client) -> None:
    as_restricted = {"Impersonate_User": "restricted@example.com"}
    assert (await client.send("GET", SECRETS, **as_restricted)).status == 200
    refused = await client.send("GET", "/api/v1/namespaces", **as_restricted)
    assert 'User "restricted@example.com" cannot list resource "namespaces"' in refused.body["message"]
    client.token = cluster.token("demo-restricted")
    refused = await client.send("GET", SECRETS, Impersonate_User="demo@example.com")
    assert 'cannot impersonate resource "users"' in refused.body["message"]


async def test_a_rule_for_one_name_lets_one_watch_and_list_it() -> None:
    may = RoleRule(("list", "watch"), ("secrets",), names=("slack-webhook",))
    user = TokenUser("one@example.com", "one", (Role("one", (may,), "llm-serving"),))
    cluster = EmbeddedCluster(users={"one": user})
    async with cluster, aiohttp.ClientSession(cluster.url) as session:
        client = Client(session, "one")
        assert await names(client, "?fieldSelector=metadata.name=slack-webhook") == ["slack-webhook"]
        async with client.watch(f"{SECRETS}?watch=1&fieldSelector=metadata.name=slack-webhook") as events:
            assert await events.name() == ("ADDED", "slack-webhook")
        async with client.watch(f"{SECRETS}?watch=1&fieldSelector=metadata.name=wandb-api-key") as events:
            assert events.status == 403
        assert (await client.send("GET", SECRETS)).status == 403


async def test_the_restricted_user_may_delete_one_secret(cluster: EmbeddedCluster, client: Client) -> None:
    client.token = cluster.token("demo-restricted")
    assert (await client.send("DELETE", f"{SECRETS}/hf-token-llama")).status == 200
    assert (await client.send("DELETE", f"{SECRETS}/slack-webhook")).status == 403
    refused = await client.send("GET", "/apis/external-secrets.io/v1beta1/namespaces/llm-serving/externalsecrets")
    assert refused.status == 403


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (f"{TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", "Table"),
        ("application/vnd.kubernetes.protobuf,application/json", "SecretList"),
        ("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", "PartialObjectMetadataList"),
        ("application/json;as=Table;v=v9;g=meta.k8s.io, */*", "SecretList"),
        (METADATA, "Status"),
        ("application/yaml", "Status"),
    ],
)
async def test_negotiates(client: Client, accept: str, kind: str) -> None:
    assert (await client.send("GET", SECRETS, accept=accept)).body["kind"] == kind


@pytest.mark.parametrize(("include", "kind"), [("Metadata", "PartialObjectMetadata"), ("Object", "Secret")])
async def test_rows_include_what_is_asked_for(server: Client, include: str, kind: str) -> None:
    answer = await server.send("GET", f"{SECRETS}?limit=1&includeObject={include}", accept=TABLE)
    assert answer.body["rows"][0]["object"]["kind"] == kind


async def test_fails_on_demand(cluster: EmbeddedCluster, client: Client) -> None:
    cluster.webhook_down = True
    refused = await client.send("POST", SECRETS, secret("new"))
    assert (refused.status, refused.body["reason"]) == (500, "InternalError")
    assert "failed calling webhook" in refused.body["message"]
    cluster.webhook_down = False
    cluster.quota = {"llm-serving": len(await names(client)) + 1}
    assert (await client.send("POST", SECRETS, secret("last"))).status == 201
    refused = await client.send("POST", SECRETS, secret("late"))
    assert "exceeded quota: project-quota, requested: secrets=1" in refused.body["message"]


async def test_deletes_what_a_selector_lets_through(server: Client) -> None:
    before = set(await names(server))
    selected = set(await names(server, "?labelSelector=owner=helm"))
    deleted = await server.send("DELETE", f"{SECRETS}?labelSelector=owner=helm", {"propagationPolicy": "Background"})
    assert {item["metadata"]["name"] for item in deleted.body["items"]} == selected
    assert set(await names(server)) == before - selected


async def test_subresources_and_verbs_that_are_not_there(server: Client) -> None:
    assert (await server.send("GET", f"{SECRETS}/slack-webhook/scale")).status == 404
    assert (await server.send("PUT", SECRETS, secret("all"))).status == 405
    assert (await server.send("GET", "/api/v1/nothings")).body["reason"] == "NotFound"
    assert (await server.send("GET", "/nothing")).status == 404


async def test_a_status_is_changed_apart(server: Client) -> None:
    path = "/apis/aim.eai.amd.com/v1alpha1/namespaces/llm-serving/aimservices/mistral-batch"
    patch = {"spec": {"replicas": 5}, "status": {"status": "Running"}}
    changed = (await server.send("PATCH", f"{path}/status", patch, Content_Type=MERGE)).body
    assert (changed["spec"]["replicas"], changed["status"]["status"]) == (1, "Running")
    changed = (await server.send("PATCH", path, patch | {"status": {"status": "Failed"}}, Content_Type=MERGE)).body
    assert (changed["spec"]["replicas"], changed["status"]["status"]) == (5, "Running")


@pytest.mark.parametrize("kubectl", [False, True])
async def test_a_kubeconfig_lets_every_user_in(cluster: EmbeddedCluster, *, kubectl: bool) -> None:
    config = cluster.kubeconfig(kubectl=kubectl)
    assert [context["name"] for context in config["contexts"]] == list(users())
    for place, user in zip(config["clusters"], config["users"], strict=True):
        headers = {"Authorization": f"Bearer {token}"} if (token := user["user"].get("token")) else {}
        path = f"{place['cluster']['server']}{SECRETS}?limit=1"
        async with aiohttp.ClientSession(headers=headers) as session, session.get(path) as response:
            assert response.status == 200


async def test_the_sample_is_what_the_server_would_have_stored(cluster: EmbeddedCluster, client: Client) -> None:
    before = cluster.store.revision
    for resource, collection in cluster.store.collections.items():
        for stored in collection.objects.values():
            metadata = stored.body["metadata"]
            prefix = f"/apis/{resource.api_version}" if resource.group else "/api/v1"
            namespace = f"/namespaces/{metadata['namespace']}" if resource.namespaced else ""
            path = f"{prefix}{namespace}/{resource.plural}/{metadata['name']}?fieldValidation=Strict"
            answer = await client.send("PUT", path, stored.body)
            assert (answer.status, answer.body) == (200, stored.body)
    assert cluster.store.revision == before


def test_samples_refer_to_what_is_there() -> None:
    cluster = EmbeddedCluster()
    everything = [stored.body for kind in cluster.store.collections.values() for stored in kind.objects.values()]
    uids = {body["metadata"]["uid"] for body in everything}
    assert len(uids) == len(everything)
    owned = [body for body in everything if "ownerReferences" in body["metadata"]]
    missing = [body["metadata"]["name"] for body in owned if body["metadata"]["ownerReferences"][0]["uid"] not in uids]
    assert missing == ["pg-vectors-app", "qwen-chat-predictor-5f6b7c8d99-hx2lv"]  # their owners are not of our kinds
    everything = [body for body in everything if body["metadata"].get("namespace") == "llm-serving"]
    text = json.dumps([body for body in everything if body["kind"] != "Secret"])
    secrets = {body["metadata"]["name"]: body["data"] for body in everything if body["kind"] == "Secret"}
    assert set(re.findall(r'"secret(?:Ref|Name)": (?:{"name": )?"([^"]+)"', text)) <= secrets.keys()
    keys = set(re.findall(r'"secretKeyRef": {"name": "([^"]+)", "key": "([^"]+)"}', text))
    assert {(name, key) for name, key in keys if key not in secrets[name]} == {("hf-legacy", "hf_token")}


async def test_many_secrets_share_what_is_alike() -> None:
    tracemalloc.start()
    cluster = EmbeddedCluster(secrets=2000)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    async with cluster, aiohttp.ClientSession(cluster.url) as session:
        page = await Client(session, cluster.token()).send("GET", f"{SECRETS}?limit=500", accept=TABLE)
        assert page.body["metadata"]["remainingItemCount"] > 1500
    assert used < 2000 * 3000


def test_a_taken_port_is_an_error() -> None:
    with BackgroundCluster(sample=False) as cluster:
        second = BackgroundCluster(int(cluster.url.rpartition(":")[2]), sample=False)
        with pytest.raises(OSError, match=r"(?i)address already in use"):
            second.start()


def test_runs_in_the_background_and_restarts_with_its_data() -> None:
    with BackgroundCluster(sample=False) as cluster:
        url = cluster.url
        first = asyncio.run(_create(cluster))
        cluster.restart()
        assert cluster.url == url
        assert asyncio.run(_create(cluster)) == (409 if first == 201 else first)
        cluster.revoke("demo")
        assert asyncio.run(_create(cluster)) == 401
        cluster.restore("demo")
        cluster.webhook_down = True
        assert asyncio.run(_create(cluster)) == 500


async def _create(cluster: BackgroundCluster) -> int:
    async with aiohttp.ClientSession(cluster.url) as session:
        return (
            await Client(session, cluster.token()).send("POST", "/api/v1/namespaces/default/secrets", secret("kept"))
        ).status


def test_a_client_that_reads_nothing_keeps_no_connection_open_when_the_cluster_stops() -> None:
    with socket.socket() as client, BackgroundCluster(secrets=3_000, users=users()) as cluster:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((HOST, urlsplit(cluster.url).port))
        request = "GET /api/v1/secrets HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer demo-token\r\n\r\n"
        client.sendall(request.encode())
        assert client.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
    gc.collect()  # what is open still is a warning now, and so an error

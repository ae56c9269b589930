"""Which kinds are searched for users of secrets: what the cluster says of them, and what is kept of that."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT, connected, kubeconfig_of, written
from tests.proxy import Exchange, Fault, Proxy, answer, forward
from wbtui.cluster.connection import Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.searchable_kinds import KindFinder, SearchableKinds
from wbtui.domain.usage import ABSENT, BEING_SEARCHED

EXTERNAL_SECRETS = "/openapi/v3/apis/external-secrets.io/v1beta1"
REFUSED = b'{"kind": "Status", "code": 403, "reason": "Forbidden", "message": "no schemas for you"}'


@pytest.fixture
async def connection(proxy: Proxy, tmp_path: Path) -> AsyncIterator[Connection]:
    """Return a connection to the embedded cluster, through the proxy."""
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        yield connection


async def find(connection: Connection, cache: Path | None = None) -> SearchableKinds:
    return await KindFinder(connection, Discovery(connection), cache).find(PROJECT)


def schemas(proxy: Proxy) -> list[str]:
    return [request.path for request in proxy.requests if request.path.startswith("/openapi/v3/")]


def gaps(found: SearchableKinds) -> set[tuple[str, str]]:
    return {(one.kind, one.reason) for one in found.not_searched if one.reason != ABSENT}


async def test_built_in_kinds_are_known_without_a_schema(proxy: Proxy, connection: Connection) -> None:
    found = await find(connection)
    assert {"Pod", "Deployment", "ServiceAccount", "AIMService"} <= {kind.kind for kind in found.watched}
    assert "ExternalSecret" in {kind.kind for kind in found.listed}
    assert schemas(proxy)
    assert not [path for path in schemas(proxy) if path.startswith(("/openapi/v3/api/", "/openapi/v3/apis/apps"))]
    assert not gaps(found)


async def test_a_schema_is_asked_for_once(proxy: Proxy, connection: Connection, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    finder = KindFinder(connection, Discovery(connection), cache)
    first = await finder.find(PROJECT)
    asked = schemas(proxy)
    assert await finder.find(PROJECT) == first
    assert await find(connection, cache) == first
    assert schemas(proxy) == asked


@pytest.mark.parametrize("content", [b"", b"{}{", b'{"AIMService": 7}', b"\xff" * 100, b"[" * 100_000])
async def test_what_was_kept_and_is_broken_is_not_used(connection: Connection, tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "cache"
    first = await find(connection, cache)
    for file in cache.iterdir():
        file.write_bytes(content)
    assert await find(connection, cache) == first


async def test_what_may_not_be_kept_is_used_all_the_same(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert not gaps(await find(connection, tmp_path / "cache"))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (answer(403, REFUSED), "its schema cannot be read: no schemas for you"),
        (answer(200, b"<html>"), "its schema cannot be read: the answer does not match the Kubernetes API"),
        (
            answer(200, b'{"components": {"schemas": ' + b'{"a": ' * 200_000 + b"1" + b"}" * 200_000 + b"}}"),
            "its schema cannot be read: the answer does not match the Kubernetes API",
        ),
    ],
    ids=["forbidden", "not JSON", "too deep"],
)
async def test_a_schema_that_cannot_be_read_is_said(
    proxy: Proxy, connection: Connection, fault: Fault, reason: str
) -> None:
    proxy.once(EXTERNAL_SECRETS, fault)
    found = await find(connection)
    assert gaps(found) == {("external-secrets.io/v1beta1", reason)}
    assert "ExternalSecret" in {kind.kind for kind in found.listed}  # what the table knows of it is searched


def schema_of(**fields: Any) -> bytes:
    """Return what a server answers for External Secrets, whose objects have these fields in their specification."""
    kinds = [{"group": "external-secrets.io", "version": "v1beta1", "kind": "ExternalSecret"}]
    schema = {"x-kubernetes-group-version-kind": kinds, "properties": {"spec": {"properties": fields}}}
    return json.dumps({"components": {"schemas": {"one": schema}}}).encode()


def paths_of(found: SearchableKinds) -> set[str]:
    (kind,) = [kind for kind in found.listed if kind.kind == "ExternalSecret"]
    return {f"{path.steps}.{path.name}" for path in kind.paths}


TEXT = {"type": "string"}
REFERENCE = {"properties": {"name": TEXT, "key": TEXT}}
ODD_SCHEMAS = {
    "of 5 MB": (
        schema_of(**{f"field{n}": {"description": "x" * 1_000, **TEXT} for n in range(5_000)}, secretRef=REFERENCE)
    ),
    "that refers to itself": schema_of(
        secretRef=REFERENCE, inner={"$ref": "#/components/schemas/one"}, loop={"$ref": "#/components/schemas/loop"}
    ),
    "that lies": schema_of(secretRef=REFERENCE, secretName={"type": "string", "properties": {"name": 7}, "items": []}),
}


@pytest.mark.parametrize("body", ODD_SCHEMAS.values(), ids=list(ODD_SCHEMAS))
async def test_an_odd_schema_tells_what_it_can(proxy: Proxy, connection: Connection, body: bytes) -> None:
    proxy.once(EXTERNAL_SECRETS, answer(200, body))
    found = await find(connection)
    assert not gaps(found)
    assert "spec.secretRef.name" in paths_of(found)


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"components": {"schemas": {"one": {"x-kubernetes-group-version-kind": "Secret"}}}}']
)
async def test_a_schema_that_says_nothing_of_kinds_leaves_those_of_the_table(
    proxy: Proxy, connection: Connection, body: bytes
) -> None:
    proxy.once(EXTERNAL_SECRETS, answer(200, body))
    assert paths_of(await find(connection)) == {"spec.target.name"}


async def test_a_schema_that_does_not_end_is_given_up(proxy: Proxy, connection: Connection) -> None:
    async def endless(exchange: Exchange) -> None:
        exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
        with suppress(ConnectionError):
            while True:
                exchange.writer.write(b" " * (1 << 20))
                await exchange.writer.drain()

    proxy.once(EXTERNAL_SECRETS, endless)
    found = await find(connection)
    ((kind, reason),) = gaps(found)
    assert kind == "external-secrets.io/v1beta1"
    assert reason.startswith("its schema cannot be read: the answer is larger than 64 MiB")
    assert paths_of(found) == {"spec.target.name"}


async def test_a_group_whose_server_is_dead_is_said_and_the_others_are_searched(
    proxy: Proxy, connection: Connection
) -> None:
    async def with_a_dead_group(exchange: Exchange) -> None:
        path = exchange.request.path
        if path == "/apis":
            versions = {
                "apps": "v1",
                "metrics.example.com": "v1",
            }
            groups = [
                {"name": name, "versions": [{"groupVersion": f"{name}/{version}"}]}
                for name, version in versions.items()
            ]
            await answer(200, json.dumps({"kind": "APIGroupList", "groups": groups}).encode())(exchange)
        else:
            await (answer(503) if path.startswith("/apis/metrics.example.com") else forward)(exchange)

    proxy.default = with_a_dead_group
    found = await find(connection)
    assert gaps(found) == {("metrics.example.com", "its API server does not answer")}
    assert {"Pod", "Deployment"} <= {kind.kind for kind in found.watched}


async def test_a_schema_that_has_changed_is_read_again(proxy: Proxy, connection: Connection, tmp_path: Path) -> None:
    await find(connection, tmp_path / "cache")
    asked = len(schemas(proxy))
    changed = {"serverRelativeURL": f"{EXTERNAL_SECRETS}?hash=ANOTHER"}
    index = {"paths": {"apis/external-secrets.io/v1beta1": changed}}
    proxy.once("/openapi/v3", answer(200, json.dumps(index).encode()))
    proxy.once(EXTERNAL_SECRETS, answer(200, schema_of(secretRef=REFERENCE)))
    found = await find(connection, tmp_path / "cache")
    assert schemas(proxy)[asked:] == [EXTERNAL_SECRETS]
    assert "spec.secretRef.name" in paths_of(found)


async def test_a_kind_that_cannot_be_listed_is_not_searched(proxy: Proxy, connection: Connection) -> None:
    groups = [{"name": "external-secrets.io", "versions": [{"groupVersion": "external-secrets.io/v1beta1"}]}]
    kind = {"name": "externalsecrets", "kind": "ExternalSecret", "namespaced": True, "verbs": ["create", "get"]}
    resources = {"kind": "APIResourceList", "groupVersion": "external-secrets.io/v1beta1", "resources": [kind]}

    async def without_list(exchange: Exchange) -> None:
        path = exchange.request.path
        if path == "/apis":
            await answer(200, json.dumps({"kind": "APIGroupList", "groups": groups}).encode())(exchange)
        elif path == "/apis/external-secrets.io/v1beta1":
            await answer(200, json.dumps(resources).encode())(exchange)
        else:
            await forward(exchange)

    proxy.default = without_list
    found = await find(connection)
    assert "Pod" in {kind.kind for kind in found.watched}
    assert "ExternalSecret" not in {kind.kind for kind in (*found.watched, *found.listed)}


async def test_two_searches_at_a_time_read_a_schema_once(proxy: Proxy, connection: Connection) -> None:
    finder = KindFinder(connection, Discovery(connection), None)
    first, second = await asyncio.gather(finder.find(PROJECT), finder.find(PROJECT))
    assert first == second
    assert len(schemas(proxy)) == len(set(schemas(proxy)))


async def test_without_an_index_of_schemas_every_api_is_said(proxy: Proxy, connection: Connection) -> None:
    proxy.once("/openapi/v3", answer(403, REFUSED))
    found = await find(connection)
    assert {kind for kind, _ in gaps(found)} >= {"aim.eai.amd.com/v1alpha1"}
    assert "AIMService" in {kind.kind for kind in found.watched}


async def test_the_kinds_of_the_table_do_not_wait_for_schemas(proxy: Proxy, connection: Connection) -> None:
    finder = KindFinder(connection, Discovery(connection), None)
    found = await finder.find_known(PROJECT)
    assert not schemas(proxy)
    assert {"Pod", "AIMService"} <= {kind.kind for kind in found.watched}
    assert ("aim.eai.amd.com/v1alpha1", BEING_SEARCHED) in gaps(found)
    assert found.valid == 0


async def test_without_discovery_the_kinds_of_the_table_are_searched(proxy: Proxy, connection: Connection) -> None:
    async def no_groups(exchange: Exchange) -> None:
        await (answer(503) if exchange.request.path == "/apis" else forward)(exchange)

    proxy.default = no_groups
    found = await find(connection)
    assert found.valid < 10
    assert {kind for kind, _ in gaps(found)} == {"kinds that wbtui does not know"}
    assert "Pod" in {kind.kind for kind in found.watched}


async def test_kinds_that_the_user_may_not_list_are_not_asked_for(proxy: Proxy, tmp_path: Path) -> None:
    user = {"token": "demo-restricted-token"}
    async with connected(written(tmp_path, kubeconfig_of(proxy.url, user))) as connection:
        found = await find(connection)
    assert ("StatefulSet", "you may not list them") in gaps(found)
    assert "StatefulSet" not in {kind.kind for kind in found.watched}
    assert "Deployment" in {kind.kind for kind in found.watched}

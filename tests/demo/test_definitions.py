"""Custom resources of others are served as the demo's own are."""

import subprocess
import sys
from typing import Any

import aiohttp
import pytest

from tests.demo.client import TABLE, Client
from wbtui.demo.cluster import EmbeddedCluster

ROOM = "/apis/rooms.example.com/v1/namespaces/default/rooms"
SCHEMA = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "required": ["size"],
            "properties": {
                "size": {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]},
                "kind": {"type": "string", "enum": ["quiet", "loud"], "default": "quiet"},
                "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "since": {"type": "string", "format": "date-time", "nullable": True},
                "ports": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
            },
        },
        "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    },
}
COLUMNS = [
    {"name": "Size", "type": "string", "jsonPath": ".spec.size"},
    {"name": "Ready", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].status'},
    {"name": "Last", "type": "string", "jsonPath": ".status.conditions[-1:].type", "priority": 1},
]
DEFINITION = {
    "spec": {
        "group": "rooms.example.com",
        "scope": "Namespaced",
        "names": {"plural": "rooms", "kind": "Room", "shortNames": ["rm"]},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": SCHEMA},
                "additionalPrinterColumns": COLUMNS,
                "subresources": {"status": {}},
            }
        ],
    }
}


def room(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "rooms.example.com/v1", "kind": "Room", "metadata": {"name": "one"}, "spec": spec}


async def test_serves_other_definitions_beside_its_own() -> None:
    cluster = EmbeddedCluster(definitions=[DEFINITION])
    async with cluster, aiohttp.ClientSession(cluster.url) as session:
        client = Client(session, cluster.token())
        made = await client.send("POST", ROOM, room(size=3, free={"any": {"thing": 1}}, unknown=1))
        assert (made.status, made.warning) == (201, '299 - "unknown field \\"spec.unknown\\""')
        assert made.body["spec"] == {"size": 3, "free": {"any": {"thing": 1}}, "kind": "quiet"}
        status = {"status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Clean", "status": "False"}]}}
        await client.send("PATCH", f"{ROOM}/one/status", status, Content_Type="application/merge-patch+json")
        table = await client.send("GET", ROOM, accept=TABLE)
        assert table.body["rows"][0]["cells"] == ["one", 3, "True", "Clean"]
        assert (await client.send("GET", "/openapi/v3/apis/rooms.example.com/v1")).status == 200


@pytest.mark.parametrize(
    ("spec", "field", "message"),
    [
        ({}, "spec.size", "Required value"),
        ({"size": True}, "spec.size", 'spec.size in body must be of type integer,string: "boolean"'),
        ({"size": 1, "kind": "big"}, "spec.kind", 'Unsupported value: "big": supported values: "quiet", "loud"'),
        ({"size": 1, "tags": ["a", "a"]}, "spec.tags[1]", 'Duplicate value: "a"'),
        ({"size": 1, "since": "today"}, "spec.since", 'spec.since in body must be of type date-time: "today"'),
        ({"size": 1, "ports": {"a": 0}}, "spec.ports.a", "spec.ports.a in body should be greater than or equal to 1"),
        ({"size": 1, "tags": [None]}, "spec.tags[0]", 'spec.tags[0] in body must be of type string: "null"'),
    ],
)
async def test_checks_what_a_definition_says(spec: dict[str, Any], field: str, message: str) -> None:
    cluster = EmbeddedCluster(sample=False, definitions=[DEFINITION])
    async with cluster, aiohttp.ClientSession(cluster.url) as session:
        client = Client(session, cluster.token())
        answer = await client.send("POST", ROOM, room(**spec))
    (found,) = answer.body["details"]["causes"]
    assert found["field"] == field
    assert found["message"].endswith(message)


async def test_null_is_a_value_where_the_definition_says_so() -> None:
    cluster = EmbeddedCluster(sample=False, definitions=[DEFINITION])
    async with cluster, aiohttp.ClientSession(cluster.url) as session:
        client = Client(session, cluster.token())
        made = await client.send("POST", ROOM, room(size="big", since=None, kind=None, tags=None))
        assert made.body["spec"] == {"size": "big", "since": None, "kind": "quiet"}


def test_starts_without_what_only_a_write_needs() -> None:
    script = "import sys; from wbtui.demo.cluster import EmbeddedCluster; EmbeddedCluster(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "wbtui.demo.apiserver.http.server" in done.stdout.split()
    assert "jsonschema" not in done.stdout.split()

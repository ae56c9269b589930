"""Every exchange recorded from a real API server, replayed against the embedded cluster."""

import asyncio
import json
import re
from base64 import b64encode
from itertools import groupby
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.demo.client import MERGE, METADATA, Answer, Client
from wbtui.demo.apiserver.access.users import CLUSTER_ADMIN, Role, RoleRule, TokenUser
from wbtui.demo.cluster import EmbeddedCluster

FOLDER = Path(__file__).parents[1] / "recordings"
RECORDINGS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
EXCHANGES = [(name, number) for name, exchanges in RECORDINGS.items() for number in range(len(exchanges))]

VIEWER = (
    RoleRule(("get", "list", "watch", "create"), ("secrets",)),
    RoleRule(("delete",), ("secrets",), names=("hf-token",)),
)
USERS = {
    "admin": TokenUser(
        "admin@example.com", "admin", (CLUSTER_ADMIN,), ("system:masters", "system:authenticated"), "admin"
    ),
    "dev": TokenUser(
        "dev@example.com", "dev", (Role("viewer", VIEWER, "team-a"),), ("team-a", "system:authenticated"), "dev"
    ),
}
SECRETS = "/api/v1/namespaces/team-a/secrets"
HELD = {"metadata": {"name": "held", "finalizers": ["example.com/hold"]}}
TOUCH = {"metadata": {"labels": {"touched": "yes"}}}

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AGE = re.compile(r"\d+[smhd](\d+[smh])?")
TIMES = {"time", "creationTimestamp", "deletionTimestamp"}
GIVEN = {"uid", "resourceVersion", "continue"}  # what the server makes up: learned in order, then compared


class Replay:
    """Sends what was recorded; what the server makes up is replaced by what this one made up instead."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, int], Answer] = {}
        self.learned: dict[str, str] = {}
        self.client: Client

    async def run(self) -> None:
        cluster = EmbeddedCluster(sample=False, users=USERS, lacking=("external-secrets.io",))
        async with cluster, aiohttp.ClientSession() as session:
            self.client = Client(session, "admin", cluster.url)
            for name in ("kube-node-lease", "kube-public", "kube-system"):
                body = {"metadata": {"name": name}}
                await self.client.send("POST", "/api/v1/namespaces", body, User_Agent="kas/v1")
            await self._secrets()
            await self._watches(cluster)
            for name in ("workloads", "discovery"):
                await self._all(name, 0)
            await self._one("create", 24)

    async def _secrets(self) -> None:
        await self._all("namespaces", 0)
        await self._all("create", 0, 24)
        await self._all("list", 0, 14)
        await self._all("access", 0)
        await self._all("replace", 0)
        touched = await self.client.send("PATCH", f"{SECRETS}/hf-token", TOUCH, METADATA, Content_Type=MERGE)
        self.learned["261"] = touched.body["metadata"]["resourceVersion"]
        await self._all("delete", 0, 8)
        await self.client.send("POST", SECRETS, HELD, METADATA)
        await self._all("delete", 8)

    async def _watches(self, cluster: EmbeddedCluster) -> None:
        await self._one("watch", 0)
        await self._one("watch", 1)
        page = await self.client.send("GET", f"{SECRETS}?limit=2", accept="application/json")
        recorded = RECORDINGS["list"][14]["request"]["path"].rpartition("continue=")[2]
        self.learned[recorded] = page.body["metadata"]["continue"]
        cluster.compact()
        await self._one("list", 14)
        for number in (2, 3, 4):
            await self._one("watch", number)

    async def _all(self, name: str, first: int, end: int | None = None) -> None:
        for number in range(first, end or len(RECORDINGS[name])):
            await self._one(name, number)

    async def _one(self, name: str, number: int) -> None:
        request, response = (RECORDINGS[name][number][part] for part in ("request", "response"))
        self.client.token = request["user"]
        path = request["path"].replace("timeoutSeconds=4", "timeoutSeconds=1")
        kind = request["content_type"] or "application/json"
        body = self._given(request["body"])
        answer = await self.client.send(
            request["method"], self._translated(path), body, request["accept"], Content_Type=kind
        )
        self.client.token = "admin"
        self.answers[name, number] = answer
        self._learn(response["body"], answer.body)

    def _given(self, body: Any) -> Any:
        """The body that was sent; one value is too long to be in the recordings."""
        text = self._translated(json.dumps(body))
        long = b64encode(b"x" * 1048577).decode()
        return json.loads(text.replace("<1398104 characters of base64, 1048577 bytes decoded>", long))

    def _translated(self, text: str) -> str:
        """A recorded path or body with this server's ids, versions and tokens."""
        text = UUID.sub(lambda found: self.learned.get(found[0], found[0]), text)
        pattern = r'((?:resourceVersion=|continue=|"value": "|"resourceVersion": "|in record \())([\w-]+)'
        return re.sub(pattern, lambda found: found[1] + self.learned.get(found[2], found[2]), text)

    def _learn(self, recorded: Any, ours: Any) -> None:
        if isinstance(recorded, list) and isinstance(ours, list):
            for one, other in zip(recorded, ours, strict=False):
                self._learn(one, other)
        if isinstance(recorded, dict) and isinstance(ours, dict):
            for key in recorded.keys() & ours.keys():
                if key in GIVEN and isinstance(recorded[key], str) and recorded[key]:
                    self.learned.setdefault(recorded[key], ours[key])
                self._learn(recorded[key], ours[key])

    def expected(self, body: Any) -> Any:
        """A recorded body as this server must answer it."""
        return shaped(json.loads(self._named(json.dumps(body))))

    def _named(self, text: str) -> str:
        text = self._translated(text)
        return re.sub(
            r'"(continue)": "([\w-]+)"', lambda found: f'"continue": "{self.learned.get(found[2], found[2])}"', text
        )


def shaped(body: Any) -> Any:
    """A body with a shape in the place of what depends on the clock, and of what is in no order."""
    if isinstance(body, list):
        return [shaped(item) for item, _ in groupby(body)]  # one bookmark says as much as two
    if not isinstance(body, dict):
        return body
    result = {key: _shape(key, value) for key, value in body.items()}
    if body.get("kind") == "APIResourceList":
        result["resources"].sort(key=lambda resource: resource["name"])
    return result


def _shape(key: str, value: Any) -> Any:
    if key in TIMES and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        return "<time>"
    if key == "cells":
        return ["<age>" if isinstance(cell, str) and AGE.fullmatch(cell) else cell for cell in value]
    if key == "message" and value.startswith("too old resource version"):
        return re.sub(r"\d+", "<version>", value)
    if key == "manager" and value in {"kas", "kube-apiserver"}:
        return "<the API server>"
    return shaped(value)


@pytest.fixture(scope="module")
def replay() -> Replay:
    replay = Replay()
    asyncio.run(replay.run())
    return replay


@pytest.mark.parametrize(
    ("name", "number"), EXCHANGES, ids=[f"{name}-{RECORDINGS[name][number]['name']}" for name, number in EXCHANGES]
)
def test_answers_as_recorded(replay: Replay, name: str, number: int) -> None:
    recorded = RECORDINGS[name][number]["response"]
    answer = replay.answers[name, number]
    assert (answer.status, answer.content_type) == (recorded["status"], recorded["content_type"])
    assert answer.warning == recorded["warning"]
    assert shaped(answer.body) == replay.expected(recorded["body"])


def test_revisions_follow_in_the_recorded_order(replay: Replay) -> None:
    recorded = sorted(int(text) for text in replay.learned if text.isdigit() and int(text) > 240)
    ours = [int(replay.learned[str(number)]) for number in recorded]
    assert ours == sorted(set(ours))
    assert len(ours) > 25

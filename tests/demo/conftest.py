"""The embedded cluster, and a real one beside it where `WBTUI_CONFORMANCE` names its kubeconfig (`make conformance`).

A test that takes `server` says what both answer. On the real cluster each test has a project of its own with the
sample's objects; its client says llm-serving for it.
"""

import asyncio
import json
import os
import ssl
import subprocess
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import aiohttp
import pytest
import yaml

from tests.conftest import SHORT_RUN
from tests.demo.client import Client
from wbtui.demo.background import BackgroundCluster
from wbtui.demo.cluster import EmbeddedCluster
from wbtui.demo.samples.parts import PROJECT

REAL = os.environ.get("WBTUI_CONFORMANCE", "")
SERVERS = ["embedded", *(["real"] if REAL else [])]
GIVEN = ("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation", "ownerReferences", "namespace")
"""What a server gives an object, and the owners, which have other ids there."""


@pytest.fixture
async def cluster() -> AsyncIterator[EmbeddedCluster]:
    async with EmbeddedCluster() as cluster:
        yield cluster


@pytest.fixture
async def client(cluster: EmbeddedCluster) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(cluster.url) as session:
        yield Client(session, cluster.token())


@pytest.fixture(params=SERVERS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    if request.param == "real":
        async with real_project() as client:
            yield client
    else:
        async with EmbeddedCluster() as cluster, aiohttp.ClientSession(cluster.url) as session:
            yield Client(session, cluster.token())


def samples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of the sample project as one would create them, each with the path of its collection."""
    for resource, collection in EmbeddedCluster().store.collections.items():
        for stored in collection.objects.values():
            body = json.loads(json.dumps(stored.body))
            metadata = body["metadata"]
            if metadata.get("namespace") not in {PROJECT, None} or resource.plural == "namespaces":
                continue
            scope = f"namespaces/{PROJECT}/" if resource.namespaced else ""
            body["metadata"] = {key: value for key, value in metadata.items() if key not in GIVEN}
            yield f"/{resource.path}/{scope}{resource.plural}", body


@asynccontextmanager
async def real_client() -> AsyncIterator[Client]:
    """Yield a client of the real cluster, with a name for a project of its own."""
    config = yaml.safe_load(await asyncio.to_thread(Path(REAL).read_text))
    current = _named(config["contexts"], config["current-context"])["context"]
    place = _named(config["clusters"], current["cluster"])["cluster"]
    user = _named(config["users"], current["user"])["user"]
    async with aiohttp.ClientSession(place["server"], connector=aiohttp.TCPConnector(ssl=_tls(place, user))) as session:
        yield Client(session, user.get("token", ""), project=f"conformance-{token_hex(4)}")


def _named(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["name"] == name)


def _tls(place: dict[str, Any], user: dict[str, Any]) -> ssl.SSLContext:
    """Return what a kubeconfig says of certificates: files, or what would be in them, as kind writes it."""
    with TemporaryDirectory() as folder:

        def file(part: dict[str, Any], name: str) -> str | None:
            if content := part.get(f"{name}-data"):
                path = Path(folder, name)
                path.write_bytes(b64decode(content))
                return str(path)
            return part.get(name)

        trust = ssl.create_default_context(cafile=file(place, "certificate-authority"))
        if certificate := file(user, "client-certificate"):
            trust.load_cert_chain(certificate, file(user, "client-key"))
        return trust


@asynccontextmanager
async def real_project() -> AsyncIterator[Client]:
    """Yield a client of the real cluster, where a project with the sample's objects was made."""
    async with real_client() as client:
        namespace = {"metadata": {"name": client.project}}
        assert (await client.send("POST", "/api/v1/namespaces", namespace)).status == 201
        for path, body in samples():
            answer = await client.send("POST", path, body)
            assert answer.status in {201, 409}, answer.body
        try:
            yield client
        finally:
            await client.send("DELETE", f"/api/v1/namespaces/{client.project}")


class Kubectl(Protocol):
    def __call__(self, *arguments: str, fails: bool = False) -> str: ...


@pytest.fixture
def background() -> Iterator[BackgroundCluster]:
    with BackgroundCluster() as cluster:
        yield cluster


@pytest.fixture
def environment(background: BackgroundCluster, tmp_path: Path) -> dict[str, str]:
    config = tmp_path / "kubeconfig"
    config.write_text(json.dumps(background.kubeconfig(kubectl=True)))
    paths = {"HOME": str(tmp_path), "KUBECACHEDIR": str(tmp_path / "cache"), "KUBECONFIG": str(config)}
    return {"PATH": os.environ["PATH"], **paths, **SHORT_RUN}


@pytest.fixture
def kubectl(environment: dict[str, str]) -> Kubectl:
    def run(*arguments: str, fails: bool = False) -> str:
        command = ["kubectl", "--kubeconfig", environment["KUBECONFIG"], *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=30)
        assert (done.returncode != 0) is fails, done.stderr
        return done.stdout + done.stderr

    return run

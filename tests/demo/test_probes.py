"""Every place of AMD's platform that can name a secret, on a server that has its kinds: all are found, and no more.

The schemas, the objects and their lists come from the server. Its rules refuse some objects that are made from a schema
alone, such as those in which of two fields one may be there; these are counted (--log-cli-level=info).
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path as File
from secrets import token_hex

import aiohttp
import pytest

from tests.cluster.conftest import connected, searching
from tests.demo.client import Client
from tests.demo.conftest import REAL, SERVERS, real_client
from tests.platform import CustomKind, definitions, versions_of
from tests.platform.probes import Probe, halves, object_with
from wbtui.demo.cluster import EmbeddedCluster
from wbtui.domain.references import SecretUser
from wbtui.domain.secret_fields import paths_in_schema

_LOG = logging.getLogger(__name__)
_SIDE_BY_SIDE = 6
_MOST_REFUSED = 0.02
"""The share of places whose objects may be refused; otherwise the test would say nothing."""


@dataclass
class Planted:
    """What a server took: by uid and name of a probe, its place; and the places whose objects it refused."""

    client: Client
    project: str
    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def uids(self) -> set[str]:
        """Return the uids of the objects."""
        return {uid for uid, _ in self.taken}

    async def plant(self, kind: CustomKind, *others: CustomKind, probes: list[Probe]) -> None:
        """Create one object with all probes, or where it is refused two with half of them each.

        Rules of other versions may take what those of a version refuse.
        """
        name = f"filler-{token_hex(4)}"
        thing = {
            "apiVersion": f"{kind.group}/{kind.version}",
            "kind": kind.kind,
            **object_with(kind.kind, kind.schema, probes),
        }
        scope = f"namespaces/{self.project}/" if kind.namespaced else ""
        path = f"/apis/{kind.group}/{kind.version}/{scope}{kind.plural}"
        answer = await self.client.send("POST", path, {**thing, "metadata": {"name": name}})
        if answer.status == 201:
            uid = answer.body["metadata"]["uid"]
            self.taken |= {(uid, probe.path.implied or probe.name): f"{kind} {probe.path.steps}" for probe in probes}
            self.paths.append(f"{path}/{name}")
        elif len(probes) == 1 and (able := [one for one in others if probes[0].path in paths_in_schema(one.schema)]):
            await self.plant(*able, probes=probes)
        elif len(probes) == 1:
            self.refused.append(f"{kind} {probes[0].path.steps}: {answer.body.get('message')}")
        else:
            for half in halves(probes):
                await self.plant(kind, *others, probes=half)


@asynccontextmanager
async def embedded(folder: File) -> AsyncIterator[tuple[Client, str, str]]:
    async with EmbeddedCluster(sample=False, definitions=definitions()) as cluster:
        kubeconfig = folder / "kubeconfig"
        kubeconfig.write_text(json.dumps(cluster.kubeconfig()))
        async with aiohttp.ClientSession(cluster.url) as session:
            client = Client(session, cluster.token(), project="probes")
            yield client, str(kubeconfig), "probes"


@asynccontextmanager
async def real(_folder: File) -> AsyncIterator[tuple[Client, str, str]]:
    async with real_client() as client:
        yield client, REAL, client.project


def kinds() -> Iterator[list[CustomKind]]:
    """Yield each kind in its versions, first the one in which a server stores it."""
    for one in definitions():
        stored = next(version["name"] for version in one["spec"]["versions"] if version["storage"])
        yield sorted(versions_of(one), key=lambda kind: kind.version != stored)


@pytest.mark.timeout(600)  # some hundred objects are created and listed
@pytest.mark.parametrize("server", SERVERS)
async def test_every_probe_is_found_and_nothing_else(server: str, tmp_path: File) -> None:
    async with (real if server == "real" else embedded)(tmp_path) as (client, kubeconfig, project):
        await client.send("POST", "/api/v1/namespaces", {"metadata": {"name": project}})
        planted = Planted(client, project)
        slots = asyncio.Semaphore(_SIDE_BY_SIDE)

        async def plant(versions: list[CustomKind]) -> None:
            paths = [path for path in paths_in_schema(versions[0].schema) if not path.searched]
            async with slots:
                if paths:
                    probes = [Probe(path, f"probe-{at}") for at, path in enumerate(paths)]
                    await planted.plant(*versions, probes=probes)

        try:
            await asyncio.gather(*map(plant, kinds()))
            async with connected(kubeconfig) as connection:
                usage = await searching(connection).search(project)
        finally:
            for path in planted.paths:
                await client.send("DELETE", path)
            await client.send("DELETE", f"/api/v1/namespaces/{project}")
    found = {(user.uid, name) for user in usage.users if user.uid in planted.uids for name in named_by(user)}
    assert {planted.taken.get(one, f"no place: {one}") for one in planted.taken.keys() ^ found} == set()
    assert not usage.unsearched
    _LOG.info("%d places, refused: %s", len(planted.taken), planted.refused)
    assert len(planted.refused) <= len(planted.taken) * _MOST_REFUSED, planted.refused


def named_by(user: SecretUser) -> set[str]:
    return {one.secret for one in user.references if not one.secret.startswith("filler")}

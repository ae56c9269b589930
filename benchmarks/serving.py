"""The embedded cluster in a process of its own, with more in it than the demo has; changes its secrets if asked."""

import argparse
import asyncio
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import monotonic
from uuid import NAMESPACE_DNS, uuid5

import yaml

from wbtui.demo.apiserver.kinds.table import BY_KIND, SECRETS
from wbtui.demo.apiserver.objects.store import Stored
from wbtui.demo.apiserver.wire import Json
from wbtui.demo.cluster import EmbeddedCluster
from wbtui.demo.samples.populate import PROJECT

_WORKLOADS = ("Deployment", "ReplicaSet", "Pod", "Job")
_LABEL = "airm.silogen.ai/use-case"
_PROBE = 10
"""One in so many changes is to the first secret, which is on the screen."""


async def _serve(options: argparse.Namespace) -> None:
    async with EmbeddedCluster(secrets=options.secrets) as cluster:
        for number in range(1, options.projects):
            cluster.store.load(SECRETS, _copies(cluster, f"project-{number:03}"))
        for kind in _WORKLOADS:
            cluster.store.load(BY_KIND[kind], _workloads(cluster, kind, options.workloads // len(_WORKLOADS)))
        for name in ("kubeconfig", "kubectl"):
            text = yaml.safe_dump(cluster.kubeconfig(kubectl=name == "kubectl"))
            (options.folder / name).write_text(text, encoding="utf-8")
        print("listening", flush=True)
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        changing = asyncio.create_task(_change(cluster, options.changes))
        await ended.wait()
        changing.cancel()


def _objects(cluster: EmbeddedCluster, kind: str) -> list[Stored]:
    found = cluster.store.collections[BY_KIND[kind]]
    return [found.objects[key] for key in found.keys if key.startswith(f"{PROJECT}/")]


def _copies(cluster: EmbeddedCluster, project: str) -> Iterator[Json]:
    """Yield the secrets of the first project for another one."""
    for stored in _objects(cluster, "Secret"):
        yield _named(stored.body, project, stored.body["metadata"]["name"])


def _workloads(cluster: EmbeddedCluster, kind: str, number: int) -> Iterator[Json]:
    """Yield so many workloads, each as one of the sample is."""
    samples = _objects(cluster, kind)
    for position in range(number):
        yield _named(samples[position % len(samples)].body, PROJECT, f"workload-{position:04}")


def _named(body: Json, project: str, name: str) -> Json:
    identity = {
        "namespace": project,
        "name": name,
        "uid": str(uuid5(NAMESPACE_DNS, f"{body['kind']}/{project}/{name}")),
    }
    return body | {"metadata": body["metadata"] | identity}


async def _change(cluster: EmbeddedCluster, rate: float) -> None:
    """Change so many secrets a second; print the label of each probe, and when it was given."""
    if not rate:
        return
    secrets = _objects(cluster, "Secret")
    began = monotonic()
    for number in count():
        await asyncio.sleep(max(0.0, began + number / rate - monotonic()))
        probe = number % _PROBE == 0
        body = secrets[0 if probe else number * 7919 % len(secrets)].body
        label = f"probe-{number}" if probe else f"other-{number % 5}"
        if probe:
            print(label, monotonic(), flush=True)
        metadata = body["metadata"]
        cluster.store.write(SECRETS, body | {"metadata": metadata | {"labels": {_LABEL: label}}})


def main() -> None:
    """Serve until terminated; the folder gets a kubeconfig, and one as kubectl needs it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    for name in ("secrets", "projects", "workloads", "changes"):
        parser.add_argument(f"--{name}", type=int, default=0)
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()

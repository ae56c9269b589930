"""Fill a new cluster with the sample projects; the content is always the same."""

from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import NAMESPACE_DNS, UUID, uuid5

from wbtui.demo.apiserver.kinds.table import BY_KIND, NAMESPACES, SECRETS
from wbtui.demo.apiserver.objects.conforming import complete
from wbtui.demo.apiserver.objects.managed_fields import Author, update
from wbtui.demo.apiserver.objects.store import ObjectStore
from wbtui.demo.apiserver.shapes import ServedResource
from wbtui.demo.apiserver.wire import Json, timestamp
from wbtui.demo.samples import models as sample_models
from wbtui.demo.samples import secrets as sample_secrets
from wbtui.demo.samples import workloads as sample_workloads
from wbtui.demo.samples.parts import PEOPLE, PROJECT, Sample, marks

__all__ = ["PROJECT", "populate"]

_IDS = uuid5(NAMESPACE_DNS, "demo.example.com")
_START = "2026-01-12T08:30:00Z"
_KINDS = 240  # templates of the additional secrets, each with its own day
_BYTES = 2250  # of a value: 3 KB once it is base64
_PROJECT_LABEL = "airm.silogen.ai/project-id"
_PROJECTS = (PROJECT, "training", "research")


def populate(store: ObjectStore, secrets: int, *, sample: bool) -> str:
    """Fill a new store, and return the namespace to start in; `secrets` more secrets are added to it."""
    namespaces = ("default", "kube-system", *_PROJECTS) if sample else ("default",)
    store.load(NAMESPACES, [_namespace(name) for name in namespaces])
    if sample:
        for resource, bodies in _samples().items():
            if resource in store.collections:
                store.load(resource, bodies)
    project = PROJECT if sample else "default"
    store.load(SECRETS, _more(project, secrets))
    return project


@cache
def _samples() -> dict[ServedResource, list[Json]]:
    """Return the sample objects by kind: every cluster of a process begins with the same ones, and changes none."""
    samples = {**sample_workloads.OBJECTS, **sample_models.OBJECTS, SECRETS.kind: sample_secrets.SECRETS}
    return {BY_KIND[kind]: [_finished(BY_KIND[kind], one) for one in some] for kind, some in samples.items()}


def _id(kind: str, namespace: str, name: str) -> UUID:
    return uuid5(_IDS, f"{kind}/{namespace}/{name}")


def _namespace(name: str) -> Json:
    labels = {_PROJECT_LABEL: str(_id("Project", "", name))} if name in _PROJECTS else {}
    body = {"metadata": {"name": name, "labels": labels}}
    return _finished(NAMESPACES, Sample(body, _START, "kube-apiserver"))


def _finished(resource: ServedResource, sample: Sample) -> Json:
    """Return an object with the fields that the server sets."""
    body = {"apiVersion": resource.api_version, "kind": resource.kind, **deepcopy(sample.body)}
    metadata = body["metadata"]
    identity = {"uid": str(_id(resource.kind, metadata.get("namespace", ""), metadata["name"]))}
    body["metadata"] = metadata | identity | {"creationTimestamp": sample.created}
    for owner in metadata.get("ownerReferences", ()):
        owner["uid"] = str(_id(owner["kind"], metadata["namespace"], owner["name"]))
    if resource.has_generation:
        body["metadata"]["generation"] = 1
    status = body.pop("status", None)
    complete(resource, body)
    entries = update(resource, None, body, Author(sample.manager, sample.created))
    body["metadata"]["managedFields"] = entries
    if status is not None:
        body["status"] = status
    resource.prepare(body)
    return body


def _more(namespace: str, count: int) -> Iterator[Json]:
    """Yield additional secrets, which share their content in memory."""
    templates = [_template(namespace, number) for number in range(min(count, _KINDS))]
    for number in range(count):
        stem, template = templates[number % _KINDS]
        name = f"{stem}-{number:06d}"
        uid = str(uuid5(_IDS, name))
        yield template | {"metadata": {"name": name, "namespace": namespace, "uid": uid, **template["metadata"]}}


def _template(namespace: str, number: int) -> tuple[str, Json]:
    """Return the beginning of the name, and the content, of additional secrets."""
    stem, use_case, keys = sample_secrets.STEMS[number % len(sample_secrets.STEMS)]
    created = timestamp(datetime(2026, 1, 13, 7, tzinfo=UTC) + timedelta(days=number, minutes=7 * number))
    metadata = {"name": stem, "namespace": namespace, **marks(use_case, PEOPLE[number % len(PEOPLE)])}
    value = b64encode(f"demo-{stem}-{number}-".encode().ljust(_BYTES // len(keys), b"x")).decode()
    body = _finished(SECRETS, Sample({"metadata": metadata, "data": dict.fromkeys(keys, value)}, created))
    for key in ("name", "namespace", "uid"):
        del body["metadata"][key]
    return f"{stem}-{sample_secrets.TEAMS[number % len(sample_secrets.TEAMS)]}", body

"""What the server says about itself: its version, its groups and its kinds."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256

from wbtui.demo.access import AUTHENTICATION, AUTHORIZATION
from wbtui.demo.resources import Resource
from wbtui.demo.wire import Json

VERSION = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v0.0.0-master+$Format:%H$",
    "gitCommit": "$Format:%H$",
    "gitTreeState": "",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "go1.26.6",
    "compiler": "gc",
    "platform": "linux/amd64",
}
REVIEWS = {  # group -> the kinds that are answered and not stored
    AUTHENTICATION: ("SelfSubjectReview",),
    AUTHORIZATION: ("SelfSubjectAccessReview", "SelfSubjectRulesReview"),
}
_FIELD_VALIDATION = {"name": "fieldValidation", "in": "query", "schema": {"type": "string", "uniqueItems": True}}
_HASH_BYTES = 8


class Discovery:
    """The answers about groups and kinds, by path."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._kinds: dict[tuple[str, str], list[Resource]] = {(group, "v1"): [] for group in REVIEWS}
        for resource in resources:
            self._kinds.setdefault((resource.group, resource.version), []).append(resource)
        self.answers = dict(self._answers())

    def has(self, group: str, version: str) -> bool:
        """Whether there is such a group."""
        return (group, version) in self._kinds

    def _answers(self) -> Iterator[tuple[str, Json]]:
        yield "/version", VERSION
        yield "/api", {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
        groups = [_group(group, version) for group, version in self._kinds if group]
        yield "/apis", {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        for entry in groups:
            yield f"/apis/{entry['name']}", {"kind": "APIGroup", "apiVersion": "v1", **entry}
        documents = {}
        for (group, version), resources in self._kinds.items():
            path = _path(group, version)
            yield f"/{path}", _resource_list(group, version, resources)
            yield f"/openapi/v3/{path}", _openapi(resources)
            documents[path] = {"serverRelativeURL": f"/openapi/v3/{path}"}
        yield "/openapi/v3", {"paths": documents}


def _path(group: str, version: str) -> str:
    return f"apis/{group}/{version}" if group else f"api/{version}"


def _group(group: str, version: str) -> Json:
    entry = {"groupVersion": f"{group}/{version}", "version": version}
    return {"name": group, "versions": [entry], "preferredVersion": entry}


def _resource_list(group: str, version: str, resources: list[Resource]) -> Json:
    entries = [entry for resource in resources for entry in _entries(resource)]
    for kind in REVIEWS.get(group, ()):
        singular = kind.lower()
        entry = {"name": f"{singular}s", "singularName": singular, "namespaced": False, "kind": kind}
        entries.append(entry | {"verbs": ["create"]})
    name = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": entries}


def _entries(resource: Resource) -> Iterator[Json]:
    common = {"namespaced": resource.namespaced, "kind": resource.kind}
    entry: Json = {"name": resource.plural, "singularName": resource.singular, **common}
    entry["verbs"] = list(resource.verbs)
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.categories:
        entry["categories"] = list(resource.categories)
    stored_as = f"{resource.group}/{resource.version}/{resource.kind}"
    entry["storageVersionHash"] = b64encode(sha256(stored_as.encode()).digest()[:_HASH_BYTES]).decode()
    yield entry
    if resource.has_status:
        verbs = ["get", "patch", "update"]
        yield {"name": f"{resource.plural}/status", "singularName": "", **common, "verbs": verbs}


def _openapi(resources: list[Resource]) -> Json:
    """As much of OpenAPI as lets kubectl know that the server checks fields."""
    paths = {}
    for resource in resources:
        kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
        operation = {"parameters": [_FIELD_VALIDATION], "x-kubernetes-group-version-kind": kind}
        namespaced = "namespaces/{namespace}/" if resource.namespaced else ""
        path = f"/{_path(resource.group, resource.version)}/{namespaced}{resource.plural}/{{name}}"
        paths[path] = {"patch": operation}
    return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.36"}, "paths": paths}

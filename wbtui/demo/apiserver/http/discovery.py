"""What the server says about itself: its version, its groups and its kinds."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256

from wbtui.demo.apiserver.access.users import AUTHENTICATION, AUTHORIZATION
from wbtui.demo.apiserver.shapes import ServedResource
from wbtui.demo.apiserver.wire import Json

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
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
"""The media type of all groups and kinds in one answer, which newer clients ask for."""
_STATUS_VERBS = ["get", "patch", "update"]
_HASH_BYTES = 8


class DiscoveryAnswers:
    """The answers about groups and kinds, by path."""

    def __init__(self, resources: Iterable[ServedResource]) -> None:
        self._kinds: dict[tuple[str, str], list[ServedResource]] = {(group, "v1"): [] for group in REVIEWS}
        for resource in resources:
            self._kinds.setdefault((resource.group, resource.version), []).append(resource)
        self.answers = dict(self._answers())
        self.aggregated = {"/api": self._aggregated([""]), "/apis": self._aggregated(self._groups())}

    def has(self, group: str, version: str) -> bool:
        """Return whether the server has a group in a version."""
        return (group, version) in self._kinds

    def _groups(self) -> list[str]:
        return list(dict.fromkeys(group for group, _ in self._kinds if group))

    def _versions(self, group: str) -> list[str]:
        """Return the versions of a group, the preferred one first: v1, v1beta1, v1alpha2, v1alpha1."""
        return sorted((version for one, version in self._kinds if one == group), key=_rank, reverse=True)

    def _answers(self) -> Iterator[tuple[str, Json]]:
        yield "/version", VERSION
        yield "/api", {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
        groups = [_group(group, self._versions(group)) for group in self._groups()]
        yield "/apis", {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        for entry in groups:
            yield f"/apis/{entry['name']}", {"kind": "APIGroup", "apiVersion": "v1", **entry}
        for (group, version), resources in self._kinds.items():
            path = f"/apis/{group}/{version}" if group else f"/api/{version}"
            yield path, _resource_list(group, version, resources)

    def _aggregated(self, groups: Iterable[str]) -> Json:
        items = [
            {
                "metadata": {"name": group} if group else {},
                "versions": [self._version(group, version) for version in self._versions(group)],
            }
            for group in groups
        ]
        return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}

    def _version(self, group: str, version: str) -> Json:
        resources = [*map(_discovered, self._kinds[group, version]), *map(_review, REVIEWS.get(group, ()))]
        return {"version": version, "resources": resources, "freshness": "Current"}


def _rank(version: str) -> tuple[bool, bool, str]:
    return ("alpha" not in version and "beta" not in version, "beta" in version, version)


def _group(group: str, versions: list[str]) -> Json:
    entries = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
    return {"name": group, "versions": entries, "preferredVersion": entries[0]}


def _resource_list(group: str, version: str, resources: list[ServedResource]) -> Json:
    entries = [entry for resource in resources for entry in _entries(resource)]
    for kind in REVIEWS.get(group, ()):
        singular = kind.lower()
        entry = {"name": f"{singular}s", "singularName": singular, "namespaced": False, "kind": kind}
        entries.append(entry | {"verbs": ["create"]})
    name = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": entries}


def _entries(resource: ServedResource) -> Iterator[Json]:
    common = {"namespaced": resource.namespaced, "kind": resource.kind}
    stored_as = f"{resource.group}/{resource.storage.version}/{resource.kind}"
    stored_hash = b64encode(sha256(stored_as.encode()).digest()[:_HASH_BYTES]).decode()
    yield {
        "name": resource.plural,
        "singularName": resource.singular,
        **common,
        "verbs": list(resource.verbs),
        **_names(resource),
        "storageVersionHash": stored_hash,
    }
    if resource.has_status:
        yield {"name": f"{resource.plural}/status", "singularName": "", **common, "verbs": _STATUS_VERBS}


def _names(resource: ServedResource) -> Json:
    names = {"shortNames": list(resource.short_names), "categories": list(resource.categories)}
    return {key: value for key, value in names.items() if value}


def _discovered(resource: ServedResource) -> Json:
    """Return the entry of a kind where all groups are answered at once."""
    kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
    entry: Json = {
        "resource": resource.plural,
        "responseKind": kind,
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": list(resource.verbs),
        **_names(resource),
    }
    if resource.has_status:
        entry["subresources"] = [{"subresource": "status", "responseKind": kind, "verbs": _STATUS_VERBS}]
    return entry


def _review(kind: str) -> Json:
    return {
        "resource": f"{kind.lower()}s",
        "responseKind": {"group": "", "version": "", "kind": kind},
        "scope": "Cluster",
        "singularResource": kind.lower(),
        "verbs": ["create"],
    }

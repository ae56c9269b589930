"""The OpenAPI documents, which kubectl uses to explain, validate and merge."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import sha512
from itertools import groupby
from typing import Any

from wbtui.demo.apiserver.schemas.documents import published
from wbtui.demo.apiserver.shapes import ServedResource
from wbtui.demo.apiserver.wire import Json, encode

_META = "io.k8s.apimachinery.pkg.apis.meta.v1"
_INFO = {"title": "Kubernetes", "version": "v1.36"}
_V3, _V2 = "#/components/schemas/", "#/definitions/"
_REFERENCE = re.compile(rf'"{_V3}([^"]+)"')
_NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "uniqueItems": True}}
_NAMESPACE = _NAME | {"name": "namespace"}
_OPTIONS = [
    {"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}}
    for name in ("dryRun", "fieldManager", "fieldValidation")
]
_ONLY_V3 = {"nullable", "anyOf", "oneOf", "allOf", "not"}
_METHODS = {  # method -> the action, and whether it takes options; of a collection, and of an object
    False: {"get": ("list", False), "post": ("post", True)},
    True: {"get": ("get", False), "put": ("put", True), "patch": ("patch", True), "delete": ("delete", False)},
}


class OpenApi:
    """The documents, made when they are first asked for."""

    def __init__(self, resources: Iterable[ServedResource]) -> None:
        self._groups = {path: list(kinds) for path, kinds in groupby(sorted(resources, key=_path), _path)}

    @cached_property
    def _documents(self) -> dict[str, bytes]:
        return {path: encode(_version_3(kinds)) for path, kinds in self._groups.items()}

    @cached_property
    def index(self) -> Json:
        """Return the path of each group version's document, with a hash by which clients cache it."""
        return {
            "paths": {
                path: {"serverRelativeURL": f"/openapi/v3/{path}?hash={sha512(document).hexdigest().upper()}"}
                for path, document in self._documents.items()
            }
        }

    def document(self, path: str) -> bytes | None:
        """Return the document of a group version (api/v1, apis/apps/v1), or None where it is not served."""
        return self._documents.get(path)

    @cached_property
    def version_2(self) -> Json:
        """Return everything in one document, as older clients want it."""
        kinds = [kind for kinds in self._groups.values() for kind in kinds]
        definitions = {name: _older(node) for name, node in _schemas(kinds).items()}
        paths = {path: _older(item) for kind in kinds for path, item in _paths(kind)}
        return {"swagger": "2.0", "info": _INFO, "paths": paths, "definitions": definitions}


def _path(resource: ServedResource) -> str:
    return resource.path


def _version_3(kinds: list[ServedResource]) -> Json:
    paths = {path: item for kind in kinds for path, item in _paths(kind)}
    return {"openapi": "3.0.0", "info": _INFO, "paths": paths, "components": {"schemas": _schemas(kinds)}}


def _name(resource: ServedResource) -> str:
    """Return the name of a kind's schema: io.k8s.api.core.v1.Secret, com.amd.eai.aim.v1alpha1.AIMService."""
    if not resource.custom:
        return f"io.k8s.api.{resource.group or 'core'}.{resource.version}.{resource.kind}"
    return ".".join([*reversed(resource.group.split(".")), resource.version, resource.kind])


def _schemas(kinds: Iterable[ServedResource]) -> dict[str, Json]:
    """Return the schemas of kinds and of their lists, with all that these refer to."""
    known = published()
    wanted = [f"{_META}.{name}" for name in ("DeleteOptions", "Status")]
    needed: dict[str, Json] = {}
    for kind in kinds:
        name, gvk = _name(kind), {"group": kind.group, "kind": kind.kind, "version": kind.version}
        if kind.custom:
            known |= {name: _custom(kind, gvk), f"{name}List": _list(name, gvk)}
        wanted += [name, f"{name}List"]
    while wanted:
        name = wanted.pop()
        if name in known and name not in needed:
            needed[name] = known[name]
            wanted += _REFERENCE.findall(encode(known[name]).decode())
    return dict(sorted(needed.items()))


def _custom(resource: ServedResource, gvk: Json) -> Json:
    properties = resource.schema["properties"] | {"metadata": {"$ref": f"{_V3}{_META}.ObjectMeta"}}
    return resource.schema | {"properties": properties, "x-kubernetes-group-version-kind": [gvk]}


def _list(name: str, gvk: Json) -> Json:
    text = {"type": "string"}
    items = {"type": "array", "items": {"$ref": f"{_V3}{name}"}}
    properties = {"apiVersion": text, "items": items, "kind": text, "metadata": {"$ref": f"{_V3}{_META}.ListMeta"}}
    listed = gvk | {"kind": f"{gvk['kind']}List"}
    return {
        "type": "object",
        "required": ["items"],
        "properties": properties,
        "x-kubernetes-group-version-kind": [listed],
    }


def _paths(resource: ServedResource) -> Iterator[tuple[str, Json]]:
    """Yield the paths of a kind with what can be done there."""
    scope = [_NAMESPACE] if resource.namespaced else []
    path = f"/{resource.path}/{'namespaces/{namespace}/' if scope else ''}{resource.plural}"
    yield path, _operations(resource, single=False) | ({"parameters": scope} if scope else {})
    yield f"{path}/{{name}}", _operations(resource, single=True) | {"parameters": [_NAME, *scope]}


def _operations(resource: ServedResource, *, single: bool) -> Json:
    gvk = {"group": resource.group, "kind": resource.kind, "version": resource.version}
    owner = "".join(word.capitalize() for word in [*resource.group.split("."), resource.version])
    content = {"application/json": {"schema": {"$ref": f"{_V3}{_name(resource)}"}}}
    return {
        method: {
            "operationId": f"{action}{owner}{resource.kind}",
            "parameters": _OPTIONS if options else [],
            "responses": {"200": {"description": "OK", "content": content}},
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": gvk,
        }
        for method, (action, options) in _METHODS[single].items()
    }


def _older(node: Any) -> Any:
    """Return a part of an OpenAPI 3 document in the format of version 2."""
    if isinstance(node, list):
        return [_older(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        return {"$ref": reference.replace(_V3, _V2)}
    return {key: _older(value) for key, value in _flat(node).items() if key not in _ONLY_V3}


def _flat(node: Json) -> Json:
    """Return a node with what version 3 has put into objects of its own."""
    if "x-kubernetes-int-or-string" in node or "oneOf" in node:
        return {"type": "string", "format": node.get("format", "int-or-string")}
    if "in" in node and isinstance(node.get("schema"), dict):
        return {**{key: value for key, value in node.items() if key != "schema"}, **node["schema"]}
    if isinstance(content := node.get("content"), dict) and "application/json" in content:
        return {"description": "OK", **content["application/json"]}
    return node

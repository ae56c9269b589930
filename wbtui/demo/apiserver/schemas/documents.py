"""The schemas of the built-in kinds, and the custom resource definitions that come with the demo: recorded data."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from wbtui.demo.apiserver.schemas.defaults import DEFAULTS
from wbtui.demo.apiserver.wire import Json

_DATA = Path(__file__).parent / "data"
PRESERVE = "x-kubernetes-preserve-unknown-fields"
STRUCT = "x-go-struct"  # a field that is always there, if only empty
GO_TYPE = "x-go-type"


@cache
def _builtin() -> Json:
    schemas: Json = _read("builtin")
    return schemas


def published() -> dict[str, Json]:
    """Return the schemas of the built-in kinds by name, as OpenAPI documents have them."""
    return dict(_builtin()["schemas"])


def messages() -> dict[str, dict[str, list[str]]]:
    """Return name and type of the fields of each protocol buffer by number."""
    return dict(_builtin()["fields"])


def shipped(name: str) -> list[Json]:
    """Return custom resource definitions that come with the demo: aim, external-secrets."""
    return list(_read(name))


def _read(name: str) -> Any:
    return json.loads(gzip.decompress((_DATA / f"{name}.json.gz").read_bytes()))


@cache
def linked(name: str) -> Json:
    """Return the schema of a built-in type with what it refers to in place, and with the server's defaults."""
    node = _linked(_builtin()["schemas"][name])
    if node.get("type") == "object" and not {"properties", "additionalProperties"} & node.keys():
        node[PRESERVE] = True
    _, _, package_and_name = name.rpartition("api.")
    node[GO_TYPE] = ".".join(package_and_name.split(".")[-2:])
    for field, value in DEFAULTS.get(name, {}).items():
        node["properties"][field] = node["properties"][field] | {"default": value}
    return node


def _linked(node: Json) -> Json:
    """Return a schema with what it refers to in place."""
    if "$ref" in node:
        extra = {key: value for key, value in node.items() if key not in {"$ref", "default"}}
        struct = {STRUCT: True} if node.get("default") == {} else {}
        return {**linked(node["$ref"].rpartition("/")[2]), **extra, **struct}
    node = dict(node)
    if "properties" in node:
        node["properties"] = {name: _linked(member) for name, member in node["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            node[key] = _linked(node[key])
    return node

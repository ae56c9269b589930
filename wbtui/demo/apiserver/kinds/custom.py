"""Custom resources: kinds that are made from their CustomResourceDefinition alone."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from wbtui.demo.apiserver.kinds.columns import AGE, NAME
from wbtui.demo.apiserver.kinds.metadata import metadata_only
from wbtui.demo.apiserver.schemas.documents import linked
from wbtui.demo.apiserver.shapes import CUSTOM_VERBS, PrinterColumn, ServedResource
from wbtui.demo.apiserver.wire import Json

_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_STEP = re.compile(r"\.(\w+)|\[\?\(@\.(\w+) ?== ?[\"']?(\w+)[\"']?\)\]|\[(-?\d+)(?::\d*)?\]")


def custom(definitions: Iterable[Json]) -> Iterator[ServedResource]:
    """Yield the kinds of custom resource definitions, each in all served versions, the stored one first."""
    for definition in definitions:
        spec = definition["spec"]
        served = sorted(spec["versions"], key=lambda version: not version["storage"])
        stored, *others = (_resource(spec, version) for version in served)
        yield stored
        yield from (replace(other, stored_as=stored) for other in others)


def _resource(spec: Json, version: Json) -> ServedResource:
    names = spec["names"]
    return ServedResource(
        spec["group"],
        version["name"],
        names["plural"],
        names["kind"],
        tuple(_columns(version)),
        lambda: _schema(version["schema"]["openAPIV3Schema"]),
        namespaced=spec["scope"] == "Namespaced",
        short_names=tuple(names.get("shortNames", ())),
        categories=tuple(names.get("categories", ())),
        custom=True,
        verbs=CUSTOM_VERBS,
        has_status="status" in version.get("subresources", {}),
        selectable=frozenset({"metadata.name", "metadata.namespace", *_selectable(version)}),
        deprecation=_deprecation(spec, version),
        validate=metadata_only,
    )


def _selectable(version: Json) -> Iterator[str]:
    return (field["jsonPath"].removeprefix(".") for field in version.get("selectableFields", ()))


def _deprecation(spec: Json, version: Json) -> str:
    if not version.get("deprecated"):
        return ""
    name = f"{spec['group']}/{version['name']} {spec['names']['kind']}"
    return str(version.get("deprecationWarning") or f"{name} is deprecated")


def _schema(node: Json) -> Json:
    text = {"type": "string"}
    common = {"apiVersion": text, "kind": text, "metadata": linked(_META)}
    return node | {"properties": node.get("properties", {}) | common}


def _columns(version: Json) -> Iterator[PrinterColumn]:
    yield NAME
    shown = version.get("additionalPrinterColumns", ())
    for column in shown:
        path = column["jsonPath"]
        yield PrinterColumn(
            column["name"],
            _cell(path),
            column["type"],
            column.get("format", ""),
            column.get("priority", 0),
            ages=column["type"] == "date",
            description=f"Custom resource definition column (in JSONPath format): {path}",
        )
    if not shown:
        yield AGE


def _cell(path: str) -> Callable[[Json], Any]:
    """Return what a simple JSONPath shows: fields, one item by a field's value, or one by its place."""
    steps = [match.groups() for match in _STEP.finditer(path)]

    def cell(value: Any) -> Any:
        for name, key, wanted, place in steps:
            value = _field(value, name) if name else _item(value, key, wanted, place)
        return value

    return cell


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _item(items: Any, key: str | None, wanted: str, place: str | None) -> Any:
    if not isinstance(items, list):
        return None
    if key is None:
        number = int(place or 0)
        return items[number] if -len(items) <= number < len(items) else None
    return next((item for item in items if str(item.get(key)) == wanted), None)

"""The custom resources of AMD's platform, as their schemas say, without prose."""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


class CustomKind(NamedTuple):
    """A kind in one of its versions, and the schema of its objects."""

    group: str
    version: str
    kind: str
    schema: dict[str, Any]
    plural: str
    namespaced: bool

    def __str__(self) -> str:
        return f"{self.kind}.{self.version}.{self.group}"


def definitions(*kinds: str) -> list[dict[str, Any]]:
    """Return the custom resource definitions of AMD's platform, of these kinds or of all.

    Where there are two of a kind, the newer one is returned.
    """
    newest = _newest()
    return [newest[key] for key in newest if not kinds or key[1] in kinds]


@cache
def _newest() -> dict[tuple[str, str], dict[str, Any]]:
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for archive in ("platform.json.gz", "aim-v1alpha2.json.gz"):
        for resource in json.loads(gzip.decompress((Path(__file__).parent / archive).read_bytes()))["items"]:
            newest[resource["spec"]["group"], resource["spec"]["names"]["kind"]] = resource
    return newest


def custom_kinds() -> Iterator[CustomKind]:
    """Yield every kind that AMD's platform serves, in each version."""
    for archive in sorted(Path(__file__).parent.glob("*.json.gz")):
        for resource in json.loads(gzip.decompress(archive.read_bytes()))["items"]:
            yield from versions_of(resource)


def versions_of(definition: dict[str, Any]) -> Iterator[CustomKind]:
    """Yield the kind that a definition says, in each version."""
    spec = definition["spec"]
    for version in spec["versions"]:
        if version["served"]:
            schema = version["schema"]["openAPIV3Schema"]
            names, namespaced = spec["names"], spec["scope"] == "Namespaced"
            yield CustomKind(spec["group"], version["name"], names["kind"], schema, names["plural"], namespaced)

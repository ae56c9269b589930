"""The custom resources of AMD's platform, as their schemas say, without prose."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple


class CustomKind(NamedTuple):
    """A kind in one of its versions, and the schema of its objects."""

    group: str
    version: str
    kind: str
    schema: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.kind}.{self.version}.{self.group}"


def custom_kinds() -> Iterator[CustomKind]:
    """Yield every kind that AMD's platform serves, in each version."""
    for archive in sorted(Path(__file__).parent.glob("*.json.gz")):
        for resource in json.loads(gzip.decompress(archive.read_bytes()))["items"]:
            spec = resource["spec"]
            for version in spec["versions"]:
                if version["served"]:
                    schema = version["schema"]["openAPIV3Schema"]
                    yield CustomKind(spec["group"], version["name"], spec["names"]["kind"], schema)

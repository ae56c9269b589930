"""Functions that build the sample objects."""

from base64 import b64encode
from typing import Any, NamedTuple

from wbtui.demo.apiserver.wire import Json

PROJECT = "llm-serving"
PREFIX = "airm.silogen.ai"
PEOPLE = ("amara.okafor", "jonas.lindqvist", "priya.raman", "mateo.alvarez", "sofia.keller")
AMARA, JONAS, PRIYA, MATEO, SOFIA = PEOPLE
REGISTRY = "ghcr.io/example"


class Sample(NamedTuple):
    """An object, its creation time, and the field manager that created it."""

    body: Json
    created: str
    manager: str = "airm-api"


def marks(use_case: str, person: str) -> Json:
    """Return the label and the annotation that the Workbench sets on a secret."""
    metadata: Json = {}
    if use_case:
        metadata["labels"] = {f"{PREFIX}/use-case": use_case}
    if person:
        metadata["annotations"] = {f"{PREFIX}/submitter": f"{person}@example.com"}
    return metadata


def values(name: str, *keys: str) -> dict[str, str]:
    """Return a value for each key, in base64, that says it is a demonstration."""
    return {key: b64encode(f"demo-{name}-{key}".encode()).decode() for key in keys}


def in_project(name: str, created: str, **parts: Any) -> Sample:
    """Return an object of the first project; `created` is month, day and time in 2026."""
    manager = parts.pop("manager", "helm")
    metadata = {"name": name, "namespace": PROJECT, **parts.pop("metadata", {})}
    return Sample({"metadata": metadata, **parts}, f"2026-{created}:00Z", manager)


def from_secret(variable: str, secret: str, key: str) -> Json:
    """Return an environment variable that reads its value from a secret."""
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}

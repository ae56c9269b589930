"""What the sample objects are made of."""

from base64 import b64encode
from typing import Any, NamedTuple

from wbtui.demo.apiserver.wire import Json

PROJECT = "llm-serving"
PREFIX = "airm.silogen.ai"
PEOPLE = ("amara.okafor", "jonas.lindqvist", "priya.raman", "mateo.alvarez", "sofia.keller")
AMARA, JONAS, PRIYA, MATEO, SOFIA = PEOPLE
REGISTRY = "ghcr.io/example"


class Sample(NamedTuple):
    """An object, when it was made, and with what."""

    body: Json
    created: str
    manager: str = "airm-api"


def marks(use_case: str, person: str) -> Json:
    """Return the label and the annotation that the Workbench gives a secret."""
    found: Json = {}
    if use_case:
        found["labels"] = {f"{PREFIX}/use-case": use_case}
    if person:
        found["annotations"] = {f"{PREFIX}/submitter": f"{person}@example.com"}
    return found


def values(name: str, *keys: str) -> dict[str, str]:
    """Return obviously invented values."""
    return {key: b64encode(f"demo-{name}-{key}".encode()).decode() for key in keys}


def in_project(name: str, created: str, **parts: Any) -> Sample:
    """Return an object of the first project."""
    manager = parts.pop("manager", "helm")
    metadata = {"name": name, "namespace": PROJECT, **parts.pop("metadata", {})}
    return Sample({"metadata": metadata, **parts}, f"2026-{created}:00Z", manager)


def from_secret(variable: str, secret: str, key: str) -> Json:
    """Return an environment variable that has its value from a secret."""
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}

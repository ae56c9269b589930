"""A collection of objects to list and watch."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wbtui.cluster.connection import JSON
from wbtui.domain.text import plain, shortened
from wbtui.errors import NotFound

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
"""Another name could make the path lead elsewhere."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection: its path, the selectors in the query, and the format to accept.

    A list begins with a page of `limit` objects; later ones have up to `most`, and 0 is as many as the first.
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    limit: int = 200
    most: int = 0


def path_of(api: str, plural: str, namespace: str | None) -> str:
    """Return the path of a kind's objects, in a namespace or in all.

    `api` is as in `apiVersion`. Raises `NotFound` for what cannot be the name of a namespace.
    """
    base = "/api/v1" if api == "v1" else f"/apis/{api}"
    if namespace is None:
        return f"{base}/{plural}"
    if not _NAMESPACE.fullmatch(namespace):
        raise NotFound(f"no project can be called {shortened(plain(namespace), 100)}")
    return f"{base}/namespaces/{namespace}/{plural}"

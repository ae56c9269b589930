"""Searching a project for users of its secrets: every kind that can name one, side by side."""

import asyncio
from collections.abc import Iterable

from pydantic_core import from_json

from wbtui.cluster.connection import JSON, Connection
from wbtui.domain.references import KINDS, Json, Kind, User, references_in, service_account_in
from wbtui.domain.secret import Owner
from wbtui.domain.usage import ABSENT, NotSearched, Usage
from wbtui.repository import ClusterError, Forbidden, NotFound, UnexpectedAnswer

_PAGE = "200"
_SIDE_BY_SIDE = 4
"""Requests at a time: enough to hide the way to the cluster, and few enough for its fairness."""


async def search(connection: Connection, namespace: str, prefix: str) -> Usage:
    """Look at everything in a namespace, and cluster-wide, that can name a secret; keep only where it does."""
    limit = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def look(kind: Kind) -> list[User] | NotSearched:
        async with limit:
            return await _look(connection, kind, namespace, prefix)

    answers = await asyncio.gather(*map(look, KINDS))
    users: list[User] = []
    not_searched: list[NotSearched] = []
    searched: list[str] = []
    for kind, answer in zip(KINDS, answers, strict=True):
        if isinstance(answer, NotSearched):
            not_searched.append(answer)
        else:
            searched.append(kind.kind)
            users += answer
    return Usage(tuple(users), tuple(searched), tuple(not_searched))


async def _look(connection: Connection, kind: Kind, namespace: str, prefix: str) -> list[User] | NotSearched:
    base = "/api/v1" if kind.api == "v1" else f"/apis/{kind.api}"
    path = f"{base}/{kind.plural}" if kind.cluster_wide else f"{base}/namespaces/{namespace}/{kind.plural}"
    query = {"limit": _PAGE, **({"labelSelector": kind.selector.format(prefix=prefix)} if kind.selector else {})}
    users: list[User] = []
    try:
        while True:
            answer = _read(await connection.get(path, query, accept=JSON))
            users += (_user(kind, thing) for thing in answer.get("items") or ())
            proceed = (answer.get("metadata") or {}).get("continue")
            if not proceed:
                return users
            query["continue"] = proceed
    except (ClusterError, AttributeError, TypeError, ValueError) as error:
        return NotSearched(kind.kind, _reason(error, kind))


def _reason(error: Exception, kind: Kind) -> str:
    if isinstance(error, NotFound):
        return ABSENT
    if isinstance(error, Forbidden):
        return "you may not list them" + (" cluster-wide" if kind.cluster_wide else "")
    return str(error) if isinstance(error, ClusterError) else "the answer is not what the Kubernetes API promises"


def _read(body: bytes) -> Json:
    try:
        answer = from_json(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise UnexpectedAnswer("the answer is no list")
    return answer


def _user(kind: Kind, thing: Json) -> User:
    metadata = thing.get("metadata") or {}
    return User(
        kind.kind,
        metadata.get("name", ""),
        metadata.get("namespace", ""),
        metadata.get("uid", ""),
        tuple(_owners(metadata.get("ownerReferences") or ())),
        tuple(references_in(kind, thing)),
        service_account_in(kind, thing),
    )


def _owners(references: Iterable[Json]) -> Iterable[Owner]:
    ordered = sorted(references, key=lambda owner: not owner.get("controller"))
    return (Owner(o.get("apiVersion", ""), o.get("kind", ""), o.get("name", ""), o.get("uid", "")) for o in ordered)

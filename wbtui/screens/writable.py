"""Where the user may write: projects for a new secret, and secrets of one name in several projects."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import NamedTuple, TypeVar

from wbtui.domain.batch import is_namesake, refusal_of_secret
from wbtui.domain.candidates import Candidate, Search
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.domain.text import first_of
from wbtui.errors import Forbidden
from wbtui.news import Complete, Interrupted, Page
from wbtui.repository import Cluster
from wbtui.screens.location_choices import projects_known_without
from wbtui.session import Session

T = TypeVar("T")
_SIDE_BY_SIDE = 4
"""Questions about rights that are under way at a time."""
_DELETED = "it is being deleted"
_ASKING = "Asking what you may do …"


async def projects_to_create_in(session: Session, here: str) -> AsyncIterator[Search[str]]:
    """Yield the projects and whether the user may create secrets in each, `here` first. Raises any `ClusterError`."""
    cluster = session.connected
    yield Search(under_way="Searching for projects …")
    names, remark = await _projects(session, cluster)
    names.setdefault(here, None)  # where projects have a label, it may have none
    ordered = sorted(names, key=lambda name: (name != here, name))
    candidates = [Candidate(name, name, names[name]) for name in ordered]
    async for search in _with_rights(candidates, lambda name: cluster.refusal("create", name)):
        yield replace(search, remark=remark)


async def project_to_create_in(cluster: Cluster, name: str) -> Candidate[str]:
    """Return a namespace that was named, and why the user cannot create secrets in it. Raises any `ClusterError`."""
    return Candidate(name, name, await _obstacle(cluster, name) or await cluster.refusal("create", name))


async def _obstacle(cluster: Cluster, name: str) -> str:
    """Return why nobody can create a secret in a namespace; empty where that is not known."""
    try:
        terminating = {one.namespace: one.terminating for one in await cluster.projects()}
    except Forbidden:
        return ""
    return (_DELETED if terminating[name] else "") if name in terminating else "there is no such namespace"


async def namesakes(session: Session, secret: Secret, listed: Iterable[Secret]) -> AsyncIterator[Search[Secret]]:
    """Yield a secret and those of its name or display name in other projects, and whether each may be changed.

    `listed` are those of all projects, where these are on the screen: nothing is read then. Raises any `ClusterError`.
    """
    cluster = session.connected
    found, remark = [secret], ""
    if session.scope.namespace is None:
        found += [one for one in listed if is_namesake(one, secret)]
    else:
        count, refused = 0, list[str]()
        async for page in _everywhere(session, cluster):
            if isinstance(page, _Refused):
                refused.append(page.what)
                remark = f"Not searched (you may not list them): {first_of(refused)}."
            else:
                count += len(page)
                found += [one for one in page if is_namesake(one, secret)]
                yield Search(tuple(map(_candidate, found)), under_way=f"Searching: {count} secrets looked at …")
    candidates = [_candidate(one) for one in sorted(found, key=lambda one: (one.uid != secret.uid, one.namespace))]
    async for search in _with_rights(candidates, lambda one: cluster.refusal("patch", one.namespace, one.name)):
        yield replace(search, remark=remark)


def _candidate(secret: Secret) -> Candidate[Secret]:
    return Candidate(secret, f"{secret.names} in {secret.namespace}", refusal_of_secret(secret) or None)


async def _projects(session: Session, cluster: Cluster) -> tuple[dict[str, str | None], str]:
    """Return the projects, those that cannot be written to with the reason; and what could not be looked at."""
    try:
        namespaces = await cluster.projects()
    except Forbidden:
        return dict.fromkeys(projects_known_without(session, cluster)), "You may not list namespaces: type others."
    projects = [one for one in namespaces if one.project_id] or list(namespaces)
    return {one.namespace: _DELETED if one.terminating else None for one in projects}, ""


class _Refused(NamedTuple):
    """What may not be listed."""

    what: str


async def _everywhere(session: Session, cluster: Cluster) -> AsyncIterator[Sequence[Secret] | _Refused]:
    """Yield the secrets of all projects page by page, and what could not be looked at."""
    async for page in _pages(cluster, None):
        if not isinstance(page, _Refused):
            yield page
            continue
        names, remark = await _projects(session, cluster)
        if remark:
            yield _Refused("other namespaces")
        for name in names:
            async for page_of_one in _pages(cluster, name):
                yield page_of_one


async def _pages(cluster: Cluster, namespace: str | None) -> AsyncIterator[Sequence[Secret] | _Refused]:
    """Yield the secrets of a project, or of all, page by page; in the place of a page, that they may not be listed."""
    async with aclosing(cluster.follow(Scope(namespace))) as all_news:  # type: ignore[type-var]
        async for news in all_news:
            match news:
                case Page(items=secrets):
                    yield secrets
                case Interrupted(error=Forbidden()):
                    yield _Refused(f"the secrets of {namespace}")
                    return
                case Interrupted(error=error):
                    raise error
                case Complete():
                    return
                case _:
                    pass


async def _with_rights(
    candidates: Iterable[Candidate[T]], refusal: Callable[[T], Awaitable[str]]
) -> AsyncIterator[Search[T]]:
    found = list(candidates)
    open_ones = [position for position, one in enumerate(found) if one.refusal is None]
    limit = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def ask(position: int) -> int:
        async with limit:
            found[position] = replace(found[position], refusal=await refusal(found[position].value))
        return position

    tasks = [asyncio.create_task(ask(position)) for position in open_ones]
    try:
        yield Search(tuple(found), under_way=_ASKING)
        for count, answer in enumerate(asyncio.as_completed(tasks), 1):
            await answer
            yield Search(tuple(found), under_way=f"{_ASKING} {count} of {len(tasks)}")
        yield Search(tuple(found))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

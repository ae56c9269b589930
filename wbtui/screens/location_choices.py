"""The projects and contexts that the user can go to, as choices."""

from wbtui.domain.projects import Scope
from wbtui.errors import Forbidden
from wbtui.repository import Cluster
from wbtui.screens.choose import Choice, Offer
from wbtui.session import Session


async def projects_of(session: Session, cluster: Cluster) -> Offer[Scope]:
    """Return the projects, and other namespaces, which are offered only when their names are typed.

    Without the right to list namespaces, returns the projects that are known without. Raises any other `ClusterError`.
    """
    try:
        projects = await cluster.projects()
    except Forbidden:
        remark = "You may not list namespaces: these are the current one and those that your groups name."
        return Offer([Choice(Scope(name), name) for name in projects_known_without(session, cluster)], remark)
    known = [
        Choice(
            Scope(project.namespace),
            project.namespace,
            "terminating" if project.terminating else "" if project.project_id else "not a project",
            listed=bool(project.project_id),
        )
        for project in projects
    ]
    return Offer([*known, Choice(Scope(None), "all projects", "one list of everything")])


def projects_known_without(session: Session, cluster: Cluster) -> tuple[str, ...]:
    """Return the projects that are known without listing namespaces: the current one, and those of the groups."""
    of_groups = session.account.projects if session.account else ()
    return tuple(dict.fromkeys((*filter(None, (session.scope.namespace, cluster.namespace)), *of_groups)))


async def contexts_of(session: Session) -> Offer[str]:
    """Return the contexts of the kubeconfig. Raises `KubeconfigError`."""
    return Offer(
        [
            Choice(
                context.name, context.name, " ".join(filter(None, (context.cluster, context.user, context.namespace)))
            )
            for context in await session.contexts()
        ]
    )

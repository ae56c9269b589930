"""The places that one can go to, as choices."""

from wbtui.domain.projects import Scope
from wbtui.repository import Cluster
from wbtui.screens.choose import Choice, Offer
from wbtui.session import Session


async def projects_of(cluster: Cluster) -> Offer[Scope]:
    """Return the projects, and the other namespaces for those who type their names. Raises any `ClusterError`."""
    projects = await cluster.projects()
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

"""The kinds and stores by which a cluster gives projects secrets by itself."""

from wbtui.cluster.connection import Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.metadata_lists import list_metadata
from wbtui.cluster.objects import path_to, why_not
from wbtui.domain.references import Kind
from wbtui.domain.served_kinds import ServedKind
from wbtui.domain.sharing import ExternalStore, Sharing
from wbtui.errors import ClusterError, Forbidden

_EXTERNAL, _KYVERNO = "external-secrets.io", "kyverno.io"
_STORES = ("SecretStore", "ClusterSecretStore")


async def sharing_in(connection: Connection, discovery: Discovery, namespace: str) -> Sharing:
    """Return the kinds that the cluster serves, and the stores that a project can read from.

    Raises any `ClusterError` where it is not known what the cluster serves.
    """
    served = await discovery.kinds()

    def api(group: str, kind: str) -> str:
        found = served.find(group, kind)
        return found.api if found else ""

    stores: list[ExternalStore] = []
    unknown: list[str] = []
    for kind in filter(None, (served.find(_EXTERNAL, name) for name in _STORES)):
        try:
            stores += [ExternalStore(kind.kind, name) for name in await _names(connection, kind, namespace)]
        except Forbidden as error:
            unknown.append(f"{kind.kind}: {why_not(_kind(kind), error)}")
        except ClusterError as error:
            unknown.append(f"{kind.kind}: {error}")
    return Sharing(
        api(_EXTERNAL, "ExternalSecret"),
        api(_EXTERNAL, "ClusterExternalSecret"),
        api(_KYVERNO, "ClusterPolicy"),
        tuple(stores),
        tuple(unknown),
    )


def _kind(served: ServedKind) -> Kind:
    return Kind(served.kind, served.api, served.plural, (), cluster_wide=not served.namespaced)


async def _names(connection: Connection, kind: ServedKind, namespace: str) -> list[str]:
    # Only metadata is asked for: a store says how to log in to it.
    return [found.get("name", "") for found in await list_metadata(connection, path_to(_kind(kind), namespace))]

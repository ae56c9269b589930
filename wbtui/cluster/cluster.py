"""One connected cluster, as the screens know it."""

from collections.abc import AsyncIterator

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from wbtui.cluster.connection import METADATA_LIST, Connection
from wbtui.cluster.external_secrets import source_of
from wbtui.cluster.secrets import SecretFeed
from wbtui.cluster.wire import ListMetadata, Metadata, read
from wbtui.cluster.writing import SecretWriter
from wbtui.domain.draft import Draft
from wbtui.domain.projects import Project, Scope
from wbtui.domain.secret import Secret
from wbtui.repository import Account, Context, ExternalSource, News

_PAGE = "500"


class _Namespace(TypedDict):
    metadata: Metadata


class _Namespaces(TypedDict):
    metadata: ListMetadata
    items: list[_Namespace]


class _UserInfo(TypedDict, total=False):
    username: str


class _ReviewStatus(TypedDict, total=False):
    userInfo: _UserInfo


class _Review(TypedDict):
    status: _ReviewStatus


_NAMESPACES = TypeAdapter(_Namespaces)
_REVIEW = TypeAdapter(_Review)


class KubernetesCluster:
    """A cluster behind an API server; `prefix` is that of the Workbench's labels, `email` the creator to name."""

    def __init__(
        self, connection: Connection, context: Context, *, prefix: str, email: str = "", read_only: bool = False
    ) -> None:
        self._connection = connection
        self._prefix = prefix
        self._email = email
        self.context = context.name
        self.namespace = context.namespace or "default"
        self.read_only = read_only

    def follow(self, scope: Scope) -> AsyncIterator[News]:
        """Yield the secrets of `scope` page by page, then every change, for ever."""
        return SecretFeed(self._connection, scope, self._prefix).news()

    async def account(self) -> Account:
        """Return who the cluster takes us for."""
        review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        body = await self._connection.ask("/apis/authentication.k8s.io/v1/selfsubjectreviews", review)
        user = read(_REVIEW, body)["status"].get("userInfo", _UserInfo())
        username = user.get("username", "")
        return Account(username, self._email or username, impersonated=bool(self._connection.impersonates))

    async def projects(self) -> tuple[Project, ...]:
        """Return all namespaces, those of the Workbench first."""
        found: list[Project] = []
        query = {"limit": _PAGE}
        while True:
            body = await self._connection.get("/api/v1/namespaces", query, accept=METADATA_LIST)
            answer = read(_NAMESPACES, body)
            found += (self._project(namespace["metadata"]) for namespace in answer["items"])
            if not answer["metadata"].get("continue"):
                return tuple(sorted(found, key=lambda project: (not project.project_id, project.namespace)))
            query = {"limit": _PAGE, "continue": answer["metadata"]["continue"]}

    async def create(self, draft: Draft, *, dry_run: bool = False) -> Secret:
        """Create a secret, or with `dry_run` only find out whether it could be created."""
        return await SecretWriter(self._connection, self._prefix).create(draft, dry_run=dry_run)

    async def external_source(self, secret: Secret) -> ExternalSource | None:
        """Return where the values of `secret` come from; None where no ExternalSecret owns it."""
        return await source_of(self._connection, secret)

    async def close(self) -> None:
        """Close every connection."""
        await self._connection.close()

    def _project(self, metadata: Metadata) -> Project:
        project_id = (metadata.get("labels") or {}).get(f"{self._prefix}/project-id", "")
        return Project(metadata.get("name", ""), project_id, terminating=bool(metadata.get("deletionTimestamp")))

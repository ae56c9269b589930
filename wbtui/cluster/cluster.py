"""One connected cluster, with the methods that screens use."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from wbtui.cluster.access import account_of, refusal_of, rights_in
from wbtui.cluster.connection import ConfirmWriter, Connection
from wbtui.cluster.login import Login
from wbtui.cluster.metadata_lists import list_metadata
from wbtui.cluster.secrets import secrets_of
from wbtui.cluster.wire import Metadata
from wbtui.domain.account import Account
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.clock import Clock, utc_now
from wbtui.domain.display_name import annotation, display_name_in
from wbtui.domain.prefixes import RESOURCE_MANAGER, Prefixes
from wbtui.domain.projects import Context, Project, Scope
from wbtui.domain.rights import Rights
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.errors import AccountChanged, ClusterError, NotSent
from wbtui.news import LoginNews, News

if TYPE_CHECKING:
    from wbtui.cluster.discovery import Discovery
    from wbtui.cluster.models import KubernetesModels
    from wbtui.cluster.services import KubernetesServices
    from wbtui.cluster.usage import UsageSearch
    from wbtui.cluster.workloads import KubernetesWorkloads
    from wbtui.cluster.writing import SecretWriter
    from wbtui.domain.draft import Draft
    from wbtui.domain.expiry import Certificates
    from wbtui.domain.reference_paths import Json
    from wbtui.domain.replacement import Replacement
    from wbtui.domain.sharing import Sharing
    from wbtui.domain.syncing import ExternalSource, ExternalSources
    from wbtui.domain.trials import TrialOptions
    from wbtui.domain.usage import SearchProgress, Usage

T = TypeVar("T")


class KubernetesCluster:
    """A cluster behind an API server; `email`, where it is not empty, is the creator of new objects.

    `note` gets a record of every write. `cache` is a folder for what was worked out from the cluster's schemas,
    `now` the clock for what is said of searches.
    """

    def __init__(
        self,
        connection: Connection,
        context: Context,
        *,
        prefixes: Prefixes,
        email: str,
        note: Callable[[AuditRecord], None],
        read_only: bool,
        protected: bool,
        trials: "TrialOptions",
        requested_namespace: str | None,
        cache: Path | None,
        now: Clock,
    ) -> None:
        self._connection = connection
        connection.begin_write = self._writer_check
        self.prefixes = prefixes
        self._email = email
        self._note = note
        self._username = ""
        self._asked_with: Login | None = None
        self._cache = cache
        self._now = now
        self.context = context.name
        self.namespace = context.namespace or "default"
        self.read_only = read_only
        self.protected = protected
        self.trials = trials
        self.requested_namespace = requested_namespace

    @cached_property
    def _discovery(self) -> "Discovery":
        from wbtui.cluster.discovery import Discovery  # noqa: PLC0415  the first rows do not wait for it

        return Discovery(self._connection)

    @cached_property
    def _writer(self) -> "SecretWriter":
        from wbtui.cluster.writing import SecretWriter  # noqa: PLC0415  the first rows do not wait for it

        return SecretWriter(self._connection, self.prefixes)

    @cached_property
    def workloads(self) -> "KubernetesWorkloads":
        """Return the store of workloads, which secrets are attached to."""
        from wbtui.cluster.workloads import KubernetesWorkloads  # noqa: PLC0415  the first rows do not wait for it

        name = annotation(self.prefixes.workbench)
        return KubernetesWorkloads(self._connection, self._discovery, self._record_change, name)

    @cached_property
    def models(self) -> "KubernetesModels":
        """Return the store of models."""
        from wbtui.cluster.models import KubernetesModels  # noqa: PLC0415  few sessions deploy anything

        return KubernetesModels(self._connection, self._discovery, self.prefixes.workbench)

    @cached_property
    def services(self) -> "KubernetesServices":
        """Return the store of services."""
        from wbtui.cluster.services import KubernetesServices  # noqa: PLC0415  few sessions deploy anything

        return KubernetesServices(self._connection, self._discovery, self.prefixes.workbench)

    @cached_property
    def _usage_search(self) -> "UsageSearch":
        from wbtui.cluster.searchable_kinds import KindFinder  # noqa: PLC0415  no secret waits for it
        from wbtui.cluster.usage import UsageSearch  # noqa: PLC0415

        finder = KindFinder(self._connection, self._discovery, self._cache)
        return UsageSearch(self._connection, finder, annotation(self.prefixes.workbench), self._now)

    async def follow(self, scope: Scope) -> AsyncGenerator[News, None]:
        """Yield the secrets of `scope` page by page, then every change, without end."""
        async with aclosing(secrets_of(self._connection, scope, self.prefixes).follow()) as all_news:
            async for news in all_news:
                yield news

    async def named(self, namespace: str, name: str) -> Secret | None:
        """Return the present secret of this name; None where there is none."""
        found = await secrets_of(self._connection, Scope(namespace), self.prefixes, name=name).items()
        return found[0] if found else None

    def listen_for_warnings(self, tell: Callable[[str], None]) -> None:
        """Call `tell` with every warning in the answer to a write."""
        self._connection.tell_warning = tell

    async def account(self) -> Account:
        """Return the user that the cluster sees."""
        account, self._asked_with = await account_of(self._connection, self._email)
        self._username = account.username
        return account

    def follow_login(self) -> AsyncIterator[LoginNews]:
        """Yield every start and end of a credential plugin, and every renewal."""
        return self._connection.logins.news()

    def give_up_login(self) -> None:
        """End the running credential plugin."""
        self._connection.logins.give_up()

    def try_login_again(self) -> None:
        """Allow logins again after `give_up_login`."""
        self._connection.logins.try_again()

    def reconnect(self) -> None:
        """Use the server that the context leads to now."""
        self._connection.logins.reconnect()

    async def rights(self, namespace: str) -> Rights:
        """Return the user's rights in a namespace, and the API groups that the cluster does not have."""
        return await rights_in(self._connection, self._discovery, namespace)

    async def usage(self, *namespaces: str, tell: "Callable[[SearchProgress], object]" = lambda _: None) -> "Usage":
        """Search namespaces for users of their secrets."""
        return await self._usage_search.search(*namespaces, tell=tell)

    def follow_usage(self, namespace: str | None) -> "AsyncIterator[Usage]":
        """Yield the users of the secrets of a namespace, or of all, without end."""
        return self._usage_search.follow(namespace)

    async def projects(self, selector: str = "") -> tuple[Project, ...]:
        """Return the namespaces that a label selector selects, or all; those of the Workbench first."""
        query = {"labelSelector": selector} if selector else {}
        namespaces = await list_metadata(self._connection, "/api/v1/namespaces", query)
        projects = map(self._project, namespaces)
        return tuple(sorted(projects, key=lambda project: (not project.project_id, project.namespace)))

    async def create(self, draft: "Draft", *, dry_run: bool = False) -> Secret:
        """Create a secret; with `dry_run`, only check that this is possible."""
        creating = self._writer.create(draft, dry_run=dry_run)
        return await (creating if dry_run else self._recorded(_record("create", draft), creating))

    async def replace(self, replacement: "Replacement", *, dry_run: bool = False) -> Secret:
        """Replace the values of a secret, its use case or its date; with `dry_run`, only check whether that works."""
        secret, action = replacement.secret, replacement.action
        replacing = self._writer.replace(replacement, dry_run=dry_run)
        return await (replacing if dry_run else self._recorded(_record(action, secret, secret.uid), replacing))

    async def delete(self, secret: Secret) -> Secret | None:
        """Delete a secret for good."""
        return await self._recorded(_record("delete", secret, secret.uid), self._writer.delete(secret), _end_of_delete)

    async def read(self, secret: Secret) -> Secret:
        """Return the current metadata of a secret."""
        return await self._writer.read(secret)

    async def refusal(self, verb: str, namespace: str, name: str = "") -> str:
        """Return the missing right to a verb on a secret; empty where the user has it."""
        return await refusal_of(self._connection, verb, namespace, name)

    async def _record_change(self, action: str, manifest: "Json", write: "Awaitable[Json]") -> "Json":
        metadata = manifest["metadata"]
        name, annotations = metadata["name"], metadata.get("annotations") or {}
        record = AuditRecord(
            action=action,
            project=metadata["namespace"],
            name=f"{manifest['kind']} {name}",
            uid=metadata.get("uid", ""),
            display_name=display_name_in(annotations, annotation(self.prefixes.workbench), name),
        )
        return await self._recorded(record, write)

    async def _recorded(
        self, record: AuditRecord, write: Awaitable[T], end: Callable[[T], str] = lambda _: "done"
    ) -> T:
        result, user = "interrupted: not known whether it was done", self._username
        try:
            answer = await write
            record, result = record._replace(uid=getattr(answer, "uid", record.uid)), end(answer)
        except ClusterError as error:
            result = error.title
            raise
        else:
            return answer
        finally:
            time = utc_now().isoformat(timespec="seconds")
            written_by = user or self._username
            self._note(record._replace(time=time, user=written_by, context=self.context, result=result))

    def _writer_check(self) -> ConfirmWriter:
        return partial(self._confirm_writer, self._username)

    async def _confirm_writer(self, before: str, login: Login) -> None:
        # The body names its creator. As long as the user is not known, there is nothing to compare.
        if not before or (login is self._asked_with and before == self._username):
            return
        try:
            account, asked_with = await account_of(self._connection, self._email)
        except ClusterError as error:
            raise NotSent(f"it is not known whose the new credentials are: {error}", advice=error.advice) from error
        # Only `account`, whose answer is shown, may switch to another user: the next write must fail as well.
        if account.username != before:
            words = f"the credentials are those of {plain(account.username)} now, and no longer of {plain(before)}"
            raise AccountChanged(words)
        if before == self._username:
            self._asked_with = asked_with

    async def external_sources(self, secret: Secret) -> "tuple[ExternalSource, ...]":
        """Return where the values of `secret` come from; empty where no ExternalSecret writes it."""
        from wbtui.cluster.external_secrets import sources_of  # noqa: PLC0415  few secrets have such a source

        return await sources_of(self._connection, self._discovery, secret)

    def follow_sources(self, namespace: str | None) -> "AsyncIterator[ExternalSources]":
        """Yield the ExternalSecrets of a namespace, or of all, and every change of them."""
        from wbtui.cluster.external_secrets import EXTERNAL_SECRETS  # noqa: PLC0415  no row waits for it

        return EXTERNAL_SECRETS.follow(self._connection, self._discovery, namespace)

    def follow_certificates(self, namespace: str | None) -> "AsyncIterator[Certificates]":
        """Yield the Certificates of a namespace, or of all, and every change of them."""
        from wbtui.cluster.certificates import CERTIFICATES  # noqa: PLC0415  no row waits for it

        return CERTIFICATES.follow(self._connection, self._discovery, namespace)

    async def sharing(self, namespace: str) -> "Sharing":
        """Return the kinds and stores by which the cluster gives projects secrets by itself."""
        from wbtui.cluster.sharing import sharing_in  # noqa: PLC0415  few sessions ask

        return await sharing_in(self._connection, self._discovery, namespace)

    async def close(self) -> None:
        """Close every connection."""
        if discovery := vars(self).get("_discovery"):
            discovery.close()
        await self._connection.close()

    def _project(self, metadata: Metadata) -> Project:
        labels = metadata.get("labels") or {}
        project_id = labels.get(f"{self.prefixes.apps}/project-id") or labels.get(f"{RESOURCE_MANAGER}/project-id", "")
        return Project(metadata.get("name", ""), project_id, terminating=bool(metadata.get("deletionTimestamp")))


def _record(action: str, what: "Draft | Secret", uid: str = "") -> AuditRecord:
    """Return the record of a write that has not ended yet."""
    return AuditRecord(action=action, project=what.namespace, name=what.name, uid=uid, display_name=what.display_name)


def _end_of_delete(kept: Secret | None) -> str:
    return f"being deleted, waits for {kept.waits_for}" if kept else "done"

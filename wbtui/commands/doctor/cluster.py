"""The cluster: its version, how fast it answers, the user's rights, and which kinds it serves."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import NamedTuple, TypedDict, TypeVar

from msgspec.json import Decoder

from wbtui.cluster.access import account_of, rights_in
from wbtui.cluster.collection import path_of
from wbtui.cluster.connection import JSON, METADATA, METADATA_LIST, Connection, RequestOptions
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.cluster.wire import parse
from wbtui.commands.advice import advice_of
from wbtui.commands.doctor.report import RETRY, DoctorReport, SectionFacts
from wbtui.domain.models import AIM_GROUP
from wbtui.domain.projects import Context
from wbtui.domain.redaction import Redaction
from wbtui.domain.references import KINDS
from wbtui.domain.rights import SECRETS, Resource, Rights
from wbtui.domain.served_kinds import ServedKinds
from wbtui.errors import ClusterError, CredentialsError, Forbidden

_LOGIN_SECONDS = 30.0
"""How long a login may take; a plugin that waits for a person cannot be seen here."""
_TRIES = 3
_VERBS = ("list", "watch", "get", "create", "patch", "delete")
_RESOURCES = {
    "secrets": SECRETS,
    "deployments": Resource("apps", "deployments"),
    "services of models": Resource(AIM_GROUP, "aimservices"),
}
T = TypeVar("T")


class _Version(TypedDict):
    gitVersion: str


_VERSION = Decoder(_Version)


class ExaminedPlace(NamedTuple):
    """What to look at: a context, and the project there."""

    kubeconfig: Kubeconfig
    context: Context
    namespace: str
    options: RequestOptions


async def describe_cluster(report: DoctorReport, place: ExaminedPlace) -> None:
    """Add what the cluster says; what it refuses, or that it does not answer, is a finding."""
    connection = Connection(place.kubeconfig, place.context, place.options)
    try:
        if await _log_in(report, connection):
            await _Visit(report, connection, place.namespace).describe()
    finally:
        await connection.close()


async def _log_in(report: DoctorReport, connection: Connection) -> bool:
    began = monotonic()
    try:
        async with asyncio.timeout(_LOGIN_SECONDS):
            await connection.logins.current()
    except TimeoutError:
        report.find(
            f"the login did not end within {_LOGIN_SECONDS:.0f} s",
            "Log in by hand, as with kubectl get namespaces, then run wbtui doctor again",
        )
        return False
    except CredentialsError:  # its message quotes what the plugin wrote
        report.find("the credential plugin or the identity provider gave no credentials", "Run its command by hand")
        return False
    except ClusterError as error:
        report.find(str(error), advice_of(error, RETRY))
        return False
    report.section("cluster")["login"] = f"after {_milliseconds(began)} ms"
    return True


class _Visit:
    """Asks one cluster, step by step; each step that fails is a finding."""

    def __init__(self, report: DoctorReport, connection: Connection, namespace: str) -> None:
        self._report = report
        self._connection = connection
        self._namespace = namespace
        self._facts: SectionFacts = report.section("cluster")
        self._discovery = Discovery(connection)

    async def describe(self) -> None:
        """Ask for everything; nothing more after a server that does not answer."""
        if await self._asked("version", self._version()) is None:
            return
        await self._asked("user", self._user())
        await self._asked("project", self._project())
        await self._asked("list one secret", self._list())
        await self._asked("rights", self._rights())
        await self._asked("kinds", self._kinds())

    async def _asked(self, about: str, asking: Awaitable[str]) -> str | None:
        try:
            answer = await asking
        except ClusterError as error:
            self._fail(about, error)
            return None
        if answer:
            self._facts[about] = answer
        return answer

    def _fail(self, about: str, error: ClusterError) -> None:
        login = self._connection.logins.last
        token = login.credential.authorization.partition(" ")[2] if login else ""
        error.reword(Redaction([token.encode()] if token else []).clean)
        self._facts[about] = error.title
        self._report.find(f"{about}: {error}", advice_of(error, RETRY))

    async def _version(self) -> str:
        times, version = [], ""
        for _ in range(_TRIES):
            began = monotonic()
            try:
                version = parse(_VERSION, await self._connection.get("/version", accept=JSON))["gitVersion"]
            except Forbidden:
                version = "not told to this user"
            times.append(_milliseconds(began))
        self._facts["latency"] = ", ".join(f"{time} ms" for time in times) + " (the first with a new connection)"
        return version

    async def _user(self) -> str:
        account, _ = await account_of(self._connection, "")
        return (account.username or "not known") + (" (impersonated)" if account.impersonated else "")

    async def _project(self) -> str:
        try:
            await self._connection.get(f"{path_of('v1', 'namespaces', None)}/{self._namespace}", accept=METADATA)
        except Forbidden:
            return f"{self._namespace} (this user may not look whether it is there)"
        return self._namespace

    async def _list(self) -> str:
        began = monotonic()
        path = path_of("v1", "secrets", self._namespace)
        body = await self._connection.get(path, {"limit": "1"}, accept=METADATA_LIST)
        return f"{_milliseconds(began)} ms, {len(body)} bytes"

    async def _rights(self) -> str:
        began = monotonic()
        rights = await rights_in(self._connection, self._discovery, self._namespace)
        facts = self._report.section(f"rights in {self._namespace}")
        facts.update((name, _verbs(rights, resource)) for name, resource in _RESOURCES.items())
        if not rights.complete:
            facts["note"] = "the cluster could not list all rights: more may be allowed"
        return f"after {_milliseconds(began)} ms"

    async def _kinds(self) -> str:
        began = monotonic()
        served = await self._discovery.kinds()
        self._report.section("kinds").update(_by_group(served))
        return f"{len(served.kinds)} served, after {_milliseconds(began)} ms"


def _verbs(rights: Rights, resource: Resource) -> str:
    if resource.group in rights.lacking:
        return "not served"
    granted: Callable[[str], bool] = lambda verb: any(rule.allows(verb, resource, "") for rule in rights.rules)  # noqa: E731
    names = {verb: sorted(rights.names(verb, resource)) for verb in _VERBS if granted(verb)}
    return ", ".join(f"{verb} ({len(of)} by name)" if of else verb for verb, of in names.items()) or "none"


def _by_group(served: ServedKinds) -> SectionFacts:
    """Return for each API group that wbtui knows of the versions that the cluster serves, and the missing kinds."""
    groups: dict[str, list[str]] = {}
    for kind in KINDS:
        groups.setdefault(kind.resource.group, []).append(kind.kind)
    return {group or "core": _group_in_words(served, group, names) for group, names in groups.items()}


def _group_in_words(served: ServedKinds, group: str, names: list[str]) -> str:
    if group in served.unknown:
        return "not known: its API server does not answer"
    versions = {one.api.rpartition("/")[2]: None for name in names for one in served.versions(group, name)}
    missing = [name for name in names if not served.find(group, name)]
    if not versions:
        return "not served"
    return ", ".join(versions) + (f" (without {', '.join(missing)})" if missing else "")


def _milliseconds(since: float) -> int:
    return round((monotonic() - since) * 1000)

"""Secrets by the thousand, and a cluster that tells prepared news about them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from random import Random
from sys import intern
from typing import NoReturn, cast

from wbtui.domain.expiry import Certificates
from wbtui.domain.projects import Context, Scope
from wbtui.domain.secret import FieldsChange, Secret
from wbtui.domain.syncing import ExternalSources
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.errors import Forbidden
from wbtui.news import LoginNews, LoginRenewed, News
from wbtui.repository import Cluster

_STEMS = ("hf-token", "s3-results", "ghcr-pull", "pg", "api-key", "minio", "registry", "webhook")
_MODELS = ("llama", "mistral", "qwen", "gemma", "falcon", "whisper", "deepseek", "phi")
_STAGES = ("eval", "prod", "staging", "batch", "chat", "research")
_PEOPLE = tuple(f"{name}@example.com" for name in ("amara", "alice", "jonas", "mateo", "priya", "sofia", "wei", "tom"))
_KEYS = (("token",), ("access-key", "secret-key"), (".dockerconfigjson",), ("uri",), ("username", "password"), ("key",))
COMPARED = "llama\b\b\b\b\b"
"""What is typed here and there to compare the two."""
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)


def make_secret(number: int, version: int = 1, projects: int = 1) -> Secret:
    """Return one of any number of different secrets: always the same for the same number and version."""
    choose = Random(number)
    stem, use_case = choose.choice(_STEMS), choose.choice(USE_CASES)
    created = _FIRST_DAY + timedelta(minutes=choose.randrange(1_000_000))
    return Secret(
        uid=f"5d0c6c0e-3a0f-4c55-9a7e-{number:012x}",
        namespace=intern(f"project-{number % projects:03}"),
        name=f"{stem}-{choose.choice(_MODELS)}-{choose.choice(_STAGES)}-{number:06d}",
        resource_version=f"{version}{number:07d}",
        type=use_case.type,
        key_count=1,
        keys=choose.choice(_KEYS),
        use_case=use_case.value,
        creator=intern(choose.choice(_PEOPLE)),
        created=created,
        immutable=not choose.randrange(20),
        labels={"use-case": use_case.value, "project-secret-id": f"{number:032x}"},
        annotations={"submitter": choose.choice(_PEOPLE)},
        changes=(FieldsChange("airm-api", "Update", created),),
    )


def make_secrets(count: int, projects: int = 1) -> list[Secret]:
    """Return so many secrets in the order in which a cluster lists them."""
    return sorted(
        (make_secret(number, projects=projects) for number in range(count)),
        key=lambda secret: (secret.namespace, secret.name),
    )


class PreparedCluster:
    """A cluster whose news are what is put into its queue; it does what a list needs, and nothing else."""

    context = "bench"
    namespace = "bench"
    read_only = False
    protected = False
    requested_namespace = None

    def __init__(self) -> None:
        self.queue: asyncio.Queue[News] = asyncio.Queue()

    async def follow(self, scope: Scope) -> AsyncIterator[News]:
        """Yield the news, for ever; between two of them the application may draw, as it may between two reads."""
        del scope
        while True:
            yield await self.queue.get()
            await asyncio.sleep(0)

    async def follow_login(self) -> AsyncIterator[LoginNews]:
        """Yield nothing, for ever: there is no login."""
        await asyncio.Event().wait()
        yield LoginRenewed()

    async def follow_sources(self, namespace: str | None) -> AsyncIterator[ExternalSources]:
        """Yield nothing, for ever: nothing is written by an ExternalSecret."""
        del namespace
        await asyncio.Event().wait()
        yield ExternalSources({})

    async def follow_certificates(self, namespace: str | None) -> AsyncIterator[Certificates]:
        """Yield nothing, for ever: nothing is written by a Certificate."""
        del namespace
        await asyncio.Event().wait()
        yield Certificates({})

    def reconnect(self) -> None:
        """Stay connected."""

    async def account(self) -> NoReturn:
        """Know nobody."""
        raise Forbidden("there is nobody here")

    async def rights(self, namespace: str | None) -> NoReturn:
        """Know of no right."""
        raise Forbidden(f"nobody may do anything in {namespace}")

    async def close(self) -> None:
        """Have nothing to close."""


class PreparedClusters:
    """The one prepared cluster."""

    def __init__(self, cluster: PreparedCluster) -> None:
        self._cluster = cluster

    async def contexts(self) -> tuple[Context, ...]:
        """Return no context: nothing here goes to another."""
        return ()

    async def connect(self, context: str | None = None) -> Cluster:
        """Return the cluster."""
        del context
        return cast("Cluster", self._cluster)

    async def open_demo(self) -> None:
        """Have no demo."""

    async def close(self) -> None:
        """Have nothing to close."""

"""Where a command reads: the cluster that the flags and the settings name, and the projects there."""

import asyncio
import shlex
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from wbtui.arguments import settings_in
from wbtui.cluster.connection import Connection, RequestOptions
from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.projects import Scope, named_projects
from wbtui.errors import NotFound
from wbtui.news import LoginNews, PluginWait
from wbtui.storage.settings import Settings, read_settings


class Place(NamedTuple):
    """A connection to a cluster, and where to look there: in some namespaces, or with None in all."""

    connection: Connection
    prefixes: Prefixes
    email: str
    namespaces: tuple[str | None, ...]

    def scopes(self, *, helm: bool) -> list[Scope]:
        """Return the scopes of the secrets to look for."""
        return [Scope(namespace, helm) for namespace in self.namespaces]

    @property
    def many(self) -> bool:
        """Return whether there may be several projects."""
        return self.namespaces == (None,) or len(self.namespaces) > 1

    @property
    def in_words(self) -> str:
        """Return where that is, for a sentence."""
        names = [namespace for namespace in self.namespaces if namespace]
        return f"project{'s' * (len(names) > 1)} {', '.join(names)}" if names else "any project"


def settings_of(options: Namespace) -> Settings:
    """Return the settings with the flags of a command. Raises `SettingsError`."""
    return read_settings(settings_in(options))


def projects_in(named: str) -> tuple[str, ...]:
    """Return the projects that the settings or a context name. Raises `NotFound` where that cannot be a name."""
    try:
        return named_projects(named)
    except ValueError as error:
        raise NotFound(str(error)) from error


def place_flags(options: Namespace, namespace: str) -> str:
    """Return the flags by which another command reaches the same cluster and a project, as a shell takes them."""
    flags = {"-n": namespace, "--context": options.context, "--kubeconfig": options.kubeconfig}
    flags["--as"] = options.impersonate
    return shlex.join(word for flag, value in flags.items() if value for word in (flag, value))


@asynccontextmanager
async def connected(options: Namespace) -> AsyncIterator[Place]:
    """Connect to the cluster that is meant, to read. Raises `ClusterError`."""
    settings = settings_of(options)
    kubeconfig = Kubeconfig.of(settings.kubeconfig)
    context = kubeconfig.select(settings.context)
    asked = RequestOptions(settings.impersonate, settings.request_timeout, read_only=True)
    connection = Connection(kubeconfig, context, asked)
    prefixes = Prefixes(settings.metadata_prefix, settings.workbench_prefix)
    named = settings.namespace or context.namespace or "default"
    namespaces = (None,) if getattr(options, "all_namespaces", False) else projects_in(named)
    try:
        async with login_told(connection.logins.news()):
            yield Place(connection, prefixes, settings.email, namespaces)
    finally:
        await connection.close()


@asynccontextmanager
async def login_told(all_news: AsyncIterator[LoginNews]) -> AsyncIterator[None]:
    """Tell what credential plugins say, for as long as the context is open."""
    telling = asyncio.create_task(_tell_of_login(all_news))
    try:
        yield
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


async def _tell_of_login(all_news: AsyncIterator[LoginNews]) -> None:
    """Write to stderr what a credential plugin says, such as where to enter a code, for as long as it runs."""
    from wbtui.domain.text import plain_lines  # noqa: PLC0415  most logins say nothing

    before = ""
    async for news in all_news:
        if isinstance(news, PluginWait) and news.words != before and sys.stderr:
            new = news.words.removeprefix(before)
            before = news.words
            sys.stderr.write("".join(f"{line}\n" for line in plain_lines(new) if line.strip()))
            sys.stderr.flush()

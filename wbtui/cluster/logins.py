"""The login of one context: made when it is first needed, shared by all requests, made again when it has aged."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import aiohttp
from kubernetes.aio.client.api_client import ApiClient

from wbtui import __version__
from wbtui.cluster.clients import new_client, plugin_info, read_authority
from wbtui.cluster.credentials import Credential, load_credential
from wbtui.cluster.kubeconfig import Kubeconfig, Target
from wbtui.cluster.kubeconfig_fields import User
from wbtui.cluster.kubeconfig_rules import check, server_url
from wbtui.cluster.plugins import Tell
from wbtui.cluster.proxies import connector, is_socks, is_this_machine
from wbtui.domain.text import plain
from wbtui.repository import Context, CredentialsError, KubeconfigError, LoginNews, LoginRenewed

_HEADER_SIGNS = "!#$&'*+-.^_`|~"
"""What may stand in a header's name, beside letters and digits; all else, and the sign of escapes, is escaped."""


@dataclass(frozen=True, eq=False, slots=True)
class Login:
    """A client that is ready to talk, and the user that it acts as; empty where it is the person's own."""

    client: ApiClient
    connector: aiohttp.TCPConnector
    credential: Credential
    impersonates: str

    @property
    def server(self) -> str:
        """Return the server's name and port."""
        host: str = self.client.configuration.host
        return urlsplit(host).netloc.rpartition("@")[2]

    async def close(self) -> None:
        """Close every connection that was made with it."""
        await self.client.close()
        await self.connector.close()


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """Which context of which kubeconfig to log in to, and as whom to act; `middlewares` see every request."""

    kubeconfig: Kubeconfig
    context: Context
    impersonate: str = ""
    middlewares: tuple[aiohttp.ClientMiddlewareType, ...] = ()


class Logins:
    """Makes logins, and tells their news to all who follow."""

    def __init__(self, options: LoginOptions) -> None:
        self._options = options
        self._current: Login | None = None
        self._opened: list[Login] = []
        self._making: asyncio.Task[Login] | None = None
        self._tasks: set[asyncio.Task[Login]] = set()
        self._waiting = 0
        self._given_up = False
        self._followers: list[asyncio.Queue[LoginNews]] = []
        self._server = ""
        self._accepted: Login | None = None

    @property
    def last(self) -> Login | None:
        """Return the login that was made last, where it was not refused."""
        return self._current

    async def current(self) -> Login:
        """Return a login that is good as far as is known here. Raises `KubeconfigError` and `CredentialsError`."""
        if self._current and not self._current.credential.has_aged:
            return self._current
        if self._given_up:
            raise _given_up()
        making = self._making = self._making or self._begin()
        self._waiting += 1
        try:
            return await asyncio.shield(making)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._abandon()

    def retire(self, login: Login) -> None:
        """Have another login made: this one was refused."""
        # Its connections stay open until the end: another request may still be under way on them.
        if self._current is login:
            self._current = None

    def accept(self, login: Login) -> None:
        """Note that the server knows whose login this is; tell where another one was known before."""
        if login is not self._accepted:
            before, self._accepted = self._accepted, login
            if before:
                self._tell(LoginRenewed())

    def give_up(self) -> None:
        """Give up the login that is being made: who waits for it, or asks for one later, gets `CredentialsError`."""
        if self._making:
            self._given_up = True
            self._making.cancel()

    def try_again(self) -> None:
        """Make another login where one was given up."""
        self._given_up = False

    def news(self) -> AsyncGenerator[LoginNews, None]:
        """Yield what is waited for, and each renewal, from now on."""
        queue: asyncio.Queue[LoginNews] = asyncio.Queue()
        self._followers.append(queue)
        return _taken_from(queue)

    async def close(self) -> None:
        """End every connection, and the plugin that is being waited for."""
        self._current = None
        self._abandon()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self._opened:
            await self._opened.pop().close()

    def _begin(self) -> asyncio.Task[Login]:
        task = asyncio.create_task(self._make())
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Login]) -> None:
        self._tasks.discard(task)
        if self._making is task:
            self._making = None
        if not task.cancelled():
            task.exception()  # it was told to those who waited; where nobody does any more, it is no news

    def _abandon(self) -> None:
        if self._making:
            self._making.cancel()
            self._making = None

    async def _make(self) -> Login:
        try:
            login = await log_in(self._options, self._tell)
        except asyncio.CancelledError:
            if self._given_up:
                raise _given_up() from None
            raise
        if self._server not in {"", login.client.configuration.host}:
            await login.close()
            raise _led_elsewhere(self._options.context.name, login.server)
        self._server = login.client.configuration.host
        self._opened.append(login)
        self._current = login
        return login

    def _tell(self, news: LoginNews) -> None:
        for queue in self._followers:
            queue.put_nowait(news)


def _given_up() -> CredentialsError:
    return CredentialsError("the login was given up", advice="Press ctrl+r to log in again.")


async def _taken_from(queue: asyncio.Queue[LoginNews]) -> AsyncGenerator[LoginNews, None]:
    while True:
        yield await queue.get()


def _led_elsewhere(context: str, server: str) -> KubeconfigError:
    return KubeconfigError(
        f"the context {plain(context)} leads to {plain(server)} now, which is not the server on the screen",
        advice="Connect to it with :ctx, or correct the kubeconfig.",
    )


async def log_in(options: LoginOptions, tell: Tell) -> Login:
    """Log in to a context: read the kubeconfig, load the credentials. Raises `KubeconfigError`, `CredentialsError`."""
    target = await asyncio.to_thread(options.kubeconfig.target, options.context.name)
    check(target, impersonate=options.impersonate)
    authority = await asyncio.to_thread(read_authority, target)
    credential = Credential()
    if _may_carry_credentials(target):
        credential = await load_credential(target, plugin_info(target, authority), tell)
    client = await asyncio.to_thread(new_client, target, authority, credential)
    acts_as = options.impersonate or target.user.fields.as_
    opened = connector(
        client.configuration.proxy or "", client.rest_client.ssl_context, target.server.fields.tls_server_name
    )
    if is_socks(client.configuration.proxy or ""):
        client.rest_client.proxy = None
    client.user_agent = f"wbtui/{__version__}"
    client.configuration.client_session_kwargs = {
        "connector": opened,
        "middlewares": options.middlewares,
        "headers": _headers(target, acts_as),
        "trust_env": False,  # the proxy was chosen above; a .netrc would come in the way of tokens
    }
    return Login(client, opened, credential, acts_as)


def _may_carry_credentials(target: Target) -> bool:
    # As kubectl, which sends none in clear; but the embedded cluster on this machine has no TLS.
    url = urlsplit(server_url(target.server.fields))
    return url.scheme == "https" or is_this_machine(url.hostname or "")


def _headers(target: Target, acts_as: str) -> list[tuple[str, str]]:
    plain_only = [("Accept-Encoding", "identity")] if target.server.fields.disable_compression else []
    return [*plain_only, *(_impersonation(target.user.fields, acts_as) if acts_as else ())]


def _impersonation(user: User, acts_as: str) -> list[tuple[str, str]]:
    extra = [(quote(key, safe=_HEADER_SIGNS), value) for key, values in user.as_user_extra.items() for value in values]
    return [
        ("Impersonate-User", acts_as),
        *([("Impersonate-Uid", user.as_uid)] if user.as_uid else []),
        *(("Impersonate-Group", group) for group in user.as_groups),
        *((f"Impersonate-Extra-{key}", value) for key, value in extra),
    ]

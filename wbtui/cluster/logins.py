"""The login of one context: created for the first request, shared by all, and replaced when it is outdated."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from wbtui.cluster.endpoint import Endpoint
from wbtui.cluster.event_log import ended_with, log
from wbtui.cluster.login import Login, LoginOptions, log_in
from wbtui.errors import ClusterError, CredentialsError, KubeconfigError
from wbtui.news import LoginNews, LoginRenewed


class Logins:
    """Creates logins, and reports their news to all followers.

    All logins lead to the same endpoint, even if the kubeconfig changes, until `reconnect` is called.
    """

    def __init__(self, options: LoginOptions) -> None:
        self._options = options
        self._current: Login | None = None
        self._opened: list[Login] = []
        self._creating: asyncio.Task[Login] | None = None
        self._tasks: set[asyncio.Task[Login]] = set()
        self._waiting = 0
        self._given_up = False
        self._followers: list[asyncio.Queue[LoginNews]] = []
        self._previous: Login | None = None
        self._endpoint: Endpoint | None = None
        self._reading = asyncio.Lock()
        self._accepted: Login | None = None

    @property
    def last(self) -> Login | None:
        """Return the latest login; None where there is none, or the server refused it."""
        return self._current

    async def current(self) -> Login:
        """Return a login that is up to date. Raises `KubeconfigError` and `CredentialsError`."""
        if self._current and not self._current.credential.is_outdated:
            return self._current
        if self._given_up:
            raise _given_up()
        creating = self._creating = self._creating or self._start()
        self._waiting += 1
        try:
            return await asyncio.shield(creating)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._cancel()

    def retire(self, login: Login) -> None:
        """Create another login for the next request: the server refused this one."""
        # Its connections stay open until `close`: another request may still use them.
        log(f"{login.server} refused the credentials")
        if self._current is login:
            self._current = None
        if self._previous is login:
            self._previous = None

    def accept(self, login: Login) -> None:
        """Note that the server accepted a login; report it as renewed where it accepted another one before."""
        if login is not self._accepted:
            before, self._accepted = self._accepted, login
            if before:
                self._publish(LoginRenewed())

    def give_up(self) -> None:
        """Stop the login in progress; `current` raises `CredentialsError` until `try_again`."""
        if self._creating:
            self._given_up = True
            self._creating.cancel()

    def try_again(self) -> None:
        """Allow logins again after `give_up`."""
        self._given_up = False

    def reconnect(self) -> None:
        """Use the endpoint that the context leads to now; the login is kept where that is the same."""
        self.try_again()
        self._endpoint = None
        self._previous, self._current = self._current or self._previous, None

    async def require_same_endpoint(self, login: Login) -> None:
        """Raise `KubeconfigError` where the context now leads to another endpoint than `login`."""
        if now := await self._endpoint_now():
            login.endpoint.require_same(now, self._options.context.name)

    def news(self) -> AsyncGenerator[LoginNews, None]:
        """Yield the start, output and end of credential plugins, and each renewal, from now on."""
        queue: asyncio.Queue[LoginNews] = asyncio.Queue()
        self._followers.append(queue)
        return _items_of(queue)

    async def close(self) -> None:
        """Close every connection, and end the running plugin."""
        self._current = self._previous = None
        self._cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self._opened:
            await self._opened.pop().close()

    def _start(self) -> asyncio.Task[Login]:
        task = asyncio.create_task(self._create())
        self._tasks.add(task)
        task.add_done_callback(self._on_ended)
        return task

    def _on_ended(self, task: asyncio.Task[Login]) -> None:
        self._tasks.discard(task)
        if self._creating is task:
            self._creating = None
        if not task.cancelled():
            task.exception()  # asyncio warns of one that nobody retrieves, and nobody may be waiting any more

    def _cancel(self) -> None:
        if self._creating:
            self._creating.cancel()
            self._creating = None

    async def _create(self) -> Login:
        login = await self._previous_if_same() or await self._log_in()
        self._endpoint, self._current = login.endpoint, login
        return login

    async def _previous_if_same(self) -> Login | None:
        previous, self._previous = self._previous, None
        if previous and not previous.credential.is_outdated and await self._endpoint_now() in {None, previous.endpoint}:
            return previous
        return None

    async def _log_in(self) -> Login:
        try:
            login = await log_in(self._options, self._publish)
        except asyncio.CancelledError as error:
            if self._given_up:
                raise _given_up() from error
            raise
        except ClusterError as error:
            log(f"context {self._options.context.name}: no login: {ended_with(error)}")
            raise
        log(f"context {self._options.context.name}: logged in to {login.server}")
        self._opened.append(login)
        if self._endpoint:
            self._endpoint.require_same(login.endpoint, self._options.context.name)
        return login

    async def _endpoint_now(self) -> Endpoint | None:
        """Return where the context leads now; None where the kubeconfig cannot be read, as while it is written."""
        async with self._reading:  # of many deletes at once, one reads it at a time
            with suppress(KubeconfigError):
                return await asyncio.to_thread(self._read_endpoint)
            return None

    def _read_endpoint(self) -> Endpoint:
        return Endpoint.read(self._options.kubeconfig.target(self._options.context.name))

    def _publish(self, news: LoginNews) -> None:
        for queue in self._followers:
            queue.put_nowait(news)


def _given_up() -> CredentialsError:
    return CredentialsError("the login was stopped", advice="Press {retry} to log in again.")


async def _items_of(queue: asyncio.Queue[LoginNews]) -> AsyncGenerator[LoginNews, None]:
    while True:
        yield await queue.get()

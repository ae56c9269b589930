"""The login of one context: made when it is first needed, shared by all requests, made again when it has aged."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from wbtui.cluster.endpoint import Endpoint
from wbtui.cluster.login import Login, LoginOptions, log_in
from wbtui.errors import CredentialsError, KubeconfigError
from wbtui.news import LoginNews, LoginRenewed


class Logins:
    """Makes logins, and tells their news to all who follow.

    All lead to the same endpoint, whatever is written to the kubeconfig, until `reconnect` is called.
    """

    def __init__(self, options: LoginOptions) -> None:
        self._options = options
        self._current: Login | None = None
        self._opened: list[Login] = []
        self._making: asyncio.Task[Login] | None = None
        self._tasks: set[asyncio.Task[Login]] = set()
        self._waiting = 0
        self._given_up = False
        self._followers: list[asyncio.Queue[LoginNews]] = []
        self._former: Login | None = None
        self._endpoint: Endpoint | None = None
        self._reading = asyncio.Lock()
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
        if self._former is login:
            self._former = None

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

    def reconnect(self) -> None:
        """Go to where the context leads now; the login stays where that is the same."""
        self.try_again()
        self._endpoint = None
        self._former, self._current = self._current or self._former, None

    async def require_same_endpoint(self, login: Login) -> None:
        """Raise `KubeconfigError` where the context leads elsewhere now than `login` does."""
        if now := await self._endpoint_now():
            login.endpoint.require_same(now, self._options.context.name)

    def news(self) -> AsyncGenerator[LoginNews, None]:
        """Yield what is waited for, and each renewal, from now on."""
        queue: asyncio.Queue[LoginNews] = asyncio.Queue()
        self._followers.append(queue)
        return _taken_from(queue)

    async def close(self) -> None:
        """End every connection, and the plugin that is being waited for."""
        self._current = self._former = None
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
        login = await self._unchanged() or await self._new()
        self._endpoint, self._current = login.endpoint, login
        return login

    async def _unchanged(self) -> Login | None:
        former, self._former = self._former, None
        if former and not former.credential.has_aged and await self._endpoint_now() in {None, former.endpoint}:
            return former
        return None

    async def _new(self) -> Login:
        try:
            login = await log_in(self._options, self._tell)
        except asyncio.CancelledError as error:
            if self._given_up:
                raise _given_up() from error
            raise
        self._opened.append(login)
        if self._endpoint:
            self._endpoint.require_same(login.endpoint, self._options.context.name)
        return login

    async def _endpoint_now(self) -> Endpoint | None:
        """Return where the context leads now; None where the kubeconfig cannot be read, as while it is written."""
        async with self._reading:  # many deletes at once need no more than one read at a time
            with suppress(KubeconfigError):
                return await asyncio.to_thread(self._read_endpoint)
            return None

    def _read_endpoint(self) -> Endpoint:
        return Endpoint.read(self._options.kubeconfig.target(self._options.context.name))

    def _tell(self, news: LoginNews) -> None:
        for queue in self._followers:
            queue.put_nowait(news)


def _given_up() -> CredentialsError:
    return CredentialsError("the login was given up", advice="Press {retry} to log in again.")


async def _taken_from(queue: asyncio.Queue[LoginNews]) -> AsyncGenerator[LoginNews, None]:
    while True:
        yield await queue.get()

"""A session that is ended while a secret is deleted and created again ends after that, on a real pseudo-terminal."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Kubectl
from tests.proxy import Exchange, Fault, Proxy, answer, forward
from tests.screens.test_create import proxied, proxy, status
from tests.screens.test_recreate import license_of, sent
from tests.screens.test_replace import CANARY
from tests.test_terminal import Terminal, environment, wbtui
from wbtui.repository import Clusters

__all__ = ["environment", "proxied", "proxy"]

ENDINGS: dict[str, Callable[[Terminal], object]] = {
    "SIGTERM": lambda terminal: terminal.process.send_signal(signal.SIGTERM),
    "SIGHUP": lambda terminal: terminal.process.send_signal(signal.SIGHUP),
    "line drops": lambda terminal: terminal.hang_up(),
    "quit": lambda terminal: terminal.press("\x03"),
}


async def _agree(terminal: Terminal, proxy: Proxy) -> None:
    """Have license-server deleted and created again, as far as the DELETE."""
    see = terminal.sees
    await asyncio.to_thread(see, " live")
    terminal.press("/license-s\r")
    await asyncio.to_thread(see, "1 of 27")
    terminal.press("e")
    await asyncio.to_thread(see, "New values for license-server")
    terminal.press(CANARY + "\x13")
    await asyncio.to_thread(see, "Delete license-server and make it anew?")
    terminal.press("\x1b[B")
    while not sent(proxy):  # what is pressed before the question could be read does not count
        await _press_enter(terminal, proxy)


async def _press_enter(terminal: Terminal, proxy: Proxy) -> None:
    terminal.press("\r")
    proxy.received.clear()
    with suppress(TimeoutError):
        await asyncio.wait_for(proxy.received.wait(), 0.3)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("fault", [forward, answer(503, status(503, "later"))], ids=["answered", "busy"])
async def test_a_secret_that_is_being_deleted_is_created_again_before_leaving(
    proxy: Proxy,
    proxied: Clusters,
    tmp_path: Path,
    environment: dict[str, str],
    kubectl: Kubectl,
    ending: str,
    fault: Fault,
) -> None:
    del proxied
    ended = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        if exchange.request.method == "DELETE":
            proxy.next(fault)
            await ended.wait()
        await forward(exchange)

    proxy.default = wait
    with wbtui(environment, "-m", "wbtui", "--kubeconfig", str(tmp_path / "proxied")) as terminal:
        await _agree(terminal, proxy)
        ENDINGS[ending](terminal)
        if ending == "quit":
            await asyncio.to_thread(terminal.sees, "Leave wbtui?")
            terminal.press("\x1b[B")
            for _ in range(5):
                await _press_enter(terminal, proxy)
        ended.set()
        if terminal.master >= 0:
            await asyncio.to_thread(terminal.ends)
        await asyncio.to_thread(terminal.process.wait, 20)
    assert license_of(kubectl) == CANARY
    assert sent(proxy)[0] == "DELETE"

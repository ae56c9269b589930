"""A session that is ended while a secret is deleted and created again ends after that, on a real pseudo-terminal."""

import asyncio
import re
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socket import create_server

import pytest

from tests.conftest import Kubectl
from tests.kubeconfigs import kubeconfig
from tests.proxy import Exchange, Fault, Proxy, answer, forward
from tests.pseudo_terminal import (
    Terminal,
    assert_clean,
    assert_nothing_left,
    wbtui,
)
from tests.refusals import status
from tests.screens.driving import PATIENCE
from tests.screens.replacing import CANARY, license_of, sent
from wbtui.repository import Clusters

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
    await asyncio.to_thread(see, "Recreate the secret license-server?")
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
            await asyncio.to_thread(terminal.sees, "Quit wbtui?")
            terminal.press("\x1b[B")
            for _ in range(5):
                await _press_enter(terminal, proxy)
        ended.set()
        if terminal.master >= 0:
            await asyncio.to_thread(terminal.ends)
        await asyncio.to_thread(terminal.process.wait, 20)
    assert license_of(kubectl) == CANARY
    assert sent(proxy)[0] == "DELETE"


STUBBORN = "#!/bin/sh\ntrap '' TERM HUP INT\nsleep 600 &\nwait\nsleep 600\n"
LEFT: dict[str, tuple[Callable[[Terminal], object], int]] = {
    "q": (lambda terminal: terminal.press("q"), 1),
    "SIGTERM": (ENDINGS["SIGTERM"], 143),
    "SIGHUP": (ENDINGS["SIGHUP"], 129),
    "line drops": (ENDINGS["line drops"], 129),
}


@pytest.mark.parametrize("ending", LEFT)
@pytest.mark.parametrize("hanging", ["plugin", "request"])
def test_what_hangs_is_left_without_a_word(
    environment: dict[str, str], tmp_path: Path, hanging: str, ending: str
) -> None:
    plugin = tmp_path / "plugin"
    plugin.write_text(STUBBORN)
    plugin.chmod(0o700)
    run = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin)}}
    leave, status = LEFT[ending]
    with create_server(("127.0.0.1", 0)) as silent:
        server = f"http://127.0.0.1:{silent.getsockname()[1]}"
        path = kubeconfig(tmp_path, {"a": (server, run if hanging == "plugin" else {"token": "x"})})
        with wbtui(environment, "-m", "wbtui", "--kubeconfig", path) as terminal:
            if hanging == "plugin":
                terminal.sees("Waiting for the credential plugin")
            else:
                terminal.sees("connecting")
                select.select([silent], [], [])
            leave(terminal)
            assert terminal.process.wait(PATIENCE) == status
            if ending == "line drops":
                assert_nothing_left(terminal, environment)
            else:
                terminal.ends()
                assert not re.sub(rb"\x1b\[[?<\d]*[a-z]", b"", terminal.output.rpartition(b"\x1b[?1049l")[2])
                assert_clean(terminal, environment)

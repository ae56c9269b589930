"""An answer that comes while its screen closes: whatever key is pressed then, the program goes on."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from textual import events
from textual.screen import Screen

from tests.proxy import Exchange, Proxy, forward
from tests.screens.driving import Session, session
from wbtui.repository import Clusters

ROUNDS = 5
"""How often each screen is opened and disturbed."""
LATEST = 300
"""Turns of the event loop after the answer, within which something happens to the screen."""


@dataclass(frozen=True)
class Opening:
    """How a screen comes to wait for the cluster: the cursor goes to `secret`, and the last keys are pressed.

    `steps` are the keys that come before, each with what they show.
    """

    secret: str
    keys: tuple[str, ...]
    steps: tuple[tuple[tuple[str, ...], str], ...] = ()
    rounds: int = ROUNDS


OPENINGS = {
    "projects": Opening("litellm-config", ("p",)),
    "workloads": Opening("slack-webhook", ("w",)),
    "workload": Opening("slack-webhook", ("enter",), ((("w",), "Enter chooses"),)),
    "models": Opening("litellm-config", ("m",)),
    "services": Opening("litellm-config", ("v",)),
    "service": Opening("litellm-config", ("enter",), ((("v",), "Enter chooses"), (tuple("drafts"), "drafts"))),
    "details": Opening("vault-hf-token", ("enter",)),
    "used by": Opening("slack-webhook", ("u", "ctrl+r")),
    "delete": Opening("slack-webhook", ("ctrl+d",)),
    "create": Opening(
        "litellm-config",
        ("ctrl+s", "ctrl+s"),
        ((("a",), "Creates in"), (("tab", "1", "tab", "x"), "1 byte")),
    ),
    "replace": Opening("litellm-config", ("ctrl+s", "ctrl+s"), ((("e",), "New values for"), (("x",), "1 byte"))),
    "recreate": Opening("license-server", ("ctrl+s", "ctrl+s"), ((("e",), "New values for"), (("x",), "1 byte"))),
    "use": Opening(
        "hf-token-eval",
        ("ctrl+s",),
        ((("w",), "Enter chooses"), (tuple("dash"), "dash"), (("enter",), "ctrl+s applies this change")),
        rounds=1,
    ),
    "deploy": Opening(
        "litellm-config",
        ("ctrl+s", "ctrl+s"),
        ((("m",), "Enter chooses"), (tuple("qwen"), "qwen"), (("enter",), "kind: AIMService")),
    ),
}
"""Every screen that asks the cluster, by name."""


async def press_escape(person: Session) -> None:
    person.app.post_message(events.Key("escape", None))


async def resize(person: Session) -> None:
    person.app.post_message(events.Resize.from_dimensions((random.randint(40, 160), random.randint(12, 50)), None))
    await press_escape(person)


async def cover(person: Session) -> None:
    person.app.push_screen(Screen())
    await press_escape(person)
    person.app.pop_screen()


async def replace_screen(person: Session) -> None:
    if len(person.app.screen_stack) > 1:
        person.app.switch_screen(Screen())


DISTURBANCES = (press_escape, press_escape, resize, cover, replace_screen)


@asynccontextmanager
async def slow(proxy: Proxy) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Keep back every answer from now on; what is given lets all of them go as soon as there is one."""
    asked, answered = asyncio.Event(), asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        asked.set()
        await answered.wait()
        await forward(exchange)

    async def release() -> None:
        await asyncio.wait_for(asked.wait(), 10)
        answered.set()

    proxy.default = wait
    yield release
    answered.set()
    proxy.default = forward


async def go_back(person: Session) -> None:
    """Close all screens, whatever they ask."""
    app = person.app
    while len(app.screen_stack) > 1:
        while len(app.screen_stack) > 1:
            app.pop_screen()
        await person.pilot.pause()


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 21])
async def test_the_palette_is_no_trouble_when_the_application_ends(clusters: Clusters, turns: int) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        person.app.action_command_palette()
        for _ in range(turns):
            await asyncio.sleep(0)
        person.app.exit()


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
async def test_no_moment_is_a_bad_one_to_leave(proxy: Proxy, proxied: Clusters, opening: Opening) -> None:
    chance = random.Random(0)
    async with session(proxied, size=(120, 40)) as person:
        await person.sees("live")
        for turn in range(opening.rounds):
            await person.goes_to(opening.secret)
            for keys, shown in opening.steps:
                await person.press(*keys)
                await person.sees(shown)
            async with slow(proxy) as release:
                await person.press(*opening.keys)
                await release()
                for _ in range(chance.randrange(LATEST)):
                    await asyncio.sleep(0)
                await DISTURBANCES[turn % len(DISTURBANCES)](person)
                await person.pilot.pause()
            await go_back(person)
            await person.pilot.resize_terminal(120, 40)
        assert person.app.is_running
        await person.sees("live", "secrets · Helm hidden")


NOT_OURS = {"ctrl+c", "ctrl+q", "ctrl+z", "ctrl+p"}
"""Keys of every screen: they end or suspend wbtui, or open the palette."""


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
async def test_no_key_of_a_screen_does_harm_while_it_waits(proxy: Proxy, proxied: Clusters, opening: Opening) -> None:
    async with session(proxied, size=(120, 40)) as person:
        await person.sees("live")
        await person.goes_to(opening.secret)
        for keys, shown in opening.steps:
            await person.press(*keys)
            await person.sees(shown)
        async with slow(proxy) as release:
            await person.press(*opening.keys)
            bound = person.app.screen.active_bindings.items()
            closing = {key for key, active in bound if active.binding.action in {"dismiss", "leave", "cancel"}}
            for key in (key for key, _ in bound if key not in NOT_OURS | closing):
                person.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await person.pilot.pause()
            await release()
            await person.pilot.pause()
        await go_back(person)
        await person.sees("live")
        assert len(writes(proxy)) <= (opening.keys[0] == "ctrl+s")


def writes(proxy: Proxy) -> list[str]:
    """Return what was sent that changes something."""
    sent = [request for request in proxy.requests if request.method != "GET" and "dryRun" not in request.query]
    return [request.target for request in sent if "reviews" not in request.path]

"""Keys that arrive before what they are meant for is there."""

import asyncio
from pathlib import Path

import pytest
from textual import events, on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tests.screens.driving import session
from tests.screens.forms import (
    enter,
    form,
)
from wbtui.repository import Clusters
from wbtui.terminal import typed_ahead
from wbtui.terminal.typed_ahead import TypedAheadApp, caught_up
from wbtui.widgets.masked_value import MaskedValue


async def test_a_path_typed_behind_ctrl_o_goes_into_the_dialog(clusters: Clusters, tmp_path: Path) -> None:
    (tmp_path / "value").write_text("from a file")
    async with form(clusters, "Generic") as person:
        await enter(person, "key", "tab")
        person.app.post_message(events.Key("ctrl+o", "\x0f"))
        await enter(person, str(tmp_path / "value"), "enter")
        await person.sees("from value, 11 bytes")
        assert sum(len(value) for value in person.app.screen.query(MaskedValue)) == 11


class Swallowing(Widget, can_focus=True):
    """Keeps a key and never gives it back."""

    kept: events.Key | None = None

    def on_key(self, event: events.Key) -> None:
        if event.key == "f2":
            self.kept = event
            event.stop()


class SwallowingApp(TypedAheadApp):
    """Has an input beside a widget that loses keys."""

    def compose(self) -> ComposeResult:
        yield Swallowing()
        yield Input()


async def test_a_key_that_comes_back_when_the_screens_are_gone_is_dropped() -> None:
    app = SwallowingApp()
    async with app.run_test() as pilot:
        await pilot.press("f2")
        swallowing = app.query_one(Swallowing)
    assert swallowing.kept
    assert swallowing.kept.is_forwarded
    await app.on_event(swallowing.kept)
    await app.on_event(events.Paste("late"))


class Noting(Screen[None]):
    """Notes the key that it gets."""

    noted: events.Key | None = None

    def on_key(self, event: events.Key) -> None:
        self.noted = event


async def test_a_key_that_is_sent_to_the_screen_that_came_meanwhile_keeps_the_time_when_it_was_pressed() -> None:
    app = SwallowingApp()
    async with app.run_test() as pilot:
        await pilot.press("f2")
        kept = app.query_one(Swallowing).kept
        assert kept
        screen = Noting()
        await app.push_screen(screen)
        await app.on_event(kept)
        await pilot.pause()
        assert screen.noted
        assert (screen.noted.key, screen.noted.time) == ("f2", kept.time)


async def test_a_key_that_is_lost_blocks_no_other() -> None:
    app = SwallowingApp()
    async with app.run_test() as pilot:
        app.post_message(events.Key("f2", None))
        for key in ("tab", "a", "b"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert app.query_one(Swallowing).kept
        async with asyncio.timeout(10):
            while app.query_one(Input).value != "ab":
                await pilot.pause()
        await pilot.press("c")
        assert app.query_one(Input).value == "abc"


@pytest.mark.parametrize("last", ["q", "ctrl+c"])
async def test_keys_that_come_as_it_ends_are_dropped(clusters: Clusters, last: str) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        for key in ("j", last, "j", "slash", "x", "enter"):
            person.app.post_message(events.Key(key, None))
    for key in ("j", "x"):
        await person.app.on_event(events.Key(key, key))
    assert not person.app.screen_stack


async def test_a_key_that_comes_before_there_is_a_screen_is_dropped() -> None:
    app = SwallowingApp()
    await app.on_event(events.Key("x", "x"))
    assert not app.screen_stack


class Passing(Widget):
    """Takes a message, and then one that it sends itself; is done with each once it may go on."""

    class First(Message):
        """What was sent to it."""

    class Second(Message):
        """What it sends itself because of that."""

    def __init__(self) -> None:
        super().__init__()
        self.began: asyncio.Queue[Message] = asyncio.Queue()
        self.may_go_on: asyncio.Queue[None] = asyncio.Queue()

    @on(First)
    @on(Second)
    async def _take(self, message: Message) -> None:
        self.began.put_nowait(message)
        await self.may_go_on.get()
        if isinstance(message, self.First):
            self.post_message(self.Second())


class PassingApp(App[None]):
    """Has nothing but that widget."""

    def compose(self) -> ComposeResult:
        yield Passing()


async def test_what_a_widget_sends_itself_is_waited_for() -> None:
    app = PassingApp()
    async with app.run_test():
        widget = app.query_one(Passing)
        widget.post_message(Passing.First())
        waiting = asyncio.create_task(caught_up(widget))
        for kind in (Passing.First, Passing.Second):
            assert isinstance(await widget.began.get(), kind)
            assert not waiting.done()
            widget.may_go_on.put_nowait(None)
        await waiting


class Busy(Input):
    """Is busy with a key until it is let go, and then gives it back."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.free = asyncio.Event(), asyncio.Event()

    async def on_key(self, event: events.Key) -> None:
        if event.key == "ctrl+u":
            self.began.set()
            await self.free.wait()


class BusyApp(TypedAheadApp):
    """Has a field that can be busy."""

    def compose(self) -> ComposeResult:
        yield Busy()


async def test_a_busy_field_gets_its_keys_in_the_order_they_were_typed() -> None:
    app = BusyApp()
    async with app.run_test() as pilot:
        field = app.query_one(Busy)
        field.value = "before"
        long_after = asyncio.Event()
        app.set_timer(3 * typed_ahead._PATIENCE, long_after.set)  # noqa: SLF001  as long as that
        for key, character in (("ctrl+u", "\x15"), ("a", "a"), ("b", "b")):
            app.post_message(events.Key(key, character))
        await long_after.wait()
        assert field.value == "before"
        field.free.set()
        while field.value != "ab":
            await pilot.pause()


class Slow(Widget, can_focus=True):
    """Takes no text, and gives keys back once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.free = asyncio.Event(), asyncio.Event()

    async def on_key(self) -> None:
        self.began.set()
        await self.free.wait()


class SlowApp(TypedAheadApp):
    """Has nothing but that widget."""

    def compose(self) -> ComposeResult:
        yield Slow()


async def test_a_key_that_comes_back_once_another_screen_is_open_is_text_there() -> None:
    app = SlowApp()
    async with app.run_test() as pilot:
        slow, screen, field = app.query_one(Slow), Screen[None](), Input()
        app.post_message(events.Key("x", "x"))
        await slow.began.wait()
        await app.push_screen(screen)
        await screen.mount(field)
        field.focus()
        slow.free.set()
        async with asyncio.timeout(10):
            while field.value != "x":
                await pilot.pause()


async def test_control_characters_of_a_paste_are_shown_as_such() -> None:
    app = SwallowingApp()
    async with app.run_test() as pilot:
        field = app.query_one(Input)
        field.focus()
        await pilot.pause()
        app.post_message(events.Paste("a\x07b\x9bc"))
        await pilot.pause()
        assert field.value == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


class BusyBesideApp(TypedAheadApp):
    """Has another field beside one that can be busy, and tells when something was typed there."""

    def __init__(self) -> None:
        super().__init__()
        self.typed = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Busy()
        yield Input(id="other")

    @on(Input.Changed, "#other")
    def _typed(self) -> None:
        self.typed.set()


async def test_a_field_that_stays_busy_holds_no_key_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_ahead, "_MOST_WAITS", 2)
    app = BusyBesideApp()
    async with app.run_test():
        busy, other = app.query_one(Busy), app.query_one("#other", Input)
        app.post_message(events.Key("ctrl+u", "\x15"))
        app.post_message(events.Key("a", "a"))
        await busy.began.wait()
        other.focus()
        async with asyncio.timeout(10):
            await app.typed.wait()
        assert other.value == "a"
        busy.free.set()

"""A notice on the top screen while a credential plugin runs."""

from time import monotonic

from textual.app import App
from textual.timer import Timer
from textual.widgets import Static

from wbtui.news import PluginWait
from wbtui.session import Session

_TICK = 0.5
"""Seconds between two updates; a plugin that ends sooner is not shown."""


class PluginNotice(Static):
    """The plugin, how long it has been running, and its output, which may have an address to open and a code."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show_wait(self, wait: PluginWait) -> None:
        """Show the plugin that runs now."""
        words = f"\n{wait.words}" if wait.words else ""
        seconds = int(monotonic() - wait.since)
        self.update(f"Waiting for the credential plugin {wait.plugin} for {seconds} s. Escape stops.{words}")


class PluginNotices:
    """Shows the notice on the top screen as long as a session waits for a plugin."""

    def __init__(self, app: App[None], session: Session) -> None:
        self._app = app
        self._session = session
        self._timer: Timer | None = None

    @property
    def is_shown(self) -> bool:
        """Return whether the notice is on the top screen."""
        return self._timer is not None and bool(self._app.screen.query(PluginNotice))  # each key asks

    def listen(self) -> None:
        """Start to listen; call it once the first screen is there."""
        self._session.plugin_changed.subscribe(self._app.screen_stack[0], lambda _: self._begin())

    def _begin(self) -> None:
        if self._session.plugin and not self._timer:
            self._timer = self._app.set_interval(_TICK, self._draw)
        elif not self._session.plugin:
            self._end()

    async def _draw(self) -> None:
        if self._session.plugin and not self.is_shown:
            await self._app.screen.mount(PluginNotice())
        if plugin := self._session.plugin:  # looked at again: it may have ended while the notice was mounted
            for notice in self._app.screen.query(PluginNotice):
                notice.show_wait(plugin)
        else:
            self._end()

    def _end(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None
        for screen in self._app.screen_stack:
            screen.query(PluginNotice).remove()

"""Notices of what the cluster warns of in its answers to writes."""

from time import monotonic

from textual.app import App

from wbtui.session import Session

_SECONDS = 20
"""How long a warning stays on the screen."""
_MOST = 3
"""The most warnings that are on the screen at a time: each takes room from what is under it."""
_MORE = "the cluster gives more warnings than are shown here."


class WarningNotices:
    """Shows each warning once for as long as it is on the screen: dry runs and writes are often answered alike."""

    def __init__(self, app: App[None], session: Session) -> None:
        self._app = app
        self._session = session
        self._until: dict[str, float] = {}

    def listen(self) -> None:
        """Start to listen; call it once the first screen is there."""
        self._session.warned.subscribe(self._app.screen_stack[0], self._tell)

    def forget(self) -> None:
        """Show them all again: the notices were taken off the screen."""
        self._until.clear()

    def _tell(self, warning: str) -> None:
        now = monotonic()
        self._until = {shown: until for shown, until in self._until.items() if until > now}
        words = warning if len(self._until) < _MOST else _MORE
        if words not in self._until:
            self._until[words] = now + _SECONDS
            self._app.notify(f"Warning: {words}", severity="warning", timeout=_SECONDS)

"""Restarts workloads one after the other, and shows how far that is."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.references import User
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.screens.answers import follow
from wbtui.screens.dialog import Dialog
from wbtui.screens.restarting import Progress, Restarting
from wbtui.session import Session
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of
from wbtui.widgets.reader import Reader


class RolloutScreen(Dialog[None]):
    """Restarts workloads so that they take the new values of a secret; it stops where one does not come up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Stop", id="rollout.stop", tooltip="Restart no more of them, and go back"),
    ]
    AUTO_FOCUS = "Reader"

    def __init__(self, session: Session, secret: Callable[[], Secret], workloads: tuple[User, ...]) -> None:
        super().__init__()
        self._names = secret().names
        self._restarting = Restarting(session.connected.workloads, session.uses, secret, workloads)

    def compose(self) -> ComposeResult:
        """Lay out one line for each workload."""
        with Vertical(classes="dialog"):
            yield Static(f"Restarting what holds an old value of {plain(self._names)}", classes="title", markup=False)
            with Reader():
                yield Static(id="steps", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        follow(self, self._restarting.run(), self._show_step, self._stop)

    def _show_step(self, progress: Mapping[User, Progress], end: str = "") -> None:
        lines = [Content(plain(f"{workload}: {state}")) for workload, state in progress.items()]
        if end:
            lines.append(Content.styled(plain(end), "bold"))
        self.query_one("#steps", Static).update(Content("\n").join(lines))

    def _stop(self, error: ClusterError) -> None:
        self._show_step(self._restarting.progress, f"Stopped: {error}. {advice_of(error, self)}")

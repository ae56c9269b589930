"""Who has to be restarted to see new values."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from wbtui.domain.references import KINDS
from wbtui.domain.text import plain
from wbtui.domain.usage import Use
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine

_ROLLOUTS = {kind.kind: kind.rollout for kind in KINDS if kind.rollout}


def restarts(uses: tuple[Use, ...], namespace: str) -> list[str]:
    """Return the command that restarts each workload which sees a new value only then."""
    users = {use.user for use in uses if use.needs_restart and use.user.kind in _ROLLOUTS}
    names = sorted(f"{_ROLLOUTS[user.kind]}/{user.name}" for user in users)
    return [f"kubectl rollout restart {name} -n {namespace}" for name in names]


class RestartScreen(Dialog[None]):
    """The commands that make workloads see new values; Enter copies one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back", id="restart.back", tooltip="Back to the uses"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, name: str, commands: list[str]) -> None:
        super().__init__()
        self._secret_name = name
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Lay out the commands."""
        with Vertical(classes="dialog"):
            yield Static(f"New values of {plain(self._secret_name)}", classes="title", markup=False)
            yield Static("These see them only after a restart; Enter copies the command.", markup=False)
            yield OptionList(*map(plain, self._commands), compact=True, markup=False)
        yield KeyLine()

    @on(OptionList.OptionSelected)
    def _copy(self, event: OptionList.OptionSelected) -> None:
        self.app.copy_to_clipboard(self._commands[event.option_index])

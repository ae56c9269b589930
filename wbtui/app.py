"""The application: what all screens share."""

import os
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from wbtui.choices import Choices
from wbtui.clipboard import copy
from wbtui.domain.query import Clock, utc_now
from wbtui.domain.text import plain
from wbtui.repository import Clusters, Start
from wbtui.screens.secrets import SecretsScreen

_PACKAGE = Path(__file__).parent
_STYLES = next(path for path in (_PACKAGE / "styles", _PACKAGE.parent / "styles") if path.is_dir())
"""Inside the installed package, or beside it in a checkout."""


class Workbench(App[None]):
    """wbtui on the screen: the secrets of the clusters that it is given."""

    TITLE = "wbtui"
    CSS_PATH: ClassVar[list[str | Path]] = sorted(_STYLES.glob("*.tcss"))  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "Quit", id="app.interrupt", show=False, priority=True, tooltip="Leave wbtui at once"),
    ]

    def __init__(
        self, clusters: Clusters, *, start: Start | None = None, choices: Choices | None = None, now: Clock = utc_now
    ) -> None:
        super().__init__()
        self._secrets = SecretsScreen(clusters, start or Start(), choices or Choices(), now)

    def get_default_screen(self) -> Screen[None]:
        """Return the screen that lies under all others."""
        return self._secrets

    async def on_unmount(self) -> None:
        await self._secrets.close()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy text to where the person sits, and say what is known of it."""
        if self._driver:
            self.notify(f"{plain(text)}: {copy(text, self._driver.write)}.", markup=False)

    def action_explain_values(self) -> None:
        """Say why no value is ever shown."""
        self.notify(
            "wbtui never asks the cluster for values, so there is none to show. Use the secret where it is needed;"
            " to replace a value that is lost, make a new one where it came from and enter that.",
            title="Values are never shown",
            timeout=12,
            markup=False,
        )

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer what the keys of this screen do, by name."""
        for active in screen.active_bindings.values():
            if active.enabled and active.tooltip and active.binding.id:
                yield SystemCommand(
                    active.binding.description, active.tooltip, self._runner(active.node, active.binding.action)
                )

    def _runner(self, node: object, action: str) -> Callable[[], object]:
        return lambda: self.run_worker(self.run_action(action, node))  # type: ignore[arg-type]

    def _fatal_error(self) -> None:
        # Textual's own report prints local variables and messages, which may hold credentials.
        self.panic(crash_report())


def crash_report() -> str:
    """Return where the exception that is being handled was raised: files, lines and functions, and nothing else."""
    import sys  # noqa: PLC0415

    kind, _, trace = sys.exc_info()
    frames = [
        f"  {os.path.relpath(frame.filename, _PACKAGE.parent)}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
    name = kind.__name__ if kind else "unknown error"
    return "\n".join(["wbtui stopped because of a mistake in it. Please report these lines:", *frames, name])

import asyncio
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import Suggester
from textual.widgets import Input, Static

from wbtui.domain.names import LARGEST_SECRET
from wbtui.domain.sealed import Sealed
from wbtui.domain.text import plain
from wbtui.screens.answers import ask
from wbtui.screens.dialog import Dialog
from wbtui.storage.files import StorageError, read_regular


class _Paths(Suggester):
    """Completes a path by the first file or folder that fits."""

    async def get_suggestion(self, value: str) -> str | None:
        """Return the completed path."""
        return await asyncio.to_thread(_completed, value)


def _completed(value: str) -> str | None:
    folder, slash, start = value.rpartition("/")
    try:
        names = sorted(path.name for path in Path(f"{folder}{slash or '.'}").expanduser().iterdir())
    except (OSError, RuntimeError, ValueError):
        return None
    found = next((name for name in names if start and name.startswith(start)), None)
    return f"{folder}{slash}{found}" if found else None


class FileScreen(Dialog[tuple[str, Sealed] | None]):
    """Asks for a file with a value, and returns its name and the content."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="file.back", tooltip="No file"),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, offer: str) -> None:
        super().__init__()
        self._offer = offer

    def compose(self) -> ComposeResult:
        """Lay out the path and what is wrong with it."""
        with Vertical(classes="dialog"):
            yield Static("Value from a file", classes="title", markup=False)
            yield Input(self._offer, placeholder="path of the file", suggester=_Paths(use_cache=False), compact=True)
            yield Static("Enter reads it, → completes, Escape goes back.", id="hint", markup=False)

    @on(Input.Submitted)
    def _read(self, event: Input.Submitted) -> None:
        path = Path(event.value.strip() or ".")
        reading = asyncio.to_thread(read_regular, path, LARGEST_SECRET)
        ask(self, reading, partial(self._return_content, path), self._show_error, errors=StorageError)

    def _return_content(self, path: Path, value: bytes) -> None:
        self.dismiss((path.name, Sealed(value)))

    def _show_error(self, error: StorageError) -> None:
        self.query_one("#hint", Static).update(f"{plain(str(error))}.")

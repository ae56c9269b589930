"""The details of one secret, without its values."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from wbtui.domain.secret import Secret
from wbtui.domain.syncing import ExternalSource
from wbtui.errors import ClusterError
from wbtui.screens.answers import ask
from wbtui.screens.dialog import Dialog
from wbtui.session import Session
from wbtui.widgets.description import describe
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.reader import Reader
from wbtui.widgets.secret_list import SecretList
from wbtui.widgets.usage_view import use_rows


class _Text(Static):
    """A text that is drawn for its width, once that is known."""

    def __init__(self, draw: Callable[[], None]) -> None:
        super().__init__(id="details", markup=False)
        self._draw_for_width = draw
        self._made_for = 0

    def on_resize(self, event: events.Resize) -> None:
        if event.size.width != self._made_for:
            self._made_for = event.size.width
            self._draw_for_width()


class DetailsScreen(Dialog[None]):
    """The details of one secret, kept up to date; the border says when it is deleted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,d", "dismiss", "Back", id="details.back", tooltip="Back to the list"),
        Binding("c", "copy_name", "Copy name", id="details.copy", tooltip="Copy the secret's name"),
        Binding(
            "C",
            "copy_display_name",
            "Copy display name",
            id="details.copy_display_name",
            key_display="shift+c",
            show=False,
            tooltip="Copy the display name that the Workbench shows",
        ),
        Binding("o", "rotate", "Rotate", id="details.rotate", tooltip="Rotate the secret's values"),
        Binding("question_mark,f1", "app.help", "Help", id="app.help", tooltip="Keys, commands, filter"),
        Binding("x", "app.explain_values", "Values?", id="details.values", tooltip="Why no value is shown"),
    ]
    AUTO_FOCUS = "Reader"

    def __init__(
        self,
        session: Session,
        secrets: SecretList,
        secret: Secret,
        rotate: Callable[[Secret], object],
    ) -> None:
        super().__init__()
        self._secret = secret
        self._secrets = secrets
        self._session = session
        self._uses = session.uses
        self._rotate = rotate
        self._sources: tuple[ExternalSource, ...] | ClusterError | None = None

    def compose(self) -> ComposeResult:
        """Lay out one scrolling text."""
        with Reader(classes="dialog"):
            yield _Text(self._draw)
        yield KeyLine()

    def on_mount(self) -> None:
        self._secrets.changed.subscribe(self, self._refresh_secret)
        self._uses.changed.subscribe(self, self._draw)
        self._uses.look(self._secret.namespace)
        self._secret = self._secrets.index.latest(self._secret)
        sources = self._session.connected.external_sources(self._secret)
        ask(self, sources, self._show_sources, self._show_sources)

    def action_rotate(self) -> None:
        """Close, and rotate the secret."""
        self.dismiss(None)
        self._rotate(self._secret)

    def action_copy_name(self) -> None:
        """Copy the secret's name."""
        self.app.copy_to_clipboard(self._secret.name)

    def action_copy_display_name(self) -> None:
        """Copy the display name that the Workbench shows."""
        self.app.copy_to_clipboard(self._secret.title)

    def _refresh_secret(self, _: None) -> None:
        current = self._secrets.index.get(self._secret.uid)
        if current is None:
            self.query_one(Reader).border_title = "deleted"
        elif current is not self._secret:
            self._secret = current
            self._draw()

    def _show_sources(self, sources: tuple[ExternalSource, ...] | ClusterError) -> None:
        self._sources = sources
        self._draw()

    def _draw(self, _: None = None) -> None:
        text = self.query_one("#details", _Text)
        if not text.size.width:
            return  # it is drawn when it has its place
        used_by = use_rows(self._secret, self._uses.usage, self._uses.error)
        text.update(describe(self._secret, self._sources, used_by, self._session.now(), text.size.width))

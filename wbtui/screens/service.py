"""The state of a service, live, with the secrets that it uses."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.signal import Signal
from textual.widgets import Static

from wbtui.domain.display_name import both_names
from wbtui.domain.secret import Secret
from wbtui.domain.service_state import ServiceState
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.news import Interrupted
from wbtui.repository import ServiceStore
from wbtui.screens.answers import follow
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of
from wbtui.widgets.reader import Reader
from wbtui.widgets.service_view import service_lines


class ServiceScreen(Dialog[None]):
    """The state of one service, kept up to date.

    `find` returns a secret of the project by name, or raises `LookupError` while not all are known; `changed` is
    published when its secrets change.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Back", id="service.back", tooltip="Back to the list"),
        Binding("c", "copy_name", "Copy name", id="service.copy", tooltip="Copy the service's name"),
    ]
    AUTO_FOCUS = "Reader"

    def __init__(
        self,
        services: ServiceStore,
        namespace: str,
        service: str,
        display_name: str,
        find: Callable[[str], Secret | None],
        changed: Signal[None],
    ) -> None:
        super().__init__()
        self._find = find
        self._secrets_changed = changed
        self._services = services
        self._namespace = namespace
        self._service = service
        self._title = f"AIMService {both_names(display_name, service)} in {namespace}"
        self._state: ServiceState | None = None

    def compose(self) -> ComposeResult:
        """Lay out one scrolling text."""
        with Reader(classes="dialog"):
            yield Static(plain(self._title), classes="title", markup=False)
            yield Static("Loading …", id="service", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._secrets_changed.subscribe(self, self._draw)
        follow(self, self._services.follow(self._namespace, self._service), self._show_news, self._show_error)

    def action_copy_name(self) -> None:
        """Copy the service's name."""
        self.app.copy_to_clipboard(self._service)

    def _show_error(self, error: ClusterError) -> None:
        self._say([Content(f"Not known: {plain(str(error))}. {advice_of(error, self)}")])

    def _show_news(self, news: ServiceState | Interrupted) -> None:
        if isinstance(news, Interrupted):
            known = list(service_lines(self._state, self._find)) if self._state else []
            trouble = f"Disconnected, retrying in {news.seconds:.0f} s: {plain(str(news.error))}."
            self._say([Content.styled(trouble, "bold"), *known])
        else:
            self._state = news
            self._draw()

    def _draw(self, _: None = None) -> None:
        if self._state:
            self._say(service_lines(self._state, self._find))

    def _say(self, lines: Iterable[Content]) -> None:
        self.query_one("#service", Static).update(Content("\n").join(lines))

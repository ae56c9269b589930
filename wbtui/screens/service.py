"""How a service is getting on, live, and what that says about the secrets it uses."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.display_name import both_names
from wbtui.domain.service_state import Condition, ServiceState
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.news import Interrupted
from wbtui.repository import ServiceStore
from wbtui.screens.answers import follow
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of
from wbtui.widgets.reader import Reader

_STATUSES = {
    "": "Made; the engine has not said anything of it yet.",
    "Pending": "It waits for what it needs.",
    "Starting": "It is being started.",
    "Running": "It serves.",
    "Degraded": "It serves, but something is wrong.",
    "Failed": "It does not serve.",
}


class ServiceScreen(Dialog[None]):
    """The state of one service for as long as it is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Back", id="service.back", tooltip="Back to the table"),
        Binding("c", "copy_name", "Copy name", id="service.copy", tooltip="Copy the service's name"),
    ]
    AUTO_FOCUS = "Reader"

    def __init__(self, services: ServiceStore, namespace: str, service: str, display_name: str) -> None:
        super().__init__()
        self._services = services
        self._namespace = namespace
        self._service = service
        self._title = f"AIMService {both_names(display_name, service)} in {namespace}"
        self._state: ServiceState | None = None

    def compose(self) -> ComposeResult:
        """Lay out one scrolling text."""
        with Reader(classes="dialog"):
            yield Static(plain(self._title), classes="title", markup=False)
            yield Static("Looking at it …", id="service", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        follow(self, self._services.follow(self._namespace, self._service), self._tell, self._refuse)

    def action_copy_name(self) -> None:
        """Copy the service's name."""
        self.app.copy_to_clipboard(self._service)

    def _refuse(self, error: ClusterError) -> None:
        self._say([Content(f"Not known: {plain(str(error))}. {advice_of(error, self)}")])

    def _tell(self, news: ServiceState | Interrupted) -> None:
        if isinstance(news, Interrupted):
            known = list(_lines(self._state)) if self._state else []
            trouble = f"No news for now: {plain(str(news.error))}; the next try is in {news.seconds:.0f} s."
            self._say([Content.styled(trouble, "bold"), *known])
        else:
            self._state = news
            self._say(_lines(news))

    def _say(self, lines: Iterator[Content] | list[Content]) -> None:
        self.query_one("#service", Static).update(Content("\n").join(lines))


def _lines(state: ServiceState) -> Iterator[Content]:
    if state.gone:
        yield Content.styled("It was deleted.", "bold")
        return
    yield Content.assemble((plain(state.status) or "New", "bold"), f": {_STATUSES.get(state.status, '')}")
    for condition in sorted(state.conditions, key=lambda entry: (entry.holds is True, not entry.explanation)):
        yield Content("")
        yield from _condition(condition)


def _condition(condition: Condition) -> Iterator[Content]:
    word = {True: "yes", False: "NO", None: "not known"}[condition.holds]
    since = f"  since {condition.since:%Y-%m-%d %H:%M:%S} UTC" if condition.since else ""
    yield Content.assemble((f"{plain(condition.type)}: {word}", "bold"), f"  {plain(condition.reason)}", (since, "dim"))
    if condition.message:
        yield Content(f"  {plain(condition.message)}")
    if condition.explanation:
        yield Content.styled(f"  {condition.explanation}", "$text-warning")

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.text import plain, shortened
from wbtui.session import Session
from wbtui.widgets.connection_status import ConnectionStatus

_LONGEST = 40
"""Characters of a context, project or user in the header."""


class HeaderLine(Horizontal):
    """One line on top: context, project, user, access, and the state of the connection.

    The project is where the session is, or the one that is given.
    """

    def __init__(self, session: Session, project: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.connection = ConnectionStatus(id="connection")
        """The part that tells the state of the connection."""
        self._session = session
        self._project = project

    def compose(self) -> ComposeResult:
        """Lay out the place and, on the right, the state."""
        yield Static(id="place", markup=False)
        yield self.connection

    def on_mount(self) -> None:
        self._session.changed.subscribe(self, self._draw)
        self._draw()

    def show_project(self, project: str) -> None:
        """Show another project."""
        self._project = project
        self._draw()

    def _draw(self, _: None = None) -> None:
        cluster, account = self._session.cluster, self._session.account
        if not cluster:
            return
        parts: list[tuple[str, str] | str] = [
            (" wbtui ", "bold"),
            _short(cluster.context),
            (" › ", "dim"),
            (_short(self._project or self._session.scope.title), "bold"),
        ]
        if account and account.username:
            parts += [("  as " if account.impersonated else "  ", "dim"), _short(account.username)]
        for is_so, badge in ((cluster.protected, "protected"), (cluster.read_only, "read-only")):
            if is_so:
                parts += ["  ", (badge, "bold")]
        self.query_one("#place", Static).update(Content.assemble(*parts), layout=False)


def _short(text: str) -> str:
    return shortened(plain(text), _LONGEST)

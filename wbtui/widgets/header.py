from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.text import plain, shortened
from wbtui.repository import Account
from wbtui.widgets.connection_status import ConnectionStatus

_LONGEST = 40
"""Characters of a context, project or user in the header."""


class HeaderLine(Horizontal):
    """One line on top: context, project, user, access, and the state of the connection."""

    def compose(self) -> ComposeResult:
        """Lay out the place and, on the right, the state."""
        yield Static(id="place", markup=False)
        yield ConnectionStatus(id="connection")

    def on_mount(self) -> None:
        self.connection = self.query_one(ConnectionStatus)
        """The part that tells the state of the connection."""

    def show(self, context: str, project: str, account: Account | None, *, read_only: bool) -> None:
        """Say where we are and who we are there."""
        parts: list[tuple[str, str] | str] = [
            (" wbtui ", "bold"),
            _short(context),
            (" › ", "dim"),
            (_short(project), "bold"),
        ]
        if account and account.username:
            parts += [("  as " if account.impersonated else "  ", "dim"), _short(account.username)]
        if read_only:
            parts += ["  ", ("read-only", "bold")]
        self.query_one("#place", Static).update(Content.assemble(*parts), layout=False)


def _short(text: str) -> str:
    return shortened(plain(text), _LONGEST)

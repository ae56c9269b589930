"""What is said in passing, on whatever screen is on top."""

from textual.app import App

from wbtui.errors import ProgramReplaced
from wbtui.session import Session
from wbtui.storage.problems import Problems
from wbtui.widgets.plugin_notice import PluginNotices
from wbtui.widgets.warning_notices import WarningNotices

_SECONDS = 20
"""How long a problem with a file, a setting or the program stays on the screen."""


class Notices:
    """Tells of problems, of what the cluster warns of, and of a credential plugin that runs."""

    def __init__(self, app: App[None], session: Session, problems: Problems) -> None:
        self._app = app
        self._problems = problems
        self.plugin = PluginNotices(app, session)
        self.warnings = WarningNotices(app, session)

    def listen(self) -> None:
        """Start to listen; call it once the first screen is there."""
        self._problems.listen(self._tell_problem)
        self.plugin.listen()
        self.warnings.listen()

    def tell_replaced(self, error: ProgramReplaced) -> None:
        """Say that a part of the program cannot be loaded any more."""
        self._app.notify(f"{error}. {error.advice}", title=error.title, severity="error", timeout=_SECONDS)

    def _tell_problem(self, problem: str) -> None:
        self._app.notify(f"{problem}.", severity="warning", timeout=_SECONDS)

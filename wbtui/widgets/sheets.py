"""The stylesheets."""

from collections.abc import Iterator
from pathlib import Path

from textual.css.errors import StylesheetError
from textual.css.stylesheet import Stylesheet

from wbtui.errors import ProgramReplaced

_PACKAGE = Path(__file__).parent.parent
_STYLES = next(path for path in (_PACKAGE / "styles", _PACKAGE.parent / "styles") if path.is_dir())
"""Inside the installed package, or beside it in a checkout."""
SHEETS = frozenset(_STYLES.glob("*.tcss"))
"""All stylesheets; there is one for each screen, and for what screens share."""
FIRST_SHEETS = [_STYLES / "secrets.tcss", _STYLES / "workbench.tcss"]
"""The stylesheets that the first frame needs."""


class LaterSheets:
    """The stylesheets that the first frame does not need, read into `stylesheet` later."""

    def __init__(self, stylesheet: Stylesheet) -> None:
        self._stylesheet = stylesheet
        self._are_read = False

    def read(self) -> None:
        """Read them, once. Raises `ProgramReplaced` where they are gone."""
        if not self._are_read:
            try:
                self._stylesheet.read_all(sorted(SHEETS.difference(FIRST_SHEETS)))
            except StylesheetError as error:
                raise ProgramReplaced from error
            self._are_read = True
            self._stylesheet.parse()

    def steps(self) -> Iterator[None]:
        """Read them as a step of several."""
        self.read()
        yield

"""The stylesheets."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_STYLES = next(path for path in (_PACKAGE / "styles", _PACKAGE.parent / "styles") if path.is_dir())
"""Inside the installed package, or beside it in a checkout."""
SHEETS = frozenset(_STYLES.glob("*.tcss"))
"""All stylesheets; there is one for each screen, and for what screens share."""
FIRST_SHEETS = [_STYLES / "secrets.tcss", _STYLES / "workbench.tcss"]
"""The stylesheets that the first frame needs."""

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static


def titled(title: str, widget: Widget, *, id: str | None = None) -> Horizontal:  # noqa: A002  Textual's own name
    """Return a line of a form: a title, and beside it an input."""
    return Horizontal(Static(title, classes="label", markup=False), widget, classes="field", id=id)

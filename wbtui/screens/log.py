from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.display_name import both_names
from wbtui.domain.text import plain
from wbtui.screens.dialog import Dialog
from wbtui.storage.audit import AuditLog
from wbtui.widgets.key_line import KeyLine

_SHOWN = 500


class LogScreen(Dialog[None]):
    """The changes made from here, the latest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back", id="log.back", tooltip="Back to the list"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, log: AuditLog) -> None:
        super().__init__()
        self._audit = log

    def compose(self) -> ComposeResult:
        """Lay out one scrolling text."""
        where = self._audit.path or "this session only"
        with VerticalScroll(classes="dialog"):
            yield Static(f"Change log, kept in {where}", classes="title", markup=False)
            yield Static(self._text(), markup=False)
        yield KeyLine()

    def _text(self) -> Content:
        excerpt = self._audit.latest(_SHOWN)
        problems = [excerpt.problem, _broken(excerpt.broken)]
        head = [Content.styled(f"{plain(problem)}.", "bold") for problem in problems if problem]
        return Content("\n").join([*head, *(list(map(_line, excerpt.records)) or [Content("No changes yet.")])])


def _broken(lines: int) -> str:
    if not lines:
        return ""
    return f"{lines} {'line' if lines == 1 else 'lines'} cannot be read"


def _line(record: AuditRecord) -> Content:
    place = f"{record.context} › {record.project}"
    said = f"  {record.action} {both_names(record.display_name, record.name)}: {record.result}"
    return Content.assemble((plain(record.time), "dim"), plain(said), (plain(f"  {place}, {record.user}"), "dim"))

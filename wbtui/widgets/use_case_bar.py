from textual.content import Content
from textual.widgets import Static

from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES


class UseCaseBar(Static):
    """The use cases beside the digits that choose them; the chosen one stands out and has a bracket round it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)

    def on_mount(self) -> None:
        self.mark(None)

    def mark(self, chosen: UseCase | None) -> None:
        """Mark the chosen use case; None is all of them."""
        titles = ["All", *(use_case.title for use_case in USE_CASES)]
        position = USE_CASES.index(chosen) + 1 if chosen else 0
        parts = [
            (f"[{digit} {title}]", "reverse") if digit == position else f" {digit} {title} "
            for digit, title in enumerate(titles)
        ]
        self.update(Content.assemble(*parts), layout=False)

from textual.containers import VerticalScroll


class FormArea(VerticalScroll):
    """A form that scrolls. The field with the focus stays in view when the room changes, as when a toast takes some."""

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_focused)

    def _show_focused(self) -> None:
        focused = self.screen.focused
        if focused and self in focused.ancestors:
            focused.scroll_visible(animate=False)

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from wbtui.domain.manifests import as_yaml, differences, without_values
from wbtui.domain.reference_paths import Json
from wbtui.domain.text import plain

_STYLES = {"+": "$text-success", "-": "$text-error"}


class ManifestView(Static):
    """A manifest as it would be sent, or the difference of two, without values."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)

    def show_manifest(self, manifest: Json) -> None:
        """Show a whole manifest."""
        self._say(as_yaml(without_values(manifest)).splitlines())

    def compare(self, before: Json, after: Json) -> None:
        """Show the lines that are added with +, and those that are removed with -."""
        self._say(differences(before, after) or ["Nothing would change."])

    def _say(self, lines: Iterable[str]) -> None:
        content = Content("\n").join(Content.styled(plain(line), _STYLES.get(line[:1], "")) for line in lines)
        if content != self.content:  # each update lays out the whole form again
            self.update(content)

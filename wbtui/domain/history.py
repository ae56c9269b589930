"""What was typed into a line before, to be called back. It is kept in memory only."""

from wbtui.domain.content_format import looks_like_a_credential

_MOST = 200


class History:
    """The texts that were entered, oldest first, and the one that is shown; none looks like a credential."""

    def __init__(self) -> None:
        self._entries: list[str] = []
        self._position = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Remember a text as the latest, and go back to the end."""
        if text.strip() and not looks_like_a_credential(text):
            self._entries = [*(entry for entry in self._entries if entry != text), text][-_MOST:]
        self._position, self._draft = len(self._entries), ""

    def older(self, shown: str) -> str | None:
        """Return the text before the one that is shown; None where there is none."""
        if self._position == 0:
            return None
        if self._position == len(self._entries):
            self._draft = shown
        self._position -= 1
        return self._entries[self._position]

    def newer(self) -> str | None:
        """Return the text after the one that is shown, in the end what was being typed; None where there is none."""
        if self._position == len(self._entries):
            return None
        self._position += 1
        return self._draft if self._position == len(self._entries) else self._entries[self._position]

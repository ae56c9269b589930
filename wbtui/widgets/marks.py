from wbtui.domain.index import SecretIndex
from wbtui.domain.secret import Secret


class Marks:
    """The secrets that are marked, as they were then, by uid; a filter does not change them."""

    def __init__(self, index: SecretIndex) -> None:
        self._index = index
        self._last = ""
        self.marked: dict[str, Secret] = {}

    @property
    def present(self) -> set[str]:
        """Return the uids of what is marked and still there."""
        return {uid for uid in self.marked if self._index.get(uid)}

    def toggle(self, position: int) -> None:
        """Mark the secret at a position of the index, or unmark it."""
        secret = self._index[position]
        self._last = secret.uid
        if not self.marked.pop(secret.uid, None):
            self.marked[secret.uid] = secret

    def mark_to(self, position: int) -> None:
        """Mark all from the secret that was marked last to this one; this one alone where that is not shown."""
        start = self._index.position(self._last)
        first, last = sorted((position if start is None else start, position))
        self._mark(first, last + 1)
        self._last = self._index[position].uid

    def mark_shown(self) -> None:
        """Mark all that the filter shows."""
        self._mark(0, len(self._index))

    def clear(self) -> None:
        """Remove all marks."""
        self.marked.clear()
        self._last = ""

    def _mark(self, first: int, end: int) -> None:
        self.marked.update((self._index[at].uid, self._index[at]) for at in range(first, end))

"""The cursor in a list of secrets, which changes at any time."""

from wbtui.domain.index import SecretIndex
from wbtui.domain.secret import Secret


class Cursor:
    """A position that stays on its secret, by uid.

    Where a filter hides the secret, it waits on the first one that is left, and goes back as soon as it can; where the
    secret is gone, on the one that took its place. It stays on top until someone moves it or the list is complete, so
    that a list may come in any order.
    """

    def __init__(self, index: SecretIndex) -> None:
        self._index = index
        self._uid = ""
        self._home_uid = ""
        self._held = False
        self.position = 0

    @property
    def secret(self) -> Secret | None:
        """Return the secret that it is on."""
        return self._index[self.position] if self.position < len(self._index) else None

    def follow(self) -> None:
        """Find its secret again: the index has changed."""
        self._put(self._find())

    def move_to(self, position: int) -> None:
        """Go to a row, or as near as there is one."""
        self._home_uid, self._held = "", True
        self._put(position)

    def stay(self) -> None:
        """Take the secret that it is on, if there is one, for its own in place of one that a filter hides."""
        if self.secret:
            self.move_to(self.position)

    def seek(self, uid: str) -> None:
        """Go to a secret, now or as soon as it is there."""
        self._home_uid, self._held = uid, True
        self.follow()

    def hold(self) -> None:
        """Stay on the secret that it is on, from now on."""
        self._held = True

    def start_over(self) -> None:
        """Go to the top: another list begins."""
        self._home_uid, self._held = "", False
        self.follow()

    def _put(self, position: int) -> None:
        self.position = max(0, min(position, len(self._index) - 1))
        self._uid = self.secret.uid if self.secret else ""

    def _find(self) -> int:
        home = self._index.position(self._home_uid)
        if home is not None:
            self._home_uid = ""
            return home
        if not self._held:
            return 0
        position = self._index.position(self._uid)
        if position is None and self._index.get(self._uid):
            self._home_uid = self._home_uid or self._uid
            return 0
        return self.position if position is None else position

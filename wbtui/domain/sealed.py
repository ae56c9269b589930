"""Values on their way through the program, which nothing prints by accident."""

from typing import NoReturn


class Sealed:
    """Bytes that show in no text, comparison, copy or pickle; `unsealed` is the one way to them."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes = b"") -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Sealed()"

    def __len__(self) -> int:
        return len(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed value is not copied or stored")

    def unsealed(self) -> bytes:
        """Return the value in the open."""
        return self._value

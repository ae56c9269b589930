"""Secret values, protected from being printed or copied by accident."""

from typing import NoReturn


class Sealed:
    """Bytes that do not appear in texts, comparisons, copies or pickles; only `unsealed` returns them."""

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
        """Return the value in plain text."""
        return self._value

"""The names of keys in texts."""

_SAID = {"⏎": "enter", "↑": "up", "↓": "down", "←": "left", "→": "right", "⌫": "backspace"}
"""Signs that Textual has for keys; not every terminal can show them."""


def said(display: str) -> str:
    """Return the name of a key in texts, for what Textual shows."""
    if len(display) == 1 and display.isupper():
        return f"shift+{display.lower()}"
    return _SAID.get(display, display.replace("^", "ctrl+") if len(display) > 1 else display)

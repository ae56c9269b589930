"""What is said where a right is missing: the user may have been given it since the rights were asked for."""

from typing import Any

from textual.screen import Screen

from wbtui.session import Session


def tell_missing_right(screen: Screen[Any], session: Session, missing: str) -> None:
    """Say that something is not allowed, and ask the cluster for the rights again, so that the next press may work."""
    again = (
        ""
        if session.read_only
        else " Your rights are being checked again; if you were given this one, press the key again."
    )
    screen.notify(f"Not allowed: {missing}.{again}", severity="warning")
    session.ask_again()

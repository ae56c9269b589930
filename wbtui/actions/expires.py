from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand, Need
from wbtui.domain.expiry import Certificate

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def _date(screen: "SecretsScreen", text: str) -> None:
    from wbtui.domain.expiry import moment_in_words
    from wbtui.screens.expiry import ExpiryScreen

    if not screen.secret:
        return
    if done := await screen.app.push_screen_wait(ExpiryScreen(screen.session, screen.secret, text)):
        words = f"expires {moment_in_words(done.expiry.moment)}" if done.expiry else "has no date of its own any more"
        screen.notify(f"{done.names} {words}.")


def _why_not(screen: "SecretsScreen") -> str:
    if not screen.secret:
        return ""
    issued = screen.secret.issued
    told = f"Certificate {issued.name} tells when it expires" if isinstance(issued, Certificate) else ""
    return told or screen.secret.refusal_to_change


ACTION = Action(
    "expires",
    _date,
    "Expires",
    "Say when the secret expires; its values stay",
    id="secret.expires",
    keys="E",
    show=False,
    need=Need("patch"),
    why_not=_why_not,
    command=ColonCommand("expires", "say when the secret expires", "DATE"),
)

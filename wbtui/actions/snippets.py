from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _snippets(screen: "SecretsScreen", _: str) -> None:
    from wbtui.screens.snippets import SnippetsScreen

    if screen.secret:
        screen.app.push_screen(SnippetsScreen(screen.session.connected, screen.secret))


ACTION = Action(
    "snippets",
    _snippets,
    "Snippets",
    "Manifest snippets that use the secret",
    id="secret.snippets",
    keys="y",
)

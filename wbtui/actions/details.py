from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _details(screen: "SecretsScreen", _: str) -> None:
    """Show all about the secret under the cursor; the table has the key."""
    from wbtui.actions.rotate import begin_rotation
    from wbtui.screens.details import DetailsScreen

    secrets = screen.list
    if secret := screen.secret:
        rotate = partial(begin_rotation, screen)
        screen.app.push_screen(DetailsScreen(secret, secrets.changed, secrets.index.get, screen.session, rotate))


ACTION = Action("details", _details, "Details")

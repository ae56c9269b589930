from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _details(screen: "SecretsScreen", _: str) -> None:
    """Show all about the secret under the cursor; the table has the key."""
    from wbtui.actions.rotate import begin_rotation
    from wbtui.screens.details import DetailsScreen

    if screen.secret:
        rotate = partial(begin_rotation, screen)
        screen.app.push_screen(DetailsScreen(screen.session, screen.list, screen.secret, rotate))


ACTION = Action("details", _details, "Details")

from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _details(screen: "SecretsScreen", _: str) -> None:
    """Show all about the secret under the cursor; the table has the key."""
    from wbtui.actions.rotate import begin_rotation
    from wbtui.screens.details import DetailsScreen

    session, secrets = screen.session, screen.list
    if secret := screen.secret:
        sources, look_up = session.connected.external_sources, secrets.index.get
        rotate = partial(begin_rotation, screen)
        details = DetailsScreen(secret, secrets.changed, look_up, sources, session.uses, screen.now, rotate)
        screen.app.push_screen(details)


ACTION = Action("details", _details, "Details")

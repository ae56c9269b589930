from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need
from wbtui.actions.replace import why_not
from wbtui.actions.rotate import rotate_many

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def _rotate_namesakes(screen: "SecretsScreen", _: str) -> None:
    """Have secrets of the same name in several projects chosen, and enter new values for all of them."""
    from wbtui.screens.several import SeveralScreen
    from wbtui.screens.writable import namesakes

    if secret := screen.secret:
        search = partial(namesakes, screen.session, secret, screen.list.index.secrets)
        choosing = SeveralScreen(f"New values for {secret.names} in these projects", search, [secret])
        if chosen := await screen.app.push_screen_wait(choosing):
            await rotate_many(screen, chosen, hidden=0)


ACTION = Action(
    "rotate_namesakes",
    _rotate_namesakes,
    "Rotate many",
    "Rotate all of this name, in several projects",
    id="secret.rotate_namesakes",
    keys="ctrl+o",
    show=False,
    need=Need("patch"),
    why_not=why_not,
)

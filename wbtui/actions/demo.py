from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _open_demo(screen: "SecretsScreen", _: str) -> None:
    screen.open_demo()


ACTION = Action(
    "demo", _open_demo, "Demo", command=ColonCommand("demo", "look around in the demo cluster"), offline=True
)

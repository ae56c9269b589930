from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def _quit(screen: "SecretsScreen", _: str) -> None:
    await screen.run_action("app.quit")


ACTION = Action(
    "quit",
    _quit,
    "Quit",
    "Quit wbtui",
    id="app.quit",
    keys="q",
    command=ColonCommand("q", "quit", others=("quit", "q!", "quit!")),
    offline=True,
)

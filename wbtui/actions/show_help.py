from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def _help(screen: "SecretsScreen", _: str) -> None:
    await screen.run_action("app.help")


ACTION = Action(
    "help",
    _help,
    "Help",
    "Keys, commands, filter",
    id="app.help",
    keys="question_mark,f1",
    command=ColonCommand("help", "keys, commands and the filter's language"),
    offline=True,
)

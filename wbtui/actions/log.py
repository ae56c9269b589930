from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _show_log(screen: "SecretsScreen", _: str) -> None:
    from wbtui.screens.log import LogScreen

    screen.app.push_screen(LogScreen(screen.audit))


ACTION = Action(
    "log", _show_log, "Log", command=ColonCommand("log", "the change log: what was changed from here"), offline=True
)

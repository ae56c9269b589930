from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _ask_for_command(screen: "SecretsScreen", _: str) -> None:
    from wbtui.actions import COMMAND_NAMES
    from wbtui.screens.command import CommandScreen

    def run(answer: "tuple[Action, str] | None") -> None:
        if answer:
            screen.run(*answer)

    # At once, so that a command typed in one go is one, and not the keys that its letters are here.
    screen.app.push_screen(CommandScreen(COMMAND_NAMES, screen.session.commands, partial(_choices, screen)), run)


async def _choices(screen: "SecretsScreen", action: Action) -> Sequence[str]:
    return await action.command.choices(screen) if action.command and action.command.choices else ()


ACTION = Action(
    "command",
    _ask_for_command,
    "Command",
    "Type a command",
    id="app.command",
    keys="colon",
    offline=True,
)

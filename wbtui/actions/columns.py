from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _choose(screen: "SecretsScreen", names: str) -> None:
    try:
        screen.list.columns.choose(names.replace(",", " ").split())
    except ValueError as error:
        screen.notify(f"{error}.", severity="warning")


ACTION = Action(
    "columns",
    _choose,
    "Columns",
    show=False,
    command=ColonCommand("columns", "choose columns by their names; without any, those of the settings", "NAME,…"),
    offline=True,
)

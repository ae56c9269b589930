from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _toggle(screen: "SecretsScreen", _: str) -> None:
    screen.list.columns.toggle_wide()


ACTION = Action(
    "wide",
    _toggle,
    "Wide",
    "Show more columns; left and right scroll them",
    id="list.wide",
    keys="ctrl+w",
    show=False,
    command=ColonCommand("wide", "show more columns, or those chosen"),
    offline=True,
)

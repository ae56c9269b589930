from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _toggle(screen: "SecretsScreen", _: str) -> None:
    screen.list.columns.toggle_ages()


ACTION = Action(
    "ages",
    _toggle,
    "Ages",
    "Show times as ages, or as dates",
    id="list.ages",
    keys="t",
    show=False,
    command=ColonCommand("ages", "show times as ages, or as dates"),
    offline=True,
)

from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _list_again(screen: "SecretsScreen", _: str) -> None:
    screen.list_again()


ACTION = Action(
    "list_again",
    _list_again,
    "Refresh",
    "Refresh the list",
    id="list.again",
    keys="ctrl+r",
    show=False,
    offline=True,
)

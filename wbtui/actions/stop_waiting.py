from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _stop_waiting(screen: "SecretsScreen", _: str) -> None:
    screen.stop_waiting()


ACTION = Action(
    "stop_waiting",
    _stop_waiting,
    "Stop waiting",
    "Stop waiting for the cluster",
    id="list.stop",
    keys="escape",
    show=False,
    offline=True,
)

from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _copy_display_name(screen: "SecretsScreen", _: str) -> None:
    if screen.secret:
        screen.app.copy_to_clipboard(screen.secret.title)


ACTION = Action(
    "copy_display_name",
    _copy_display_name,
    "Copy display name",
    "Copy the display name that the Workbench shows",
    id="secret.copy_display_name",
    keys="C",
    show=False,
)

from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _copy_name(screen: "SecretsScreen", _: str) -> None:
    if screen.secret:
        screen.app.copy_to_clipboard(screen.secret.name)


ACTION = Action(
    "copy_name", _copy_name, "Copy", "Copy the secret's name, as manifests need it", id="secret.copy", keys="c"
)

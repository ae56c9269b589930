from typing import TYPE_CHECKING

from wbtui.actions.action import Action

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def _explain(screen: "SecretsScreen", _: str) -> None:
    await screen.run_action("app.explain_values")


ACTION = Action(
    "explain_values",
    _explain,
    "Values?",
    "Why no value is shown",
    id="secret.values",
    keys="x",
    show=False,
    offline=True,
)

from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand
from wbtui.domain.projects import Scope

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _toggle(screen: "SecretsScreen", _: str) -> None:
    scope = screen.session.scope
    screen.go(Scope(scope.namespace, not scope.helm))


ACTION = Action(
    "helm",
    _toggle,
    "Helm",
    "Show or hide Helm's release secrets",
    id="list.helm",
    keys="h",
    show=False,
    command=ColonCommand("helm", "show or hide Helm's release secrets"),
)

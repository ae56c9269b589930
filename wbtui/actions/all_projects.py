from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand
from wbtui.domain.projects import Scope

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _go_to_all(screen: "SecretsScreen", _: str) -> None:
    screen.go(Scope(None, screen.session.scope.helm))


ACTION = Action("all_projects", _go_to_all, "All", command=ColonCommand("all", "the secrets of all projects"))

from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand
from wbtui.domain.projects import Scope

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def _go_to_project(screen: "SecretsScreen", name: str) -> None:
    from wbtui.screens.choose import ChooseScreen, FreeText
    from wbtui.screens.location_choices import projects_of

    session = screen.session
    scope = Scope(name) if name else None
    if session.cluster and not name:
        question = ChooseScreen(
            "Go to a project",
            partial(projects_of, session, session.cluster),
            current=Scope(session.scope.namespace),
            free=FreeText("Type the name of any namespace.", Scope),
        )
        scope = await screen.app.push_screen_wait(question)
    if scope:
        screen.go(scope._replace(helm=session.scope.helm))


async def _names(screen: "SecretsScreen") -> list[str]:
    from wbtui.screens.location_choices import projects_of

    session = screen.session
    offer = await projects_of(session, session.cluster) if session.cluster else None
    return [choice.value.namespace for choice in offer.choices if choice.value.namespace] if offer else []


ACTION = Action(
    "project",
    _go_to_project,
    "Project",
    "Go to another project",
    id="go.project",
    keys="p",
    command=ColonCommand(
        "ns", "go to a project; without a name, choose one", "[PROJECT]", ("namespace", "project"), _names
    ),
)

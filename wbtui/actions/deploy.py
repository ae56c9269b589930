from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need

if TYPE_CHECKING:
    from wbtui.domain.rights import Resource
    from wbtui.screens.secrets import SecretsScreen


async def _deploy(screen: "SecretsScreen", _: str) -> None:
    """Deploy a model in the project, and follow how it gets on."""
    from wbtui.actions.create import make_secret
    from wbtui.screens.choose import ChooseScreen
    from wbtui.screens.deploy import DeployScreen
    from wbtui.screens.service import ServiceScreen
    from wbtui.screens.takers import models_for

    session, namespace = screen.session, screen.project
    models = session.connected.models
    choose = ChooseScreen(f"Deploy a model in {namespace}", partial(models_for, models, namespace))
    if chosen := await screen.app.push_screen_wait(choose):
        form = DeployScreen(
            session,
            namespace,
            chosen.model,
            partial(screen.list.index.of, namespace),
            partial(make_secret, screen, namespace),
            has_default_token=chosen.has_default_token,
        )
        if made := await screen.app.push_screen_wait(form):
            screen.app.push_screen(ServiceScreen(models, made.namespace, made.name))


def _services() -> "tuple[Resource, ...]":
    from wbtui.domain.targets import TARGETS

    return (TARGETS["AIMService"].resource,)


ACTION = Action(
    "deploy", _deploy, "Model", "Deploy a model", id="model.deploy", keys="m", need=Need("create", _services)
)

from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need

if TYPE_CHECKING:
    from wbtui.domain.models import Catalog, Model
    from wbtui.domain.rights import Resource
    from wbtui.screens.choose import Offer
    from wbtui.screens.secrets import SecretsScreen


async def _deploy(screen: "SecretsScreen", _: str) -> None:
    """Deploy a model in the project, and follow how it gets on."""
    from wbtui.actions.create import make_secret
    from wbtui.actions.services import show_service
    from wbtui.domain.use_cases.table import HUGGING_FACE, IMAGE_PULL
    from wbtui.screens.deploy import DeployScreen

    session, namespace = screen.session, screen.project
    if chosen := await _choose(screen, namespace):
        model, catalog = chosen
        targets = {HUGGING_FACE.value: model.aim_id or model.canonical_name, IMAGE_PULL.value: model.image}
        secrets = partial(screen.list.index.of, namespace)
        create = partial(make_secret, screen, namespace, targets=targets)
        form = DeployScreen(session, namespace, model, catalog, secrets, create)
        if made := await screen.app.push_screen_wait(form):
            show_service(screen, made.namespace, made.name, made.display_name)


async def _choose(screen: "SecretsScreen", namespace: str) -> "tuple[Model, Catalog] | None":
    """Have a model chosen, or named where it cannot be seen; give it with all else that was read."""
    from wbtui.domain.models import named_by_hand
    from wbtui.errors import ClusterError
    from wbtui.screens.choose import ChooseScreen, FreeText
    from wbtui.screens.wait import WaitScreen
    from wbtui.screens.workload_choices import models_in

    models = screen.session.connected.models
    found: list[Catalog] = []

    async def offer() -> "Offer[Model]":
        found.append(await models.catalog(namespace))
        return models_in(found[0])

    free = FreeText("Type part of a name, or the whole name of a model.", named_by_hand, last=True)
    model = await screen.app.push_screen_wait(ChooseScreen(f"Deploy a model in {namespace}", offer, free=free))
    if not model:
        return None
    if found:
        return model, found[0]
    waiting = WaitScreen("Reading how a model is deployed …", models.catalog(namespace))
    answer = await screen.app.push_screen_wait(waiting)
    if isinstance(answer, ClusterError):
        screen.notify_error(answer)
        return None
    return (model, answer) if answer else None


def _services() -> "tuple[Resource, ...]":
    from wbtui.domain.targets import TARGETS

    return (TARGETS["AIMService"].kind.resource,)


ACTION = Action(
    "deploy", _deploy, "Model", "Deploy a model", id="model.deploy", keys="m", need=Need("create", _services)
)

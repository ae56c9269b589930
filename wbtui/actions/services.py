from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.domain.service_state import ServiceState
    from wbtui.screens.choose import Offer
    from wbtui.screens.secrets import SecretsScreen


async def _services(screen: "SecretsScreen", _: str) -> None:
    """Show the state of a service that is chosen from those of the project."""
    from wbtui.screens.choose import ChooseScreen
    from wbtui.screens.workload_choices import services_in

    namespace, store = screen.project, screen.session.connected.services

    async def offer() -> "Offer[ServiceState]":
        return services_in(await store.all(namespace))

    choose = ChooseScreen(f"Services in {namespace}", offer)
    if chosen := await screen.app.push_screen_wait(choose):
        show_service(screen, namespace, chosen.name, chosen.display_name)


def show_service(screen: "SecretsScreen", namespace: str, name: str, display_name: str) -> None:
    """Show the state of a service, and follow it."""
    from wbtui.screens.service import ServiceScreen

    find, services = partial(screen.list.named, namespace), screen.session.connected.services
    screen.app.push_screen(ServiceScreen(services, namespace, name, display_name, find, screen.list.changed))


ACTION = Action(
    "services",
    _services,
    "Services",
    "Show the state of a model's service",
    id="model.services",
    keys="v",
    show=False,
    command=ColonCommand("services", "the state of the project's services"),
)

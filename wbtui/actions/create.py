from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.screens.secrets import SecretsScreen


async def make_secret(
    screen: "SecretsScreen", namespace: str, use_case: UseCase, targets: Mapping[str, str] = MappingProxyType({})
) -> "Secret | None":
    """Have a secret created and go to it; None where there is none in `namespace` then.

    `targets` are by use case what it is for.
    """
    from wbtui.screens.create import CreateScreen

    form = CreateScreen(screen.session, screen.list, namespace, use_case, targets.get(use_case.value, ""))
    made = await screen.app.push_screen_wait(form) or ()
    here = next((secret for secret in made if secret.namespace == namespace), None)
    for secret in (here or made[0],) if made else ():
        where = f" in {len(made)} projects" if len(made) > 1 else ""
        hidden = " It does not match the filter: esc and 0 show it." if screen.list.index.hides(secret) else ""
        screen.notify(f"{secret.names} was created{where}.{hidden}")
        screen.list.table.go_to(secret.uid)
    return here


async def _create(screen: "SecretsScreen", _: str) -> None:
    await make_secret(screen, screen.project, screen.list.use_case or USE_CASES[0])


ACTION = Action("create", _create, "Create", "Create (add) a secret", id="secret.create", keys="a", need=Need("create"))

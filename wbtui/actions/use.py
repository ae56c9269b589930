from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need

if TYPE_CHECKING:
    from wbtui.domain.rights import Resource
    from wbtui.screens.secrets import SecretsScreen


async def _use(screen: "SecretsScreen", _: str) -> None:
    from wbtui.actions.change_workload import change_workload
    from wbtui.screens.choose import ChooseScreen
    from wbtui.screens.takers import workloads_for
    from wbtui.widgets.attachment_form import AttachmentForm

    secret = screen.secret
    if not secret:
        return
    workloads = partial(workloads_for, screen.session.connected.workloads, secret)
    if workload := await screen.app.push_screen_wait(ChooseScreen(f"Use {secret.names} with", workloads)):
        look_up = screen.list.index.get
        await change_workload(screen, workload, lambda *read: AttachmentForm(secret, look_up, workload, *read))


def _workloads() -> "tuple[Resource, ...]":
    from wbtui.domain.targets import TARGETS

    return tuple(target.resource for target in TARGETS.values() if target.placements)


def _why_not(screen: "SecretsScreen") -> str:
    return "it is being deleted: pods could not start with it" if screen.secret and screen.secret.deleted else ""


ACTION = Action(
    "use",
    _use,
    "Use",
    "Use the secret with a workload",
    id="secret.use",
    keys="w",
    need=Need("patch", _workloads),
    why_not=_why_not,
)

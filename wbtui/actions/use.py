from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need

if TYPE_CHECKING:
    from wbtui.domain.rights import Resource
    from wbtui.domain.secret import Secret
    from wbtui.domain.targets import Workload
    from wbtui.screens.choose import Offer
    from wbtui.screens.secrets import SecretsScreen


async def _use(screen: "SecretsScreen", _: str) -> None:
    from wbtui.actions.change_workload import change_workload
    from wbtui.screens.choose import ChooseScreen
    from wbtui.screens.workload_choices import workloads_for
    from wbtui.widgets.attachment_form import AttachmentForm

    secret = screen.secret
    if not secret:
        return
    workloads = partial(workloads_for, screen.session.connected.workloads, secret)
    look_up = screen.list.index.get
    if workload := await screen.app.push_screen_wait(ChooseScreen(f"Use {secret.names} with", workloads)):
        used = await change_workload(screen, workload, lambda *read: AttachmentForm(secret, look_up, workload, *read))
        if used and workload.target.downloads:
            await _use_with_caches(screen, secret, workload)


async def _use_with_caches(screen: "SecretsScreen", secret: "Secret", service: "Workload") -> None:
    """Offer to use the secret with what the engine made for a service, too: a cache keeps the reference that it has."""
    from wbtui.actions.change_workload import change_workload
    from wbtui.domain.service_state import ServiceState
    from wbtui.screens.choose import ChooseScreen
    from wbtui.screens.wait import WaitScreen
    from wbtui.screens.workload_choices import caches_of
    from wbtui.widgets.attachment_form import AttachmentForm

    reading = screen.session.connected.services.read(service.namespace, service.name)
    state = await screen.app.push_screen_wait(WaitScreen(f"Looking for the caches of {service} …", reading))
    if not isinstance(state, ServiceState):
        return
    done: list[Workload] = []
    title = f"Caches keep the credentials they have: use {secret.names} there, too?"
    offer = caches_of(state, secret, service.namespace, done)
    while offer.choices or offer.remark:
        cache = await screen.app.push_screen_wait(ChooseScreen(title, partial(_give, offer)))
        form = partial(AttachmentForm, secret, screen.list.index.get)
        if not cache or not await change_workload(screen, cache, partial(form, cache)):
            return
        done.append(cache)
        offer = caches_of(state, secret, service.namespace, done)


async def _give(offer: "Offer[Workload]") -> "Offer[Workload]":
    return offer


def _workloads() -> "tuple[Resource, ...]":
    from wbtui.domain.targets import TARGETS

    return tuple(target.kind.resource for target in TARGETS.values() if target.placements)


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

"""Workloads, models and services, as choices."""

from wbtui.domain.display_name import both_names
from wbtui.domain.models import Catalog, Model
from wbtui.domain.placements import placements_for
from wbtui.domain.secret import Secret
from wbtui.domain.service_state import ServiceState
from wbtui.domain.targets import CACHES, TARGETS, Workload
from wbtui.domain.usage import ABSENT, NotSearched, Use
from wbtui.repository import WorkloadStore
from wbtui.screens.choose import Choice, Offer


async def workloads_for(store: WorkloadStore, secret: Secret) -> Offer[Workload]:
    """Return the workloads that can use a secret. Raises any `ClusterError`."""
    fitting = {placement.name for placement in placements_for(secret)}
    workloads = await store.find(secret.namespace)
    choices = [
        Choice(workload, str(workload), _note(workload), workload.kind not in CACHES, workload.refusal)
        for workload in workloads.found
        if workload.target.refusal or workload.target.placements & fitting
    ]
    return Offer(choices, _unseen(workloads.not_searched))


def workload_of(use: Use) -> Workload | None:
    """Return the workload in which a use can be ended: the one on top, which makes the others; None where none is."""
    user = use.top if use.top.kind in TARGETS else use.user
    if user.kind not in TARGETS:
        return None
    owner = "" if user is use.top else str(use.top)
    return Workload(user.kind, user.name, use.user.namespace, owner, display_name=user.display_name)


def models_in(catalog: Catalog) -> Offer[Model]:
    """Return the models that can be deployed; one that could not be seen can be named by hand."""
    choices = [
        Choice(model, model.names, _about(model, catalog), names=(model.name, model.called)) for model in catalog.models
    ]
    if choices and not catalog.not_searched:
        return Offer(choices)
    unseen = f"Not seen: {'; '.join(catalog.not_searched)}." if catalog.not_searched else "There are no models."
    return Offer(choices, f"{unseen} Another model: type its whole name.")


def services_in(services: tuple[ServiceState, ...]) -> Offer[ServiceState]:
    """Return the services of a project."""
    choices = [
        Choice(state, both_names(state.display_name, state.name), _how(state), names=(state.name, state.display_name))
        for state in services
    ]
    return Offer(choices)


def caches_of(state: ServiceState, secret: Secret, namespace: str, done: list[Workload]) -> Offer[Workload]:
    """Return the caches of a service that can use a secret and are not `done`."""
    fitting = {placement.name for placement in placements_for(secret)}
    made = [Workload(part.kind, part.name, namespace) for part in state.parts if part.kind in CACHES]
    choices = [
        Choice(cache, str(cache), cache.target.effect({}))
        for cache in made
        if cache not in done and cache.target.placements & fitting
    ]
    return Offer(choices, f"Not seen: {'; '.join(state.unseen)}." if state.unseen and not done else "")


def _how(state: ServiceState) -> str:
    wrong = next((condition for condition in state.conditions if condition.well is False), None)
    return " · ".join(filter(None, (state.status or "New", state.model, wrong.reason if wrong else "")))


def _note(workload: Workload) -> str:
    if workload.owner:
        return f"managed by {workload.owner}"
    return "" if workload.exists else "does not exist yet: it will be created"


def _unseen(not_searched: tuple[NotSearched, ...]) -> str:
    kinds: dict[str, list[str]] = {}
    for entry in not_searched:
        if entry.reason != ABSENT:
            kinds.setdefault(entry.reason, []).append(entry.kind)
    return " ".join(f"Not seen, {reason}: {', '.join(names)}." for reason, names in kinds.items())


def _about(model: Model, catalog: Catalog) -> str:
    token = "needs a Hugging Face token" if model.needs_token else ""
    whose = f"of {model.namespace}" if model.namespace else ""
    profiles = "no profile is ready" if catalog.lacks_profiles(model) else ""
    return " · ".join(part for part in (model.status or "state not known", token, whose, profiles) if part)

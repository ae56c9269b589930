"""Models that can be deployed, the profiles by which they run, and what a project gives to every service."""

from dataclasses import dataclass

from wbtui.domain.display_name import both_names
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import AIM
from wbtui.domain.served_kinds import group_of

AIM_GROUP = group_of(AIM)
"""The API group of the AIM Engine."""
PIPELINE = f"{AIM_GROUP}/reconciler-pipeline"
"""The annotation that tells the engine by what a service runs; without it, its shape decides."""
TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105  a variable's name
"""The variable from which the AIM Engine and its containers read the Hugging Face token."""
DEFAULT_CONFIG = "default"
"""The name of the runtime configs that apply to every service of a project, or of the cluster."""
METRICS = ("latency", "throughput")
"""The metrics that a service can be optimized for."""
READY = "Ready"


def runs_by_profile(service: Json) -> bool:
    """Return whether a service runs by a profile, so that its download has an environment of its own."""
    metadata, spec = service.get("metadata") or {}, service.get("spec") or {}
    pipeline = (metadata.get("annotations") or {}).get(PIPELINE)
    return bool(pipeline == "profile" if pipeline else spec.get("profile"))


def uses_profiles(api: str) -> bool:
    """Return whether services of this `apiVersion` run by profiles, as since v1alpha2; before, by templates."""
    return not api.endswith("/v1alpha1")


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the cluster or of a project; `namespace` is empty for the cluster's.

    `kind` is empty for one that was named by hand, of which nothing else is known. `status` is the value that the AIM
    Engine set. With `needs_token`, the download needs a Hugging Face token. `aim_id` is what its profiles are for.
    `display_name` is what the Workbench's users called it, `title` what its image says; `imported` is one that they
    imported, and did not train.
    """

    kind: str
    name: str
    namespace: str
    status: str = ""
    title: str = ""
    display_name: str = ""
    canonical_name: str = ""
    needs_token: bool = False
    image: str = ""
    uid: str = ""
    aim_id: str = ""
    imported: bool = False

    @property
    def called(self) -> str:
        """Return what people call it; empty where that is its name in Kubernetes."""
        return self.display_name or ("" if self.title == self.name else self.title)

    @property
    def names(self) -> str:
        """Return what people call it, and its name in Kubernetes where that is another one."""
        return both_names(self.called, self.name)

    @property
    def order(self) -> tuple[bool, str, str]:
        """Return by what models are sorted: those that are ready first, then by what people call them."""
        return (not self.ready, (self.called or self.name).casefold(), self.name)

    @property
    def ready(self) -> bool:
        """Return whether the AIM Engine can serve the model now."""
        return self.status == READY


def named_by_hand(name: str) -> Model:
    """Return a model of which only the name is known."""
    return Model("", name, "")


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to run a model: on which accelerators, how exactly, and what it is best at.

    `model` is the name of the model that it comes from, `aim_id` what it is for; with `usable`, services can run by it.
    `accelerator` is the model of the accelerators, `accelerators` how many each replica has; 0 where it does not say.
    """

    name: str
    uid: str
    model: str
    aim_id: str
    usable: bool
    metric: str = ""
    precision: str = ""
    accelerator: str = ""
    accelerators: int = 0

    def is_for(self, model: Model) -> bool:
        """Return whether it is one of a model's profiles."""
        return self.model == model.name or bool(model.aim_id and self.aim_id == model.aim_id)


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway through which services are reached."""

    name: str
    namespace: str

    def __str__(self) -> str:
        return f"{self.name} in {self.namespace}" if self.namespace else self.name


WORKBENCH_GATEWAY = Gateway("https", "envoy-gateway-system")
"""The gateway of an AI Workbench 2 that was installed with its own defaults."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the runtime configs named `default` give to every service, as far as they could be read.

    `token_from` is the one with a Hugging Face token, `routes` whether they make a route, None where none says;
    `unread` are those that could not be read.
    """

    token_from: str = ""
    routes: bool | None = None
    gateway: Gateway | None = None
    unread: tuple[str, ...] = ()

    @property
    def route_sentence(self) -> str:
        """Return whether a service that does not say gets a route."""
        if self.routes is None and self.unread:
            return f"whether it gets a route is not known: {' and '.join(self.unread)} cannot be read"
        return "it gets a route" if self.routes else "it gets no route"


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that can be deployed in a project, and how; `not_searched` has a reason for each kind that was not read.

    `api` is the `apiVersion` of services. `profiles` is None where they could not be read, or there are none in `api`.
    """

    api: str
    models: tuple[Model, ...]
    profiles: tuple[Profile, ...] | None = None
    not_searched: tuple[str, ...] = ()
    defaults: Defaults = Defaults()

    def profiles_for(self, model: Model) -> tuple[Profile, ...]:
        """Return the profiles by which a service of a model can run now."""
        return tuple(profile for profile in self.profiles or () if profile.usable and profile.is_for(model))

    def lacks_profiles(self, model: Model) -> bool:
        """Return whether a service of a model would wait for a profile."""
        return self.profiles is not None and not self.profiles_for(model)

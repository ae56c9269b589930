"""How a service is to run, as its generation of the AIM Engine asks for it: by a template, or by a profile."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from wbtui.domain.display_name import display_name_problem
from wbtui.domain.models import WORKBENCH_GATEWAY, Catalog, Model, Profile
from wbtui.domain.problems import Problem
from wbtui.domain.service_draft import NO_GROUP, ServiceDraft
from wbtui.domain.text import plain, shortened
from wbtui.widgets.form_area import FormProblem
from wbtui.widgets.line import TitledLine
from wbtui.widgets.picker import Picker
from wbtui.widgets.titled import titled

_LONGEST = 80
"""Characters of the names of profiles that are offered."""
_MOST = 8
"""Values that have a digit on the line of a picker, beside "any"."""


class TemplateOptions(Vertical):
    """Options of a service that runs by a template: whether one that is not optimized will do.

    Without those, a model that has no others waits for ever, and it cannot be changed afterwards.
    """

    touched = False
    names: tuple[TitledLine, ...] = ()
    """The lines that stand below the name."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(classes="options")
        self._route = catalog.defaults.route_sentence
        self._templates = Picker(["optimized or not", "optimized ones only"], id="templates")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield titled("Templates", self._templates)
        yield titled("Route", Static(plain(f"as the runtime config says: {self._route}"), markup=False))

    def added_to(self, draft: ServiceDraft) -> ServiceDraft:
        """Return a draft with what is chosen here."""
        return replace(draft, unoptimized=self._templates.position == 0)

    def check(self, _: ServiceDraft) -> Iterator[FormProblem]:
        """Yield nothing: every choice is valid."""
        return iter(())


class ProfileOptions(Vertical):
    """Options of a service that runs by a profile: which one, or what it must be like; the display name and route."""

    def __init__(self, model: Model, catalog: Catalog, display_name: str) -> None:
        super().__init__(classes="options")
        self._model = model
        self._catalog = catalog
        self._profiles = catalog.profiles_for(model)
        self._suggested = display_name
        self._display_name = TitledLine("Display name", id="display-name", placeholder="optional")
        self._display_name.line.value = display_name
        self.names = (self._display_name,)
        """The lines that stand below the name."""
        names = shortened(", ".join(profile.name for profile in self._profiles), _LONGEST)
        placeholder = f"automatic, or the name of one: {plain(names)}" if names else "automatic, or the name of one"
        self._profile = TitledLine("Profile", id="profile", placeholder=placeholder)
        self._precisions = _values(profile.precision for profile in self._profiles)
        self._accelerators = _values(profile.accelerator for profile in self._profiles)
        self._precision = Picker(["any", *self._precisions], id="precision")
        self._accelerator = Picker(["any", *self._accelerators], id="accelerator")
        self._counts = sorted({profile.accelerators for profile in self._profiles if profile.accelerators})[:_MOST]
        self._count = Picker(["as the profile says", *map(str, self._counts)], id="accelerators")
        self._gateway = catalog.defaults.gateway or WORKBENCH_GATEWAY
        titles = [f"through gateway {self._gateway}", f"as the runtime config says: {catalog.defaults.route_sentence}"]
        self._route = Picker(list(map(plain, titles)), id="route")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield self._profile
        yield titled("Precision", self._precision)
        yield titled("Accelerator", self._accelerator)
        yield titled("How many of them", self._count)
        yield titled("Route", self._route)
        yield titled("", Static(NO_GROUP, classes="told", markup=False))

    @property
    def touched(self) -> bool:
        """Return whether something was entered that would be lost."""
        return self._display_name.line.value != self._suggested or bool(self._profile.line.value)

    def added_to(self, draft: ServiceDraft) -> ServiceDraft:
        """Return a draft with what is chosen here."""
        return replace(
            draft,
            display_name=self._display_name.line.value.strip(),
            profile=self._profile.line.value.strip(),
            precision=["", *self._precisions][self._precision.position],
            accelerator=["", *self._accelerators][self._accelerator.position],
            accelerators=[0, *self._counts][self._count.position],
            gateway=None if self._route.position else self._gateway,
        )

    def check(self, draft: ServiceDraft) -> Iterator[FormProblem]:
        """Yield what is wrong or odd in a draft, and show it."""
        text = display_name_problem(draft.display_name) if draft.display_name else ""
        self._display_name.show_error(text)
        if text:
            yield FormProblem(self._display_name.line, self._display_name.title, Problem(text))
        if odd := self._odd_profile(draft):
            yield FormProblem(self._profile.line, self._profile.title, Problem(odd, blocks=False))

    def _odd_profile(self, draft: ServiceDraft) -> str:
        if self._catalog.lacks_profiles(self._model):
            return "no profile of the model is Ready and deployable; the service waits until one is"
        if not self._profiles:
            return ""
        if not draft.profile:
            is_one = any(_fits(profile, draft) for profile in self._profiles)
            return "" if is_one else "no profile of the model is all that was chosen"
        is_known = any(profile.name == draft.profile for profile in self._profiles)
        return "" if is_known else f"{plain(draft.profile)} is no profile of the model that is Ready and deployable"


def _fits(profile: Profile, draft: ServiceDraft) -> bool:
    """Return whether a profile is all that is asked for."""
    wanted = (
        (draft.metric, profile.metric),
        (draft.precision, profile.precision),
        (draft.accelerator, profile.accelerator),
    )
    return all(not value or value == found for value, found in wanted)


def _values(found: Iterable[str]) -> list[str]:
    return sorted({plain(value) for value in found if value})[:_MOST]

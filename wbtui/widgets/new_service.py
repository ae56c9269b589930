"""All that is entered to deploy a model: what the service is called, how large it is, and the secrets it uses."""

import re
from collections.abc import Callable, Iterator

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from wbtui.domain.display_name import generated_name
from wbtui.domain.models import METRICS, Catalog, Model, uses_profiles
from wbtui.domain.names import name_problem
from wbtui.domain.placements import token_key
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.problems import Problem
from wbtui.domain.secret import Secret
from wbtui.domain.service_draft import ServiceDraft, token_readers
from wbtui.domain.text import plain
from wbtui.domain.use_cases.table import HUGGING_FACE, IMAGE_PULL
from wbtui.widgets.chosen_secrets import ChosenSecrets
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.form_area import FormArea, FormProblem
from wbtui.widgets.line import TitledLine
from wbtui.widgets.manifest_view import ManifestView
from wbtui.widgets.picker import Picker
from wbtui.widgets.scaling_options import ScalingOptions
from wbtui.widgets.service_options import ProfileOptions, TemplateOptions
from wbtui.widgets.titled import titled

_MOST_REPLICAS = 2**31 - 1


class NewService(FormArea):
    """The form of a service for one model, with the manifest that it makes.

    `find` returns the secret of a name as it is now; None where the list has none.
    """

    def __init__(
        self,
        model: Model,
        catalog: Catalog,
        namespace: str,
        creator: Callable[[], str],
        prefixes: Prefixes,
        find: Callable[[str], Secret | None],
    ) -> None:
        super().__init__(can_focus=False)
        self._model = model
        self._catalog = catalog
        self._namespace = namespace
        self._creator = creator
        self._prefixes = prefixes
        self._find = find
        self._complaint = ""
        stem = re.sub(r"[^a-z0-9]+", "-", model.name).strip("-")
        self._start = generated_name("aim") if uses_profiles(catalog.api) else stem
        self._name_line = TitledLine("Name", id="name")
        self._name_line.line.value = self._start
        self._replicas_line = TitledLine("Replicas", id="replicas")
        self._replicas_line.line.value = "1"
        needed = "needed: Enter chooses one" if model.needs_token else "optional: Enter chooses one"
        self.token = ChosenSecrets(HUGGING_FACE, needed)
        self.pull_secrets = ChosenSecrets(IMAGE_PULL, "optional: Enter adds one", several=True)
        self._metric = Picker(["as the model says", *METRICS], id="metric")
        self._options: ProfileOptions | TemplateOptions = (
            ProfileOptions(model, catalog, model.display_name or stem)
            if uses_profiles(catalog.api)
            else TemplateOptions(catalog)
        )
        self._scaling = ScalingOptions()
        self._view = ManifestView(id="manifest")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield Static(self._about(), classes="advice", markup=False)
        yield self._name_line
        yield from self._options.names
        yield self._replicas_line
        yield titled("Token", self.token)
        yield titled("", Static(token_readers(self._catalog.api), classes="told", markup=False))
        yield titled("Pull secrets", self.pull_secrets)
        yield titled("Best at", self._metric)
        yield self._options
        yield self._scaling
        yield self._view

    def on_mount(self) -> None:
        self._name_line.line.focus()
        self._refresh()

    @property
    def touched(self) -> bool:
        """Return whether something was entered that would be lost."""
        named = self._name_line.line.value != self._start or self._options.touched or self._scaling.touched
        return named or bool(self.token.names or self.pull_secrets.names)

    def draft(self) -> ServiceDraft:
        """Return what the form holds."""
        token = self.token.names[0] if self.token.names else ""
        replicas = self._replicas_line.line.value.strip()
        draft = ServiceDraft(
            namespace=self._namespace,
            name=self._name_line.line.value.strip(),
            model=self._model,
            api=self._catalog.api,
            replicas=int(replicas) if replicas.isdecimal() else 0,
            token=(token, token_key(self._find(token))) if token else None,
            pull_secrets=self.pull_secrets.names,
            metric=(["", *METRICS])[self._metric.position],
            creator=self._creator(),
            scaling=self._scaling.chosen,
        )
        return self._options.added_to(draft)

    def check(self) -> list[FormProblem]:
        """Return all that is wrong or odd as it is to be sent, and show it."""
        self._complaint = ""
        draft = self.draft()
        replicas = "" if 0 < draft.replicas <= _MOST_REPLICAS else "a number of replicas is at least 1"
        self._replicas_line.show_error(replicas)
        found: list[FormProblem] = []
        for line, text in ((self._name_line, self.check_name()), (self._replicas_line, replicas)):
            found += [FormProblem(line.line, line.title, Problem(text))] if text else []
        if self._model.needs_token and not draft.token:
            found.append(FormProblem(self.token, "Token", self._token_problem()))
        if odd := self._odd_model():
            found.append(FormProblem(self._name_line.line, "Model", Problem(plain(odd), blocks=False)))
        return [*found, *self._options.check(draft), *self._scaling.check(), *self._missing()]

    def _odd_model(self) -> str:
        if not self._model.kind:
            return f"whether there is a model {self._model.name}, and what it needs, is not known"
        status = self._model.status or "not reported ready"
        return "" if self._model.ready else f"the model is {status}; the service waits until it is ready"

    def _missing(self) -> Iterator[FormProblem]:
        for chosen, title in ((self.token, "Token"), (self.pull_secrets, "Pull secrets")):
            for name in chosen.names:
                secret = self._find(name)
                if not secret or secret.deleted:
                    what = "is being deleted" if secret else "is not in the list"
                    yield FormProblem(chosen, title, Problem(f"{plain(name)} {what}", blocks=False))

    def check_name(self, complaint: str = "") -> str:
        """Show and return what is wrong with the name, by the rule or by the cluster."""
        self._complaint = complaint or self._complaint
        text = name_problem(self._name_line.line.value.strip(), "service") or self._complaint
        self._name_line.show_error(text)
        return text

    def _token_problem(self) -> Problem:
        needs, defaults = "the model needs one of Hugging Face", self._catalog.defaults
        if defaults.token_from:
            return Problem(f"{needs}; that of {defaults.token_from} would be used", blocks=False)
        if defaults.unread:
            unread = " and ".join(defaults.unread)
            return Problem(f"{needs}; {unread} may give one, but cannot be read", blocks=False)
        return Problem(f"{needs}: Enter chooses one")

    def _about(self) -> str:
        model = self._model
        if not model.kind:
            return plain(f"{model.name}: entered by hand; what it needs is not known.")
        title = " — ".join(part for part in (model.names, model.canonical_name) if part)
        token = " It needs a token of Hugging Face." if model.needs_token else ""
        return plain(f"{title}: {model.status or 'its state is not known'}.{token} Image {model.image or 'not known'}.")

    def _refresh(self) -> None:
        self._view.show_manifest(self.draft().manifest(self._prefixes))

    @on(ContentChanged, "#name")
    def _name_changed(self) -> None:
        self._complaint = ""
        self.check_name()

    @on(ContentChanged)
    def _changed(self) -> None:
        self._refresh()

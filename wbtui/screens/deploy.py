"""Deploy a model: create a service that uses secrets."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import ClassVar

from textual import on

from wbtui.domain.models import Catalog, Model
from wbtui.domain.placements import is_for
from wbtui.domain.secret import Secret
from wbtui.domain.service_draft import ServiceDraft
from wbtui.domain.use_cases.model import UseCase
from wbtui.errors import AlreadyExists, ClusterError
from wbtui.screens.answers import ask
from wbtui.screens.choose import Choice, ChooseScreen, FreeText, Offer
from wbtui.screens.form import FormScreen
from wbtui.session import Session
from wbtui.widgets.chosen_secrets import ChosenSecrets
from wbtui.widgets.form_status import FormStatus
from wbtui.widgets.new_service import NewService


class DeployScreen(FormScreen[ServiceDraft, NewService]):
    """Creates a service for a model, and returns its draft.

    `secrets` returns the current secrets of the project; `create` creates one for a use case.
    """

    HINT: ClassVar[str] = "{form.save} deploys what is shown; {form.leave} leaves. Nothing is created before you save."

    def __init__(
        self,
        session: Session,
        namespace: str,
        model: Model,
        catalog: Catalog,
        secrets: Callable[[], list[Secret]],
        create: Callable[[UseCase], Awaitable[Secret | None]],
    ) -> None:
        self._prefixes = session.connected.prefixes
        form = NewService(model, catalog, namespace, lambda: session.creator, self._prefixes, self._find)
        super().__init__(session, namespace, form)
        self._secrets = secrets
        self._create = create
        self._made: list[Secret] = []

    async def store(self, status: FormStatus) -> ServiceDraft | None:
        """Check whether it can be deployed, and deploy it."""
        draft = self._form.draft()
        manifest = draft.manifest(self._prefixes)
        text = "Checking with the cluster whether it can be deployed …"
        if not await self.passes_dry_run(text, self._cluster.workloads.write({}, manifest, dry_run=True)):
            return None
        status.say("Deploying …")
        await self._cluster.workloads.write({}, manifest)
        return draft

    def show_error(self, error: ClusterError) -> None:
        """Show what the cluster refused, at the field that it is about."""
        super().show_error(error)
        if isinstance(error, AlreadyExists):
            self._form.check_name("a service of this name exists in the project already")

    @on(ChosenSecrets.Asked)
    def _choose(self, event: ChosenSecrets.Asked) -> None:
        chosen = event.chosen
        screen = ChooseScreen[str | UseCase](
            f"Secrets for {chosen.use_case.title}",
            partial(self._offer, chosen.use_case),
            free=FreeText[str | UseCase]("Or type the name of one.", str),
        )
        self.app.push_screen(screen, partial(self._use_answer, chosen))

    async def _offer(self, use_case: UseCase) -> Offer[str | UseCase]:
        fitting = [secret for secret in self._secrets() if is_for(use_case, secret) and not secret.deleted]
        choices: list[Choice[str | UseCase]] = [
            Choice(
                secret.name,
                secret.names,
                ", ".join(filter(None, (secret.creator, *(secret.keys or ())))),
                names=(secret.name, secret.title),
            )
            for secret in fitting
        ]
        choices.append(Choice(use_case, "create a new one …", f"use case {use_case.title}"))
        return Offer(choices, "" if fitting else f"There is none in {self._namespace} yet.")

    def _use_answer(self, chosen: ChosenSecrets, answer: str | UseCase | None) -> None:
        if isinstance(answer, str):
            found = self._find(answer)
            chosen.choose(answer, found.names if found else answer)
        elif answer:
            ask(self, self._create(answer), partial(self._take_made, chosen), self.show_error, topic="make")

    def _take_made(self, chosen: ChosenSecrets, made: Secret | None) -> None:
        self._made += [made] if made else []
        if made and is_for(chosen.use_case, made):
            chosen.choose(made.name, made.names)

    def _find(self, name: str) -> Secret | None:
        # What was made from here may be in the list only a moment later.
        return next((secret for secret in (*self._secrets(), *self._made) if secret.name == name), None)

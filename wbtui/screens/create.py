"""Create a secret in one or several projects; the form stays filled until the cluster has created it."""

from dataclasses import replace
from functools import partial

from textual import on

from wbtui.batching import Batch, Creation
from wbtui.domain.display_name import TRIES
from wbtui.domain.index import ExistingNames
from wbtui.domain.secret import Secret
from wbtui.domain.text import first_of, plain
from wbtui.domain.use_cases.model import UseCase
from wbtui.errors import AlreadyExists, ClusterError
from wbtui.screens.batch import BatchScreen
from wbtui.screens.credential_form import CredentialFormScreen
from wbtui.screens.several import SeveralScreen
from wbtui.screens.writable import project_to_create_in, projects_to_create_in
from wbtui.session import Session
from wbtui.widgets.chosen_projects import ChosenProjects
from wbtui.widgets.form_status import FormStatus
from wbtui.widgets.header import HeaderLine
from wbtui.widgets.new_secret import NewSecret
from wbtui.widgets.secret_list import SecretList


class CreateScreen(CredentialFormScreen[tuple[Secret, ...], NewSecret]):
    """Creates a secret in one or several projects of one cluster, and returns the metadata of each.

    `target` is what to try the credential with. The values are kept until all projects have them, or the form is left.
    """

    def __init__(
        self,
        session: Session,
        secrets: SecretList,
        namespace: str,
        use_case: UseCase,
        target: str,
    ) -> None:
        taken = ExistingNames(secrets.index, namespace)
        form = NewSecret(namespace, lambda: session.creator, taken, use_case, session.now)
        super().__init__(session, namespace, form, target)
        self._secrets = secrets
        self._made: tuple[Secret, ...] = ()

    def on_mount(self) -> None:
        self._secrets.changed.subscribe(self, self._listen)

    @on(ChosenProjects.Asked)
    def _ask_projects(self) -> None:
        search = partial(projects_to_create_in, self._session, self._namespace)
        named = partial(project_to_create_in, self._cluster)
        choosing = SeveralScreen("Create the secret in these projects", search, self._form.projects, named)
        self.app.push_screen(choosing, self._take_projects)

    def _take_projects(self, projects: tuple[str, ...] | None) -> None:
        if projects:
            self._choose_projects(projects)
            self.edited()

    def _choose_projects(self, projects: tuple[str, ...]) -> None:
        self._form.choose_projects(projects)
        self.query_one(HeaderLine).show_project(first_of(projects))

    async def store(self, status: FormStatus) -> tuple[Secret, ...] | None:
        """Check and create the secret; where a generated name is taken, under another one."""
        if self._made or len(self._form.projects) > 1:
            return await self._create_in_each(status)
        for _ in range(TRIES - 1):
            try:
                return await self._create(status)
            except AlreadyExists:
                if not self._form.name_lines.take_another():
                    raise
        return await self._create(status)

    async def _create_in_each(self, status: FormStatus) -> tuple[Secret, ...] | None:
        """Try and create it in each project; None where some are left, which the form then has."""
        draft, projects = self._form.draft(), self._form.projects
        batch = Batch(self._cluster, [Creation(replace(draft, namespace=project)) for project in projects])
        status.say("Each project has a result of its own …")
        title = f"New secret {draft.display_name or draft.name} in {len(projects)} project{'s' * (len(projects) != 1)}"
        await self.app.push_screen_wait(BatchScreen(batch, title))
        self._made += tuple(report.secret for report in batch.done if report.secret)
        done = {report.target.namespace for report in batch.done}
        left = tuple(project for project in projects if project not in done)
        if not left:
            return self._made
        self._choose_projects(left)
        text = f"{len(self._made)} created; left: {', '.join(left)}. {{form.save}} tries these again."
        status.show_message("not finished", text)
        return None

    async def _create(self, status: FormStatus) -> tuple[Secret, ...] | None:
        draft = self._form.draft()
        text = "Checking with the cluster whether it can be created …"
        if not await self.passes_dry_run(text, self._cluster.create(draft, dry_run=True)):
            return None
        status.say("Creating …")
        return (await self._cluster.create(draft),)

    def show_error(self, error: ClusterError) -> None:
        """Show what the cluster refused, at the field that it is about."""
        super().show_error(error)
        if isinstance(error, AlreadyExists):
            self._form.name_lines.show_error(f"a secret of this name exists in {plain(self._form.projects[0])} already")

    def show_field_error(self, path: str, words: str) -> None:
        """Show what the cluster has against a field of the secret, where that is entered."""
        super().show_field_error(path, words)
        if path == "metadata.name":
            self._form.name_lines.show_error(words)
        elif path.startswith("metadata.annotations"):
            self._form.expiry_line.show_error(words)
        elif path.startswith("metadata.labels"):
            self._form.check_labels(words)

    def _listen(self, _: None) -> None:
        self._form.name_lines.check()

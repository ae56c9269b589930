"""Creating a secret: the form stays, filled, until the cluster has said yes."""

from collections.abc import Container

from textual.signal import Signal

from wbtui.domain.display_name import TRIES
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.use_cases.model import UseCase
from wbtui.errors import AlreadyExists, ClusterError
from wbtui.screens.credential_form import CredentialFormScreen
from wbtui.session import Session
from wbtui.widgets.form_status import FormStatus
from wbtui.widgets.new_secret import NewSecret


class CreateScreen(CredentialFormScreen[Secret]):
    """Makes one secret in one project of one cluster, and gives its metadata; `target` is what it is needed for."""

    def __init__(
        self,
        session: Session,
        namespace: str,
        taken: Container[str],
        changed: Signal[None],
        use_case: UseCase,
        target: str = "",
    ) -> None:
        self._form = NewSecret(namespace, lambda: session.creator, taken, use_case)
        super().__init__(session, namespace, self._form, target)
        self._list_changed = changed

    def on_mount(self) -> None:
        self._list_changed.subscribe(self, self._listen)

    async def store(self, status: FormStatus) -> Secret | None:
        """Find out whether it may be created, and create it; under another name where one made here is taken."""
        for _ in range(TRIES - 1):
            try:
                return await self._create(status)
            except AlreadyExists:
                if not self._form.name_lines.take_another():
                    raise
        return await self._create(status)

    async def _create(self, status: FormStatus) -> Secret | None:
        draft = self._form.draft()
        status.say("Checking with the cluster whether it can be created …")
        if not await self.try_first(self._cluster.create(draft, dry_run=True)):
            return None
        status.say("Creating …")
        return await self._cluster.create(draft)

    def show_error(self, error: ClusterError) -> None:
        """Show what the cluster refused, at the field that it is about."""
        super().show_error(error)
        if isinstance(error, AlreadyExists):
            self._form.name_lines.show_error(f"a secret of this name exists in {plain(self._namespace)} already")
        for path, words in error.fields:
            self._place(path, words)

    def _place(self, path: str, words: str) -> None:
        if path.startswith("data["):
            self._form.values.show_error(path.removeprefix("data[").removesuffix("]"), words)
        elif path == "metadata.name":
            self._form.name_lines.show_error(words)
        elif path.startswith("metadata.labels"):
            self._form.labels_problem(words)

    def _listen(self, _: None) -> None:
        self._form.name_lines.check()

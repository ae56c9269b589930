"""Creating a secret: the form stays, filled, until the cluster has said yes."""

from collections.abc import Container
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer

from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.use_cases import UseCase
from wbtui.repository import Account, AlreadyExists, Cluster, ClusterError
from wbtui.screens.ask import AskScreen
from wbtui.screens.file import FileScreen
from wbtui.widgets.header import HeaderLine
from wbtui.widgets.masked_value import MaskedValue
from wbtui.widgets.new_secret import NewSecret
from wbtui.widgets.outcome import Outcome


class CreateScreen(Screen[Secret | None]):
    """Makes one secret in one project of one cluster, and gives its metadata; None where nothing was made."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="form.save", tooltip="Create the secret"),
        Binding("escape", "leave", "Back", id="form.leave", tooltip="Leave without creating anything"),
    ]

    def __init__(
        self, cluster: Cluster, namespace: str, account: Account, taken: Container[str], use_case: UseCase
    ) -> None:
        super().__init__()
        self._cluster = cluster
        self._namespace = namespace
        self._account = account
        self._form = NewSecret(namespace, account.creator, taken, use_case)
        self._asked: list[str] = []
        self._saving = False

    def compose(self) -> ComposeResult:
        """Lay out where it will be made, the form, and what there is to say."""
        yield HeaderLine(id="header")
        yield self._form
        yield Outcome(id="outcome")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.query_one(HeaderLine).show(
            self._cluster.context, self._namespace, self._account, read_only=self._cluster.read_only
        )

    @property
    def dirty(self) -> bool:
        """Tell whether leaving would lose something."""
        return self._form.touched

    def close(self) -> None:
        """Let go of every value that was entered."""
        self._form.empty()

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Go back, after asking where something would be lost."""
        question = AskScreen("Leave the form?", "What was entered is lost.", yes="Leave", no="Stay")
        if not self._saving and (not self.dirty or await self.app.push_screen_wait(question)):
            self.close()
            self.dismiss(None)

    def action_save(self) -> None:
        """Create the secret; where something is only odd, once more means that it is wanted so."""
        if self._saving or not self._is_sound():
            return
        self._saving = True
        self._save()

    @work(group="save")
    async def _save(self) -> None:
        outcome = self.query_one(Outcome)
        draft = self._form.draft()
        try:
            outcome.say("Asking the cluster whether it may be created …")
            await self._cluster.create(draft, dry_run=True)
            outcome.say("Creating …")
            made = await self._cluster.create(draft)
        except ClusterError as error:
            self._refuse(error)
        else:
            self.close()
            self.dismiss(made)
        finally:
            self._saving = False

    def _is_sound(self) -> bool:
        outcome = self.query_one(Outcome)
        if self._form.name_is_wrong() or self._form.labels_are_wrong():
            outcome.complain("not saved", "mend what is marked first.")
            return False
        found = self._form.values.problems()
        blocking = [row for row, problem in found if problem.blocks]
        if blocking:
            blocking[0].focus_value()
            outcome.complain("not saved", "mend what is marked first.")
            return False
        odd = [f"{row.field.title}: {problem.text}" for row, problem in found]
        if odd and odd != self._asked:
            self._asked = odd
            found[0][0].focus_value()
            outcome.complain("not saved yet", f"{'; '.join(odd)}. Is it meant so? ctrl+s once more saves it.")
            return False
        return True

    def _refuse(self, error: ClusterError) -> None:
        self.query_one(Outcome).tell(error)
        if isinstance(error, AlreadyExists):
            self._form.name_is_wrong(f"there is a secret of this name in {plain(self._namespace)} already")
        for path, words in error.fields:
            self._place(path, words)

    def _place(self, path: str, words: str) -> None:
        if path.startswith("data["):
            self._form.values.complain(path.removeprefix("data[").removesuffix("]"), words)
        elif path == "metadata.name":
            self._form.name_is_wrong(words)
        elif path.startswith("metadata.labels"):
            self._form.labels_are_wrong(words)

    @on(NewSecret.Changed)
    def _changed(self) -> None:
        self._asked = []
        if not self._saving:
            self.query_one(Outcome).say("ctrl+s saves; Escape leaves. Nothing is stored before you save.")

    @on(MaskedValue.FileAsked)
    @work
    async def _from_file(self, event: MaskedValue.FileAsked) -> None:
        if answer := await self.app.push_screen_wait(FileScreen(event.value.field.file_offer)):
            name, value = answer
            event.value.take_file(name, value.unsealed())

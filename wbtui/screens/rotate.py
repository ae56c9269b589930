"""Enter new values of a secret, see what a rotation will do, and write them."""

from collections.abc import Container
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from wbtui.domain.handover import HandoverChange, renamed, users_of
from wbtui.domain.references import SecretUser
from wbtui.domain.replacement import Replacement
from wbtui.domain.restarts import refusal_to_restart, restarts_after
from wbtui.domain.rotation import RotationPlan
from wbtui.domain.secret import Secret
from wbtui.errors import AlreadyExists, ClusterError, Conflict
from wbtui.screens.ask import AskScreen
from wbtui.screens.credential_form import CredentialFormScreen
from wbtui.screens.overwriting import ask_to_overwrite
from wbtui.screens.review import ReviewScreen
from wbtui.session import Session
from wbtui.widgets.form_status import FormStatus
from wbtui.widgets.rotation_form import RotationForm


class Rotated(NamedTuple):
    """A secret with new values, and the workloads that were confirmed to be restarted.

    Under a new name, that is the new secret; `changes` were confirmed, and point objects to it.
    """

    secret: Secret
    workloads: tuple[SecretUser, ...] = ()
    changes: tuple[HandoverChange, ...] = ()


class RotateScreen(CredentialFormScreen[Rotated, RotationForm]):
    """Gives one secret, as it was on the screen, new values after one question."""

    HINT: ClassVar[str] = (
        "{form.save} shows what will happen, and asks before anything is changed; {form.leave} leaves."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+g", "progress", "Progress", id="rotate.progress", tooltip="Show the rotation that is not finished"
        ),
    ]

    def __init__(self, session: Session, secret: Secret, taken: Container[str]) -> None:
        form = RotationForm(secret, session.connected.prefixes.apps, session.now, taken)
        super().__init__(session, secret.namespace, form)
        self._unfinished = False

    def on_mount(self) -> None:
        self._session.uses.changed.subscribe(self, self._look_for_rotation)
        self._session.uses.look(self._form.secret.namespace)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._unfinished if action == "progress" else super().check_action(action, parameters)

    def action_progress(self) -> None:
        """Leave the form, and show the rotation that is not finished."""
        if not self._saving and not self._form.touched:
            self.dismiss(Rotated(self._form.secret))
        else:
            self.status.say("Leave the form first: what was entered would be lost.")

    def say_hint(self) -> None:
        """Say that a rotation is not finished, or else what saving does."""
        if self._unfinished:
            text = f"A running container still holds an old value: {{rotate.progress}} shows that. {self.HINT}"
            self.status.say(text)
        else:
            super().say_hint()

    def _look_for_rotation(self, _: None) -> None:
        before, self._unfinished = self._unfinished, bool(self._session.uses.is_stale(self._form.secret))
        if before != self._unfinished and not self._saving:
            self.refresh_bindings()
            if not self.status.shows_problem:
                self.say_hint()

    async def store(self, status: FormStatus) -> Rotated | None:
        """Show what will happen; once that is confirmed, write the values. Ask where another user has changed them."""
        try:
            if self._form.new_name:
                return await self._create(self._form.replacement(), self._form.new_name)
            return await self._replace(self._form.replacement())
        except Conflict as error:
            before = self._form.secret
            partly, in_place = self._form.partly, not self._form.new_name
            now = await ask_to_overwrite(self, self._cluster, before, error, partly=partly, in_place=in_place)
            if not now:  # the next save asks again
                raise
            self._form.secret = now
            return await self.store(status)

    async def _replace(self, replacement: Replacement) -> Rotated | None:
        plan = await self.ask_cluster("Searching for what holds the value …", self._plan(replacement))
        question = AskScreen(plan.title, plan.text, yes="Rotate", no="Cancel", interrupts=True)
        if not await self.confirm(question):
            self.say_hint()
            return None
        self.status.say("Writing the new values …")
        return Rotated(await self._cluster.replace(replacement), plan.restarted)

    async def _create(self, replacement: Replacement, name: str) -> Rotated | None:
        old = replacement.secret
        text = f"Checking with the cluster whether {name} can be created …"
        now = await self.ask_cluster(text, self._cluster.read(old))
        if (now.uid, now.resource_version) != (old.uid, old.resource_version):
            raise Conflict("it has changed since it was shown")
        draft = renamed(replacement.draft, now, name)
        if not await self.passes_dry_run(text, self._cluster.create(draft, dry_run=True)):
            return None
        usage = await self.ask_cluster(
            f"Searching for what uses {old.name} …", self._cluster.usage(old.namespace, tell=self.say_progress)
        )
        users, unsearched = users_of(old, usage, self._session.rights), tuple(kind.kind for kind in usage.unsearched)
        keys = tuple(draft.data())
        names = (old.name, name)
        review = ReviewScreen(self._cluster.workloads, names, users, keys, unsearched=unsearched, creates=True)
        changes = await self.confirm(review)
        if changes is None:
            self.say_hint()
            return None
        self.status.say(f"Creating {name} …")
        return Rotated(await self._cluster.create(draft), changes=changes)

    async def _plan(self, replacement: Replacement) -> RotationPlan:
        secret = replacement.secret
        keys = () if replacement.whole else tuple(replacement.draft.data())
        usage = await self._cluster.usage(secret.namespace, tell=self.say_progress)
        workloads = restarts_after(secret, usage, keys).workloads
        return RotationPlan(secret, keys, usage, refusal_to_restart(workloads, self._session.rights))

    def show_error(self, error: ClusterError) -> None:
        """Show what the cluster refused, at the field that it is about."""
        super().show_error(error)
        if isinstance(error, AlreadyExists):
            self._form.show_name_error(str(error))

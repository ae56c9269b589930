"""Recreate a secret: delete it and create it again, each step once, and only when the step before is done."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from secrets import token_hex
from typing import Any

from wbtui.domain.draft import Draft
from wbtui.domain.recreation import RecreationPlan, makes_room, trial_name
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret
from wbtui.domain.usage import Usage
from wbtui.errors import (
    LOST,
    RETRIED,
    AlreadyExists,
    ClusterError,
    Conflict,
    Forbidden,
    NotFound,
    QuotaExceeded,
    StillThere,
    Uncertain,
)
from wbtui.repository import Cluster
from wbtui.screens.ask import AskScreen
from wbtui.screens.form import FormScreen

_PAUSE = 1.0
"""Seconds between two tries to create the secret while wbtui is left."""


class Recreation:
    """The steps done for one secret, whose new values are in a form."""

    def __init__(self, cluster: Cluster, form: FormScreen[Any, Any]) -> None:
        self._cluster = cluster
        self._form = form
        self._original: Secret | None = None
        self._terminating: Secret | None = None
        self._replacement: Replacement | None = None
        self._deleted = False
        self._created = False
        self._unsure = False
        self._running = asyncio.Lock()

    @property
    def busy(self) -> bool:
        """Return whether the secret is being deleted, or created again, right now."""
        return self._running.locked()

    @property
    def half_done(self) -> bool:
        """Return whether the secret is deleted, or being deleted, and not created again: the values exist only here."""
        return self.busy or (self._deleted and not self._created)

    async def finish(self) -> None:
        """Wait for a running step; create a deleted secret, and retry temporary errors."""
        async with self._running:
            pass
        while self.half_done and self._replacement:
            try:
                await self.run(self._replacement)
            except (*RETRIED, Uncertain):
                await asyncio.sleep(_PAUSE)
            except ClusterError:
                return

    @property
    def begun(self) -> bool:
        """Return whether the deletion of the secret was requested."""
        return self._original is not None

    @property
    def state(self) -> tuple[str, str]:
        """Return the state of the secret, and what to do; empty while no deletion was requested."""
        if self._deleted:
            created = "perhaps created again" if self._unsure else "not created again yet"
            return f"deleted and {created}", "{form.save} tries again. The new values are not saved yet."
        if self._terminating:
            since = f" since {self._terminating.deleted:%Y-%m-%d %H:%M:%S} UTC" if self._terminating.deleted else ""
            return (
                "being deleted",
                f"It waits for {self._terminating.waits_for}{since}. Once it is gone, {{form.save}} creates it.",
            )
        if self._original:
            return "perhaps deleted", "{form.save} checks that, and goes on. The new values are not saved yet."
        return "", ""

    async def run(self, replacement: Replacement) -> Secret | None:
        """Do the steps that are left, and return the new secret; None where that has to wait.

        Raises any `ClusterError`; `Conflict` where the secret is not what was on the screen, and nothing was done.
        """
        self._replacement = replacement
        agreed = None if self._deleted else await self._look(replacement)
        async with self._running:
            if agreed:
                self._deleted = await self._delete(agreed)
            return await self._create(replacement, self._original) if self._deleted and self._original else None

    async def _look(self, replacement: Replacement) -> Secret | None:
        """Return the secret to delete, once the user agrees; None where there is nothing to delete."""
        secret = replacement.secret
        try:
            now = await self._form.ask_cluster("Reading the secret …", self._cluster.read(secret))
        except NotFound:
            if not self._original:
                raise
            self._deleted = True
            return None
        if self._original and now.uid != self._original.uid:
            self._deleted = True
            return None
        self._terminating = now if self._original and now.deleted else None
        if self._terminating:
            return None
        if now.deleted or (now.uid, now.resource_version) != (secret.uid, secret.resource_version):
            raise Conflict("it has changed since it was shown")
        return now if await self._agreed(replacement, now) else None

    async def _delete(self, secret: Secret) -> bool:
        self._form.status.say("Deleting …")
        before, self._original = self._original, secret
        try:
            self._terminating = await self._cluster.delete(secret)
        except (*LOST, Uncertain):
            raise  # it may still arrive
        except ClusterError:
            self._original = before
            raise
        return self._terminating is None

    async def _agreed(self, replacement: Replacement, secret: Secret) -> bool:
        needed = await self._form.ask_cluster("Checking your rights …", self._missing_right(secret)) or (
            "" if replacement.draft.secret_type else "its type is not known"
        )
        if needed:
            raise Forbidden(f"it cannot be recreated: {needed}")
        quota = await self._try_out(replacement.successor(secret))
        plan = RecreationPlan(
            secret, replacement.needs_deletion or "its deletion was requested before", await self._usage(secret), quota
        )
        question = AskScreen(plan.title, plan.text, yes="Recreate", no="No", interrupts=True)
        return await self._form.confirm(question)

    async def _missing_right(self, secret: Secret) -> str:
        with suppress(ClusterError):  # the cluster has the last word anyway
            ask, namespace = self._cluster.refusal, secret.namespace
            return await ask("delete", namespace, secret.name) or await ask("create", namespace)
        return ""

    async def _try_out(self, draft: Draft) -> str:
        text = "Checking with the cluster whether it can be recreated …"
        trial = trial_name(draft.name, token_hex(4))
        try:
            await self._form.ask_cluster(text, self._cluster.create(replace(draft, name=trial), dry_run=True))
        except ClusterError as error:
            error.reword(lambda text: text.replace(trial, draft.name))
            if not isinstance(error, QuotaExceeded) or not makes_room(error.message):
                raise
            return str(error)
        return ""

    async def _usage(self, secret: Secret) -> Usage | None:
        with suppress(ClusterError):  # a hint, and said to be missing
            search = self._cluster.usage(secret.namespace, tell=self._form.say_progress)
            return await self._form.ask_cluster("Searching for uses …", search)
        return None

    async def _create(self, replacement: Replacement, original: Secret) -> Secret:
        self._form.status.say("Creating it again …")
        draft = replacement.successor(original)
        self._unsure = False
        try:
            made = await self._cluster.create(draft)
        except Uncertain:
            self._unsure = True
            raise
        except AlreadyExists as error:
            there = await self._cluster.read(original)
            self._deleted = there.uid != original.uid  # the answer that it was deleted was wrong
            if not self._deleted:
                raise StillThere(f"{draft.name} still exists") from error
            raise AlreadyExists(
                f"another user has created a secret {draft.name}, which is not changed",
                advice="Look at it before you leave this form.",
            ) from error
        self._created = True
        return made

"""What a secret is used for: who uses it, and using it with workloads and models.

What that takes is loaded when it is first asked for.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from wbtui.domain.secret import Secret
from wbtui.repository import Account, Cluster, ClusterError
from wbtui.screens.changing import ChangingScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from wbtui.domain.models import Catalog
    from wbtui.domain.references import Json
    from wbtui.domain.targets import Workload
    from wbtui.domain.usage import Use
    from wbtui.screens.change import ChangeForm

_SLOW = 0.5
"""Seconds after which it is said what is being waited for."""


class UsingScreen(ChangingScreen):
    """Where secrets are put to use, and taken out of it again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "u", "used_by", "Used by", id="secret.used_by", tooltip="See what uses the secret; Enter there detaches"
        ),
        Binding("w", "use", "Use", id="secret.use", tooltip="Use the secret with a workload"),
        Binding("m", "deploy", "Model", id="model.deploy", tooltip="Deploy a model"),
        Binding("y", "snippets", "Snippets", id="secret.snippets", tooltip="Pieces of manifests that use the secret"),
    ]

    def action_snippets(self) -> None:
        """Show pieces of manifests that use the secret under the cursor."""
        from wbtui.screens.snippets import SnippetsScreen

        if secret := self.list.table.current:
            self.app.push_screen(SnippetsScreen(secret))

    @work(exclusive=True, group="go")
    async def action_used_by(self) -> None:
        """Show who uses the secret under the cursor; whom one chooses there can be made to use it no more."""
        from wbtui.screens.used_by import UsedByScreen

        cluster, secret = self.cluster, self.list.table.current
        if not cluster or not secret:
            return
        uses = UsedByScreen(secret, self.list.changed, self.list.index.get, self.uses)
        if use := await self.app.push_screen_wait(uses):
            await self._take_out(cluster, secret, use)

    @work(exclusive=True, group="go")
    async def action_use(self) -> None:
        """Use the secret under the cursor with a workload of its project."""
        from wbtui.screens.choose import ChooseScreen
        from wbtui.screens.takers import workloads_for
        from wbtui.widgets.attachment_form import AttachmentForm

        cluster, secret = self.cluster, self.list.table.current
        if not cluster or not secret:
            return
        if secret.deleted:
            self.refuse("it is being deleted: pods could not start with it")
            return
        found: dict[str, Workload] = {}
        choose = ChooseScreen(f"Use {secret.name} with", partial(workloads_for, cluster.workloads, secret, found))
        if workload := found.get(await self.app.push_screen_wait(choose)):
            look_up = self.list.index.get
            await self._change(cluster, workload, lambda *read: AttachmentForm(secret, look_up, workload, *read))

    @work(exclusive=True, group="go")
    async def action_deploy(self) -> None:
        """Deploy a model in the project, and follow how it gets on."""
        from wbtui.screens.choose import ChooseScreen
        from wbtui.screens.deploy import DeployScreen
        from wbtui.screens.service import ServiceScreen
        from wbtui.screens.takers import models_for

        cluster, namespace = self.cluster, self.project
        if not cluster:
            return
        found: list[Catalog] = []
        choose = ChooseScreen(f"Deploy a model in {namespace}", partial(models_for, cluster.models, namespace, found))
        name = await self.app.push_screen_wait(choose)
        model = next((model for catalog in found for model in catalog.models if model.name == name), None)
        if model:
            form = DeployScreen(
                cluster,
                namespace,
                self.account or Account("", ""),
                model,
                partial(self._secrets_of, namespace),
                partial(self.make_secret, cluster, namespace),
                has_default_token=found[-1].has_default_token,
            )
            if made := await self.app.push_screen_wait(form):
                self.app.push_screen(ServiceScreen(cluster.models, made.namespace, made.name))

    def _secrets_of(self, namespace: str) -> list[Secret]:
        return self.list.index.of(namespace)

    async def _take_out(self, cluster: Cluster, secret: Secret, use: Use) -> None:
        from wbtui.screens.takers import workload_of
        from wbtui.widgets.detachment_form import DetachmentForm

        workload = workload_of(use)
        if refusal := "this session is read-only" if cluster.read_only else self.lacking("use"):
            self.refuse(refusal)
        elif not workload:
            self.notify(f"{use.user} is no workload: it is changed where it was made.", severity="warning")
        elif workload.refusal:
            self.notify(f"{workload}: {workload.refusal}.", severity="warning")
        else:
            await self._change(cluster, workload, lambda *read: DetachmentForm(secret.name, workload, *read))

    async def _change(
        self, cluster: Cluster, workload: Workload, form_of: Callable[[Json, tuple[str, ...]], ChangeForm]
    ) -> None:
        from wbtui.screens.change import ChangeScreen
        from wbtui.screens.takers import well_formed

        pods: tuple[str, ...] = ()
        slow = self.set_timer(_SLOW, partial(self.notify, f"Reading {workload} …"))
        try:
            before = well_formed(workload, await cluster.workloads.read(workload))
        except ClusterError as error:
            self.notify(f"{workload}: {error}. {error.advice}", title=error.title, severity="error")
            return
        finally:
            slow.stop()
        with suppress(ClusterError):  # their number stands in the workload itself; their names are a help
            pods = await cluster.workloads.pods(before)
        form = ChangeScreen(cluster, self.account or Account("", ""), form_of(before, pods))
        if done := await self.app.push_screen_wait(form):
            self.notify(done, timeout=12)

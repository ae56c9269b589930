from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action
from wbtui.widgets.missing_right import tell_missing_right

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.domain.usage import Use
    from wbtui.screens.secrets import SecretsScreen


async def _used_by(screen: "SecretsScreen", _: str) -> None:
    """Show who uses the secret under the cursor, and detach it from the one that is chosen there."""
    from wbtui.actions.rotate import begin_rotation
    from wbtui.screens.used_by import UsedByScreen

    secret = screen.secret
    if secret:
        rotate = partial(begin_rotation, screen)
        uses = UsedByScreen(screen.session, screen.list, secret, rotate)
        if use := await screen.app.push_screen_wait(uses):
            await _detach(screen, secret, use)


async def _detach(screen: "SecretsScreen", secret: "Secret", use: "Use") -> None:
    from wbtui.actions.change_workload import change_workload
    from wbtui.actions.use import ACTION as USE
    from wbtui.screens.workload_choices import workload_of
    from wbtui.widgets.detachment_form import DetachmentForm

    workload = workload_of(use)
    if refusal := screen.why_not_allowed(USE):
        tell_missing_right(screen, screen.session, refusal)
    elif not workload:
        screen.notify(f"{use.user} is not a workload: change it where it was created.", severity="warning")
    elif workload.refusal:
        screen.notify(f"{workload}: {workload.refusal}.", severity="warning")
    else:
        await change_workload(screen, workload, lambda *read: DetachmentForm(secret, workload, *read))


ACTION = Action(
    "used_by",
    _used_by,
    "Used by",
    "Show what uses the secret; Enter detaches it",
    id="secret.used_by",
    keys="u",
)

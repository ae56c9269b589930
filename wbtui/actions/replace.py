from contextlib import suppress
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need
from wbtui.repository import ClusterError

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.screens.secrets import SecretsScreen


async def _replace(screen: "SecretsScreen", _: str) -> None:
    from wbtui.screens.replace import ReplaceScreen

    secret = screen.secret
    if not secret:
        return
    if refusal := await screen.session.refusal("patch", secret):
        screen.refuse(refusal)
    elif done := await screen.app.push_screen_wait(ReplaceScreen(screen.session, secret)):
        screen.notify(f"{done.name} has new values.")
        screen.list.table.go_to(done.uid)
        await _tell_restarts(screen, done)


async def _tell_restarts(screen: "SecretsScreen", secret: "Secret") -> None:
    from wbtui.screens.restart import RestartScreen, restarts

    with suppress(ClusterError):  # the values are replaced; who uses them is a hint
        usage = await screen.session.connected.usage(secret.namespace)
        if commands := restarts(usage.of(secret), secret.namespace):
            screen.app.push_screen(RestartScreen(secret.name, commands))


def _why_not(screen: "SecretsScreen") -> str:
    secret = screen.secret
    if secret and secret.owners:
        return f"{secret.owners[0]} manages it and would put its own values back; change it there"
    return "it is being deleted" if secret and secret.deleted else ""


ACTION = Action(
    "replace",
    _replace,
    "Replace",
    "Replace the secret's values",
    id="secret.replace",
    keys="e",
    need=Need("patch"),
    why_not=_why_not,
)

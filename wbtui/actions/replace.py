from contextlib import suppress
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need
from wbtui.errors import ClusterError
from wbtui.widgets.missing_right import tell_missing_right

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.screens.secrets import SecretsScreen

_RESTART_SECONDS = 15
"""For how long it is said who has to be restarted; after that, the list of uses tells."""


async def _replace(screen: "SecretsScreen", _: str) -> None:
    from wbtui.screens.replace import ReplaceScreen

    session, secret = screen.session, screen.secret
    if not secret:
        return
    # Where the rules do not tell, the form asks: it opens at once, so that what is typed behind the key is in it.
    if refusal := session.rights.refusal("patch", secret.name):
        tell_missing_right(screen, session, refusal)
    elif done := await screen.app.push_screen_wait(ReplaceScreen(session, secret)):
        screen.notify(f"{done.names} has new values.")
        screen.list.table.go_to(done.uid)
        await _tell_restarts(screen, done)


async def _tell_restarts(screen: "SecretsScreen", secret: "Secret") -> None:
    from wbtui.domain.restarts import ROLLOUTS

    with suppress(ClusterError):  # the values are replaced; who uses them is a hint
        usage = await screen.session.connected.usage(secret.namespace)
        if count := len({use.top for use in usage.of(secret) if use.needs_restart and use.user.kind in ROLLOUTS}):
            bindings = [active.binding for active in screen.active_bindings.values()]
            keys = {binding.id: screen.app.get_key_display(binding) for binding in bindings}
            screen.notify(
                f"{count} {'workload sees' if count == 1 else 'workloads see'} the new values of {secret.names} only"
                f" after a restart: {keys.get('secret.used_by', 'used by')}, then r restarts them.",
                timeout=_RESTART_SECONDS,
            )


def why_not(screen: "SecretsScreen") -> str:
    """Return why the secret under the cursor cannot be changed; empty where it can."""
    return screen.secret.refusal_to_change if screen.secret else ""


ACTION = Action(
    "replace",
    _replace,
    "Replace",
    "Replace the secret's values",
    id="secret.replace",
    keys="e",
    need=Need("patch"),
    why_not=why_not,
)

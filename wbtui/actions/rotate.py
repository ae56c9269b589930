from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need
from wbtui.actions.replace import why_not, why_not_changed

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.screens.secrets import SecretsScreen


async def _rotate(screen: "SecretsScreen", _: str) -> None:
    if screen.secret:
        await _rotate_one(screen, screen.secret)


def begin_rotation(screen: "SecretsScreen", secret: "Secret") -> None:
    """Rotate a secret from another screen than the list, or say why that is not possible."""
    read_only = "this session is read-only" if screen.session.read_only else ""
    if reason := read_only or screen.missing(ACTION) or why_not_changed(secret):
        screen.warn_not_allowed(reason)
    else:
        screen.run_worker(_rotate_one(screen, secret), group="go", exclusive=True)


async def _rotate_one(screen: "SecretsScreen", secret: "Secret") -> None:
    """Rotate a secret; where a running container holds an old value of it already, show how far that rotation is."""
    from wbtui.screens.rotate import Rotated, RotateScreen
    from wbtui.screens.rotation import RotationScreen

    session, secrets = screen.session, screen.list
    if refusal := session.rights.refusal("patch", secret.name) if session.rights.complete else "":
        screen.warn_not_allowed(refusal)
        return
    done: Rotated | None = Rotated(secret)
    enters_values = not session.uses.is_stale(secret)
    while done:
        if enters_values:
            done = await screen.app.push_screen_wait(RotateScreen(session, done.secret))
            if not done:
                return
            secrets.table.go_to(done.secret.uid)
        following = RotationScreen(session, done.secret, secrets.changed, secrets.index.get, done.workloads)
        wanted = await screen.app.push_screen_wait(following)
        enters_values = wanted is True
        now = secrets.index.get(done.secret.uid)
        done = Rotated(now) if enters_values and now else None


ACTION = Action(
    "rotate",
    _rotate,
    "Rotate",
    "Rotate: enter new values, and restart what holds the old ones",
    id="secret.rotate",
    keys="o",
    need=Need("patch"),
    why_not=why_not,
)

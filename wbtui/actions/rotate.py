from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need
from wbtui.actions.replace import why_not
from wbtui.widgets.missing_right import tell_missing_right

if TYPE_CHECKING:
    from wbtui.domain.handover import HandoverChange, Pair
    from wbtui.domain.secret import Secret
    from wbtui.screens.rotate import Rotated
    from wbtui.screens.secrets import SecretsScreen


async def _rotate(screen: "SecretsScreen", _: str) -> None:
    table = screen.list.table
    marked = tuple(now for uid in table.marks.marked if (now := screen.list.index.get(uid)))
    if len(marked) > 1:
        hidden = screen.list.index.hidden(secret.uid for secret in marked)
        await rotate_many(screen, tuple(sorted(marked, key=_order)), hidden)
    elif screen.secret:
        await _rotate_one(screen, screen.secret)


def _order(secret: "Secret") -> tuple[bool, str, str]:
    """Return what puts first what can be written: the form is made from the keys of the first."""
    return bool(secret.owners or secret.immutable), secret.namespace, secret.name


async def rotate_many(screen: "SecretsScreen", secrets: "tuple[Secret, ...]", hidden: int) -> None:
    """Enter values once for several secrets; `hidden` of them are hidden by the filter."""
    from wbtui.screens.rotate_many import RotateManyScreen

    if count := await screen.app.push_screen_wait(RotateManyScreen(screen.session, secrets, hidden)):
        screen.notify(f"{count} secrets have new values. is:stale shows what still holds an old one.", timeout=12)


def begin_rotation(screen: "SecretsScreen", secret: "Secret") -> None:
    """Rotate a secret from another screen than the list, or say why that is not possible."""
    if missing := screen.why_not_allowed(ACTION):
        tell_missing_right(screen, screen.session, missing)
    elif reason := secret.refusal_to_change:
        screen.warn_not_allowed(reason)
    else:
        screen.run_worker(_rotate_one(screen, secret), group="go", exclusive=True)


async def _rotate_one(screen: "SecretsScreen", secret: "Secret") -> None:
    """Rotate a secret; show how far that is where it was begun already, as the cluster tells."""
    from wbtui.domain.handover import Pair, pair_of
    from wbtui.screens.rotate import Rotated

    session, index = screen.session, screen.list.index
    if pair := pair_of(secret, index.of(secret.namespace)):
        await _follow_handover(screen, pair)
        return
    done: Rotated | None = Rotated(secret)
    enters_values = not session.uses.is_stale(secret)
    while done:
        done = await _enter_values(screen, done.secret) if enters_values else done
        if done and done.secret.uid != secret.uid:
            await _follow_handover(screen, Pair(secret, done.secret), done.changes)
            return
        done = await _follow_restarts(screen, done) if done else None
        enters_values = True


async def _enter_values(screen: "SecretsScreen", secret: "Secret") -> "Rotated | None":
    from wbtui.screens.rotate import RotateScreen

    if refusal := screen.session.rights.refusal("patch", secret.name):
        tell_missing_right(screen, screen.session, refusal)
        return None
    taken = {other.name for other in screen.list.index.of(secret.namespace)}
    return await screen.app.push_screen_wait(RotateScreen(screen.session, secret, taken))


async def _follow_restarts(screen: "SecretsScreen", done: "Rotated") -> "Rotated | None":
    """Follow what holds which value; return the secret where other new values are to be entered."""
    from wbtui.screens.rotate import Rotated
    from wbtui.screens.rotation import RotationScreen

    secrets = screen.list
    secrets.table.go_to(done.secret.uid)
    following = RotationScreen(screen.session, secrets, done.secret, done.workloads)
    again = await screen.app.push_screen_wait(following)
    now = secrets.index.get(done.secret.uid)
    return Rotated(now) if again and now else None


async def _follow_handover(screen: "SecretsScreen", pair: "Pair", changes: "tuple[HandoverChange, ...]" = ()) -> None:
    from wbtui.screens.handover import HandoverScreen

    screen.list.table.go_to(pair.new.uid)
    await screen.app.push_screen_wait(HandoverScreen(screen.session, screen.list, pair, changes))


def _why_not(screen: "SecretsScreen") -> str:
    """Return why the secret under the cursor cannot be rotated; of several that are marked, each says so itself."""
    return "" if len(screen.list.table.marks.present) > 1 else why_not(screen)


ACTION = Action(
    "rotate",
    _rotate,
    "Rotate",
    "Rotate the secret: new values, then restarts",
    id="secret.rotate",
    keys="o",
    need=Need("patch"),
    why_not=_why_not,
)

from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need
from wbtui.widgets.missing_right import tell_missing_right

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def _delete(screen: "SecretsScreen", _: str) -> None:
    from wbtui.domain.deletion import Deletion
    from wbtui.screens.delete import DeleteScreen

    table, index, rights = screen.list.table, screen.list.index, screen.session.rights
    marked = sorted(table.marks.marked.values(), key=lambda secret: (secret.title, secret.name)) or (
        [screen.secret] if screen.secret else []
    )
    # As the list has them now; of one that was marked, and is gone or was made again since, that is said.
    secrets = tuple(now for secret in marked if (now := index.get(secret.uid)))
    if not marked:
        return
    if secrets and all(refusals := [rights.refusal("delete", secret.name) for secret in secrets]):
        tell_missing_right(screen, screen.session, refusals[0])
        return
    cluster = screen.session.connected
    vanished = tuple(secret for secret in marked if not index.get(secret.uid))
    hidden = index.hidden(secret.uid for secret in secrets)
    deletion = Deletion(secrets, cluster.context, cluster.protected, vanished)
    await screen.app.push_screen_wait(DeleteScreen(screen.session, deletion, hidden))
    for uid in table.marks.marked.keys() - table.marks.present:
        del table.marks.marked[uid]
    screen.session.ask_again()  # what was refused may have been granted before


ACTION = Action(
    "delete",
    _delete,
    "Delete",
    "Delete the secret, or those marked",
    id="secret.delete",
    keys="ctrl+d,delete",
    need=Need("delete"),
)

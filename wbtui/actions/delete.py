from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.screens.secrets import SecretsScreen

_ASKED = 10
"""Secrets that the cluster is asked about one by one, beforehand, where its rules do not tell."""


async def _delete(screen: "SecretsScreen", _: str) -> None:
    from wbtui.screens.delete import DeleteScreen

    secrets, hidden = _targets(screen)
    if not secrets:
        return
    refusals = [await screen.session.refusal("delete", secret) for secret in secrets[:_ASKED]]
    if len(secrets) <= _ASKED and all(refusals):
        screen.refuse(refusals[0])
    else:
        screen.app.push_screen(DeleteScreen(screen.session.connected, secrets, hidden))


def _targets(screen: "SecretsScreen") -> tuple[tuple["Secret", ...], int]:
    """Return the secrets that are marked, or else the one under the cursor, and how many of them the filter hides."""
    index, marks = screen.list.index, screen.list.table.marks
    marked = [secret for uid in marks if (secret := index.get(uid))]
    targets = sorted(marked, key=lambda secret: secret.name) or ([screen.secret] if screen.secret else [])
    return tuple(targets), sum(index.position(secret.uid) is None for secret in targets)


ACTION = Action(
    "delete",
    _delete,
    "Delete",
    "Delete the secret, or those marked",
    id="secret.delete",
    keys="ctrl+d,delete",
    need=Need("delete"),
)

from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand
from wbtui.domain.suggestions import did_you_mean, quotable

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


def _copy(screen: "SecretsScreen", field: str) -> None:
    from wbtui.domain.secret_texts import FIELDS

    if not screen.secret:
        return
    if read := FIELDS.get(field or "name"):
        screen.app.copy_to_clipboard(read(screen.secret))
    else:
        hint = did_you_mean(field, FIELDS)
        screen.notify(f'unknown field "{quotable(field)}"{hint}: there are {", ".join(FIELDS)}.', severity="warning")


ACTION = Action(
    "copy_field",
    _copy,
    "Copy a field",
    show=False,
    command=ColonCommand(
        "copy", "copy a field of the secret: name, display-name, project, creator, keys, labels, uid", "FIELD"
    ),
)

"""The fields of a secret as texts to be copied."""

from collections.abc import Callable

from wbtui.domain.secret import Secret
from wbtui.domain.secret_words import labels_in_words

FIELDS: dict[str, Callable[[Secret], str]] = {
    "name": lambda secret: secret.name,
    "display-name": lambda secret: secret.title,
    "project": lambda secret: secret.namespace,
    "path": lambda secret: f"{secret.namespace}/{secret.name}",
    "use-case": lambda secret: secret.use_case,
    "type": lambda secret: secret.type,
    "creator": lambda secret: secret.creator,
    "keys": lambda secret: " ".join(secret.keys or ()),
    "labels": labels_in_words,
    "uid": lambda secret: secret.uid,
}
"""By the names that `:copy` takes."""

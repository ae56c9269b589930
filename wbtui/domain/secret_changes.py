"""Sentences about how a secret has changed since it was on the screen."""

from wbtui.domain.secret import Secret


def change_in_words(before: Secret, now: Secret) -> str:
    """Return who changed a secret, when and how; or that another secret now has its name."""
    change = now.last_change
    who = f" by {change.manager} at {change.time:%Y-%m-%d %H:%M:%S} UTC" if change and change.time else ""
    if now.uid != before.uid:
        return f"It was deleted, and another one of the same name was created{who}."
    if now.deleted:
        return f"Its deletion was requested at {now.deleted:%Y-%m-%d %H:%M:%S} UTC."
    return f"It was changed{who}{_differences(before, now)}."


def _differences(before: Secret, now: Secret) -> str:
    changes = _keys(before, now)
    changes += ["it is immutable now"] if now.immutable and not before.immutable else []
    changes += [f"{now.owners[0]} manages it now"] if now.owners and not before.owners else []
    changes += ["its labels differ"] if now.labels != before.labels else []
    return f": {'; '.join(changes)}" if changes else ""


def _keys(before: Secret, now: Secret) -> list[str]:
    if before.keys is None or now.keys is None:
        return []
    new, gone = set(now.keys) - set(before.keys), set(before.keys) - set(now.keys)
    changes = (("new keys", new), ("keys gone", gone))
    return [f"{words} {', '.join(sorted(keys))}" for words, keys in changes if keys]

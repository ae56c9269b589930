"""A rotation under a new name in words: the users of both secrets, and the next step."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from wbtui.domain.handover import Pair, Users
from wbtui.domain.text import counted, plain

_PODS = 4
"""Pods that are named one by one."""


def next_step(pair: Pair, there: tuple[bool, bool], users: tuple[Users, Users], unsearched: Sequence[str]) -> str:
    """Return how far the rotation is, and what can be done; `there` tells which of the two secrets exist.

    `unsearched` are the kinds that could not be searched, so that nobody can say that nothing names a secret.
    """
    for secret, is_there, its_users in zip(reversed(pair), reversed(there), reversed(users), strict=True):
        if not is_there:
            lost = f"Something still uses it, and cannot start without it: {{handover.{_WAY[secret is pair.new]}}}."
            return f"{secret.name} was deleted. {lost if its_users.any else 'Nothing is left to do.'}"
    old, new = (secret.name for secret in pair)
    before, after = users
    if before.changeable and not after.any:
        return f"Nothing uses {new} yet. {{handover.go_on}} shows what would use it; {{handover.delete}} deletes it."
    left = _what_is_left(old, before)
    if left or not unsearched:
        return left or f"Done: nothing names {old}, and nothing runs on it. {{handover.delete}} deletes it."
    return f"Nothing was found that names {old}, but these could not be searched: {', '.join(unsearched)}."


_WAY = {True: "undo", False: "go_on"}
"""The action that has objects name the other secret, by whether the new one is gone."""


def _what_is_left(old: str, before: Users) -> str:
    """Return what still needs the old secret, and what can be done; empty where nothing was found."""
    if before.changeable:
        return (
            f"Some objects still name {old}. {{handover.go_on}} shows what would change; {{handover.undo}} goes back."
        )
    if before.others:
        return f"What still names {old} cannot be changed from here. {{handover.undo}} goes back."
    if before.pods:
        leaving = "{handover.back} leaves, and {secret.rotate} shows this again; {handover.undo} goes back."
        return f"Waiting for {counted(len(before.pods), 'pod')} with {old} to be replaced. {leaving}"
    return ""


def handover_lines(pair: Pair, users: Sequence[Users]) -> Iterator[Content]:
    """Yield for each of the two secrets what names it, and which pods run with it."""
    for secret, its_users in zip(pair, users, strict=True):
        yield Content.styled(plain(secret.names), "bold")
        yield from (Content(f"  {plain(line)}") for line in _lines(its_users))


def _lines(users: Users) -> Iterator[str]:
    yield from (f"named by {user}" for user in users.changeable)
    yield from (f"named by {user}, which is not changed from here: {reason}" for user, reason in users.others)
    if users.pods:
        more = f" and {len(users.pods) - _PODS} more" if len(users.pods) > _PODS else ""
        yield f"{counted(len(users.pods), 'pod')}: {', '.join(pod.name for pod in users.pods[:_PODS])}{more}"
    yield from (f"{user} does not replace its pods: {reason}" for user, reason in users.kept)
    yield from (f"Pod {pod.name} does not come up: {pod.waiting}" for pod in users.pods if pod.waiting)
    if users.past:
        yield f"named by {users.past} of the past (pods that ended, ReplicaSets without pods): only a rollback needs it"
    if not users.any:
        yield "nothing uses it"

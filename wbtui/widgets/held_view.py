"""Which containers hold which value of a secret, in words."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from wbtui.domain.held_values import HeldValue, HeldVerdict, held_values, pods_by_verdict
from wbtui.domain.secret import Secret
from wbtui.domain.text import counted, plain
from wbtui.domain.usage import Usage


def held_in_words(secret: Secret, usage: Usage, most: int = 0) -> Iterator[Content]:
    """Yield how many pods hold which value until they are restarted, and which ones do not hold the new one, and why.

    Nothing is said before all pods were searched. With `most`, only so many containers are named.
    """
    held = held_values(secret, usage.of(secret)) if usage.has_searched("Pod") else ()
    if not held:
        return
    yield Content.styled(_held_summary(secret, held), "bold")
    others = sorted(
        (one for one in held if one.verdict is not HeldVerdict.NEW), key=lambda one: one.verdict is not HeldVerdict.OLD
    )
    shown = others[: most or None]
    for one in shown:
        style = "bold" if one.verdict is HeldVerdict.OLD else "dim"
        where = plain(f"Pod {one.pod.name}, container {one.container.name}")
        yield Content.styled(f"{where}: {one.verdict.value}, {one.reason}.", style)
    if len(others) > len(shown):
        yield Content.styled(f"… and {len(others) - len(shown)} more containers: see what uses it.", "dim")


def _held_summary(secret: Secret, held: Sequence[HeldValue]) -> str:
    pods = pods_by_verdict(held)
    of = f"of {counted(sum(pods.values()), 'pod')}"
    old, unknown = pods[HeldVerdict.OLD], pods[HeldVerdict.UNKNOWN]
    unsure = f", {unknown} not known" if unknown else ""
    if not old:
        return f"{pods[HeldVerdict.NEW]} {of} hold the new value{unsure}."
    since = secret.last_change and secret.last_change.time
    return f"{old} {of} hold{'s' * (old == 1)} the old value{f' (changed {since:%H:%M} UTC)' if since else ''}{unsure}."

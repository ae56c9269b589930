"""Which containers hold which value of a secret: the time of its last change against the time they were started at."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from wbtui.domain.ages import age
from wbtui.domain.references import Container, SecretUser
from wbtui.domain.secret import Secret
from wbtui.domain.usage import Usage, Use

_MARGIN = timedelta(seconds=5)
"""How far the clocks of nodes and of the API server may be apart."""
_CONTAINER = re.compile(r"spec\.\w*[cC]ontainers\[(.+?)\]\.")
_VOLUME = re.compile(r"spec\.volumes\[(.+?)\]\.")


class HeldVerdict(Enum):
    """Which value a container was started with."""

    NEW = "new value"
    OLD = "old value"
    UNKNOWN = "cannot tell"


class HeldValue(NamedTuple):
    """The value that one running container holds; `reason` says how that is known, or why it is not."""

    pod: SecretUser
    container: Container
    verdict: HeldVerdict
    reason: str


class _ValueChange(NamedTuple):
    """When values were last changed; or labels alone, where that is not `certain`."""

    time: datetime
    certain: bool


def held_values(secret: Secret, uses: Iterable[Use]) -> tuple[HeldValue, ...]:
    """Return, by pod and container, what those hold that keep the value that they were started with."""
    started = [(use, container) for use in uses for container in _holders(use)]
    recreated = secret.immutable and any(_is_older(container, secret) for _, container in started)
    held: dict[tuple[str, str], HeldValue] = {}
    for use, container in started:
        verdict, reason = _verdict(secret, use.reference.key, container, recreated=recreated)
        known = held.get((use.user.uid, container.name))
        if known is None or _WORST_LAST.index(verdict) > _WORST_LAST.index(known.verdict):
            held[use.user.uid, container.name] = HeldValue(use.user, container, verdict, reason)
    return tuple(sorted(held.values(), key=lambda one: (one.pod.name, one.container.name)))


_WORST_LAST = (HeldVerdict.NEW, HeldVerdict.UNKNOWN, HeldVerdict.OLD)


def pods_by_verdict(held: Iterable[HeldValue]) -> dict[HeldVerdict, int]:
    """Return the number of pods for each verdict; the worst of its containers counts for a pod."""
    worst: dict[str, HeldVerdict] = {}
    for one in held:
        worst[one.pod.uid] = max(one.verdict, worst.get(one.pod.uid, HeldVerdict.NEW), key=_WORST_LAST.index)
    return {verdict: list(worst.values()).count(verdict) for verdict in HeldVerdict}


def are_stale(usage: Usage, secrets: Sequence[Secret]) -> Iterable[bool | None]:
    """Return for each secret whether a running container holds an old value of it; None where that is not known.

    Nothing is known before every kind was searched.
    """
    if usage.being_searched:
        return [None] * len(secrets)
    none_found = None if any(kind.kind == "Pod" for kind in usage.unsearched) else False
    return [
        {HeldVerdict.OLD: True, HeldVerdict.UNKNOWN: None, HeldVerdict.NEW: none_found}[_worst(secret, usage)]
        for secret in secrets
    ]


def _worst(secret: Secret, usage: Usage) -> HeldVerdict:
    """Return the worst verdict on a container that holds a value; it is `NEW` where none does."""
    if (secret.namespace, secret.name) not in usage.named_by_pods:
        return HeldVerdict.NEW
    verdicts = (one.verdict for one in held_values(secret, usage.of(secret)))
    return max(verdicts, key=_WORST_LAST.index, default=HeldVerdict.NEW)


def _holders(use: Use) -> Iterator[Container]:
    """Yield the running containers of a pod that hold the value of a use until they are restarted."""
    container, volume = _CONTAINER.match(use.reference.path), _VOLUME.match(use.reference.path)
    for one in use.user.containers:
        if (container and use.needs_restart and container[1] == one.name) or (volume and volume[1] in one.sub_paths):
            yield one


def _verdict(secret: Secret, key: str, container: Container, *, recreated: bool) -> tuple[HeldVerdict, str]:
    change = _last_change(secret, key)
    if change is None:
        return HeldVerdict.UNKNOWN, "the cluster does not say when the value was changed"
    before = _was_started_before(container, change.time)
    if before is None:
        return HeldVerdict.UNKNOWN, _why_unsure(container, change.time)
    return _verdict_before(secret, change, container) if before else _verdict_after(change, recreated=recreated)


def _verdict_after(change: _ValueChange, *, recreated: bool) -> tuple[HeldVerdict, str]:
    if recreated:
        return HeldVerdict.UNKNOWN, "the secret is immutable and was recreated: its node may still have the old value"
    return HeldVerdict.NEW, f"it was started after the change at {_said(change.time)}"


def _verdict_before(secret: Secret, change: _ValueChange, container: Container) -> tuple[HeldVerdict, str]:
    if secret.created and _is_older(container, secret):
        return HeldVerdict.OLD, f"it was started before this secret was created at {_said(secret.created)}"
    if not change.certain:
        return (
            HeldVerdict.UNKNOWN,
            f"the change at {_said(change.time)} may have been one of labels or annotations alone",
        )
    return HeldVerdict.OLD, f"it was started before the change at {_said(change.time)}"


def _was_started_before(container: Container, moment: datetime) -> bool | None:
    """Return whether a container was started before a moment of the API server's clock; None where that is not sure.

    The clock of its node counts only where the clock of the API server does not tell, and does not contradict it.
    """
    if container.created and container.created - moment > _MARGIN:
        return False
    if container.reported and moment - container.reported > _MARGIN:
        return True
    if _node_clock(container) or abs(container.started - moment) <= _MARGIN:
        return None
    return container.started < moment


def _why_unsure(container: Container, moment: datetime) -> str:
    return _node_clock(container) or f"it was started within {_MARGIN.seconds} s of the change at {_said(moment)}"


def _node_clock(container: Container) -> str:
    """Return how far the clock of the node is off at least; empty where it is not known to be."""
    started = container.started
    if container.reported and started - container.reported > _MARGIN:
        return f"the clock of its node is ahead by {_length(started - container.reported)} or more"
    if container.created and container.created - started > _MARGIN:
        return f"the clock of its node is behind by {_length(container.created - started)} or more"
    return ""


def _length(time: timedelta) -> str:
    return age(0, time.total_seconds())


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _last_change(secret: Secret, key: str) -> _ValueChange | None:
    """Return the last change of a value, or of any where no key is named."""
    dated = [
        _ValueChange(change.time, change.values_only)
        for change in secret.changes
        if change.time and (key in change.keys if key else change.keys)
    ]
    return max(dated, default=None)


def _is_older(container: Container, secret: Secret) -> bool:
    """Return whether a container was surely started before a secret was created."""
    return secret.created is not None and _was_started_before(container, secret.created) is True

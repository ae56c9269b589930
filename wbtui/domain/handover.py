"""Handing the users of a secret over to another one: which objects name it, and how each changes."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

from wbtui.domain.draft import Draft
from wbtui.domain.names import LONGEST_NAME
from wbtui.domain.prefixes import OWN
from wbtui.domain.reference_paths import Holder, Json, PathTree
from wbtui.domain.references import KINDS_BY_NAME, Kind, SecretUser
from wbtui.domain.rights import Rights
from wbtui.domain.secret import Secret
from wbtui.domain.syncing import without_marks
from wbtui.domain.targets import CACHES, TARGETS
from wbtui.domain.usage import Usage

REPLACES = f"{OWN}/replaces"
"""The annotation of a secret that names the one which it replaces; its value is the name of that."""
_VERSION = re.compile(r"(?P<stem>.+)-v(?P<number>[1-9]\d{0,3})")
_DATED = re.compile(r"(?P<stem>.+)-\d{4}-\d{2}-\d{2}(-\d{1,2})?")

REPOINTED: Mapping[tuple[str, str], Kind] = MappingProxyType(
    {
        kind.group_kind: kind
        for kind in (
            *(target.kind for target in TARGETS.values() if target.placements),
            *(KINDS_BY_NAME[name] for name in ("InferenceService", "Ingress")),
        )
    }
)
"""By group and kind, what can be pointed to another secret; its pods are replaced where it has any."""
_REPLACED = {"Pod", "ReplicaSet", "Job"}
_REASONS = {
    "Pod": "nothing makes it again: delete it, and create it with the new name",
    "Job": "the pods of a Job cannot be changed: it runs to its end",
    "ExternalSecret": "it writes the secret: change its target there",
    "Certificate": "it writes the secret: change its secretName there",
}


class Pair(NamedTuple):
    """Two secrets of one project, of which `new` replaces `old`."""

    old: Secret
    new: Secret


class Users(NamedTuple):
    """What names a secret: objects that can be changed, others with the reason, and pods that run with it.

    `kept` are the workloads of these pods that do not replace them now, with the reason.
    `past` are ReplicaSets that are scaled to 0, and pods that have ended: only a rollback would need the secret.
    """

    changeable: tuple[SecretUser, ...] = ()
    others: tuple[tuple[SecretUser, str], ...] = ()
    pods: tuple[SecretUser, ...] = ()
    kept: tuple[tuple[SecretUser, str], ...] = ()
    past: int = 0

    @property
    def any(self) -> bool:
        """Return whether anything needs the secret now."""
        return bool(self.changeable or self.others or self.pods)

    @property
    def stay(self) -> tuple[tuple[SecretUser, str], ...]:
        """Return those of `kept` whose pods stay as they are until someone changes that."""
        return tuple((user, reason) for user, reason in self.kept if user.stays)


@dataclass(frozen=True, slots=True)
class HandoverChange:
    """One object that is pointed from one secret to another; `needed` are the keys that it reads."""

    user: SecretUser
    before: Json
    after: Json
    needed: frozenset[str]


def next_name(name: str, taken: Container[str]) -> str:
    """Return the name of the next version of a secret: `-v2` for the first, and so on."""
    match = _VERSION.fullmatch(name)
    stem, number = (match["stem"], int(match["number"])) if match else (name, 1)
    return next(found for later in count(number + 1) if (found := _with_ending(stem, f"-v{later}")) not in taken)


def dated_name(name: str, day: date, taken: Container[str]) -> str:
    """Return the name of a secret with a date in the place of a version, as in `-2026-11-26`; the second has `-2`."""
    match = _VERSION.fullmatch(name) or _DATED.fullmatch(name)
    stem = match["stem"] if match else name
    endings = (f"-{day:%Y-%m-%d}{f'-{number}' if number > 1 else ''}" for number in count(1))
    return next(found for ending in endings if (found := _with_ending(stem, ending)) not in taken)


def _with_ending(stem: str, ending: str) -> str:
    return f"{stem[: LONGEST_NAME - len(ending)].rstrip('-.')}{ending}"


def renamed(draft: Draft, old: Secret, name: str) -> Draft:
    """Return the draft of a secret that replaces another one under a new name.

    The marks of tools that keep `old` are left out: they would delete or overwrite what is not theirs.
    """
    called = f"{old.display_name} ({name})" if old.display_name else ""
    return Draft(
        namespace=draft.namespace,
        name=name,
        use_case=draft.use_case,
        entry_form=draft.entry_form,
        entries=draft.entries,
        keys=draft.keys,
        type=draft.type,
        creator=draft.creator,
        display_name=called,
        immutable=draft.immutable,
        expires=draft.expires,
        labels=without_marks(old.labels),
        annotations={**without_marks(old.annotations), REPLACES: old.name},
    )


def pair_of(secret: Secret, among: Iterable[Secret]) -> Pair | None:
    """Return the rotation under a new name that a secret is part of; None where both are not there any more."""
    others = {other.name: other for other in among if other.namespace == secret.namespace and not other.deleted}
    successors = (other for other in others.values() if other.annotations.get(REPLACES) == secret.name)
    if successor := next(successors, None):
        return Pair(secret, successor)
    before = others.get(secret.annotations.get(REPLACES, ""))
    return Pair(before, secret) if before else None


def users_of(secret: Secret, usage: Usage, rights: Rights) -> Users:
    """Return what names a secret now, and what of it can be changed."""
    users = {use.user.uid: use.user for use in usage.of(secret)}
    changeable: list[SecretUser] = []
    others: list[tuple[SecretUser, str]] = []
    past = {uid for uid, user in users.items() if user.ended or (user.kind == "ReplicaSet" and user.idle)}
    for user in (user for uid, user in users.items() if uid not in past):
        owners = usage.owners(user)
        if _follows(user, owners, users):
            continue
        if reason := _why_not(user, owners, secret, usage, rights):
            others.append((user, reason))
        else:
            changeable.append(user)
    pods = tuple(user for uid, user in users.items() if user.kind == "Pod" and uid not in past)
    return Users(
        tuple(sorted(changeable, key=str)), tuple(sorted(others, key=str)), pods, _kept(pods, usage), len(past)
    )


def _kept(pods: Iterable[SecretUser], usage: Usage) -> tuple[tuple[SecretUser, str], ...]:
    """Return the workloads that do not replace these pods now, with the reason."""
    kept: dict[str, tuple[SecretUser, str]] = {}
    for pod in pods:
        reasons = ((owner, owner.stays or owner.stalled) for owner in reversed(usage.owners(pod)))
        if found := next((one for one in reasons if one[1]), None):
            kept[found[0].uid] = found
    return tuple(kept.values())


def _follows(user: SecretUser, owners: tuple[SecretUser, ...], users: Container[str]) -> bool:
    """Return whether an object changes, or is replaced, as what made it changes."""
    replaced = user.kind in _REPLACED and any(owner.group_kind in REPOINTED for owner in owners)
    return replaced or (user.kind not in CACHES and any(owner.uid in users for owner in owners))


def _why_not(user: SecretUser, owners: tuple[SecretUser, ...], secret: Secret, usage: Usage, rights: Rights) -> str:
    if owners and user.kind not in CACHES:
        return f"{owners[-1]} manages it, and would undo the change: change that"
    kind = REPOINTED.get(user.group_kind)
    if not kind or user.namespace != secret.namespace:
        return _REASONS.get(user.kind, "change it where it was created")
    uses = [use for use in usage.of(secret) if use.user.uid == user.uid]
    if any(use.reference.selector is not None for use in uses):
        return "it selects secrets by their labels"
    refusal = rights.refusal("patch", user.name, (kind.resource,))
    return f"not allowed: {refusal}" if refusal else ""


def repointed(user: SecretUser, before: Json, old: str, new: str) -> HandoverChange:
    """Return the change of an object that has it name another secret, in every place."""
    kind = REPOINTED[user.group_kind]
    after: Any = deepcopy(dict(before))
    needed: set[str] = set()
    for holder in _holders(kind, after):
        if holder.path.name and isinstance(holder.part, dict) and holder.part.get(holder.path.name) == old:
            needed |= _needed_keys(holder)
            holder.part[holder.path.name] = new
    return HandoverChange(user, before, after, frozenset(needed))


def still_names(change: HandoverChange, old: str) -> bool:
    """Return whether an object still names the former secret after the change, in a place that is not known."""
    kind = REPOINTED[change.user.group_kind]
    return any(holder.name(change.after).rpartition("/")[2] == old for holder in _holders(kind, change.after))


def _holders(kind: Kind, manifest: Json) -> Iterator[Holder]:
    yield from PathTree(kind.paths).holders(manifest)


def _needed_keys(holder: Holder) -> set[str]:
    if holder.part.get("optional") is True:
        return set()
    items = holder.part.get("items")
    listed = {str(item.get("key")) for item in items if isinstance(item, dict)} if isinstance(items, list) else set()
    return {key for key in (*holder.used_keys(), *listed) if key}

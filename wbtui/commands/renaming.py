"""Rotation under a new name: another secret, and everything that names the old one pointed to it."""

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from wbtui.batching import Creation
from wbtui.commands.existing import Existing
from wbtui.commands.exit_codes import DONE, FAILED
from wbtui.commands.following import ProgressLines, ProjectUses, followed, say_progress, to_its_end
from wbtui.commands.new_values import FilledValues
from wbtui.commands.place import place_flags
from wbtui.commands.rotating import goes_on
from wbtui.commands.targets import Targets, Words, tell_outcome
from wbtui.commands.writing import WritingPlace
from wbtui.domain.draft import Draft
from wbtui.domain.handover import Pair, Users, next_name, renamed, users_of
from wbtui.domain.manifests import differences
from wbtui.domain.rights import Rights
from wbtui.domain.secret import Secret
from wbtui.domain.secret_changes import change_in_words
from wbtui.domain.text import counted, plain
from wbtui.domain.usage import Usage
from wbtui.handing_over import HandingOver, HandoverStep, Reviewed, read_changes
from wbtui.startup.streams import say


class _Plan(NamedTuple):
    """What to confirm for one project: the new secret, and what would be pointed to it."""

    old: Secret
    draft: Draft
    users: Users
    reviewed: Reviewed
    unsearched: tuple[str, ...]
    rights: Rights

    def lines(self) -> Iterator[str]:
        """Yield what will happen."""
        old, new = self.old.name, self.draft.name
        yield f"{new} is created in {self.old.namespace}, then what names {old} is pointed to it, one after the other."
        yield "Pods are replaced as each one's strategy says."
        if self.unsearched:
            yield f"Not searched: {', '.join(self.unsearched)}. More may name {old}, and would stay as it is."
        for user, reason in (*self.users.others, *self.reviewed.left):
            yield f"{user} is not changed: {reason}."
        for user in (change.user for change in self.reviewed.changes if change.user.stays):
            yield f"Pods of {user} keep {old}: {user.stays}."
        for change in self.reviewed.changes:
            yield str(change.user)
            yield from (f"  {line}" for line in differences(change.before, change.after))


async def rotate_under_new_name(place: WritingPlace, existing: Existing, options: Namespace) -> int:
    """Create the new secrets, and hand over to them; return the exit code. Raises any `ClusterError`."""
    many = len(existing.projects) > 1
    plans = {project: await _plan(place, values, options) for project, values in existing.writable.items()}
    chosen = existing.targets(lambda values: Creation(plans[values.secret.namespace].draft))
    targets = Targets(place, chosen, Words("created", "could be created"), many=many)
    possible = await targets.try_all()
    for line in (line for plan in plans.values() for line in plan.lines()):
        say(plain(line))
    if options.dry_run:
        return targets.tell_possible()
    if not possible or not await goes_on(options) or await _changed(place, plans):
        return FAILED
    code = await targets.write()
    for new in targets.written if options.restart else ():
        plan = plans[new.namespace]
        handed_over = await _hand_over(place, Pair(plan.old, new), plan, options)
        if handed_over == DONE:
            tell_outcome(f"secret/{plan.old.name} rotated to {new.name}{f' in {new.namespace}' if many else ''}")
        code = max(code, handed_over)
    return code


async def _changed(place: WritingPlace, plans: Mapping[str, _Plan]) -> bool:
    """Say which of the old secrets somebody has changed since they were found, and return whether there is one."""
    changed = False
    for plan in plans.values():
        now = await place.cluster.read(plan.old)
        if (now.uid, now.resource_version) != (plan.old.uid, plan.old.resource_version):
            say(plain(f"{plan.old.namespace}/{plan.old.name}: {change_in_words(plan.old, now)} Nothing was changed."))
            changed = True
    return changed


async def _plan(place: WritingPlace, values: FilledValues, options: Namespace) -> _Plan:
    old, cluster = values.secret, place.cluster
    draft = renamed(values.replacement.draft, old, await _new_name(place, old, options.new_name))
    if options.display_name:
        draft = replace(draft, display_name=options.display_name)
    draft = replace(draft, immutable=old.immutable or options.immutable)
    say_progress(f"Searching {old.namespace} for what names {old.name} …")
    usage, rights = await cluster.usage(old.namespace), await cluster.rights(old.namespace)
    users = users_of(old, usage, rights)
    keys = tuple(draft.data())
    reviewed = await read_changes(cluster.workloads, users.changeable, old.name, draft.name, keys)
    return _Plan(old, draft, users, reviewed, tuple(kind.kind for kind in usage.unsearched), rights)


async def _new_name(place: WritingPlace, old: Secret, wanted: str) -> str:
    if wanted:
        return wanted
    taken: set[str] = set()
    while await place.cluster.named(old.namespace, name := next_name(old.name, taken)):
        taken.add(name)
    return name


async def _hand_over(place: WritingPlace, pair: Pair, plan: _Plan, options: Namespace) -> int:
    """Make the changes, and follow until nothing runs with the old secret; return the exit code."""
    handing = _Handing(place, pair, plan, place_flags(options, pair.old.namespace))
    stays = plain(f"{pair.old.name} is still there; wbtui shows how far this is, with the key that rotates it.")
    return await to_its_end(handing.run(), options.timeout, lambda: handing.state, stays)


class _Handing:
    """One handing over; `state` says how far it is."""

    def __init__(self, place: WritingPlace, pair: Pair, plan: _Plan, place_flags: str) -> None:
        self._place = place
        self._pair = pair
        self._plan = plan
        self._place_flags = place_flags
        self._progress = ProgressLines()
        self.state = "Nothing is pointed to the new secret yet."

    async def run(self) -> int:
        """Make the changes that were shown, and wait for pods with the old secret to be replaced."""
        handing = HandingOver(self._place.cluster, self._pair.new, self._plan.reviewed.changes)
        async for progress in handing.run():
            self._progress.say(
                f"{user}: {state}" for user, state in progress.items() if state.step is not HandoverStep.WAITING
            )
        for user, state in handing.progress.items():
            if state.step is HandoverStep.DONE:
                tell_outcome(f"{user.kind.lower()}/{user.name} changed")
            else:
                say(plain(f"{user}: {state}."))
        failed = any(state.step is not HandoverStep.DONE for state in handing.progress.values())
        async with followed(self._place.cluster, self._pair.old.namespace) as uses:
            return max(FAILED if failed else DONE, await self._wait(uses))

    async def _wait(self, uses: ProjectUses) -> int:
        usage = await uses.searched()
        while self._runs(usage):
            self._progress.say([self.state])
            usage = await uses.next()
        return self._conclusion(usage)

    def _runs(self, usage: Usage) -> bool:
        """Return whether pods run with the old secret that will be replaced."""
        users = self._users(usage)
        pods = users.pods
        named = ", ".join(pod.name for pod in pods[:4])
        kept = "".join(f"; {user} does not replace its pods: {reason}" for user, reason in users.kept)
        self.state = f"Waiting for {counted(len(pods), 'pod')} with {self._pair.old.name}: {named}{kept} …"
        return bool(pods) and not (users.others or users.stay)

    def _users(self, usage: Usage) -> Users:
        return users_of(self._pair.old, usage, self._plan.rights)

    def _conclusion(self, usage: Usage) -> int:
        old, users = self._pair.old.name, self._users(usage)
        left = [f"{user} still names {old}." for user in users.changeable]
        left += [f"{user} still names {old}, and is not changed from here: {reason}." for user, reason in users.others]
        left += [f"{user} does not replace its pods with {old}: {reason}." for user, reason in users.stay]
        for line in left:
            say(plain(line))
        if left:
            return FAILED
        if usage.unsearched:
            kinds = ", ".join(kind.kind for kind in usage.unsearched)
            say(plain(f"Nothing was found that names {old}, but these could not be searched: {kinds}."))
        else:
            delete = f"wbtui delete {old} --if-unused {self._place_flags}"
            say(plain(f"Nothing names {old} any more: {delete} deletes it."))
        return DONE

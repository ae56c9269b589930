"""Rotation in place: new values, and restarts of what holds the old ones until no running container does."""

from argparse import Namespace
from collections.abc import Iterable

from wbtui.batching import Renewal
from wbtui.commands.existing import Existing
from wbtui.commands.exit_codes import DONE, FAILED
from wbtui.commands.following import ProgressLines, ProjectUses, followed, say_progress, to_its_end
from wbtui.commands.place import place_flags
from wbtui.commands.targets import Targets, Words, tell_outcome
from wbtui.commands.writing import WritingPlace, answer_to
from wbtui.domain.held_values import HeldVerdict, held_values
from wbtui.domain.references import SecretUser
from wbtui.domain.restarts import Restarts, refusal_to_restart, restarts_after, restarts_of
from wbtui.domain.rotation import RotationPlan
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.usage import Usage
from wbtui.restarting import Restarting, RestartStep
from wbtui.startup.streams import say

_SEARCHING = "Searching {} for what holds the value …"


async def rotate_in_place(place: WritingPlace, existing: Existing, options: Namespace) -> int:
    """Replace the values, and restart what holds the old ones; return the exit code. Raises any `ClusterError`."""
    chosen = existing.targets(lambda values: Renewal(values.replacement))
    many = len(existing.projects) > 1
    targets = Targets(place, chosen, Words("replaced", "could be replaced"), many=many)
    possible = await targets.try_all()
    plans = await _plans(place, existing) if options.restart else {}
    for plan in plans.values():
        say("\n".join(map(plain, plan.text.splitlines())))
    if options.dry_run:
        return targets.tell_possible()
    if not possible or not await goes_on(options):
        return FAILED
    code = await targets.write()
    for secret in targets.written if options.restart else ():
        followed_to = await _follow(place, secret, plans[secret.namespace].restarted, options)
        if followed_to == DONE:
            tell_outcome(f"secret/{secret.name} rotated{f' in {secret.namespace}' if many else ''}")
        code = max(code, followed_to)
    return code


async def goes_on(options: Namespace) -> bool:
    """Return whether to do what was said: it is asked, unless the flags say so."""
    return options.yes or not options.restart or await agrees("Rotate")


async def _plans(place: WritingPlace, existing: Existing) -> dict[str, RotationPlan]:
    """Return for each project what will happen there."""
    plans = {}
    for project, values in existing.writable.items():
        say_progress(_SEARCHING.format(project))
        replacement = values.replacement
        keys = () if replacement.whole else tuple(replacement.draft.data())
        usage = await place.cluster.usage(project)
        workloads = restarts_after(values.secret, usage, keys).workloads
        refusal = refusal_to_restart(workloads, await place.cluster.rights(project)) if workloads else ""
        plans[project] = RotationPlan(values.secret, keys, usage, refusal)
    return plans


async def restart_only(place: WritingPlace, existing: Existing, options: Namespace) -> int:
    """Restart what holds an old value since before; return the exit code. Raises any `ClusterError`."""
    for refused in existing.refused.values():
        say(plain(f"{refused.namespace}/{refused.name}: {refused.reason}."))
    found = {
        project: restarts_of(secret, await place.cluster.usage(project)) for project, secret in existing.found.items()
    }
    for line in (line for project, restarts in found.items() for line in _what_is_restarted(project, restarts)):
        say(plain(line))
    if options.dry_run:
        return FAILED if existing.refused else DONE
    if any(restarts.workloads for restarts in found.values()) and not (options.yes or await agrees("Restart")):
        return FAILED
    codes = [
        await _follow(place, existing.found[project], restarts.workloads, options)
        for project, restarts in found.items()
    ]
    return max([FAILED if existing.refused else DONE, *codes])


def _what_is_restarted(project: str, restarts: Restarts) -> Iterable[str]:
    yield from (f"{workload} in {project} holds an old value, and is restarted." for workload in restarts.workloads)
    if not restarts.workloads and not restarts.others:
        yield f"No running container in {project} is known to hold an old value."


async def agrees(what: str) -> bool:
    """Ask whether to go on with what was said."""
    if await answer_to(f"{what}? Type y to go on: ") == "y":
        return True
    say("Nothing was changed.")
    return False


async def _follow(place: WritingPlace, secret: Secret, workloads: tuple[SecretUser, ...], options: Namespace) -> int:
    """Restart workloads, and follow them; return the exit code. What goes wrong is said."""
    rotating = _Rotating(place, secret)
    goes_on = plain(f"wbtui rotate {secret.name} --restart-only {place_flags(options, secret.namespace)} goes on.")
    return await to_its_end(rotating.run(workloads), options.timeout, lambda: rotating.state, goes_on)


class _Rotating:
    """The restarts of one secret; `state` says how far they are."""

    def __init__(self, place: WritingPlace, secret: Secret) -> None:
        self._place = place
        self._secret = secret
        self._progress = ProgressLines()
        self._told: set[SecretUser] = set()
        self.state = "It is not known yet what runs."

    async def run(self, workloads: tuple[SecretUser, ...]) -> int:
        """Restart workloads, which were named before; what turns out to hold an old value beside them is said."""
        async with followed(self._place.cluster, self._secret.namespace) as uses:
            return await self._restart(workloads, uses)

    async def _restart(self, workloads: tuple[SecretUser, ...], uses: ProjectUses) -> int:
        await uses.searched()  # which pods are there before is known from it
        restarting = Restarting(self._place.cluster, uses, lambda: self._secret, workloads)
        async for _ in restarting.run():
            self._tell(restarting)
        if not restarting.done:
            say(plain(self.state))
            return FAILED
        self._secret = await self._place.cluster.read(self._secret)  # another may have changed it since
        return self._conclusion(await uses.searched())

    def _tell(self, restarting: Restarting) -> None:
        begun = {one: state for one, state in restarting.progress.items() if state.step is not RestartStep.WAITING}
        lines = [f"{workload}: {state}" for workload, state in begun.items()]
        self.state = f"{lines[-1].rstrip('… ')}."
        self._progress.say(lines)
        for workload, state in begun.items():
            if state.step is RestartStep.DONE and workload not in self._told:
                self._told.add(workload)
                tell_outcome(f"{workload.kind.lower()}/{workload.name} restarted")

    def _conclusion(self, usage: Usage) -> int:
        """Say what still holds an old value, and return the exit code."""
        secret = self._secret
        left = [*_in_words(restarts_of(secret, usage))]
        if not usage.has_searched("Pod"):
            left.append("It is not known which pods run, and so not what holds an old value.")
        for line in left:
            say(plain(line))
        for one in held_values(secret, usage.of(secret)):
            if one.verdict is HeldVerdict.UNKNOWN:
                say(plain(f"Cannot tell for pod {one.pod.name}, {one.container.name}: {one.reason}."))
        return FAILED if left else DONE


def _in_words(restarts: Restarts) -> Iterable[str]:
    yield from (f"{workload} holds an old value, and was not restarted." for workload in restarts.workloads)
    yield from (f"{user} holds an old value, and is not restarted: {reason}." for user, reason in restarts.others)

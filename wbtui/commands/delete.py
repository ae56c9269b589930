"""`wbtui delete`: delete secrets, after saying what uses them."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wbtui.arguments import Parser, add_writing_flags
from wbtui.commands.exit_codes import DONE, EXIT_CODES, FAILED
from wbtui.domain.text import plain
from wbtui.startup.streams import say

if TYPE_CHECKING:
    from wbtui.commands.writing import WritingPlace
    from wbtui.domain.deletion import Deletion, Result, Results
    from wbtui.domain.secret import Secret


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui delete",
        "Delete secrets for good. What uses them is said first; on a terminal, it asks before it deletes.",
        EXIT_CODES,
        "NAME... [flags]",
    )
    add = parser.add_argument
    add("--if-unused", action="store_true", help="keep what something uses, and what may be used")
    add("-y", "--yes", action="store_true", help="do not ask; needed where there is no terminal")
    add_writing_flags(parser, several=True)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Delete what is named, and return the exit code."""
    of_delete = parser()
    options = of_delete.parse(arguments, most_words=sys.maxsize)
    from wbtui.commands.choosing import names_of  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415
    from wbtui.commands.writing import can_ask  # noqa: PLC0415

    names = names_of(of_delete, options.words)
    if not names:
        of_delete.error("it needs the name of a secret")
    if not (options.yes or can_ask()):
        of_delete.error("there is no terminal to ask on: add --yes to delete without a question")
    return logged_exit_code(options, lambda: _delete(options, names))


async def _delete(options: Namespace, names: tuple[str, ...]) -> int:
    from wbtui.commands.writing import writing  # noqa: PLC0415

    async with writing(options) as place:
        found = {(space, name): await place.cluster.named(space, name) for space in place.namespaces for name in names}
        missing = [(space, name) for (space, name), secret in found.items() if not secret]
        for space, name in missing:
            say(f"There is no secret {name} in project {space}.")
        if missing:
            say("Nothing was deleted.")
            return FAILED
        deletion = await _looked_into(place, tuple(filter(None, found.values())), if_unused=options.if_unused)
        for line in _in_words(deletion):
            say(line)
        if not deletion.possible or not await _agreed(deletion, options):
            say("Nothing was deleted.")
            return FAILED
        results = await _results(place, deletion.possible)
    everything = all(map(_is_done, results))
    return DONE if everything and len(deletion.possible) == len(found) else FAILED


async def _looked_into(place: "WritingPlace", secrets: tuple["Secret", ...], *, if_unused: bool) -> "Deletion":
    from wbtui.domain.deletion import Deletion  # noqa: PLC0415

    usage = await place.cluster.usage(*place.namespaces)
    used = dict(zip((secret.uid for secret in secrets), usage.used(secrets), strict=True))
    forbidden = {uid: _KEPT[one] for uid, one in used.items() if if_unused and one is not False}
    return Deletion(secrets, place.cluster.context, place.cluster.protected, forbidden=forbidden, usage=usage)


_KEPT = {True: "it is used", None: "it may be used"}


def _in_words(deletion: "Deletion") -> Iterator[str]:
    from wbtui.domain.usage import by_topmost_owner  # noqa: PLC0415
    from wbtui.domain.usage_words import gaps_in_words  # noqa: PLC0415

    for secret in deletion.secrets:
        name = plain(f"{secret.namespace}/{secret.name}")
        if secret not in deletion.possible:
            yield f"{name} is kept: {_why_kept(secret, deletion)}."
        users = [plain(str(top)) for top, _ in by_topmost_owner(deletion.uses(secret))]
        if users:
            yield f"{name} is used by {', '.join(users)}."
        for sync in secret.syncs:
            yield f"{name}: {plain(sync.sentence)}"
    for line in gaps_in_words(deletion.usage.unsearched if deletion.usage else ()):
        yield plain(line)


def _why_kept(secret: "Secret", deletion: "Deletion") -> str:
    if secret.deleted:
        return "it is being deleted already"
    if secret.owners:
        return f"{plain(' and '.join(map(str, secret.owners)))} manages it, and would create it again"
    return deletion.forbidden[secret.uid]


async def _agreed(deletion: "Deletion", options: Namespace) -> bool:
    from wbtui.commands.writing import answer_to  # noqa: PLC0415

    if options.yes and (options.context or not deletion.protected):
        return True
    if options.yes:
        say(f"The context {plain(deletion.context)} is protected: name it with --context, too.")
        return False
    names = ", ".join(plain(f"{secret.namespace}/{secret.name}") for secret in deletion.possible)
    phrase = deletion.phrase or "y"
    question = f"Delete {names} for good, in the cluster {plain(deletion.context)}? Type {plain(phrase)} to delete: "
    return await answer_to(question) == phrase


async def _results(place: "WritingPlace", secrets: tuple["Secret", ...]) -> list["Result"]:
    """Delete, say what becomes of each as soon as that is known, and return it; also of what an interrupt leaves."""
    from wbtui.deleting import Deleting  # noqa: PLC0415

    deleting = Deleting(place.cluster, secrets, lambda: place.account.username)
    telling = _Telling(secrets, deleting.results, many=len(place.namespaces) > 1)
    try:
        async for _ in deleting.run():
            telling.tell_final()
    finally:
        telling.tell_rest()
    return list(deleting.results.values())


class _Telling:
    """Says what becomes of each secret, once."""

    def __init__(self, secrets: tuple["Secret", ...], results: "Results", *, many: bool) -> None:
        self._left = list(secrets)
        self._results = results
        self._many = many

    def tell_final(self) -> None:
        """Say of which it is known."""
        from wbtui.domain.deletion import DeletionOutcome  # noqa: PLC0415

        open_ = {DeletionOutcome.WAITING, DeletionOutcome.DELETING, DeletionOutcome.UNKNOWN}
        for secret in [one for one in self._left if self._results[one.uid].outcome not in open_]:
            self._left.remove(secret)
            _tell(secret, self._results[secret.uid], many=self._many)

    def tell_rest(self) -> None:
        """Say what is true of the others at the end, which may be an interrupt."""
        from wbtui.domain.deletion import DeletionOutcome, Result  # noqa: PLC0415

        self.tell_final()
        ended = {
            DeletionOutcome.WAITING: Result(DeletionOutcome.NOT_DELETED, "interrupted"),
            DeletionOutcome.DELETING: Result(DeletionOutcome.UNKNOWN, "interrupted"),
        }
        for secret in self._left:
            result = self._results[secret.uid]
            _tell(secret, ended.get(result.outcome, result), many=self._many)


def _tell(secret: "Secret", result: "Result", *, many: bool) -> None:
    from wbtui.commands.targets import tell_outcome  # noqa: PLC0415

    outcome = f"secret/{secret.name} {result.outcome.value}{f' in {secret.namespace}' if many else ''}"
    words = f"{outcome}: {result.detail}" if result.detail else outcome
    if _is_done(result):
        tell_outcome(words)
    else:
        say(plain(words))


def _is_done(result: "Result") -> bool:
    from wbtui.domain.deletion import DeletionOutcome  # noqa: PLC0415

    return result.outcome in {DeletionOutcome.DELETED, DeletionOutcome.GONE, DeletionOutcome.TERMINATING}

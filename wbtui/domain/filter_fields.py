"""THE table of the fields that a filter can ask for, and the rows of its help."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from wbtui.domain.clock import Clock
from wbtui.domain.expiry import BY_TIME, Expiry, parsed_moment
from wbtui.domain.filter_terms import QueryError
from wbtui.domain.query import Keeps
from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import STATES, Secret
from wbtui.domain.use_cases.table import use_case_values_matching

if TYPE_CHECKING:
    from wbtui.domain.usage import Usage

Known: TypeAlias = Callable[[Sequence[Secret]], Iterable[bool | None]]
"""Returns for each secret whether something holds for it; None where that is not known."""


class _NotKnown:
    """The result of a condition that cannot be decided: false, and so is its negation."""

    def __bool__(self) -> bool:
        return False


NOT_KNOWN = _NotKnown()
"""What a condition returns for a secret where it cannot be decided."""
_ME = "me"
"""The creator that stands for the user's own."""


def _not_known(secrets: Sequence[Secret]) -> Iterable[bool | None]:
    return [None] * len(secrets)


class UseFacts(NamedTuple):
    """What is known of the uses of secrets: whether they are used, and whether a container holds an old value.

    Both return True, False, or None where it is not known, for each secret.
    """

    used: Known = _not_known
    stale: Known = _not_known

    @classmethod
    def of(cls, usage: Callable[[], "Usage | None"]) -> "UseFacts":
        """Return what `usage` returns tells when a filter is applied; it returns None where nothing is known."""

        def used(secrets: Sequence[Secret]) -> Iterable[bool | None]:
            return known.used(secrets) if (known := usage()) else _not_known(secrets)

        def stale(secrets: Sequence[Secret]) -> Iterable[bool | None]:
            from wbtui.domain.held_values import are_stale  # noqa: PLC0415  few filters ask for it

            return are_stale(known, secrets) if (known := usage()) else _not_known(secrets)

        return cls(used, stale)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where conditions get what is not in a secret: the current time, the uses, and the user's own creator."""

    now: Clock
    uses: UseFacts
    me: Callable[[], str]


class _Decided(dict[str, bool]):
    """Caches the decision for each text: many secrets share a creator, a type or a use case."""

    def __init__(self, decide: Callable[[str], bool]) -> None:
        super().__init__()
        self._decide = decide

    def __missing__(self, text: str) -> bool:
        self[text] = decision = self._decide(text)
        return decision


def _attribute(name: str, decide: Callable[[str], bool]) -> Keeps:
    read = attrgetter(name)
    return lambda secrets, _: map(_Decided(decide).__getitem__, map(read, secrets))


Maker: TypeAlias = Callable[[str, int, Sources], Keeps]


def _matcher(word: str) -> Callable[[str], bool]:
    """Return whether a text holds a word, or is as a word with `*` says; both are in lower case."""
    if "*" not in word:
        return lambda text: word in text
    first, *middle, last = word.split("*")

    def is_like(text: str) -> bool:
        position, end = len(first), len(text) - len(last)
        if position > end or not (text.startswith(first) and text.endswith(last)):
            return False
        for part in middle:
            found = text.find(part, position, end)
            if found < 0:
                return False
            position = found + len(part)
        return True

    return is_like


def _part_of(name: str) -> Maker:
    def make(word: str, _position: int, _sources: Sources) -> Keeps:
        matches = _matcher(word)
        return _attribute(name, lambda text: matches(text.casefold()))

    return make


def _creator(word: str, position: int, sources: Sources) -> Keeps:
    if word != _ME:
        return _part_of("creator")(word, position, sources)

    def is_mine(secrets: Sequence[Secret], texts: SearchTexts) -> Iterable[object]:
        me = sources.me().casefold()
        if not me:
            return [NOT_KNOWN] * len(secrets)
        return _attribute("creator", lambda creator: creator.casefold() == me)(secrets, texts)

    return is_mine


def _name(word: str, _position: int, _sources: Sources) -> Keeps:
    if "*" not in word:
        return lambda _, texts: [word in names for names in texts.names]
    matches, part = _matcher(word), max(word.split("*"), key=len)  # most names do not even hold the longest part
    return lambda _, texts: [part in names and any(map(matches, names.split("\n"))) for names in texts.names]


def _use_case(word: str, _position: int, _sources: Sources) -> Keeps:
    values, matches = use_case_values_matching(word), _matcher(word)
    return _attribute("use_case", lambda value: value in values or matches(value.casefold()))


def _key(word: str, _position: int, _sources: Sources) -> Keeps:
    matches = _matcher(word)
    return lambda secrets, _: [any(matches(key.casefold()) for key in secret.keys or ()) for secret in secrets]


def _label(word: str, _position: int, _sources: Sources) -> Keeps:
    wanted, equals, value = word.partition("=")

    def keeps(secret: Secret) -> bool:
        return any(
            (key == wanted or key.endswith(f"/{wanted}")) and (not equals or content.casefold() == value)
            for key, content in ((key.casefold(), content) for key, content in secret.labels.items())
        )

    return lambda secrets, _: map(keeps, secrets)


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_LENGTH = r"([0-9]{1,6})([smhdwy])"
_AGE = re.compile(f"([<>]){_LENGTH}")


def _since(word: str, position: int, sources: Sources, moment_of: Callable[[Secret], datetime | None]) -> Keeps:
    match = _AGE.fullmatch(word)
    if not match:
        raise QueryError(
            f"an age is > or <, a number and one of {' '.join(_UNITS)}, as in {FIELDS['age'].example}", position
        )
    age = timedelta(seconds=int(match[2]) * _UNITS[match[3]])
    older = match[1] == ">"

    def keeps(secrets: Sequence[Secret], _: SearchTexts) -> Iterable[object]:
        # Compare durations: `moment - age` may be before the earliest date that Python has.
        now = sources.now()
        moments = map(moment_of, secrets)
        return [moment and (now - moment > age) is older for moment in moments]

    return keeps


def _age(word: str, position: int, sources: Sources) -> Keeps:
    return _since(word, position, sources, lambda secret: secret.created)


def _changed(word: str, position: int, sources: Sources) -> Keeps:
    return _since(word, position, sources, lambda secret: secret.values_changed)


def _expires(word: str, position: int, sources: Sources) -> Keeps:
    limit, sooner = _limit(word[1:]), word[0] == "<"
    if limit is None or word[0] not in "<>":
        units = " ".join(_UNITS)
        raise QueryError(
            f"expires: takes < or >, then a number and one of {units}, or a date, as in <14d or >2027-01-31", position
        )

    def keeps(secrets: Sequence[Secret], _: SearchTexts) -> Iterable[object]:
        now = sources.now()
        most = limit if isinstance(limit, timedelta) else limit - now
        return [one and (one.moment - now < most) is sooner for one in map(_EXPIRY, secrets)]

    return keeps


_EXPIRY: Callable[[Secret], Expiry | None] = attrgetter("expiry")


def _limit(text: str) -> timedelta | datetime | None:
    if match := re.fullmatch(_LENGTH, text):
        return timedelta(seconds=int(match[1]) * _UNITS[match[2]])
    try:
        return parsed_moment(text.upper())
    except ValueError:
        return None


_STATES = {state.word: state for state in STATES}
_WHERE: dict[bool | None, object] = {True: True, False: False, None: NOT_KNOWN}
_WHERE_NOT: dict[bool | None, object] = {True: False, False: True, None: NOT_KNOWN}
_BY_USES: dict[str, Callable[[UseFacts, Sequence[Secret]], Iterable[object]]] = {
    "unused": lambda uses, secrets: map(_WHERE_NOT.__getitem__, uses.used(secrets)),
    "stale": lambda uses, secrets: map(_WHERE.__getitem__, uses.stale(secrets)),
}
STATE_WORDS = (*_STATES, *_BY_USES, *BY_TIME)
"""The words that `is:` takes."""
_USED = {"yes": True, "no": False, "unknown": None}
USED_WORDS = tuple(_USED)
"""The words that `used:` takes."""


def _is(word: str, position: int, sources: Sources) -> Keeps:
    if word in _BY_USES:
        return lambda secrets, _: _BY_USES[word](sources.uses, secrets)
    if word in BY_TIME:
        return _by_time(BY_TIME[word], sources.now)
    if word not in _STATES:
        raise QueryError(f"a secret is {', '.join(STATE_WORDS[:-1])} or {STATE_WORDS[-1]}", position)
    holds = _STATES[word].holds
    return lambda secrets, _: map(holds, secrets)


def _by_time(holds: Callable[[Expiry, datetime], bool], clock: Clock) -> Keeps:
    def keeps(secrets: Sequence[Secret], _: SearchTexts) -> Iterable[object]:
        now = clock()
        return [one and holds(one, now) for one in map(_EXPIRY, secrets)]

    return keeps


def _used(word: str, position: int, sources: Sources) -> Keeps:
    if word not in _USED:
        raise QueryError("used: is yes, no or unknown", position)
    return lambda secrets, _: [used is _USED[word] for used in sources.uses.used(secrets)]


_Asks: TypeAlias = Callable[[set[str]], Iterable[str]]
"""Returns what a field with these words after it asks beside the secrets; see `FilterCondition.asks`."""


def _asks(*names: str) -> _Asks:
    return lambda _: names


def _asks_nothing(_: set[str]) -> Iterable[str]:
    return ()


def _asks_of_creator(words: set[str]) -> Iterable[str]:
    return ("account",) if _ME in words else ()


def _asks_of_states(words: set[str]) -> Iterable[str]:
    if words & _BY_USES.keys():
        yield "uses"
    if words & BY_TIME.keys():
        yield from ("time", "expiry")


@dataclass(frozen=True, slots=True)
class FilterField:
    """One `field:` of the language, with its example and its meaning for the help, and what it asks of."""

    make: Maker
    example: str
    meaning: str
    asks: _Asks = _asks_nothing


FIELDS: dict[str, FilterField] = {
    "name": FilterField(_name, "name:llama", "its display name, or its name in Kubernetes"),
    "use": FilterField(_use_case, "use:hf", "its use case"),
    "by": FilterField(_creator, "by:alice", "who created it; by:me is you", _asks_of_creator),
    "key": FilterField(_key, "key:token", "the name of a key in it"),
    "type": FilterField(_part_of("type"), "type:docker", "its Kubernetes type"),
    "label": FilterField(_label, "label:team=a", "a label, with or without its prefix"),
    "age": FilterField(
        _age,
        "age:>30d",
        f"created longer ago (>) or later (<) than this; in {' '.join(_UNITS)}",
        _asks("time"),
    ),
    "changed": FilterField(
        _changed,
        "changed:>90d",
        "its values were last written longer ago (>) or later (<) than this",
        _asks("time"),
    ),
    "expires": FilterField(
        _expires,
        "expires:<14d",
        "whether it expires sooner than that, or has; also expires:>2027-01-31",
        _asks("time", "expiry"),
    ),
    "is": FilterField(_is, "is:immutable", ", ".join(STATE_WORDS), _asks_of_states),
    "used": FilterField(_used, "used:unknown", "whether something refers to it: yes, no or unknown", _asks("uses")),
    "project": FilterField(_part_of("namespace"), "project:team-a", "its project"),
}

HELP: tuple[tuple[str, str], ...] = (
    ("llama alice", "both words, anywhere in name, use case, type, keys or creator"),
    *((entry.example, entry.meaning) for entry in FIELDS.values()),
    (
        "is:unused",
        "nothing refers to it, and every kind that could was searched (no Helm release or account token)",
    ),
    ("is:stale", "a running container holds an old value of it"),
    ("is:expiring", "it expires within 14 days; is:expired: it has"),
    ("use:hf|s3", "one of several"),
    ("-docker", "without it; also !docker"),
    ("hf or s3", "either side of or; words on one side must all match"),
    ("hf-*", "a name that begins with hf-; * is any characters, also in by:*@amd.com"),
    ('"two words"', "spaces kept"),
    ("/^hf-.*v[0-9]/", "a regular expression"),
)
"""The rows of the help screen: what to type, and what it matches."""

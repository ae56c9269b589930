"""The keys that the settings give to actions, and the problems with them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from wbtui.domain.suggestions import did_you_mean, quotable

Keys: TypeAlias = Mapping[str, frozenset[str]]
"""Keys by the ids of actions."""

_SCREENS = (
    {"app", "go", "list", "sort", "secret", "model", "cursor"},
    {"form", "value", "rotate"},
    {"form", "key"},
    {"form", "picker"},
    {"form", "chosen"},
    {"form", "projects"},
    {"used_by", "uses"},
    *(
        {screen, "text"}
        for screen in (
            "batch",
            "details",
            "handover",
            "help",
            "log",
            "restart",
            "review",
            "rotation",
            "service",
            "snippets",
        )
    ),
)
"""The prefixes of the ids that are active at the same time; a prefix that is not listed is active alone."""
EVERYWHERE = frozenset({"app.interrupt", "app.palette", "app.redraw", "app.suspend"})
"""The actions of every screen."""


class Clash(NamedTuple):
    """Two actions of one screen with the same key."""

    first: str
    second: str
    key: str


def usable(wanted: Keys, defaults: Keys) -> tuple[dict[str, frozenset[str]], list[str]]:
    """Return the usable part of `wanted`, and a sentence for each problem; the other actions keep their defaults."""
    problems = [
        f'unknown action "{quotable(id_)}"{did_you_mean(id_, defaults)}' for id_ in wanted if id_ not in defaults
    ]
    chosen = {id_: keys for id_, keys in wanted.items() if id_ in defaults}
    while clash := next(_clashes(chosen, defaults), None):
        problems.append(f'"{quotable(clash.key)}" is the key of {clash.first} and of {clash.second}')
        for id_ in (clash.first, clash.second):
            if clash.key in chosen.get(id_, frozenset()) - defaults[id_]:
                del chosen[id_]
    return chosen, problems


def _clashes(chosen: Keys, defaults: Keys) -> Iterator[Clash]:
    current = {**defaults, **chosen}
    for first, keys in chosen.items():
        for second, others in current.items():
            if first != second and _on_one_screen(first, second):
                yield from (Clash(first, second, key) for key in sorted(keys & others - defaults[first]))


def _on_one_screen(first: str, second: str) -> bool:
    kinds = {first.partition(".")[0], second.partition(".")[0]}
    return len(kinds) == 1 or not EVERYWHERE.isdisjoint({first, second}) or any(kinds <= screen for screen in _SCREENS)

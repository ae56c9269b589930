"""The kinds that a cluster serves, in each of their versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class ServedKind(NamedTuple):
    """A kind in one version of its API; `api` is as in `apiVersion`, `plural` as in paths."""

    api: str
    kind: str
    plural: str
    namespaced: bool
    verbs: frozenset[str]

    @property
    def group(self) -> str:
        """Return the API group; empty for the core group."""
        return group_of(self.api)


def group_of(api: str) -> str:
    """Return the group in an `apiVersion`; empty for the core group."""
    return api.rpartition("/")[0]


@dataclass(frozen=True)
class ServedKinds:
    """What discovery told: the kinds, preferred versions first, and the groups that could not be discovered."""

    kinds: tuple[ServedKind, ...]
    unknown: frozenset[str] = frozenset()

    def preferred(self) -> Iterator[ServedKind]:
        """Yield each kind once, in the preferred version that has it."""
        return iter(self._preferred.values())

    def versions(self, group: str, kind: str) -> tuple[ServedKind, ...]:
        """Return a kind in all versions, the preferred one first; empty where the cluster does not serve it."""
        return tuple(one for one in self.kinds if one.kind == kind and one.group == group)

    def find(self, group: str, kind: str) -> ServedKind | None:
        """Return a kind in its preferred version; None where the cluster does not serve it."""
        return next(iter(self.versions(group, kind)), None)

    def lacks(self, group: str) -> bool:
        """Return whether the cluster has nothing of a group; False where that could not be discovered."""
        return group not in self.unknown and group not in self._groups

    @cached_property
    def _preferred(self) -> dict[tuple[str, str], ServedKind]:
        first: dict[tuple[str, str], ServedKind] = {}
        for kind in self.kinds:
            first.setdefault((kind.group, kind.plural), kind)
        return first

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(kind.group for kind in self.kinds)

"""THE table of rights: what an action needs that changes the cluster."""

from dataclasses import dataclass

from wbtui.domain.rights import SECRETS, Resource
from wbtui.domain.targets import TARGETS


@dataclass(frozen=True, slots=True)
class Need:
    """The right that an action needs: a verb on one of several resources."""

    verb: str
    resources: tuple[Resource, ...] = (SECRETS,)


NEEDS = {
    "create": Need("create"),
    "replace": Need("patch"),
    "delete": Need("delete"),
    "deploy": Need("create", (TARGETS["AIMService"].resource,)),
    "use": Need("patch", tuple(target.resource for target in TARGETS.values() if target.placements)),
}
"""By the names of the actions."""

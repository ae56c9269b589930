import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_IDENTITY = "oidc:"
"""Begins the users and groups of the platform's login."""
_PREFIXES = (_IDENTITY, "system:serviceaccount:")
"""What the Workbench removes from a username to get the creator."""
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


class Account(NamedTuple):
    """The user that the cluster sees; `impersonated` where another user acts as this one.

    `creator` is written into new secrets and services: the e-mail address from the settings, or the username as the
    Workbench writes it. `projects` are those that the groups of the user name.
    """

    username: str
    creator: str
    impersonated: bool = False
    projects: tuple[str, ...] = ()


def creator_of(username: str) -> str:
    """Return the creator that the Workbench would write for a user."""
    prefix = next((prefix for prefix in _PREFIXES if username.startswith(prefix)), "")
    return username.removeprefix(prefix)


def projects_of(groups: Iterable[str]) -> tuple[str, ...]:
    """Return the projects that groups name: the platform has a group for each project, called `oidc:<project>`."""
    return tuple(dict.fromkeys(_named_by(groups)))


def _named_by(groups: Iterable[str]) -> Iterator[str]:
    for group in groups:
        name = group.removeprefix(_IDENTITY)
        if name != group and _NAMESPACE.fullmatch(name):
            yield name

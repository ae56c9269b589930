import re
from typing import NamedTuple

from wbtui.domain.text import plain, shortened

_LONGEST = 60
"""The most characters of a name that are quoted."""
_NAME = re.compile(r"(?=.{1,63}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def named_projects(text: str) -> tuple[str, ...]:
    """Return the projects that a text names, with commas between them, each once. Raises `ValueError` with why not."""
    names = dict.fromkeys(name.strip() for name in text.split(","))
    for name in names:
        if not _NAME.fullmatch(name):
            called = plain(shortened(name, _LONGEST))
            raise ValueError(f'no project can be called "{called}"' if name else "the name of a project is missing")
    return tuple(names)


class Project(NamedTuple):
    """A namespace; `project_id` is empty where it has no project label and so is not a project of the Workbench."""

    namespace: str
    project_id: str = ""
    terminating: bool = False


class Scope(NamedTuple):
    """The secrets to list: those of one namespace or of all (None); with `helm` also Helm's release secrets."""

    namespace: str | None
    helm: bool = False

    @property
    def title(self) -> str:
        """Return the title for the header."""
        return self.namespace if self.namespace is not None else "all projects"


class Context(NamedTuple):
    """One context of the kubeconfig; `namespace` is empty where the context does not set one."""

    name: str
    cluster: str
    user: str
    namespace: str


class StartLocation(NamedTuple):
    """Where a session starts; without a context, in the one of the settings or of the kubeconfig."""

    context: str | None = None
    all_projects: bool = False
    demo: bool = False

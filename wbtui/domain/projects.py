from typing import NamedTuple


class Project(NamedTuple):
    """A namespace; `project_id` is empty where it carries no project label, so is not the Workbench's."""

    namespace: str
    project_id: str = ""
    terminating: bool = False


class Scope(NamedTuple):
    """Which secrets a list is of: those of one namespace, or of all (None); with Helm's release secrets or without."""

    namespace: str | None
    helm: bool = False

    @property
    def title(self) -> str:
        """Return the project's name for the header."""
        return self.namespace if self.namespace is not None else "all projects"


class Context(NamedTuple):
    """One context of the kubeconfig; `namespace` is empty where it names none."""

    name: str
    cluster: str
    user: str
    namespace: str


class StartLocation(NamedTuple):
    """Where a session begins; without a context, where the settings or the kubeconfig say."""

    context: str | None = None
    all_projects: bool = False
    demo: bool = False

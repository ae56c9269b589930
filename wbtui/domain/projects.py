from typing import NamedTuple


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

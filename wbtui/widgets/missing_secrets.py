"""The secrets that the platform needs and a project lacks, reported once for each project."""

from wbtui.domain.index import SecretIndex
from wbtui.domain.projects import Scope
from wbtui.domain.well_known import MINIO, WITHOUT_MINIO


class MissingSecrets:
    """Whether the listed project lacks a secret of the platform, the first time it is listed."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._project = ""

    def begin(self) -> None:
        """Start again, for another list."""
        self._project = ""

    def look(self, index: SecretIndex, scope: Scope) -> None:
        """Look at a complete list; only a project of the Workbench has secrets with use cases."""
        project = scope.namespace or ""
        if project and project not in self._told and any(secret.use_case for secret in index):
            self._told.add(project)
            self._project = project

    def words(self, index: SecretIndex) -> str:
        """Return what will not run; empty where nothing is missing, or where this was reported before."""
        return WITHOUT_MINIO if self._project and not index.has(self._project, MINIO) else ""

"""What a project of the Workbench lacks that the platform needs there, said once for each project."""

from wbtui.domain.index import SecretIndex
from wbtui.domain.projects import Scope
from wbtui.domain.well_known import MINIO, WITHOUT_MINIO


class MissingSecrets:
    """Knows for the list on the screen whether it lacks a secret of the platform, the first time it is listed."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._project = ""

    def begin(self) -> None:
        """Know nothing of another list."""
        self._project = ""

    def look(self, index: SecretIndex, scope: Scope) -> None:
        """Look at a complete list; only one with use cases is of a project of the Workbench."""
        project = scope.namespace or ""
        if project and project not in self._told and any(secret.use_case for secret in index):
            self._told.add(project)
            self._project = project

    def words(self, index: SecretIndex) -> str:
        """Return what will not run; empty where nothing is missing, or where it was said before."""
        return WITHOUT_MINIO if self._project and not index.has(self._project, MINIO) else ""

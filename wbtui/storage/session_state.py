"""The last projects and the sort order, kept between sessions in the user's state folder."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wbtui.domain.index import ORDERS
from wbtui.storage.files import PrivateFile, StorageError
from wbtui.storage.problems import Problems

_LARGEST = 2**20
_ABOUT = "session state"
_KEPT = ("projects", "order", "reverse", "helm", "columns", "wide", "ages")


@dataclass
class SessionState:
    """The project of each context, the sort order, the columns, and whether Helm's release secrets are shown.

    Without a `file`, or where it cannot be used, the state is only in memory.
    """

    file: PrivateFile | None = None
    projects: dict[str, str] = field(default_factory=dict)
    order: str = "name"
    reverse: bool = False
    helm: bool = False
    columns: list[str] = field(default_factory=list)
    wide: bool = False
    ages: bool = False
    problems: Problems = field(default_factory=Problems, repr=False, compare=False)

    @classmethod
    def load(cls, path: Path, problems: Problems | None = None) -> "SessionState":
        """Return the state in the file at `path`; invalid entries are ignored."""
        state = cls(PrivateFile(path), problems=problems or Problems())
        state._read()
        return state

    def save(self) -> None:
        """Write the state to the file; report a problem where that fails."""
        if not self.file:
            return
        try:
            self.file.replace(json.dumps(self._kept(), indent=1).encode())
        except StorageError as error:
            self.problems.report(_ABOUT, f"Not remembered for the next session: {error}")
        else:
            self.problems.solved(_ABOUT)

    def remember(self, context: str, namespace: str | None, *, helm: bool) -> None:
        """Save the current scope; in all projects (None), the last project of the context is kept."""
        projects = {**self.projects, **({context: namespace} if namespace else {})}
        if (self.projects, self.helm) != (projects, helm):
            self.projects, self.helm = projects, helm
            self.save()

    def _kept(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _KEPT}

    def _read(self) -> None:
        try:
            content = self.file.read(_LARGEST) if self.file else None
            entries = json.loads(content or b"null")
        except StorageError as error:
            self.file = None  # a file that is not safe to read is not safe to write
            self.problems.report(_ABOUT, f"Nothing is remembered between sessions: {error}")
        except (ValueError, RecursionError):
            return
        else:
            self._accept(entries if isinstance(entries, dict) else {})

    def _accept(self, entries: dict[str, Any]) -> None:
        for name, value in self._kept().items():
            if type(entries.get(name)) is type(value):
                setattr(self, name, entries[name])
        projects: dict[str, Any] = self.projects
        self.projects = {context: project for context, project in projects.items() if isinstance(project, str)}
        columns: list[Any] = self.columns
        self.columns = [name for name in columns if isinstance(name, str)]
        if self.order not in ORDERS:
            self.order = "name"

"""Where a person was and how the list was sorted, kept between sessions in the user's state folder."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wbtui.domain.index import ORDERS
from wbtui.storage.files import PrivateFile, StorageError
from wbtui.storage.problems import Problems

_LARGEST = 2**20
_ABOUT = "session state"


@dataclass
class SessionState:
    """The project of each context, the sort order, and whether Helm's release secrets are shown.

    Held in memory alone without a `file`. A file that cannot be used costs the memory, never the session.
    """

    file: PrivateFile | None = None
    projects: dict[str, str] = field(default_factory=dict)
    order: str = "name"
    reverse: bool = False
    helm: bool = False
    problems: Problems = field(default_factory=Problems, repr=False, compare=False)

    @classmethod
    def load(cls, path: Path, problems: Problems | None = None) -> "SessionState":
        """Read what was kept at `path`; whatever does not fit is as if it had never been chosen."""
        state = cls(PrivateFile(path), problems=problems or Problems())
        state._read()
        return state

    def save(self) -> None:
        """Keep the state; where that cannot be done, tell it."""
        if not self.file:
            return
        try:
            self.file.replace(json.dumps(self._kept(), indent=1).encode())
        except StorageError as error:
            self.problems.report(_ABOUT, f"Not remembered for the next session: {error}")
        else:
            self.problems.solved(_ABOUT)

    def remember(self, context: str, namespace: str | None, *, helm: bool) -> None:
        """Keep where one is; with None as the namespace, in all projects, that of before stays."""
        projects = {**self.projects, **({context: namespace} if namespace else {})}
        if (self.projects, self.helm) != (projects, helm):
            self.projects, self.helm = projects, helm
            self.save()

    def _kept(self) -> dict[str, Any]:
        return {"projects": self.projects, "order": self.order, "reverse": self.reverse, "helm": self.helm}

    def _read(self) -> None:
        try:
            content = self.file.read(_LARGEST) if self.file else None
            entries = json.loads(content or b"null")
        except StorageError as error:
            self.file = None  # what cannot be read safely is not written to either
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
        if self.order not in ORDERS:
            self.order = "name"

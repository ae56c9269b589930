"""What a person chose last, kept between sessions in the user's state folder."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from wbtui.domain.index import ORDERS


@dataclass
class SessionState:
    """The project of each context, the sort order, and whether Helm's release secrets are shown.

    Held in memory alone without a `path`. A file that cannot be read or written costs the memory, never the session.
    """

    path: Path | None = None
    projects: dict[str, str] = field(default_factory=dict)
    order: str = "name"
    reverse: bool = False
    helm: bool = False

    @classmethod
    def load(cls, path: Path) -> "SessionState":
        """Read what was kept at `path`; whatever does not fit is as if it had never been chosen."""
        said: Any = None
        with suppress(OSError, ValueError, RecursionError):
            said = json.loads(path.read_text(encoding="utf-8"))
        choices = cls(path)
        if isinstance(said, dict):
            choices._accept(said)
        return choices

    def save(self) -> None:
        """Keep the choices, in one step: a session that ends meanwhile leaves the old file or the new one."""
        if not self.path:
            return
        said = {name: value for name, value in asdict(self).items() if name != "path"}
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            draft = self.path.with_suffix(".new")
            draft.write_text(json.dumps(said, indent=1), encoding="utf-8")
            draft.replace(self.path)

    def remember(self, context: str, namespace: str | None, *, helm: bool) -> None:
        """Keep where one is; with None as the namespace, in all projects, that of before stays."""
        projects = {**self.projects, **({context: namespace} if namespace else {})}
        if (self.projects, self.helm) != (projects, helm):
            self.projects, self.helm = projects, helm
            self.save()

    def _accept(self, said: dict[str, Any]) -> None:
        for entry in fields(self):
            value = said.get(entry.name)
            if entry.name != "path" and type(value) is type(getattr(self, entry.name)):
                setattr(self, entry.name, value)
        self.projects = {str(context): str(project) for context, project in self.projects.items()}
        if self.order not in ORDERS:
            self.order = "name"

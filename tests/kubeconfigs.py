"""Kubeconfigs with several contexts."""

import json
from pathlib import Path
from typing import Any


def kubeconfig(folder: Path, contexts: dict[str, tuple[str, dict[str, Any]]]) -> str:
    """Write a kubeconfig of contexts: the server, and the user, of each."""
    said = {
        "current-context": next(iter(contexts)),
        "clusters": [{"name": name, "cluster": {"server": server}} for name, (server, _) in contexts.items()],
        "users": [{"name": name, "user": user} for name, (_, user) in contexts.items()],
        "contexts": [
            {"name": name, "context": {"cluster": name, "user": name, "namespace": "llm-serving"}} for name in contexts
        ],
    }
    path = folder / "kubeconfig-of-plugins"
    path.write_text(json.dumps(said))
    return str(path)

"""What a command has written, as kubectl sees it, and what is in the audit log."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

from tests.cluster.conftest import PROJECT
from tests.conftest import Kubectl

ROOT = Path(__file__).parent.parent.parent
TOKEN = "hf_canaryCANARYcanaryCANARYcanary1234"


def stored(kubectl: Kubectl, name: str, project: str = PROJECT) -> dict[str, Any]:
    """Return a secret with its values in plain text."""
    found: dict[str, Any] = json.loads(kubectl("get", "secret", name, "-n", project, "-o", "json"))
    found["data"] = {key: b64decode(value).decode() for key, value in found["data"].items()}
    return found


def records(home: Path) -> list[dict[str, Any]]:
    """Return the records in the audit log of a home folder."""
    log = home / ".local" / "state" / "wbtui" / "audit.log"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

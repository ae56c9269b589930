"""Why a rollout does not go on, as the conditions of a workload say."""

from collections.abc import Iterable, Iterator
from typing import TypedDict

from msgspec import ValidationError, convert

from wbtui.domain.manifests import redaction_of
from wbtui.domain.reference_paths import Json
from wbtui.domain.text import plain, shortened

_WORDS = {
    "FailedCreate": "its new pods cannot be created",
    "FailedDelete": "its old pods cannot be deleted",
    "ProgressDeadlineExceeded": "its rollout takes longer than its progress deadline",
}
"""By the reason of a condition; other reasons say nothing of a rollout that does not go on."""
_TYPES = {"ReplicaFailure": "True", "Progressing": "False"}
"""The conditions that tell of it, with the status in which they do."""
_LONGEST = 300
"""The most characters of these messages that a sentence quotes."""
_KEPT = 2000
"""Characters of a message that are searched for values: many more than are shown."""


class _Condition(TypedDict, total=False):
    type: str
    status: str
    reason: str
    message: str


class _Status(TypedDict, total=False):
    observedGeneration: int
    conditions: list[_Condition] | None


class _Metadata(TypedDict, total=False):
    generation: int


class _Workload(TypedDict, total=False):
    metadata: _Metadata
    status: _Status | None


def why_stalled(manifest: Json) -> str:
    """Return why a rollout does not go on; empty where nothing says so, or only the status of an earlier change."""
    try:
        said = convert({"metadata": manifest.get("metadata") or {}, "status": manifest.get("status")}, _Workload)
    except ValidationError:
        return ""  # a kind whose conditions are of another shape
    status = said.get("status") or _Status()
    observed = status.get("observedGeneration", 0)
    if observed < said.get("metadata", _Metadata()).get("generation", observed):
        return ""
    stalls = list(_stalls(status.get("conditions") or ()))
    if not stalls:
        return ""
    # The message of a policy may quote the object, with the values of its variables.
    return shortened(plain(redaction_of(manifest).clean("; ".join(stalls))), _LONGEST)


def _stalls(conditions: Iterable[_Condition]) -> Iterator[str]:
    for condition in conditions:
        words = _WORDS.get(condition.get("reason", ""))
        if words and _TYPES.get(condition.get("type", "")) == condition.get("status"):
            yield f"{words}: {condition.get('message', '')[:_KEPT].rstrip('.')}".rstrip(": ")

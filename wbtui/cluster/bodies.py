"""Create the bodies of write requests; they hold values."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from wbtui.domain.display_name import annotation
from wbtui.domain.draft import Draft
from wbtui.domain.expiry import EXPIRES, as_annotation
from wbtui.domain.manifests import escaped_for_pointer
from wbtui.domain.prefixes import OWN_LABELS, Prefixes
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import LAST_APPLIED


class Bodies:
    """Makes the bodies."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._label = f"{prefixes.apps}/use-case"
        self._submitter = f"{prefixes.apps}/submitter"
        self._display_name = annotation(prefixes.workbench)

    def secret(self, draft: Draft, data: Mapping[str, bytes]) -> dict[str, Any]:
        """Return a whole secret."""
        creator = {self._submitter: draft.creator} if draft.creator else {}
        display_name = {self._display_name: draft.display_name} if draft.display_name else {}
        # The Resource Manager labels each new secret itself: a copy must not have the labels of its original.
        labels = {key: value for key, value in draft.labels.items() if key not in OWN_LABELS}
        # Nor its date, which belongs to the old values.
        annotations = {key: value for key, value in draft.annotations.items() if key != EXPIRES}
        expires = {EXPIRES: as_annotation(draft.expires)} if draft.expires else {}
        metadata = {
            "name": draft.name,
            "namespace": draft.namespace,
            "labels": {**labels, **self._labels(draft)},
            "annotations": {**display_name, **annotations, **expires, **creator},
        }
        body = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": metadata,
            "type": draft.secret_type,
            "data": _encoded(data),
        }
        return {**body, "immutable": True} if draft.immutable else body

    def patch(
        self, replacement: Replacement, data: Mapping[str, bytes], *, annotated: bool
    ) -> list[dict[str, Any]] | dict[str, Any]:
        """Return a JSON patch for all keys, or a merge patch for some; `annotated` is whether it has annotations."""
        return (
            self._whole(replacement, data, annotated=annotated) if replacement.whole else self._part(replacement, data)
        )

    def _whole(self, replacement: Replacement, data: Mapping[str, bytes], *, annotated: bool) -> list[dict[str, Any]]:
        secret, labels = replacement.secret, self._labels(replacement.draft)
        patch: list[dict[str, Any]] = [
            {"op": "replace", "path": "/metadata/resourceVersion", "value": secret.resource_version},
            {"op": "add", "path": "/data", "value": _encoded(data)},
        ]
        if labels and not secret.labels:
            patch.append({"op": "add", "path": "/metadata/labels", "value": {}})
        for key, value in labels.items():
            patch.append({"op": "add", "path": f"/metadata/labels/{escaped_for_pointer(key)}", "value": value})
        if replacement.clean and secret.copied_in_annotation:
            patch.append({"op": "remove", "path": f"/metadata/annotations/{escaped_for_pointer(LAST_APPLIED)}"})
        return [*patch, *_date_patch(replacement.date_change(data), annotated=annotated)]

    def _part(self, replacement: Replacement, data: Mapping[str, bytes]) -> dict[str, Any]:
        metadata: dict[str, Any] = {"resourceVersion": replacement.secret.resource_version}
        if labels := self._labels(replacement.draft):
            metadata["labels"] = labels
        if annotations := {**replacement.date_change(data), **({LAST_APPLIED: None} if replacement.clean else {})}:
            metadata["annotations"] = annotations
        return {"metadata": metadata, **({"data": _encoded(data)} if data else {})}

    def _labels(self, draft: Draft) -> dict[str, str]:
        return {self._label: draft.use_case.value} if draft.use_case else {}


def _date_patch(change: Mapping[str, str | None], *, annotated: bool) -> Iterator[dict[str, Any]]:
    for key, value in change.items():
        path = f"/metadata/annotations/{escaped_for_pointer(key)}"
        if not annotated:
            yield {"op": "add", "path": "/metadata/annotations", "value": {}}
        yield {"op": "add", "path": path, "value": value} if value else {"op": "remove", "path": path}


def _encoded(data: Mapping[str, bytes]) -> dict[str, str]:
    return {key: b64encode(value).decode() for key, value in data.items()}

"""Writing secrets: the one place where values are in the open, in the body of one request."""

import asyncio
from base64 import b64encode
from typing import Any

from pydantic import TypeAdapter

from wbtui.cluster.connection import METADATA, Connection
from wbtui.cluster.redaction import Redaction
from wbtui.cluster.tables import LAST_APPLIED, SecretReader
from wbtui.cluster.wire import KindOnly, PartialObject, read
from wbtui.domain.draft import Draft
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret
from wbtui.repository import (
    ClusterError,
    NotFound,
    ServerError,
    Uncertain,
    UnexpectedAnswer,
    Unreachable,
    ValuesReceived,
)

MANAGER = "wbtui"
_PARTIAL = TypeAdapter(PartialObject)
_UNCERTAIN = (Unreachable, ServerError, UnexpectedAnswer, ValuesReceived)
"""After these it is not known whether something was done: no answer, or one from halfway, or none that can be read."""
_PARTIAL_OR_STATUS = TypeAdapter(KindOnly)


class SecretWriter:
    """Creates, changes and deletes secrets; what it sends is never sent twice, and what comes back is metadata."""

    def __init__(self, connection: Connection, prefix: str) -> None:
        self._connection = connection
        self._prefix = prefix
        self._label = f"{prefix}/use-case"
        self._reader = SecretReader(prefix)

    async def create(self, draft: Draft, *, dry_run: bool) -> Secret:
        """Create a secret, or only ask whether it could be; see `Cluster.create`."""
        query = {"fieldManager": MANAGER, "fieldValidation": "Strict", **({"dryRun": "All"} if dry_run else {})}
        try:
            body = self._body(draft, draft.data())
            return self._secret(await self._connection.post(_path(draft), query, accept=METADATA, body=body))
        except ClusterError as error:
            told = await _redacted(error, draft)
            if isinstance(error, _UNCERTAIN) and not dry_run:
                return await self._look(draft, told)
            raise told from None

    async def replace(self, replacement: Replacement) -> Secret:
        """Give a secret new values in one step, with nothing read; see `Cluster.replace`."""
        data = replacement.draft.data()
        patch = self._whole(replacement, data) if replacement.whole else self._part(replacement, data)
        try:
            answer = await self._connection.patch(
                _path_of(replacement.secret), {"fieldManager": MANAGER}, accept=METADATA, patch=patch
            )
            return self._secret(answer)
        except ClusterError as error:
            told = await _redacted(error, replacement.draft)
            if isinstance(error, _UNCERTAIN):
                told = Uncertain(f"{told}; whether the values were replaced is not known")
            raise told from None

    async def delete(self, secret: Secret) -> Secret | None:
        """Delete what was on the screen and nothing else; see `Cluster.delete`."""
        preconditions = {"uid": secret.uid, "resourceVersion": secret.resource_version}
        try:
            answer = await self._connection.delete(_path_of(secret), {"preconditions": preconditions}, accept=METADATA)
            said = read(_PARTIAL_OR_STATUS, answer)
            return None if said.get("kind") == "Status" else self._secret(answer)
        except _UNCERTAIN as error:
            raise Uncertain(f"{error}; whether {secret.name} was deleted is not known") from None

    def _whole(self, replacement: Replacement, data: dict[str, bytes]) -> list[dict[str, Any]]:
        secret, labels = replacement.secret, replacement.secret.labels
        patch: list[dict[str, Any]] = [
            {"op": "replace", "path": "/metadata/resourceVersion", "value": secret.resource_version},
            {"op": "add", "path": "/data", "value": _encoded(data)},
        ]
        if replacement.adopt:
            patch += [] if labels else [{"op": "add", "path": "/metadata/labels", "value": {}}]
            path = f"/metadata/labels/{_pointer(self._label)}"
            patch.append({"op": "add", "path": path, "value": replacement.draft.use_case.value})
        if replacement.clean and secret.copied_in_annotation:
            patch.append({"op": "remove", "path": f"/metadata/annotations/{_pointer(LAST_APPLIED)}"})
        return patch

    def _part(self, replacement: Replacement, data: dict[str, bytes]) -> dict[str, Any]:
        metadata: dict[str, Any] = {"resourceVersion": replacement.secret.resource_version}
        if replacement.adopt:
            metadata["labels"] = {self._label: replacement.draft.use_case.value}
        if replacement.clean:
            metadata["annotations"] = {LAST_APPLIED: None}
        return {"metadata": metadata, "data": _encoded(data)}

    async def _look(self, draft: Draft, broken: ClusterError) -> Secret:
        # It may have been done, and must not be done again before that is known.
        try:
            found = self._secret(await self._connection.get(f"{_path(draft)}/{draft.name}", accept=METADATA))
        except NotFound:
            raise type(broken)(f"{broken}; it was not created", advice="Save again with ctrl+s.") from None
        except ClusterError as error:
            raise Uncertain(f"{broken}, and it cannot be seen whether {draft.name} was created: {error}") from None
        creator = "" if found.creator_is_hint else found.creator
        if creator == draft.creator and any(change.manager == MANAGER for change in found.changes):
            return found
        raise Uncertain(
            f"{broken}; there is a secret {draft.name} now, which someone else seems to have made"
        ) from None

    def _secret(self, answer: bytes) -> Secret:
        said = read(_PARTIAL, answer)
        if said.get("kind") != "PartialObjectMetadata" or said.get("data") or said.get("stringData"):
            raise ValuesReceived("the cluster sent values back where only metadata was asked for; they were dropped")
        return self._reader.secret(said["metadata"])

    def _body(self, draft: Draft, data: dict[str, bytes]) -> dict[str, Any]:
        annotations = {f"{self._prefix}/submitter": draft.creator} if draft.creator else {}
        metadata = {
            "name": draft.name,
            "namespace": draft.namespace,
            "labels": {**draft.labels, self._label: draft.use_case.value},
            "annotations": annotations,
        }
        body = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": metadata,
            "type": draft.use_case.type,
            "data": _encoded(data),
        }
        return {**body, "immutable": True} if draft.immutable else body


async def _redacted(error: ClusterError, draft: Draft) -> ClusterError:
    # Beside the loop: a large value takes a while to search.
    return await asyncio.to_thread(lambda: Redaction(draft.hidden()).of(error))


def _path(draft: Draft) -> str:
    return f"/api/v1/namespaces/{draft.namespace}/secrets"


def _path_of(secret: Secret) -> str:
    return f"/api/v1/namespaces/{secret.namespace}/secrets/{secret.name}"


def _encoded(data: dict[str, bytes]) -> dict[str, str]:
    return {key: b64encode(value).decode() for key, value in data.items()}


def _pointer(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")

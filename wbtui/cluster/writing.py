"""Writing secrets: the one place where values are in the open, in the body of one request."""

from base64 import b64encode
from typing import Any

from pydantic import TypeAdapter

from wbtui.cluster.connection import METADATA, Connection
from wbtui.cluster.redaction import Redaction
from wbtui.cluster.tables import SecretReader
from wbtui.cluster.wire import PartialObject, read
from wbtui.domain.draft import Draft
from wbtui.domain.secret import Secret
from wbtui.repository import ClusterError, NotFound, Uncertain, Unreachable, ValuesReceived

MANAGER = "wbtui"
_PARTIAL = TypeAdapter(PartialObject)


class SecretWriter:
    """Creates secrets; what it sends is never sent twice, and what comes back is metadata."""

    def __init__(self, connection: Connection, prefix: str) -> None:
        self._connection = connection
        self._prefix = prefix
        self._reader = SecretReader(prefix)

    async def create(self, draft: Draft, *, dry_run: bool) -> Secret:
        """Create a secret, or only ask whether it could be; see `Cluster.create`."""
        query = {"fieldManager": MANAGER, "fieldValidation": "Strict", **({"dryRun": "All"} if dry_run else {})}
        data = draft.data()
        redaction = Redaction([*data.values(), *(value for entry in draft.unsealed() for value in entry.values())])
        try:
            answer = await self._connection.post(_path(draft), query, accept=METADATA, body=self._body(draft, data))
        except Unreachable as error:
            if dry_run:
                raise
            return await self._look(draft, error)
        except ClusterError as error:
            raise redaction.of(error) from None
        return self._secret(answer)

    async def _look(self, draft: Draft, broken: Unreachable) -> Secret:
        # Broken between request and answer: it may have been done, and must not be done again before that is known.
        try:
            found = self._secret(await self._connection.get(f"{_path(draft)}/{draft.name}", accept=METADATA))
        except NotFound:
            raise Unreachable(f"{broken}; it was not created", advice="Save again with ctrl+s.") from None
        except ClusterError as error:
            raise Uncertain(f"{broken}, and it cannot be seen whether {draft.name} was created: {error}") from None
        if found.creator == draft.creator and any(change.manager == MANAGER for change in found.changes):
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
            "labels": {**draft.labels, f"{self._prefix}/use-case": draft.use_case.value},
            "annotations": annotations,
        }
        encoded = {key: b64encode(value).decode() for key, value in data.items()}
        body = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": metadata,
            "type": draft.use_case.type,
            "data": encoded,
        }
        return {**body, "immutable": True} if draft.immutable else body


def _path(draft: Draft) -> str:
    return f"/api/v1/namespaces/{draft.namespace}/secrets"

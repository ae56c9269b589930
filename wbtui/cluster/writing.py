"""Writing secrets: values are in the open in the body of one request, and nowhere else."""

import asyncio

from pydantic import TypeAdapter

from wbtui.cluster.bodies import Bodies
from wbtui.cluster.connection import METADATA, Connection
from wbtui.cluster.redaction import Redaction
from wbtui.cluster.tables import SecretReader
from wbtui.cluster.wire import KindOnly, PartialObject, read
from wbtui.domain.draft import MANAGER, Draft
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import LAST_APPLIED, Secret
from wbtui.repository import (
    LOST,
    ClusterError,
    NotFound,
    Uncertain,
    ValuesReceived,
)

_PARTIAL = TypeAdapter(PartialObject)
_PARTIAL_OR_STATUS = TypeAdapter(KindOnly)


class SecretWriter:
    """Creates, changes and deletes secrets; what it sends is never sent twice, and what comes back is metadata."""

    def __init__(self, connection: Connection, prefix: str) -> None:
        self._connection = connection
        self._bodies = Bodies(prefix)
        self._reader = SecretReader(prefix)

    async def read(self, secret: Secret) -> Secret:
        """Return the metadata of the secret of this name as it is now, and whole; see `Cluster.read`."""
        try:
            answer = await self._connection.get(_path_of(secret), accept=METADATA)
        except NotFound:
            raise _gone(secret) from None
        found, metadata = self._secret(answer), read(_PARTIAL, answer)["metadata"]
        annotations = metadata.get("annotations") or {}
        return found._replace(
            type=secret.type if found.uid == secret.uid else "",
            annotations={key: value for key, value in annotations.items() if key != LAST_APPLIED},
        )

    async def create(self, draft: Draft, *, dry_run: bool) -> Secret:
        """Create a secret, or only ask whether it could be; see `Cluster.create`."""
        query = {"fieldManager": MANAGER, "fieldValidation": "Strict", **({"dryRun": "All"} if dry_run else {})}
        path = f"/api/v1/namespaces/{draft.namespace}/secrets"
        try:
            body = self._bodies.secret(draft, draft.data())
            return self._secret(await self._connection.post(path, query, accept=METADATA, body=body))
        except ClusterError as error:
            told = await _redacted(error, draft)
            if isinstance(error, LOST) and not dry_run:
                return await self._created(draft, f"{path}/{draft.name}", told)
            raise told from None

    async def replace(self, replacement: Replacement) -> Secret:
        """Give a secret new values in one step, with nothing read; see `Cluster.replace`."""
        secret, draft = replacement.secret, replacement.draft
        try:
            patch = self._bodies.patch(replacement, draft.data())
            query = {"fieldManager": MANAGER}
            return self._secret(await self._connection.patch(_path_of(secret), query, accept=METADATA, patch=patch))
        except NotFound:
            raise _gone(secret) from None
        except ClusterError as error:
            told = await _redacted(error, draft)
            if isinstance(error, LOST):
                raise await self._replaced(secret, told) from None
            raise told from None

    async def delete(self, secret: Secret) -> Secret | None:
        """Delete what was on the screen and nothing else; see `Cluster.delete`."""
        preconditions = {"uid": secret.uid, "resourceVersion": secret.resource_version}
        try:
            answer = await self._connection.delete(_path_of(secret), {"preconditions": preconditions}, accept=METADATA)
            said = read(_PARTIAL_OR_STATUS, answer)
            return None if said.get("kind") == "Status" else self._secret(answer)
        except NotFound:
            raise _gone(secret) from None
        except LOST as error:
            return await self._deleted(secret, error)

    async def _created(self, draft: Draft, path: str, broken: ClusterError) -> Secret:
        # It may have been done, and must not be done again before that is known.
        try:
            found = self._secret(await self._connection.get(path, accept=METADATA))
        except NotFound:
            raise type(broken)(f"{broken}; it was not created", advice="Save again with ctrl+s.") from None
        except ClusterError as error:
            raise Uncertain(f"{broken}, and it cannot be seen whether {draft.name} was created: {error}") from None
        if draft.looks_like(found):
            return found
        raise Uncertain(
            f"{broken}; there is a secret {draft.name} now, which someone else seems to have made"
        ) from None

    async def _replaced(self, secret: Secret, broken: ClusterError) -> ClusterError:
        try:
            now = await self.read(secret)
        except ClusterError as error:
            return Uncertain(f"{broken}, and it cannot be seen whether the values were replaced: {error}")
        if (now.uid, now.resource_version) == (secret.uid, secret.resource_version):
            return type(broken)(f"{broken}; the values were not replaced", advice="Save again with ctrl+s.")
        return Uncertain(f"{broken}; it was changed meanwhile, whether by that or by someone else is not known")

    async def _deleted(self, secret: Secret, broken: ClusterError) -> Secret | None:
        try:
            now = await self.read(secret)
        except NotFound:
            return None
        except ClusterError as error:
            raise Uncertain(f"{broken}, and it cannot be seen whether {secret.name} was deleted: {error}") from None
        if now.uid != secret.uid:
            return None
        if now.deleted:
            return now
        raise type(broken)(f"{broken}; it was not deleted") from None

    def _secret(self, answer: bytes) -> Secret:
        said = read(_PARTIAL, answer)
        if said.get("kind") != "PartialObjectMetadata" or said.get("data") or said.get("stringData"):
            raise ValuesReceived("the cluster sent values back where only metadata was asked for; they were dropped")
        return self._reader.secret(said["metadata"])


def _gone(secret: Secret) -> NotFound:
    return NotFound(f"there is no {secret.name} in {secret.namespace} any more", advice="Somebody has deleted it.")


async def _redacted(error: ClusterError, draft: Draft) -> ClusterError:
    # Beside the loop: a large value takes a while to search.
    return await asyncio.to_thread(lambda: Redaction(draft.hidden()).of(error))


def _path_of(secret: Secret) -> str:
    return f"/api/v1/namespaces/{secret.namespace}/secrets/{secret.name}"

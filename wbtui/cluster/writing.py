"""Write secrets: values are in the body of one request, and nowhere else."""

import asyncio

from pydantic import TypeAdapter

from wbtui.cluster.bodies import Bodies
from wbtui.cluster.connection import METADATA, METADATA_LIST, Connection
from wbtui.cluster.creates import Creates, was_written_by
from wbtui.cluster.redaction import Redaction
from wbtui.cluster.tables import SecretReader
from wbtui.cluster.wire import KindOnly, Metadata, PartialList, PartialObject, parse
from wbtui.domain.draft import MANAGER, Draft
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import LAST_APPLIED, Secret
from wbtui.errors import AlreadyExists, ClusterError, Forbidden, NotFound, Uncertain, ValuesReceived, is_lost

_PARTIAL = TypeAdapter(PartialObject)
_PARTIAL_LIST = TypeAdapter(PartialList)
_PARTIAL_OR_STATUS = TypeAdapter(KindOnly)


class SecretWriter:
    """Creates, changes and deletes secrets; no request is sent twice, and answers are metadata."""

    def __init__(self, connection: Connection, prefixes: Prefixes) -> None:
        self._connection = connection
        self._bodies = Bodies(prefixes)
        self._reader = SecretReader(prefixes)
        self._creates = Creates()

    async def read(self, secret: Secret) -> Secret:
        """Return the current metadata of the secret's name; see `Cluster.read`."""
        try:
            metadata = await self._metadata_of(secret)
        except NotFound as error:
            raise _gone(secret) from error
        found = self._reader.secret(metadata)
        annotations = metadata.get("annotations") or {}
        return found._replace(
            type=secret.type if found.uid == secret.uid else "",
            annotations={key: value for key, value in annotations.items() if key != LAST_APPLIED},
        )

    async def create(self, draft: Draft, *, dry_run: bool) -> Secret:
        """Create a secret, or only check that this is possible; see `Cluster.create`."""
        path = f"/api/v1/namespaces/{draft.namespace}/secrets"
        body = self._bodies.secret(draft, draft.data())
        manager = self._creates.manager(body)
        named = {"fieldManager": MANAGER, "dryRun": "All"} if dry_run else {"fieldManager": manager}
        query = {**named, "fieldValidation": "Strict"}
        try:
            made = self._secret(await self._connection.post(path, query, accept=METADATA, body=body))
        except ClusterError as error:
            await _redact(error, draft)
            if not self._creates.may_be_done(body, manager, error, dry_run=dry_run):
                raise
            made = await self._created(draft, manager, error)
        if not dry_run:
            self._creates.forget(body)
        return made

    async def replace(self, replacement: Replacement) -> Secret:
        """Replace the values of a secret in one request; see `Cluster.replace`."""
        secret, draft = replacement.secret, replacement.draft
        try:
            patch = self._bodies.patch(replacement, draft.data())
            query = {"fieldManager": MANAGER}
            return self._secret(await self._connection.patch(_path_of(secret), query, accept=METADATA, patch=patch))
        except NotFound as error:
            raise _gone(secret) from error
        except ClusterError as error:
            await _redact(error, draft)
            if is_lost(error):
                raise await self._replaced(secret, error) from error
            raise

    async def delete(self, secret: Secret) -> Secret | None:
        """Delete a secret if it is still as it was on the screen; see `Cluster.delete`."""
        preconditions = {"uid": secret.uid, "resourceVersion": secret.resource_version}
        try:
            answer = await self._connection.delete(_path_of(secret), {"preconditions": preconditions}, accept=METADATA)
            return None if parse(_PARTIAL_OR_STATUS, answer).get("kind") == "Status" else self._secret(answer)
        except NotFound as error:
            raise _gone(secret) from error
        except ClusterError as error:
            if is_lost(error):
                return await self._deleted(secret, error)
            raise

    async def _metadata_of(self, what: Secret | Draft) -> Metadata:
        """Return the metadata of a secret, found by its name in the list: many may list secrets, and not get one."""
        path = f"/api/v1/namespaces/{what.namespace}/secrets"
        try:
            query = {"fieldSelector": f"metadata.name={what.name}"}
            items = _items(await self._connection.get(path, query, accept=METADATA_LIST))
        except Forbidden:
            return _metadata(await self._connection.get(f"{path}/{what.name}", accept=METADATA))
        for item in items:
            if item["metadata"].get("name") == what.name:
                return item["metadata"]
        raise NotFound(f"there is no secret {what.name} in {what.namespace}")

    async def _created(self, draft: Draft, manager: str, lost: ClusterError) -> Secret:
        # It may have been done, and must not be done again before that is known.
        try:
            metadata = await self._metadata_of(draft)
        except NotFound:
            advice = "Look at the list in a while. To save again does no harm: no secret is ever overwritten."
            message = f"{lost}; there is no secret {draft.name} so far, but it may still be created"
            raise Uncertain(message, advice=advice) from lost
        except ClusterError as error:
            raise Uncertain(f"{lost}, and it cannot be seen whether {draft.name} was created: {error}") from error
        if was_written_by(manager, metadata):
            return self._reader.secret(metadata)
        if isinstance(lost, AlreadyExists):
            raise lost
        raise Uncertain(f"{lost}; there is a secret {draft.name} now, which someone else seems to have made") from lost

    async def _replaced(self, secret: Secret, lost: ClusterError) -> ClusterError:
        try:
            now = await self.read(secret)
        except NotFound as error:
            return error
        except ClusterError as error:
            return Uncertain(f"{lost}, and it cannot be seen whether the values were replaced: {error}")
        if (now.uid, now.resource_version) != (secret.uid, secret.resource_version):
            return Uncertain(f"{lost}; it has changed since; whether by this request or by someone else is not known")
        advice = "Look at when it was last changed. To save again does no harm: no other change is overwritten."
        return Uncertain(f"{lost}; the values are not replaced so far, but they may still be", advice=advice)

    async def _deleted(self, secret: Secret, lost: ClusterError) -> Secret | None:
        try:
            now = await self.read(secret)
        except NotFound:
            return None
        except ClusterError as error:
            raise Uncertain(f"{lost}, and it cannot be seen whether {secret.name} was deleted: {error}") from error
        if now.uid != secret.uid:
            return None
        if now.deleted:
            return now
        advice = "Look at the list in a while."
        raise Uncertain(f"{lost}; {secret.name} is still there, but it may still be deleted", advice=advice) from lost

    def _secret(self, answer: bytes) -> Secret:
        return self._reader.secret(_metadata(answer))


def _metadata(answer: bytes) -> Metadata:
    partial = parse(_PARTIAL, answer)
    if partial.get("kind") != "PartialObjectMetadata" or partial.get("data") or partial.get("stringData"):
        raise ValuesReceived("the cluster sent values back where only metadata was asked for; they were dropped")
    return partial["metadata"]


def _items(answer: bytes) -> list[PartialObject]:
    partial = parse(_PARTIAL_LIST, answer)
    items = partial.get("items") or []
    whole = any(item.get("data") or item.get("stringData") for item in items)
    if partial.get("kind") != "PartialObjectMetadataList" or whole:
        raise ValuesReceived("the cluster sent values where only metadata was asked for; they were dropped")
    return items


def _gone(secret: Secret) -> NotFound:
    return NotFound(f"there is no {secret.name} in {secret.namespace} any more", advice="Somebody has deleted it.")


async def _redact(error: ClusterError, draft: Draft) -> None:
    # In a thread: the search for a large value takes a while.
    await asyncio.to_thread(lambda: Redaction(draft.hidden()).redact(error))


def _path_of(secret: Secret) -> str:
    return f"/api/v1/namespaces/{secret.namespace}/secrets/{secret.name}"

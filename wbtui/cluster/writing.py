"""Write secrets: values are in the body of one request, and nowhere else."""

import asyncio
from functools import partial

from msgspec.json import Decoder

from wbtui.cluster.bodies import Bodies
from wbtui.cluster.connection import METADATA, METADATA_LIST, Connection
from wbtui.cluster.creates import Creator, NewObject
from wbtui.cluster.tables import SecretReader
from wbtui.cluster.wire import KindOnly, Metadata, PartialList, PartialObject, parse
from wbtui.domain.draft import Draft
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.redaction import Redaction
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import LAST_APPLIED, MANAGER, Secret
from wbtui.errors import ClusterError, Forbidden, NotFound, Uncertain, ValuesReceived, is_lost

_SUBJECTS = {
    "replace": ("values were", "values are"),
    "relabel": ("use case was", "use case is"),
    "date": ("date was", "date is"),
}
"""What a sentence says to be replaced, by the action."""
_PARTIAL = Decoder(PartialObject)
_PARTIAL_LIST = Decoder(PartialList)
_PARTIAL_OR_STATUS = Decoder(KindOnly)


class SecretWriter:
    """Creates, changes and deletes secrets; no request is sent twice, and answers are metadata."""

    def __init__(self, connection: Connection, prefixes: Prefixes) -> None:
        self._connection = connection
        self._bodies = Bodies(prefixes)
        self._reader = SecretReader(prefixes)
        self._creator = Creator(connection)

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
        new = NewObject(
            name=f"secret {draft.name}",
            path=path,
            body=self._bodies.secret(draft, draft.data()),
            accept=METADATA,
            parse=_metadata,
            metadata_of=lambda metadata: metadata,
            find=partial(self._metadata_of, draft),
            redact=partial(_redact, draft),
            find_values=partial(_values_of, draft),
        )
        return self._reader.secret(await self._creator.create(new, dry_run=dry_run))

    async def replace(self, replacement: Replacement, *, dry_run: bool) -> Secret:
        """Replace the values of a secret in one request, or only check that; see `Cluster.replace`."""
        secret, draft = replacement.secret, replacement.draft
        try:
            annotated = await self._is_annotated(replacement)
            patch = self._bodies.patch(replacement, draft.data(), annotated=annotated)
            query = {"fieldManager": MANAGER, **({"dryRun": "All"} if dry_run else {})}
            patching = self._connection.patch(
                _path_of(secret), query, accept=METADATA, patch=patch, find_values=partial(_values_of, draft)
            )
            return self._secret(await patching)
        except NotFound as error:
            raise _gone(secret) from error
        except ClusterError as error:
            await _redact(draft, error)
            if is_lost(error) and not dry_run:
                raise await self._replaced(replacement, error) from error
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
        """Return the metadata of a secret, from a list with its name: many users may list secrets, but not get one."""
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

    async def _replaced(self, replacement: Replacement, lost: ClusterError) -> ClusterError:
        secret, (were, are) = replacement.secret, _SUBJECTS[replacement.action]
        try:
            now = await self.read(secret)
        except NotFound as error:
            return error
        except ClusterError as error:
            return Uncertain(f"{lost}, and it cannot be seen whether the {were} replaced: {error}")
        if (now.uid, now.resource_version) != (secret.uid, secret.resource_version):
            return Uncertain(f"{lost}; it has changed since; whether by this request or by someone else is not known")
        advice = "Check when it was last changed. Saving again is safe: no other change is overwritten."
        return Uncertain(f"{lost}; the {are} not replaced so far, but may still be", advice=advice)

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
        advice = "Check the list later."
        raise Uncertain(f"{lost}; {secret.name} is still there, but it may still be deleted", advice=advice) from lost

    async def _is_annotated(self, replacement: Replacement) -> bool:
        """Return whether the secret has annotations, where a patch has to know that."""
        secret = replacement.secret
        if not (replacement.whole and replacement.draft.expires):
            return True
        if secret.annotations or secret.display_name or secret.copied_in_annotation:
            return True
        # A display name that equals the name is not kept in a `Secret`, but its annotation must not be overwritten.
        return bool((await self._metadata_of(secret)).get("annotations"))

    def _secret(self, answer: bytes) -> Secret:
        return self._reader.secret(_metadata(answer))


def _metadata(answer: bytes) -> Metadata:
    answered = parse(_PARTIAL, answer)
    if answered.get("kind") != "PartialObjectMetadata" or answered.get("data") or answered.get("stringData"):
        raise ValuesReceived("the cluster sent values back where only metadata was asked for; they were dropped")
    return answered["metadata"]


def _items(answer: bytes) -> list[PartialObject]:
    answered = parse(_PARTIAL_LIST, answer)
    items = answered.get("items") or []
    whole = any(item.get("data") or item.get("stringData") for item in items)
    if answered.get("kind") != "PartialObjectMetadataList" or whole:
        raise ValuesReceived("the cluster sent values where only metadata was asked for; they were dropped")
    return items


def _gone(secret: Secret) -> NotFound:
    return NotFound(f"there is no {secret.name} in {secret.namespace} any more", advice="Another user deleted it.")


async def _redact(draft: Draft, error: ClusterError) -> None:
    # In a thread: the search for a large value takes a while.
    await asyncio.to_thread(lambda: error.reword(Redaction(draft.hidden()).clean))


def _values_of(draft: Draft) -> Redaction:
    # Also those that the form shows: a warning is read where nobody has just typed them.
    return Redaction((*draft.hidden(), *draft.data().values()))


def _path_of(secret: Secret) -> str:
    return f"/api/v1/namespaces/{secret.namespace}/secrets/{secret.name}"

"""Create objects so that a request whose answer was lost can be repeated."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from secrets import token_bytes, token_hex
from typing import Any, Generic, TypeVar

from wbtui.cluster.connection import Connection
from wbtui.cluster.wire import Metadata
from wbtui.cluster.write_warnings import FindValues
from wbtui.domain.secret import MANAGER
from wbtui.errors import AlreadyExists, ClusterError, NotFound, Uncertain, is_lost

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewObject(Generic[T]):
    """An object to create in the collection at `path`; sentences call it `name`.

    `parse` converts the answer, `find` requests the object, `redact` removes values from an error, and `find_values`
    finds them in warnings.
    """

    name: str
    path: str
    body: Mapping[str, Any] = field(repr=False)
    accept: str
    parse: Callable[[bytes], T]
    metadata_of: Callable[[T], Metadata]
    find: Callable[[], Awaitable[T]]
    redact: Callable[[ClusterError], Awaitable[None]]
    find_values: FindValues


class Creator:
    """Creates objects, with a new field manager for each body.

    After a lost answer the body keeps its field manager, which shows whether our request created the object, or someone
    else did. Of bodies, which hold values, only keyed digests are kept.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._key = token_bytes(32)
        self._lost: dict[bytes, str] = {}

    async def create(self, new: NewObject[T], *, dry_run: bool) -> T:
        """Create an object, or only check that this is possible. Raises any `ClusterError`.

        Where no answer comes, the object is requested, to see whether it was created; raises `Uncertain` where that is
        not clear. Repeating the call is safe: nothing is overwritten.
        """
        digest = blake2b(json.dumps(new.body).encode(), key=self._key).digest()
        manager = self._lost.get(digest) or f"{MANAGER}/{token_hex(4)}"
        query = {"fieldManager": MANAGER, "dryRun": "All"} if dry_run else {"fieldManager": manager}
        query["fieldValidation"] = "Strict"
        try:
            posting = self._connection.post(
                new.path, query, accept=new.accept, body=new.body, find_values=new.find_values
            )
            created = new.parse(await posting)
        except ClusterError as error:
            await new.redact(error)
            if is_lost(error) and not dry_run:
                self._lost[digest] = manager
            elif not (isinstance(error, AlreadyExists) and digest in self._lost):
                raise
            created = await _find_created(new, manager, error)
        if not dry_run:
            self._lost.pop(digest, None)
        return created


async def _find_created(new: NewObject[T], manager: str, lost: ClusterError) -> T:
    """Return the object if `manager` has created it. Raises `AlreadyExists` and `Uncertain`."""
    try:
        found = await new.find()
    except NotFound:
        message = f"{lost}; there is no {new.name} so far, but it may still be created"
        advice = "Check again later. Creating it again is safe: nothing is overwritten."
        raise Uncertain(message, advice=advice) from lost
    except ClusterError as error:
        raise Uncertain(f"{lost}, and it cannot be seen whether {new.name} was created: {error}") from error
    if any(entry.get("manager") == manager for entry in new.metadata_of(found).get("managedFields") or ()):
        return found
    if isinstance(lost, AlreadyExists):
        raise lost
    raise Uncertain(f"{lost}; {new.name} exists now, but someone else seems to have created it") from lost

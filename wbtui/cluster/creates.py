"""Find out after a lost answer whether our request created an object, or someone else did."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from secrets import token_bytes, token_hex
from typing import Any

from wbtui.cluster.wire import Metadata
from wbtui.domain.draft import MANAGER
from wbtui.errors import AlreadyExists, ClusterError, is_lost


class Creates:
    """The field managers of create requests: each is used for one body, until it is answered.

    So a request whose answer was lost can be sent again: if the object exists then, its field manager shows whether the
    first request created it. Of bodies, which hold values, only keyed digests are kept.
    """

    def __init__(self) -> None:
        self._key = token_bytes(32)
        self._lost: dict[bytes, str] = {}

    def manager(self, body: Mapping[str, Any]) -> str:
        """Return the field manager for a body: that of an earlier request whose answer was lost, or a new one."""
        return self._lost.get(self._digest(body)) or f"{MANAGER}/{token_hex(4)}"

    def may_be_done(self, body: Mapping[str, Any], manager: str, error: ClusterError, *, dry_run: bool) -> bool:
        """Return whether the failed request, or an earlier one with the same body, may have created the object."""
        if is_lost(error) and not dry_run:
            self._lost[self._digest(body)] = manager
            return True
        return isinstance(error, AlreadyExists) and self._digest(body) in self._lost

    def forget(self, body: Mapping[str, Any]) -> None:
        """Use a new field manager for this body from now on: its object was created."""
        self._lost.pop(self._digest(body), None)

    def _digest(self, body: Mapping[str, Any]) -> bytes:
        return blake2b(json.dumps(body).encode(), key=self._key).digest()


def was_written_by(manager: str, metadata: Metadata) -> bool:
    """Return whether an object has fields that this field manager wrote last."""
    return any(entry.get("manager") == manager for entry in metadata.get("managedFields") or ())

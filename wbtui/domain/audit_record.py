"""The audit log's record of a write."""

from typing import NamedTuple


class AuditRecord(NamedTuple):
    """One write: who did what to which secret, and how it ended. It holds no value and no key.

    `time` is in ISO 8601, `result` in words. `display_name` is empty where it would be the name.
    """

    time: str = ""
    action: str = ""
    user: str = ""
    context: str = ""
    project: str = ""
    name: str = ""
    uid: str = ""
    result: str = ""
    display_name: str = ""

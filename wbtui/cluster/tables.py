"""From metadata Tables to secrets: drops what repeats values, and refuses what carries them."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from sys import intern
from typing import Any

from wbtui.cluster.wire import (
    ANSWER,
    WATCH_EVENT,
    Answer,
    ManagedFields,
    Metadata,
    OwnerReference,
    Row,
    WatchEvent,
    read,
)
from wbtui.domain.display_name import annotation, display_name_in
from wbtui.domain.draft import MANAGER
from wbtui.domain.prefixes import RESOURCE_MANAGER_USE_CASE, Prefixes
from wbtui.domain.secret import LAST_APPLIED, Change, Owner, Secret
from wbtui.domain.text import plain, shortened
from wbtui.domain.use_cases.table import find_use_case
from wbtui.errors import UnexpectedAnswer, ValuesReceived

_LONGEST_ANNOTATION = 1024
"""Characters of an annotation that are kept: each may be 256 KiB, times all secrets of a cluster."""
_WITHOUT_VALUES = {"PartialObjectMetadata", None}
_ALIKE = 1024
"""So many different labels, annotations and keys are kept once for all secrets that have the same."""
_SHORT = 128
"""Characters up to which an annotation may be among what is kept once: a longer one may repeat values."""
_OBJECT = re.compile(r"\A[\s\[]*\{|^\s*(?:- )?(?:data|stringData):", re.MULTILINE)
"""What JSON objects and lists of them begin with, and a line of a secret in YAML."""
_NUMBER = re.compile(r"[0-9]{1,9}")


def read_table(body: bytes) -> Answer:
    """Return the Table in `body`.

    Raises `ValuesReceived` where it holds more than metadata, and `UnexpectedAnswer` where it is no Table.
    """
    answer = read(ANSWER, body)
    _refuse_values(answer)
    return answer


def read_event(line: bytes) -> WatchEvent:
    """Return one line of a watch, under the same conditions as `read_table`."""
    try:
        event = read(WATCH_EVENT, line)
    except UnexpectedAnswer:
        _refuse_values(read(ANSWER, line))
        raise
    if event["type"] != "ERROR":
        _refuse_values(event["object"])
    return event


def _refuse_values(answer: Answer) -> None:
    if answer.get("kind") != "Table":
        if answer.get("kind", "").startswith("Secret") or answer.get("items") or answer.get("data"):
            raise ValuesReceived(
                "the cluster sent whole secrets where their metadata was asked for; they were dropped unread"
            )
        kind = shortened(plain(answer.get("kind", "")), 100) or "an object without a kind"
        raise UnexpectedAnswer(f"the cluster sent {kind} in place of a Table")
    for row in answer.get("rows") or ():
        part = row["object"]
        if part.get("kind") not in _WITHOUT_VALUES or part.get("data") or part.get("stringData"):
            raise ValuesReceived(
                "the cluster put values beside the metadata that was asked for; they were dropped unread"
            )


class SecretReader:
    """Makes secrets of rows; remembers the columns, which a watch tells only once."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._label = f"{prefixes.apps}/use-case"
        self._submitter = f"{prefixes.apps}/submitter"
        self._display_name = annotation(prefixes.workbench)
        self._columns: Mapping[str, int] = {}

    def secrets(self, answer: Answer) -> tuple[Secret, ...]:
        """Return the secrets of a Table's rows."""
        self.learn(answer)
        return tuple(
            self.secret(row["object"]["metadata"], self._cell(row, "Type"), self._cell(row, "Data"))
            for row in answer.get("rows") or ()
        )

    def learn(self, answer: Answer) -> None:
        """Remember the columns, where a Table tells them."""
        if columns := answer.get("columnDefinitions"):
            self._columns = {column["name"]: position for position, column in enumerate(columns)}

    def secret(self, metadata: Metadata, kind: Any = "", data: Any = None) -> Secret:
        """Return the secret of this metadata, with the type and the number of keys that the cells beside it tell."""
        labels = _alike(tuple((metadata.get("labels") or {}).items()))
        annotations = metadata.get("annotations") or {}
        managed = metadata.get("managedFields") or []
        fields = [entry.get("fieldsV1") or {} for entry in managed]
        use_case, managers_label = self._use_case(labels)
        creator = annotations.get(self._submitter, "")
        name = metadata.get("name", "")
        display_name = ""
        if self._display_name in annotations:
            display_name = display_name_in(annotations, self._display_name, name)
            # Kept apart: what is left is the same for many secrets, and kept once.
            annotations = {key: value for key, value in annotations.items() if key != self._display_name}
        count = int(data) if _NUMBER.fullmatch(str(data)) else None
        keys = _keys(count, tuple(names["f:data"] for names in fields if "f:data" in names))
        return Secret(
            uid=metadata.get("uid", ""),
            namespace=intern(metadata.get("namespace", "")),
            name=name,
            resource_version=metadata.get("resourceVersion", ""),
            type=intern(str(kind or "")),
            key_count=len(keys) if count is None and keys else count,
            keys=keys,
            use_case=use_case,
            managers_label=managers_label,
            creator=intern(creator or _first_manager(managed)),
            creator_is_hint=not creator,
            created=metadata.get("creationTimestamp"),
            deleted=metadata.get("deletionTimestamp"),
            immutable=any("f:immutable" in names for names in fields),
            copied_in_annotation=LAST_APPLIED in annotations,
            labels=labels,
            annotations=_annotations(tuple(_harmless(annotations))),
            owners=tuple(map(_owner, metadata.get("ownerReferences") or ())),
            finalizers=metadata.get("finalizers") or (),
            changes=tuple(map(_change, managed)),
            display_name=display_name,
        )

    def _cell(self, row: Row, column: str) -> Any:
        position = self._columns.get(column)
        return row["cells"][position] if position is not None and position < len(row["cells"]) else None

    def _use_case(self, labels: Mapping[str, str]) -> tuple[str, bool]:
        own = labels.get(self._label)
        value = own or labels.get(RESOURCE_MANAGER_USE_CASE) or ""
        known = find_use_case(value)
        return (known.value if known else intern(value)), bool(value and not own)


@lru_cache(_ALIKE)
def _alike(items: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return one mapping for all that have the same in it; it is kept when the last of these has gone."""
    return {intern(key): value for key, value in items}


def _annotations(items: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    # Long ones are seldom alike, and may repeat values: they go with their secret.
    return dict(items) if any(len(value) > _SHORT for _, value in items) else _alike(items)


@lru_cache(_ALIKE)
def _keys(count: int | None, fields: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    names = {name for names in fields for name in names if name.startswith("f:")}
    keys = tuple(sorted(intern(name.removeprefix("f:")) for name in names))
    known = bool(keys) if count is None else len(keys) == count
    return keys if known else None


def _first_manager(managed: list[ManagedFields]) -> str:
    return _manager(managed[0]) if managed else ""


def _manager(entry: ManagedFields) -> str:
    manager = entry.get("manager", "")
    return MANAGER if manager.startswith(f"{MANAGER}/") else manager  # without what tells one request from others


def _harmless(annotations: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for key, value in annotations.items():
        if key != LAST_APPLIED and ("{" in value or "ata:" in value) and _OBJECT.search(value):
            # Tools keep copies of whole objects so, as kubectl does, and with them values.
            yield key, f"(an object of {len(value):,} characters, not shown: it may repeat values)"
        elif key != LAST_APPLIED:
            long = len(value) > _LONGEST_ANNOTATION
            kept = f"{value[:_LONGEST_ANNOTATION]} … ({len(value):,} characters)" if long else value
            yield key, kept


def _owner(told: OwnerReference) -> Owner:
    return Owner(told.get("apiVersion", ""), told.get("kind", ""), told.get("name", ""), told.get("uid", ""))


def _change(entry: ManagedFields) -> Change:
    return Change(intern(_manager(entry)), intern(entry.get("operation", "")), entry.get("time"))

"""From metadata Tables to secrets; copies of values are dropped, and answers with values are refused."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from sys import intern
from typing import Any

from wbtui.cluster.wire import (
    ANSWER,
    WATCH_EVENT,
    FieldsV1,
    ManagedFields,
    Metadata,
    OwnerReference,
    TableAnswer,
    TableRow,
    WatchEvent,
    moment,
    names_in,
    parse,
)
from wbtui.domain.display_name import annotation, display_name_in
from wbtui.domain.expiry import EXPIRES, expiry_of
from wbtui.domain.prefixes import RESOURCE_MANAGER_USE_CASE, Prefixes
from wbtui.domain.secret import LAST_APPLIED, MANAGER, OBJECT_COPY, FieldsChange, Owner, Secret
from wbtui.domain.text import plain, shortened
from wbtui.domain.use_cases.table import find_use_case
from wbtui.errors import UnexpectedAnswer, ValuesReceived

_LONGEST_ANNOTATION = 1024
"""The most characters of an annotation that are kept: it may have 256 KiB, in each secret of a cluster."""
_WITHOUT_VALUES = {"PartialObjectMetadata", None}
_SHARED = 1024
"""How many different labels, annotations and keys are shared by the secrets that have the same."""
_LONGEST_SHARED = 128
"""The most characters of a shared annotation: a longer one may repeat values, and is dropped with its secret."""
_WHOLE_OBJECT = re.compile(r"\A[\s\[]*\{|^\s*(?:- )?(?:data|stringData):", re.MULTILINE)
"""The start of a JSON object or a list of them, and a line of a secret in YAML."""
_NUMBER = re.compile(r"[0-9]{1,9}")


def read_table(body: bytes) -> TableAnswer:
    """Return the Table in `body`.

    Raises `ValuesReceived` where it holds more than metadata, and `UnexpectedAnswer` where it is no Table.
    """
    answer = parse(ANSWER, body)
    _require_metadata_only(answer)
    return answer


def read_event(line: bytes) -> WatchEvent:
    """Return the watch event in a line. Raises the same as `read_table`."""
    try:
        event = parse(WATCH_EVENT, line)
    except UnexpectedAnswer:
        _require_metadata_only(parse(ANSWER, line))
        raise
    if event["type"] != "ERROR":
        _require_metadata_only(event["object"])
    return event


def _require_metadata_only(answer: TableAnswer) -> None:
    if answer.get("kind") != "Table":
        if answer.get("kind", "").startswith("Secret") or answer.get("items") or answer.get("data"):
            raise ValuesReceived(
                "the cluster sent whole secrets where their metadata was asked for; they were dropped unread"
            )
        kind = shortened(plain(answer.get("kind", "")), 100) or "an object without a kind"
        raise UnexpectedAnswer(f"the cluster sent {kind} instead of a Table")
    for row in answer.get("rows") or ():
        part = row["object"]
        if part.get("kind") not in _WITHOUT_VALUES or part.get("data") or part.get("stringData"):
            raise ValuesReceived(
                "the cluster put values beside the metadata that was asked for; they were dropped unread"
            )


class SecretReader:
    """Parses the rows of Tables; remembers the columns, which a watch sends only once."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._label = f"{prefixes.apps}/use-case"
        self._submitter = f"{prefixes.apps}/submitter"
        self._display_name = annotation(prefixes.workbench)
        self._columns: Mapping[str, int] = {}

    def secrets(self, answer: TableAnswer) -> Iterator[Secret]:
        """Return the secrets of a Table's rows; each is made when it is asked for."""
        self.remember_columns(answer)
        return (
            self.secret(row["object"]["metadata"], self._cell(row, "Type"), self._cell(row, "Data"))
            for row in answer.get("rows") or ()
        )

    def remember_columns(self, answer: TableAnswer) -> None:
        """Remember the columns of a Table that has them."""
        if columns := answer.get("columnDefinitions"):
            self._columns = {column["name"]: position for position, column in enumerate(columns)}

    def secret(self, metadata: Metadata, kind: Any = "", data: Any = None) -> Secret:
        """Return the secret with this metadata; `kind` and `data` are the cells with its type and number of keys."""
        labels = _shared(tuple((metadata.get("labels") or {}).items()))
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
        keys = _keys(count, tuple(names_in(names["f:data"]) for names in fields if "f:data" in names))
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
            created=moment(metadata.get("creationTimestamp")),
            deleted=moment(metadata.get("deletionTimestamp")),
            immutable=any("f:immutable" in names for names in fields),
            copied_in_annotation=LAST_APPLIED in annotations,
            labels=labels,
            annotations=_annotations(tuple(_without_values(annotations))),
            owners=tuple(map(_owner, metadata.get("ownerReferences") or ())),
            finalizers=metadata.get("finalizers") or (),
            changes=tuple(map(_change, managed)),
            display_name=display_name,
            expiry=expiry_of(annotations) if EXPIRES in annotations else None,
        )

    def _cell(self, row: TableRow, column: str) -> Any:
        position = self._columns.get(column)
        return row["cells"][position] if position is not None and position < len(row["cells"]) else None

    def _use_case(self, labels: Mapping[str, str]) -> tuple[str, bool]:
        own = labels.get(self._label)
        value = own or labels.get(RESOURCE_MANAGER_USE_CASE) or ""
        known = find_use_case(value)
        return (known.value if known else intern(value)), bool(value and not own)


@lru_cache(_SHARED)
def _shared(items: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return one shared mapping for equal items."""
    return {intern(key): value for key, value in items}


def _annotations(items: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    # Long annotations are rarely equal, and may repeat values: they are not shared.
    return dict(items) if any(len(value) > _LONGEST_SHARED for _, value in items) else _shared(items)


@lru_cache(_SHARED)
def _keys(count: int | None, fields: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    names = {name for names in fields for name in names if name.startswith("f:")}
    keys = tuple(sorted(intern(name.removeprefix("f:")) for name in names))
    known = bool(keys) if count is None else len(keys) == count
    return keys if known else None


def _first_manager(managed: list[ManagedFields]) -> str:
    return _manager(managed[0]) if managed else ""


def _manager(entry: ManagedFields) -> str:
    manager = entry.get("manager", "")
    return MANAGER if manager.startswith(f"{MANAGER}/") else manager  # without the suffix of one request


def _without_values(annotations: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for key, value in annotations.items():
        if key != LAST_APPLIED and ("{" in value or "ata:" in value) and _WHOLE_OBJECT.search(value):
            # Like kubectl, other tools keep copies of whole objects, with the values, in annotations.
            yield key, f"{OBJECT_COPY}{len(value):,} characters, not shown: it may repeat values)"
        elif key != LAST_APPLIED:
            long = len(value) > _LONGEST_ANNOTATION
            kept = f"{value[:_LONGEST_ANNOTATION]} … ({len(value):,} characters)" if long else value
            yield key, kept


def _owner(reference: OwnerReference) -> Owner:
    return Owner(
        reference.get("apiVersion", ""), reference.get("kind", ""), reference.get("name", ""), reference.get("uid", "")
    )


def _change(entry: ManagedFields) -> FieldsChange:
    fields = entry.get("fieldsV1") or FieldsV1()
    keys = _keys_of(names_in(fields.get("f:data")))
    manager, operation = intern(_manager(entry)), intern(entry.get("operation", ""))
    return FieldsChange(manager, operation, moment(entry.get("time")), keys, fields.keys() == {"f:data"})


@lru_cache(_SHARED)
def _keys_of(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(intern(name.removeprefix("f:")) for name in names if name.startswith("f:"))

"""The rules for the metadata of all kinds."""

import re
from collections.abc import Iterator

from wbtui.demo.apiserver.causes import forbidden_field, invalid_value, required, too_long
from wbtui.demo.apiserver.kinds.names import (
    LABEL_LIMIT,
    LABEL_NAME,
    LABEL_NAME_TEXT,
    LABEL_VALUE,
    LABEL_VALUE_TEXT,
    NAME_LIMIT,
    QUALIFIED,
    QUALIFIED_TEXT,
    SUBDOMAIN,
    SUBDOMAIN_TEXT,
)
from wbtui.demo.apiserver.shapes import Cause
from wbtui.demo.apiserver.wire import Json, at

ANNOTATIONS_LIMIT = 256 << 10


def metadata_only(body: Json, old: Json | None) -> list[Cause]:
    """Check names, labels and annotations."""
    return list(_metadata(body, old, SUBDOMAIN, SUBDOMAIN_TEXT, NAME_LIMIT))


def metadata_of_label_names(body: Json, old: Json | None) -> list[Cause]:
    """Check names, labels and annotations of a kind whose names are DNS labels: short, and without dots."""
    return list(_metadata(body, old, LABEL_NAME, LABEL_NAME_TEXT, LABEL_LIMIT))


def _metadata(body: Json, old: Json | None, pattern: str, text: str, limit: int) -> Iterator[Cause]:
    metadata = body["metadata"]
    if old is None:
        yield from _name(metadata["name"], pattern, text, limit)
    else:
        yield from _metadata_update(metadata, old["metadata"])
    yield from _labels(metadata.get("labels", {}))
    yield from _annotations(metadata.get("annotations", {}))


def _name(name: str, pattern: str, text: str, limit: int) -> Iterator[Cause]:
    if not name:
        yield required("metadata.name", "name or generateName is required")
        return
    if len(name) > limit:
        yield invalid_value("metadata.name", name, f"must be no more than {limit} characters")
    if not re.fullmatch(pattern, name):
        yield invalid_value("metadata.name", name, text)


def _metadata_update(metadata: Json, old: Json) -> Iterator[Cause]:
    if "deletionTimestamp" in old:
        added = sorted(set(metadata.get("finalizers", ())) - set(old.get("finalizers", ())))
        if added:
            why = f"no new finalizers can be added if the object is being deleted, found new finalizers {added}"
            yield forbidden_field("metadata.finalizers", why)


def _labels(labels: Json) -> Iterator[Cause]:
    for key, value in labels.items():
        yield from _qualified_name("metadata.labels", key)
        if len(value) > LABEL_LIMIT:
            yield invalid_value("metadata.labels", value, f"must be no more than {LABEL_LIMIT} characters")
        if not re.fullmatch(LABEL_VALUE, value):
            yield invalid_value("metadata.labels", value, LABEL_VALUE_TEXT)


def _annotations(annotations: Json) -> Iterator[Cause]:
    for key in annotations:
        yield from _qualified_name("metadata.annotations", key.lower())
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > ANNOTATIONS_LIMIT:
        yield too_long("metadata.annotations", ANNOTATIONS_LIMIT)


def _qualified_name(field: str, key: str) -> Iterator[Cause]:
    prefix, slash, name = key.rpartition("/")
    if slash and not re.fullmatch(SUBDOMAIN, prefix):
        yield invalid_value(field, key, f"prefix part {SUBDOMAIN_TEXT}")
    if len(name) > LABEL_LIMIT:
        yield invalid_value(field, key, f"name part must be no more than {LABEL_LIMIT} characters")
    if not re.fullmatch(QUALIFIED, name):
        yield invalid_value(field, key, QUALIFIED_TEXT)


def unchanged(body: Json, old: Json, path: str) -> Iterator[Cause]:
    """Check that a field did not change."""
    value = at(body, path, None)
    if value != at(old, path, None):
        yield invalid_value(path, value, "field is immutable")

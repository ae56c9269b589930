import gc
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cluster.conftest import PREFIXES
from wbtui.cluster import tables
from wbtui.cluster.tables import SecretReader, read_event, read_table
from wbtui.domain.index import ORDERS, SecretIndex
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.secret import FieldsChange, Owner, Secret
from wbtui.errors import ClusterError, UnexpectedAnswer, ValuesReceived

RECORDINGS = Path(__file__).parents[1] / "recordings"
MOMENT = datetime(2026, 11, 23, 4, 33, 16, tzinfo=UTC)
CANARY = "Y2FuYXJ5LXZhbHVl"
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
COLUMNS = [{"name": name} for name in ("Name", "Type", "Data", "Age")]


def recorded(name: str) -> list[Any]:
    return [exchange["response"]["body"] for exchange in json.loads((RECORDINGS / f"{name}.json").read_text())]


TABLES = [body for body in recorded("list") if body.get("kind") == "Table"]


def read(table: Any, prefixes: Prefixes = PREFIXES) -> tuple[Secret, ...]:
    return tuple(SecretReader(prefixes).secrets(read_table(json.dumps(table).encode())))


def table(metadata: dict[str, Any] | None = None, cells: Any = ("x", "Opaque", 1, "1s"), **more: Any) -> dict[str, Any]:
    row = {"cells": list(cells), "object": {"kind": "PartialObjectMetadata", "metadata": metadata or {"name": "x"}}}
    return {"kind": "Table", "columnDefinitions": COLUMNS, "rows": [row], **more}


def one(*arguments: Any, **more: Any) -> Secret:
    (secret,) = read(table(*arguments, **more))
    return secret


@pytest.mark.parametrize("body", TABLES, ids=range(len(TABLES)))
def test_every_recorded_row_becomes_its_secret(body: Any) -> None:
    for secret, row in zip(read(body), body["rows"], strict=True):
        metadata = row["object"]["metadata"]
        assert (secret.name, secret.type, secret.key_count) == tuple(row["cells"][:3])
        assert (secret.uid, secret.namespace) == (metadata["uid"], metadata["namespace"])
        assert secret.resource_version == metadata["resourceVersion"]
        assert secret.created == datetime.fromisoformat(metadata["creationTimestamp"])
        assert secret.labels == metadata.get("labels", {})
        assert len(secret.keys or ()) == secret.key_count
        assert APPLIED not in secret.annotations


def test_what_is_special_about_recorded_secrets_is_seen() -> None:
    secrets = {secret.name: secret for secret in read(TABLES[0])}
    assert [name for name, secret in secrets.items() if secret.immutable] == ["frozen"]
    assert [name for name, secret in secrets.items() if secret.managers_label] == ["old-label"]
    assert [name for name, secret in secrets.items() if secret.copied_in_annotation] == ["applied"]
    assert [name for name, secret in secrets.items() if secret.creator_is_hint] == ["applied", "foreign", "old-label"]
    assert {secrets[name].creator for name in ("applied", "foreign", "hf-token")} == {
        "Python",
        "wbtui",
        "dev@example.com",
    }
    assert secrets["old-label"].use_case == "HuggingFace"
    assert secrets["foreign"].use_case == ""
    assert secrets["s3-training"].keys == ("access-key", "secret-key")
    assert secrets["owned"].owners == (
        Owner("external-secrets.io/v1", "ExternalSecret", "owner", "11111111-1111-1111-1111-111111111111"),
    )
    assert secrets["api-keys"].last_change == FieldsChange("wbtui", "Update", MOMENT, ("a", "b"))


def test_recorded_events_are_read_with_the_columns_of_the_first() -> None:
    reader = SecretReader(PREFIXES)
    told = []
    for event in map(read_event, (json.dumps(event).encode() for event in recorded("watch")[0])):
        if event["type"] != "BOOKMARK":
            told += [
                (event["type"], s.name, s.type, s.key_count, bool(s.deleted)) for s in reader.secrets(event["object"])
            ]
    assert told == [
        ("MODIFIED", "hf-token", "Opaque", 1, False),
        ("DELETED", "echo", "Opaque", 1, False),
        ("DELETED", "hf-token", "Opaque", 1, False),
        ("ADDED", "held", "Opaque", 0, False),
        ("MODIFIED", "held", "Opaque", 0, True),
    ]


@pytest.mark.parametrize("number", [1, 2])
def test_recorded_errors_in_a_stream_are_read_as_such(number: int) -> None:
    (event,) = (read_event(json.dumps(event).encode()) for event in recorded("watch")[number])
    assert event["type"] == "ERROR"
    assert event["object"]["code"] in {410, 500}


KEYS = [{"manager": "kubectl", "fieldsV1": {"f:data": {".": {}, "f:a": {}, "f:b": {}}}}]


@pytest.mark.parametrize(
    ("cell", "managed", "count", "keys"),
    [
        (2, KEYS, 2, ("a", "b")),
        ("2", KEYS, 2, ("a", "b")),
        (3, KEYS, 3, None),
        (2, None, 2, None),
        (0, None, 0, ()),
        (None, KEYS, 2, ("a", "b")),
        (None, None, None, None),
        (True, [], None, None),
        (-1, None, None, None),
        (1.5, None, None, None),
        ({"a": 1}, None, None, None),
        ("9" * 5000, None, None, None),
        (int("9" * 4000), None, None, None),
        (2, [{"fieldsV1": None}, {"fieldsV1": {"f:data": None}}, *KEYS], 2, ("a", "b")),
        (2, [{"fieldsV1": {"f:data": ["f:a"]}}], 2, None),
    ],
)
def test_key_names_are_told_only_where_their_number_agrees(
    cell: Any, managed: Any, count: int | None, keys: tuple[str, ...] | None
) -> None:
    secret = one({"name": "x", "managedFields": managed}, ("x", "Opaque", cell, "1s"))
    assert (secret.key_count, secret.keys) == (count, keys)


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        (["Age", "Data", "Name", "Type"], ("1s", 4, "x", "a/b"), ("a/b", 4)),
        (["Name", "Type", "Data", "Age", "More"], ("x", "a/b", 4, "1s", "?"), ("a/b", 4)),
        (["Name", "Age"], ("x", "1s"), ("", None)),
        (["Name", "Type", "Data", "Age"], ("x",), ("", None)),
        (["Name", "Type", "Data", "Age"], ("x", None, None, None), ("", None)),
        ([], ("x", "a/b", 4, "1s"), ("", None)),
        (None, ("x", "a/b", 4, "1s"), ("", None)),
    ],
)
def test_columns_are_found_by_their_names(
    columns: list[str] | None, cells: Any, expected: tuple[str, int | None]
) -> None:
    definitions = None if columns is None else [{"name": name, "type": "string"} for name in columns]
    secret = one(cells=cells, columnDefinitions=definitions)
    assert (secret.type, secret.key_count) == expected


@pytest.mark.parametrize("missing", ["rows", "columnDefinitions", "metadata"])
def test_what_is_absent_or_null_is_nothing(missing: str) -> None:
    assert read({**table(), missing: None if missing != "metadata" else {}}) is not None
    body = table()
    body.pop(missing, None)
    assert len(read(body)) == (0 if missing == "rows" else 1)


def test_metadata_may_be_all_null_or_empty() -> None:
    nulls = dict.fromkeys(("labels", "annotations", "finalizers", "ownerReferences", "managedFields"))
    secret = one({**nulls, "creationTimestamp": None, "deletionTimestamp": "no date", "unknown": {"a": [1]}})
    assert (secret.created, secret.deleted, secret.creator, secret.creator_is_hint) == (None, None, "", True)


@pytest.mark.parametrize(
    ("labels", "use_case", "managers"),
    [
        ({"airm.silogen.ai/use-case": "S3"}, "S3", False),
        ({"airm.silogen.ai/use-case": "huggingface"}, "HuggingFace", False),
        ({"airm.silogen.ai/use-case": "Unheard-of"}, "Unheard-of", False),
        ({"airm.silogen.com/use-case": "DATABASE"}, "Database", True),
        ({"airm.silogen.ai/use-case": "S3", "airm.silogen.com/use-case": "Generic"}, "S3", False),
        ({"airm.silogen.ai/use-case": "", "airm.silogen.com/use-case": "Generic"}, "Generic", True),
        ({"elsewhere/use-case": "S3"}, "", False),
    ],
)
def test_the_use_case_is_in_the_workbenchs_label_or_in_the_resource_managers(
    labels: dict[str, str], use_case: str, *, managers: bool
) -> None:
    secret = one({"labels": labels})
    assert (secret.use_case, secret.managers_label) == (use_case, managers)


def test_another_prefix_is_read_as_it_is_configured() -> None:
    metadata = {"labels": {"x.example/use-case": "S3"}, "annotations": {"x.example/submitter": "ada"}}
    (secret,) = read(table(metadata), Prefixes(apps="x.example"))
    assert (secret.use_case, secret.creator, secret.creator_is_hint) == ("S3", "ada", False)


NAMED = {"aiwb.apps.eai.amd.com/display-name": "My token", "airm.silogen.ai/submitter": "ada"}


def test_a_display_name_is_read_and_what_is_left_is_kept_once() -> None:
    secret, other = one({"annotations": NAMED}), one({"annotations": {"airm.silogen.ai/submitter": "ada"}})
    assert (secret.display_name, secret.title, secret.names) == ("My token", "My token", f"My token ({secret.name})")
    assert (other.display_name, other.title, other.names) == ("", other.name, other.name)
    assert secret.annotations is other.annotations


def test_a_display_name_has_the_prefix_that_is_configured() -> None:
    annotations = {"x.example/display-name": "Mine", **NAMED}
    (secret,) = read(table({"annotations": annotations}), Prefixes(workbench="x.example"))
    assert secret.display_name == "Mine"
    assert secret.annotations == NAMED


def test_a_long_annotation_is_cut_and_a_copy_of_the_values_dropped() -> None:
    annotations = {"long": "x" * 262_144, "short": "y" * 1024, APPLIED: json.dumps({"data": {"a": CANARY}})}
    secret = one({"annotations": annotations})
    assert secret.annotations == {"long": f"{'x' * 1024} … (262,144 characters)", "short": "y" * 1024}
    assert secret.copied_in_annotation
    assert CANARY not in repr(secret)


COPIES = (
    json.dumps({"kind": "Secret", "data": {"a": CANARY}}),
    json.dumps([{"kind": "Secret", "data": {"a": CANARY}}]),
    f"apiVersion: v1\nkind: Secret\ndata:\n  a: {CANARY}\n",
    f"- kind: Secret\n  stringData: {{a: {CANARY}}}",
)


@pytest.mark.parametrize("copy", COPIES)
def test_an_annotation_that_repeats_objects_is_named_and_not_kept(copy: str) -> None:
    (kept,) = one({"annotations": {"tool.example/original": copy}}).annotations.values()
    assert kept == f"(an object of {len(copy)} characters, not shown: it may repeat values)"


def test_text_that_repeats_no_object_is_kept() -> None:
    annotations = {"note": "the data: see [1]", "list": '["a", "b"]'}
    assert one({"annotations": annotations}).annotations == annotations


def kept_by_caches() -> str:
    """Return all that the module's caches were asked for, and so keep when no secret is left."""
    caches = [cache for cache in vars(tables).values() if hasattr(cache, "cache_info")]
    return repr([list(kept) for cache in caches for kept in gc.get_referents(cache) if isinstance(kept, dict)])


@pytest.mark.parametrize(
    ("metadata", "cell"),
    [
        ({"name": "x"}, CANARY),
        ({"name": "x"}, {"token": CANARY}),
        ({"annotations": {"note": f"{'long ' * 40} {CANARY}"}}, 1),
        *(({"annotations": {"tool.example/original": copy}}, 1) for copy in COPIES),
    ],
)
def test_what_may_be_a_value_outlives_no_secret(metadata: dict[str, Any], cell: Any) -> None:
    one({"labels": {"team": "a-label"}, **metadata}, ("x", "Opaque", cell, "1s"))
    kept = kept_by_caches()
    assert "a-label" in kept
    assert CANARY not in kept


VALUES: dict[str, Any] = {"token": CANARY}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "type": "Opaque"}


def row_of(part: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "Table", "rows": [{"cells": [], "object": part}]}


WHOLE: list[Any] = [
    {**SECRET, "data": VALUES},
    {**SECRET, "stringData": VALUES},
    {**SECRET},
    {"kind": "SecretList", "metadata": {}, "items": [{**SECRET, "data": VALUES}]},
    {"kind": "SecretList", "items": []},
    {"kind": "List", "items": [{**SECRET, "data": VALUES}]},
    {"items": [{"data": VALUES}]},
    {"metadata": {}, "data": VALUES},
    row_of({**SECRET, "data": VALUES}),
    row_of({**SECRET}),
    row_of({"metadata": {}, "data": VALUES}),
    row_of({"metadata": {}, "stringData": VALUES}),
    row_of({"metadata": {}, "data": {}}),
    row_of({"kind": "PartialObjectMetadata", "metadata": {}, "stringData": VALUES}),
]
WRONG: list[Any] = [
    None,
    [],
    5,
    {},
    {"kind": "Table", "rows": [{}]},
    {"kind": "Table", "rows": [{"cells": [], "object": {"data": VALUES}}]},
    {"kind": "Table", "rows": [{"cells": [CANARY], "object": None}]},
    {"kind": 5, "data": VALUES},
    {"kind": "Status", "message": CANARY},
    {"kind": f"a\x1b[31m{'x' * 500}"},
    {"stringData": VALUES},
    table({"labels": {"a": 5}}),
]


def tells_nothing(error: ClusterError) -> bool:
    chain = [error, error.__cause__, None if error.__suppress_context__ else error.__context__]
    return all(
        CANARY not in f"{link} {link!r} {getattr(link, 'args', '')}" and "\x1b" not in str(link) for link in chain
    )


@pytest.mark.parametrize("body", WHOLE, ids=range(len(WHOLE)))
def test_values_are_refused_and_never_repeated(body: Any) -> None:
    for parse, sent in ((read_table, body), (read_event, {"type": "ADDED", "object": body})):
        with pytest.raises(ValuesReceived) as caught:
            parse(json.dumps(sent).encode())
        assert tells_nothing(caught.value)


@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
def test_what_is_no_table_is_unexpected_and_never_repeated(body: Any) -> None:
    for parse, sent in ((read_table, body), (read_event, {"type": "ADDED", "object": body})):
        with pytest.raises(UnexpectedAnswer) as caught:
            parse(json.dumps(sent).encode())
        assert tells_nothing(caught.value)
        assert len(str(caught.value)) < 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just(CANARY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def some(**known: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Make objects with these members, any of which may be absent or anything else."""
    return st.fixed_dictionaries({}, optional={name: part | st.none() | JSON for name, part in known.items()})


TEXT = st.text(max_size=5)
FIELDS = some(**{"f:data": st.dictionaries(TEXT, st.just({})), "f:immutable": st.just({})})
MANAGED = st.lists(some(manager=TEXT, operation=TEXT, time=st.datetimes().map(str), fieldsV1=FIELDS), max_size=2)
METADATA = some(
    name=TEXT,
    uid=TEXT,
    labels=st.dictionaries(TEXT, TEXT, max_size=2),
    annotations=st.dictionaries(st.just(APPLIED) | TEXT, TEXT, max_size=2),
    creationTimestamp=st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    ownerReferences=st.lists(some(kind=TEXT, name=TEXT), max_size=1),
    managedFields=MANAGED,
)
ROWS = st.fixed_dictionaries(
    {"cells": st.lists(JSON, max_size=5), "object": st.fixed_dictionaries({"metadata": METADATA})}
)
GENERATED = st.fixed_dictionaries(
    {"kind": st.just("Table"), "rows": st.lists(ROWS, max_size=2)},
    optional={"columnDefinitions": st.permutations(COLUMNS) | JSON, "metadata": JSON},
)


@given(GENERATED | JSON)
def test_any_answer_is_secrets_or_a_cluster_error(body: Any) -> None:
    refused: ClusterError | None = None
    secrets: tuple[Secret, ...] = ()
    try:
        secrets = read(body)
    except ClusterError as error:
        refused = error
    assert refused is None or tells_nothing(refused)
    for secret in secrets:
        index = SecretIndex()
        index.update([secret])
        for order in ORDERS:
            index.sort(order)
            assert index.position(secret.uid) == 0
        assert all(state.sentence(secret) for state in secret.states)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_an_unexpected_answer(body: bytes) -> None:
    for parse in (read_table, read_event):
        with pytest.raises(UnexpectedAnswer):
            parse(body)

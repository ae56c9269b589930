"""Secrets made up for tests: a plain one to vary, and any that a cluster might send."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.conftest import NOW
from wbtui.domain.expiry import expiry_of
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.table import USE_CASES


def secret(name: str = "hf-token", **more: Any) -> Secret:
    """Return a secret; what matters to a test is given, the rest is as dull as can be."""
    parts = {"uid": f"uid-{name}", "namespace": "team-a", "resource_version": "1", "type": "Opaque"}
    made = Secret(name=name, **{**parts, **more})
    return made if made.expiry else made._replace(expiry=expiry_of(made.annotations, made.issued))


def days_ago(days: float) -> datetime:
    """Return a moment so many days before the one in which tests live."""
    return NOW - timedelta(days=days)


WORDS = st.text("abAB-ßé\n\0", max_size=4)
USE_CASE_LABELS = st.sampled_from(["", "Unheard-of", *(use_case.value for use_case in USE_CASES)])
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
SECRETS = st.builds(
    secret,
    name=WORDS,
    uid=st.uuids().map(str),
    namespace=st.sampled_from(["team-a", "team-b"]),
    resource_version=st.integers(1, 3).map(str),
    type=st.sampled_from(["Opaque", "kubernetes.io/tls"]),
    keys=st.none() | st.lists(WORDS, max_size=2).map(tuple),
    use_case=USE_CASE_LABELS,
    creator=WORDS,
    created=MOMENTS,
    deleted=MOMENTS,
    immutable=st.booleans(),
    labels=st.dictionaries(WORDS, WORDS, max_size=2),
    display_name=WORDS,
)


def merged(one: Any, other: Any) -> Any:
    """Return two pieces of JSON in one: objects by key, lists one after the other."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: merged(one.get(key), other.get(key)) for key in one.keys() | other.keys()}
    if isinstance(one, list) and isinstance(other, list):
        return one + other
    return one if other is None else other

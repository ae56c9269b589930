import copy
import pickle
from base64 import b64decode

import pytest

from wbtui.domain.draft import Draft
from wbtui.domain.names import key_problem, name_problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.secret_types import DOCKER_CONFIG, OPAQUE
from wbtui.domain.use_cases.encoders import docker_auths
from wbtui.domain.use_cases.model import EntryForm, UseCase
from wbtui.domain.use_cases.table import USE_CASES, find_use_case, use_case_values_matching

FORMS = [
    pytest.param(use_case, entry_form, id=f"{use_case.value}-{entry_form.title}")
    for use_case in USE_CASES
    for entry_form in use_case.entry_forms
]
VALUE = "cAnArY-7c1d"


def test_the_table_has_the_use_cases_of_the_workbench() -> None:
    assert {use_case.value: use_case.type for use_case in USE_CASES} == {
        "HuggingFace": OPAQUE,
        "S3": OPAQUE,
        "ImagePullSecret": DOCKER_CONFIG,
        "Database": OPAQUE,
        "Generic": OPAQUE,
    }


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda use_case: use_case.value)
def test_each_use_case_can_be_found_named_and_explained(use_case: UseCase) -> None:
    assert find_use_case(use_case.value.upper()) is use_case
    for word in (use_case.value, use_case.title, *use_case.aliases):
        assert use_case.value in use_case_values_matching(word.upper())
    assert not name_problem(use_case.stem)
    assert use_case.serves
    assert use_case.advice.endswith(".")
    assert use_case.link.startswith("https://")


@pytest.mark.parametrize(("use_case", "entry_form"), FORMS)
def test_the_keys_of_each_way_are_right_and_differ(use_case: UseCase, entry_form: EntryForm) -> None:
    for preset in entry_form.presets or (None,):
        keys = [key for key in entry_form.keys(preset).values() if key]
        assert len(keys) == len(set(keys))
        assert not [key for key in keys if key_problem(key)]
    assert use_case.entry_forms.index(entry_form) == [other.title for other in use_case.entry_forms].index(
        entry_form.title
    )


@pytest.mark.parametrize(("use_case", "entry_form"), FORMS)
def test_a_draft_shows_no_value_and_hides_what_is_masked(use_case: UseCase, entry_form: EntryForm) -> None:
    entry = {field.name: Sealed((VALUE if field.masked else field.name).encode()) for field in entry_form.fields}
    draft = Draft(
        namespace="n", name="x", use_case=use_case, entry_form=entry_form, entries=(entry,), keys=entry_form.keys()
    )
    assert VALUE not in f"{draft} {draft!r} {entry} {vars(Draft)}"
    hidden = draft.hidden()
    assert VALUE.encode() in hidden
    assert set(draft.data().values()) <= set(hidden) | {field.name.encode() for field in entry_form.fields}
    assert not {field.name.encode() for field in entry_form.fields if not field.masked} & set(hidden)


def test_what_is_sealed_is_not_copied_stored_or_compared() -> None:
    sealed = Sealed(VALUE.encode())
    assert repr(sealed) == str(sealed) == f"{sealed}" == "Sealed()"
    assert sealed != Sealed(VALUE.encode())
    assert len(sealed) == len(VALUE)
    assert not hasattr(sealed, "__dict__")
    for take in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="not copied or stored"):
            take(sealed)


def test_a_docker_configuration_is_escaped_as_kubectl_escapes_it() -> None:
    entry = {"server": b"a.io", "username": b"u", "password": "<&>\u2028ü".encode(), "email": b""}
    made = docker_auths([entry], {"server": "key"})["key"].decode()
    assert r'"password":"\u003c\u0026\u003e\u2028ü"' in made
    assert "email" not in made
    assert b64decode(made.partition('"auth":"')[2].partition('"')[0]).decode() == "u:<&>\u2028ü"

import pytest

from wbtui.domain.form_matches import offers_for
from wbtui.domain.secret import Secret
from wbtui.domain.secret_types import DOCKER_CONFIG, OPAQUE
from wbtui.domain.use_cases.model import EntryForm, UseCase
from wbtui.domain.use_cases.table import USE_CASES


def secret(use_case: str, keys: tuple[str, ...] | None, kind: str = OPAQUE) -> Secret:
    return Secret(uid="1", namespace="n", name="s", resource_version="1", type=kind, use_case=use_case, keys=keys)


@pytest.mark.parametrize(
    ("use_case", "entry_form", "preset"),
    [
        (use_case, entry_form, position)
        for use_case in USE_CASES
        for entry_form in use_case.entry_forms
        if not entry_form.rows_name_keys
        for position in range(len(entry_form.presets) or 1)
    ],
)
def test_every_way_and_preset_is_found_again_by_its_keys(use_case: UseCase, entry_form: EntryForm, preset: int) -> None:
    keys = entry_form.keys(entry_form.presets[preset] if entry_form.presets else None)
    known = tuple(sorted({key for key in keys.values() if key}))
    as_it_is, *offers = offers_for(secret(use_case.value, known, use_case.type))
    assert as_it_is.use_case is use_case
    (named,) = (offer for offer in offers if offer.use_case is use_case)
    assert named.matches[use_case.entry_forms.index(entry_form)].preset == preset
    found = next(match for match in as_it_is.matches if match.entry_form.title == entry_form.title)
    again = found.entry_form.keys(found.entry_form.presets[found.preset] if found.entry_form.presets else None)
    assert {key for key in again.values() if key} == {key for key in keys.values() if key}


@pytest.mark.parametrize(
    ("use_case", "keys", "fitting", "titles"),
    [
        ("HuggingFace", ("hf_token",), "HuggingFace", ("Token",)),
        ("HuggingFace", ("anything",), "HuggingFace", ("Token",)),
        ("HuggingFace", ("HUGGING_FACE_HUB_TOKEN", "note"), "HuggingFace", ("Token", "Value")),
        ("S3", ("access-key", "secret-key", "extra"), "S3", ("Access key", "Secret key", "Value")),
        ("S3", ("mySecretAccessKey", "accessKey"), "S3", ("Secret key", "Access key")),
        ("Database", ("POSTGRES_USER", "POSTGRES_PASSWORD"), "Database", ("User", "Password")),
        ("Database", ("jdbc",), "Database", ("Connection string",)),
        ("Generic", ("token", "b"), "Generic", ("Value", "Value")),
        ("", ("a",), "Generic", ("Value",)),
        ("", None, "Generic", ()),
        ("Unheard-of", ("id",), "Generic", ("Value",)),
    ],
)
def test_other_keys_get_a_row_each_that_is_judged_as_the_field_it_is_for(
    use_case: str, keys: tuple[str, ...] | None, fitting: str, titles: tuple[str, ...]
) -> None:
    as_it_is, *_ = offers_for(secret(use_case, keys))
    rows = as_it_is.matches[0].rows
    assert as_it_is.use_case.value == fitting
    assert tuple(row.key for row in rows) == (keys or ())
    assert tuple(row.value.title for row in rows) == titles
    assert all(row.value.masked and row.value.name == "value" for row in rows)


def test_a_pull_secret_has_its_forms_by_its_type() -> None:
    as_it_is, *_ = offers_for(secret("", (".dockerconfigjson",), DOCKER_CONFIG))
    assert [match.entry_form.title for match in as_it_is.matches] == ["Registries", "Docker configuration"]


def test_parts_without_a_connection_string_get_none() -> None:
    keys = ("username", "password", "host", "port", "dbname")
    as_it_is, *_ = offers_for(secret("Database", keys))
    (found,) = as_it_is.matches
    assert {field.key for field in found.entry_form.fields} == set(keys)
    assert not found.entry_form.made_keys
    assert not [field.default for field in found.entry_form.fields if field.default]

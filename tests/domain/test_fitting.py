import pytest

from wbtui.domain.fitting import offers_for
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
    (found,) = as_it_is.matches
    again = found.entry_form.keys(found.entry_form.presets[found.preset] if found.entry_form.presets else None)
    assert {key for key in again.values() if key} == {key for key in keys.values() if key}


@pytest.mark.parametrize(
    ("use_case", "keys", "kind", "fitting", "rows"),
    [
        ("HuggingFace", ("hf_token",), OPAQUE, "HuggingFace", ("hf_token",)),
        ("S3", ("access-key", "secret-key", "extra"), OPAQUE, "S3", ("access-key", "secret-key", "extra")),
        ("Generic", ("a", "b"), OPAQUE, "Generic", ("a", "b")),
        ("", ("a",), OPAQUE, "Generic", ("a",)),
        ("", None, OPAQUE, "Generic", ()),
        ("SSHKey", ("id",), OPAQUE, "Generic", ("id",)),
        ("", (".dockerconfigjson",), DOCKER_CONFIG, "ImagePullSecret", ()),
    ],
)
def test_other_keys_get_a_row_each(
    use_case: str, keys: tuple[str, ...] | None, kind: str, fitting: str, rows: tuple[str, ...]
) -> None:
    as_it_is, *_ = offers_for(secret(use_case, keys, kind))
    assert (as_it_is.use_case.value, as_it_is.matches[0].rows) == (fitting, rows)

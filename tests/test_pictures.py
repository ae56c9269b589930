import pytest

from tests.pictures import FOLDER, PICTURES, draw, path_of


@pytest.mark.parametrize("name", PICTURES)
async def test_the_application_looks_as_in_the_pictures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = path_of(name)
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    if await draw(PICTURES[name]) != kept:
        pytest.fail(f"{path} is not what wbtui shows now. If it should be: make screenshots, and look at it.")


def test_there_is_no_picture_that_nobody_draws() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(PICTURES)

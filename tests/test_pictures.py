import pytest

from tests.cells import cells, lines
from tests.pictures import FOLDER, PICTURES, draw, light_path_of, path_of


@pytest.mark.parametrize("name", PICTURES)
async def test_the_application_looks_as_in_the_pictures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = path_of(name)
    svg, places = await draw(PICTURES[name])
    assert path.exists(), f"make screenshots draws {path}: look at it"
    shown, kept = cells(svg), cells(path.read_text(encoding="utf-8"))
    other = {row for row, column in places if shown.get((row, column)) != kept.get((row, column))}
    if other:
        about = {place for place in places if place[0] in other}
        now, then = "\n".join(lines(shown, about)), "\n".join(lines(kept, about))
        pytest.fail(
            f"{path} is not what wbtui shows. If it should be: make screenshots, and look at it.\n{then}\n{now}"
        )


def test_there_is_no_picture_that_nobody_draws() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(PICTURES)
    assert {path.stem for path in FOLDER.glob("light/*.svg")} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_the_light_pictures_show_the_same(name: str) -> None:
    dark, light = (cells(path.read_text(encoding="utf-8")) for path in (path_of(name), light_path_of(name)))
    assert {place: cell[0] for place, cell in dark.items()} == {place: cell[0] for place, cell in light.items()}

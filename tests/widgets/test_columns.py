"""Which columns fit, how wide they are, and what they say."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.conftest import NOW
from wbtui.domain.secret import FieldsChange, Secret
from wbtui.widgets.column_layout import GAP, fit, scrolled
from wbtui.widgets.columns import DEFAULT, WIDE, CellFacts, Column, columns_named, columns_problem

DATES = CellFacts(lambda _: "", lambda _: "3", lambda: NOW)
AGES = DATES._replace(ages=True)
COLUMNS = columns_named(DEFAULT, all_projects=False)


def titles(layout: tuple[tuple[Column, int], ...]) -> list[str]:
    return [column.title for column, _ in layout]


def test_no_column_is_wider_than_what_is_in_it() -> None:
    layout = fit(COLUMNS, [18, 12, 6, 5, 8, 10, 0], 200)
    assert {column.title: width for column, width in layout} == {
        "name": 18,
        "use case": 12,
        "type": 6,
        "keys": 5,
        "created by": 12,
        "created": 10,
        "state": 5,
    }


def test_the_name_and_the_state_are_cut_last() -> None:
    layout = {column.title: width for column, width in fit(COLUMNS, [30, 12, 22, 40, 36, 10, 20], 140)}
    assert (layout["name"], layout["state"]) == (30, 20)
    assert layout["keys"] < 40
    assert layout["created by"] < 36


@pytest.mark.parametrize("width", range(1, 210, 3))
def test_the_columns_never_take_more_than_there_is(width: int) -> None:
    for natural in ([5] * 7, [30] * 7, [300] * 7):
        for layout in (fit(COLUMNS, natural, width), scrolled(COLUMNS, natural, width, 2)):
            assert layout[0][0].title == "name"
            assert all(cells > 0 for _, cells in layout)
            assert sum(cells + GAP for _, cells in layout) <= max(width, GAP + 1)


def test_columns_give_way_one_after_the_other() -> None:
    shown = [titles(fit(COLUMNS, [30] * 7, width)) for width in (110, 90, 80, 60, 40)]
    assert [len(one) for one in shown] == sorted((len(one) for one in shown), reverse=True)
    assert shown[2] == ["name", "use case", "created by", "created", "state"]
    assert all(set(narrow) <= set(wide) for wide, narrow in pairwise(shown))


def test_a_wide_view_is_scrolled_beside_the_name() -> None:
    columns = columns_named(WIDE, all_projects=True)
    assert titles(scrolled(columns, [20] * len(columns), 80, 0))[:2] == ["name", "project"]
    assert titles(scrolled(columns, [20] * len(columns), 80, 3))[:2] == ["name", "keys"]


def test_times_are_dates_or_ages() -> None:
    changes = (
        FieldsChange("kubectl", "Update", NOW - timedelta(days=3), ("token",)),
        FieldsChange("kubectl", "Update", NOW - timedelta(hours=1)),  # of labels alone
    )
    secret = Secret("u", "ns", "name", "1", created=NOW - timedelta(days=400), changes=changes)
    created, changed = columns_named(["created", "changed"], all_projects=False)[1:]
    assert created.cell(secret, AGES) == "400d"
    assert changed.cell(secret, AGES) == "3d"
    assert changed.cell(secret, DATES) == (NOW - timedelta(days=3)).date().isoformat()
    assert changed.cell(secret._replace(changes=()), AGES) == "—"


def test_a_label_is_a_column_by_its_key_or_its_last_part() -> None:
    secret = Secret("u", "ns", "name", "1", labels={"example.com/team": "vision"})
    for key in ("example.com/team", "team"):
        (_, label) = columns_named([f"label:{key}"], all_projects=False)
        assert (label.title, label.cell(secret, DATES)) == ("team", "vision")
    (_, other) = columns_named(["label:eam"], all_projects=False)
    assert other.cell(secret, DATES) == "—"


def test_the_name_is_always_first_and_the_project_only_in_all_projects() -> None:
    assert [one.title for one in columns_named(["keys", "project", "keys"], all_projects=False)] == ["name", "keys"]
    assert [one.title for one in columns_named(["keys"], all_projects=True)] == ["name", "project", "keys"]


def test_a_column_that_is_not_known_is_named() -> None:
    assert columns_problem([*WIDE, "used-by", "label:x"]) == ""
    assert columns_problem(["creator", "stat"]).startswith(
        'unknown column "stat" (did you mean "state"?): there are name, '
    )
    assert columns_problem(["label:"]).startswith('unknown column "label:"')

from wbtui.domain.index import SecretIndex
from wbtui.domain.secret import Secret
from wbtui.widgets.marks import Marks


def marks_of(count: int) -> tuple[SecretIndex, Marks]:
    index = SecretIndex()
    index.update(Secret(f"u{number}", "ns", f"name-{number}", "1") for number in range(count))
    return index, Marks(index)


def test_a_mark_is_set_and_removed() -> None:
    _, marks = marks_of(3)
    marks.toggle(1)
    assert marks.present == {"u1"}
    marks.toggle(1)
    assert marks.present == set()


def test_a_range_goes_from_the_last_mark_to_here_in_both_directions() -> None:
    _, marks = marks_of(9)
    marks.toggle(5)
    marks.mark_to(3)
    assert marks.present == {"u3", "u4", "u5"}
    marks.mark_to(4)
    assert marks.present == {"u3", "u4", "u5"}
    marks.clear()
    marks.mark_to(8)
    assert marks.present == {"u8"}


def test_all_that_is_shown_is_marked_and_what_is_gone_is_not_counted() -> None:
    index, marks = marks_of(4)
    marks.mark_shown()
    assert marks.present == {"u0", "u1", "u2", "u3"}
    index.update(gone=["u2"])
    assert marks.present == {"u0", "u1", "u3"}
    assert "u2" in marks.marked

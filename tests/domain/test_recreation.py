import pytest

from wbtui.domain.names import name_problem
from wbtui.domain.recreation import makes_room, trial_name


@pytest.mark.parametrize(
    ("said", "enough"),
    [
        ("exceeded quota: q, requested: secrets=1, used: secrets=5, limited: secrets=5", True),
        ("exceeded quota: q, requested: secrets=1, used: secrets=6, limited: secrets=5", False),
        (
            (
                "exceeded quota: q, requested: count/secrets=1,secrets=1, used: count/secrets=5,secrets=5,"
                " limited: count/secrets=5,secrets=5"
            ),
            True,
        ),
        (
            (
                "exceeded quota: q, requested: count/secrets=1,secrets=1, used: count/secrets=5,secrets=7,"
                " limited: count/secrets=5,secrets=6"
            ),
            False,
        ),
        ("exceeded quota: q, requested: storage=1, used: storage=5, limited: storage=5", False),
        ("exceeded quota: q, requested: secrets=1, used: secrets=[removed], limited: secrets=5", False),
        ("exceeded quota: q, requested: secrets=1, used: secrets=5, limited: pods=5", False),
        ("exceeded quota", False),
        ("", False),
    ],
)
def test_a_quota_has_room_where_it_is_exactly_full(said: str, *, enough: bool) -> None:
    assert makes_room(said) is enough


@pytest.mark.parametrize("name", ["a", "hf-token", "x" * 253, "x" * 239 + "-" * 5 + "y", "x" * 238 + ".-" + "y" * 10])
def test_a_name_to_try_with_is_a_name(name: str) -> None:
    found = trial_name(name, "0a1b2c3d")
    assert found != name
    assert len(found) <= 253
    assert ".-" not in found
    assert not name_problem(found.replace(".", "-"))

import pytest

from wbtui.domain.patterns import runs_away


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*",
        "((a+))+",
        "(?:a|a)*b",
        "(?P<x>[a-z]+-)+",
        "(a{2,})+",
        "(x(a|b)y)+",
        ".*.*.*.*z",
        r"(\(a+\))*",
    ],
)
def test_patterns_that_may_never_end_are_told(pattern: str) -> None:
    assert runs_away(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "^hf-.*v[0-9]+$",
        "a|b|c",
        "(hf|s3)-.*-[0-9]+",
        r"\(a+\)+",
        "[(a+)+]+x",
        "(ab)+",
        "(a+b?){2}",
        "(?i:llama)",
        "",
        "(",
    ],
)
def test_patterns_that_people_type_are_not(pattern: str) -> None:
    assert not runs_away(pattern)

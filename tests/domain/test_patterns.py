import pytest

from wbtui.domain.patterns import PatternError, searcher

LONG = "x" * 200_000


@pytest.mark.parametrize(
    "pattern",
    [".*prod.*", "x*x*y", "(x+)+y", "(x|x)*y", "(.*)*y", ".*.*.*.*y", "x*x*x*x*x*x*y", "(x{1,9}){1,9}y", "(?:x?){50}y"],
)
def test_a_pattern_that_would_never_end_answers(pattern: str) -> None:
    assert not searcher(pattern)(LONG)
    assert searcher(pattern.replace("prod", "x").replace("y", "x"))(LONG)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("^hf-.*v[0-9]+$", "one\nHF-llama-v12\ntwo", True),
        ("^llama", "hf-llama", False),
        ("llama$", "hf-llama\nother", True),
        (r"\(a+\)+", "x(aa)", True),
        ("STRASSE", "strasse", True),
        ("[ä-ü]rger", "ÄRGER", True),
        ("a.c", "a\nc", False),
        (r"a\/b", "a/b", True),
        ("(?i:x)(?-i:Y)", "xy", False),
        ("é", "\ud800é", True),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str, matches: bool) -> None:  # noqa: FBT001
    assert bool(searcher(pattern)(text)) is matches


@pytest.mark.parametrize("pattern", ["(", "[a", "*", r"\1", "(?=x)", "(" * 9000, "a{2000}", "(x{999}){999}"])
def test_a_pattern_that_does_not_work_is_said(pattern: str) -> None:
    with pytest.raises(PatternError):
        searcher(pattern)

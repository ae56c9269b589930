import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.domain import problems
from wbtui.domain.connection_string import check_connection_string
from wbtui.domain.names import LARGEST_SECRET
from wbtui.domain.problems import Problem, value_problem
from wbtui.domain.use_cases.table import USE_CASES

FIELDS = [
    pytest.param(field, id=f"{use_case.value}-{field.name}")
    for use_case in USE_CASES
    for way in use_case.entry_forms
    for field in way.fields
]
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
HOSTS = st.from_regex(r"[a-zA-Z0-9]([-a-zA-Z0-9._]{0,10}[a-zA-Z0-9])?", fullmatch=True) | st.ip_addresses(v=6).map(str)


def text_problem(text: str, *, multiline: bool = False, check: problems.Check | None = None) -> Problem | None:
    return value_problem(text.encode(), multiline=multiline, binary=False, check=check)


@pytest.mark.parametrize("field", FIELDS)
@given(value=st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(str.encode) | st.binary())
def test_no_problem_quotes_the_value(field: problems.Check, value: bytes) -> None:
    found = field.problem(b"canary" + value)  # type: ignore[attr-defined]
    assert found is None or "canary" not in found.text


@pytest.mark.parametrize(
    ("text", "mended", "multiline"),
    [
        ("\ufefftoken", "token", False),
        ("token\r\n", "token", False),
        ("\ufeff token \r\n", "token", False),
        ("\u00a0token\u200b", "token", False),
        ("a\r\nb\r\n", "a\nb\n", True),
        ("\ufeff{}", "{}", True),
    ],
)
def test_what_is_odd_is_mended_step_by_step(text: str, mended: str, multiline: bool) -> None:  # noqa: FBT001
    value = text.encode()
    while found := value_problem(value, multiline=multiline, binary=False, check=None):
        assert not found.blocks
        assert found.fix
        value = found.fix(value)
    assert value == mended.encode()


def test_what_is_odd_hides_nothing_that_is_wrong() -> None:
    asked = text_problem(" postgresql://u:p@ss@h/d\n", check=check_connection_string)
    assert asked
    assert asked.text == "it ends with a line end; there is an @ in the user or the password: write it as %40"
    only_odd = text_problem("AKIA\n", check=problems.check_one_word)
    assert only_odd
    assert (only_odd.text, only_odd.blocks) == ("it ends with a line end", True)
    assert only_odd.fix
    assert only_odd.fix(b"AKIA\n") == b"AKIA"


def test_lines_and_white_space_are_fine_where_they_may_be_meant() -> None:
    assert text_problem("  a\n\n b\n", multiline=True) is None
    assert text_problem("a\nb") == Problem("it has several lines", blocks=False)


@pytest.mark.parametrize("multiline", [False, True])
def test_what_did_not_arrive_as_utf_8_is_asked_about(multiline: bool) -> None:  # noqa: FBT001
    problem = text_problem("pass\ufffdword", multiline=multiline)
    assert problem == Problem("it has U+FFFD in it, which stands for a character that was not in UTF-8", blocks=False)
    assert text_problem(" \n\t\u200b") == Problem("it is only white space")
    assert text_problem(" \n", multiline=True) == Problem("it is only white space", blocks=False)


def test_a_value_may_be_as_long_as_a_secret_and_no_longer() -> None:
    assert text_problem("x" * LARGEST_SECRET) is None
    found = text_problem("x" * (LARGEST_SECRET + 1))
    assert found
    assert found.text.startswith("it is too long: 1,048,577 bytes")


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x9b", "\x08"])
def test_control_characters_are_refused_in_text_and_kept_in_bytes(character: str) -> None:
    assert text_problem(f"a{character}b", multiline=True) == Problem("it has control characters in it")
    assert value_problem(f"a{character}b".encode(), multiline=True, binary=True, check=None) is None


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (
            problems.check_hugging_face_token,
            ["hf_" + "a1" * 10],
            ["hf_" + "a" * 19, "HF_" + "a" * 20, "hf_" + "a" * 20 + "-"],
        ),
        (problems.check_endpoint, ["https://s3.io", "http://a:9000/x"], ["s3.io", "https://", "https://a b"]),
        (problems.check_one_word, ["a/b+c="], ["a b", "a\tb"]),
    ],
    ids=lambda check: getattr(check, "__name__", ""),
)
def test_each_check_knows_right_from_wrong(check: problems.Check, right: list[str], wrong: list[str]) -> None:
    assert not [text for text in right if check(text)]
    assert not [text for text in wrong if not check(text)]


@pytest.mark.parametrize(
    ("check", "value", "inner"),
    [
        (problems.check_hugging_face_token, "HF_TOKEN=hf_" + "a1" * 10, "hf_" + "a1" * 10),
        (problems.check_hugging_face_token, "export HF_TOKEN='hf_" + "a1" * 10 + "'", "hf_" + "a1" * 10),
        (problems.check_one_word, "AWS_SECRET_ACCESS_KEY=wJalr/K7+bPx=", "wJalr/K7+bPx="),
        (problems.check_one_word, "aws_secret_access_key = wJalr", "wJalr"),
        (problems.check_one_word, '"wJalr"', "wJalr"),
        (problems.check_endpoint, "AWS_ENDPOINT_URL=https://s3.io", "https://s3.io"),
    ],
)
def test_what_is_around_a_value_is_named_and_can_be_removed(check: problems.Check, value: str, inner: str) -> None:
    found = check(value)
    assert found
    assert found.text == "it has a variable name or quotation marks around it"
    assert found.fix
    assert found.fix(value.encode()).decode() == inner
    assert check(inner) is None


@pytest.mark.parametrize("value", ["wJalr/K7bPx==", "wJalr=", "abcdef==", "https://a:9000/x?y=z"])
def test_what_is_part_of_a_value_is_not_taken_for_a_name(value: str) -> None:
    assert problems.check_one_word(value) is None

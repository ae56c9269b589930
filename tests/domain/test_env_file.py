"""`.env` files: each line is read rightly, or refused with its number and without a word of it."""

import pytest

from wbtui.domain.env_file import EnvFileError, parse_env_file

CANARY = "canaryCANARY"


def read(content: str | bytes) -> dict[str, str]:
    raw = content.encode() if isinstance(content, str) else content
    return {one.name: one.value.unsealed().decode() for one in parse_env_file(raw)}


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("", {}),
        ("A=1", {"A": "1"}),
        ("A=1\nB=2\n", {"A": "1", "B": "2"}),
        ("# a comment\n\n  # another\nA=1\n", {"A": "1"}),
        ("export A=1\n export  B=2", {"A": "1", "B": "2"}),
        ("A = 1  \n", {"A": "1"}),
        ("A=\nB=''\nC=\"\"\n", {"A": "", "B": "", "C": ""}),
        ("A=a=b==\n", {"A": "a=b=="}),
        ("A=a b\n", {"A": "a b"}),
        ("A=it's\n", {"A": "it's"}),
        ('A={"a": "b"}\n', {"A": '{"a": "b"}'}),
        ("A=DOMAIN\\user\n", {"A": "DOMAIN\\user"}),
        ("A=pa$$5\n", {"A": "pa$$5"}),
        ("A='a # $HOME ${B} \"b\"'\n", {"A": 'a # $HOME ${B} "b"'}),
        ("A='a' # a comment\nB=\"b\"#another\n", {"A": "a", "B": "b"}),
        ('A="a # b"\n', {"A": "a # b"}),
        ('A="a\\nb\\t\\"c\\"\\\\"\n', {"A": 'a\nb\t"c"\\'}),
        ("A='-----BEGIN\nabc\n-----END'\nB=2\n", {"A": "-----BEGIN\nabc\n-----END", "B": "2"}),
        ('A="a\n\n b"\n', {"A": "a\n\n b"}),
        ("A=1\r\nB='2\r\n3'\r\n", {"A": "1", "B": "2\n3"}),
        (b"\xef\xbb\xbfA=1\n", {"A": "1"}),
        ("A=ä\n".encode("utf-16"), {"A": "ä"}),
        ("export=1\n", {"export": "1"}),
        ("a.b-c=1\n", {"a.b-c": "1"}),
    ],
)
def test_what_all_read_alike_is_read(content: str | bytes, values: dict[str, str]) -> None:
    assert read(content) == values


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (f"A=1\n{CANARY}\n", 2, "it is not NAME=VALUE"),
        (f"A=1\n\nA={CANARY}\n", 3, "the name is that of line 1"),
        (f"A: {CANARY}\n", 1, "it is not NAME=VALUE"),
        (f"export {CANARY}\n", 1, "it is not NAME=VALUE"),
        (f"={CANARY}\n", 1, "it is not NAME=VALUE"),
        (f"ä={CANARY}\n", 1, "it is not NAME=VALUE"),
        (f"A={CANARY} # b\n", 1, "#"),
        (f"A={CANARY}#b\n", 1, "#"),
        (f"A=#{CANARY}\n", 1, "#"),
        (f"A=$HOME{CANARY}\n", 1, "$"),
        (f'A="${{HOME}}{CANARY}"\n', 1, "$"),
        (f"A=$({CANARY})\n", 1, "$"),
        (f"A={CANARY}\\\nB=1\n", 1, "next line"),
        (f"A=1\nB='{CANARY}\nC=1\n", 2, "the single quote is not closed"),
        (f'A=1\nB="{CANARY}\n', 2, "the double quote is not closed"),
        (f"A='{CANARY}' b\n", 1, "something follows"),
        (f"A='it\\'{CANARY}'\n", 1, "single quotes"),
        (f"A='\\\\{CANARY}'\n", 1, "single quotes"),
        (f'A="\\x{CANARY}"\n', 1, "after \\"),
        (f"A=`{CANARY}`\n", 1, "backticks"),
        (f"A=1\rB={CANARY}\n", 1, "control character"),
        (f"A=1\nB=\0{CANARY}\n", 2, "control character"),
        (b"A=1\nB=\xff" + CANARY.encode(), 2, "not text in UTF-8"),
    ],
)
def test_what_some_read_differently_is_refused(content: str | bytes, line: int, words: str) -> None:
    with pytest.raises(EnvFileError) as caught:
        read(content)
    said = str(caught.value)
    assert said.startswith(f"line {line}: ")
    assert words in said
    assert CANARY not in said
    assert caught.value.__cause__ is None

import html
import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.cluster.errors import http_error
from wbtui.domain.redaction import Redaction
from wbtui.domain.text import plain
from wbtui.errors import ClusterError, Invalid

WORDS = st.text('abc XYZ09%"\\<é✓\n', min_size=1, max_size=24) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=24
)


def redacted(error: ClusterError, *values: bytes) -> ClusterError:
    """Return an error without the values in it."""
    error.reword(Redaction(values).clean)
    return error


def forms(value: str) -> set[str]:
    """Return the forms in which a value may come back."""
    escaped = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], quote(value, safe="")}
    return {value, *escaped, b64encode(value.encode()).decode()}


@given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=3), st.text(max_size=20), st.text(max_size=20))
def test_no_form_of_any_value_is_left_in_any_message(values: list[str], before: str, after: str) -> None:
    values = [value.strip() for value in values]
    told = [f"{before} {form} {after}" for value in values for form in sorted(forms(value))]
    error = Invalid(told[0], fields=tuple(zip(told, told, strict=True)))
    redacted(error, *(value.encode() for value in values))
    left = [str(error), *(part for field in error.fields for part in field)]
    for value in values:
        for form in forms(value):
            said = [text for text in left if form in text.replace("[removed]", "\0")]
            assert not [text for text in said if text != error.title]


SECRET = "pw/Zürich+7 &quot\\n<9"
ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "hex": lambda value: value.hex(),
    "hex with spaces": lambda value: value.hex(" "),
    "hex with colons, in capitals": lambda value: value.hex(":").upper(),
    "hex of Go": lambda value: ", ".join(f"0x{byte:02x}" for byte in value),
    "hex from the middle of a byte": lambda value: value.hex()[1:],
    "numbers of Go": lambda value: f"[{' '.join(map(str, value))}]",
    "with spaces between": lambda value: " ".join(value.decode()),
    "with line ends between": lambda value: "\n".join(value.decode()),
    "URL-encoded": lambda value: quote(value, safe=""),
    "URL-encoded, in part": quote,
    "URL-encoded, as a form": quote_plus,
    "as JSON": lambda value: json.dumps(value.decode()),
    "as JSON in JSON": lambda value: json.dumps(json.dumps(value.decode())),
    "as HTML": lambda value: html.escape(value.decode()),
    "base64": lambda value: b64encode(value).decode(),
    "base64 for URLs, without padding": lambda value: urlsafe_b64encode(value).decode().rstrip("="),
    "base64 in lines": lambda value: encodebytes(value * 9).decode(),
    "base64 of a file that holds it": lambda value: b64encode(b"key: " + value + b"\n").decode(),
    "base64 of another": lambda value: b64encode(b"the key: " + value).decode()[1:],
    "base64 of the object": lambda value: b64encode(
        json.dumps({"kind": "Secret", "data": {"token": b64encode(value).decode()}}).encode()
    ).decode(),
    "base64 of the object as it was typed": lambda value: b64encode(
        json.dumps({"kind": "Secret", "stringData": {"token": value.decode()}}).encode()
    ).decode(),
}


def parts(text: str) -> set[str]:
    """Return what of a text is long enough to tell something."""
    return {text[start : start + 8] for start in range(len(text) - 7)}


@pytest.mark.parametrize("name", ENCODINGS)
def test_an_encoded_value_is_a_value(name: str) -> None:
    encoded = plain(ENCODINGS[name](SECRET.encode()))
    error = redacted(Invalid(f"the webhook says no: {encoded} is bad"), SECRET.encode())
    assert error.args[0].startswith("the webhook says no: ")
    assert error.args[0].endswith(" is bad")
    assert "[removed]" in error.args[0]
    left = error.args[0].removeprefix("the webhook says no: ").removesuffix(" is bad")
    again = redacted(Invalid(left), SECRET.encode())
    assert again.args[0] == left
    assert sum(part in left for part in parts(encoded)) <= len(parts(encoded)) * (0.9 if "object" in name else 0.2)


@pytest.mark.parametrize("cut", [0, 5, 30])
def test_a_part_of_a_value_is_a_value(cut: int) -> None:
    value = "s3cr3t-" * 9
    error = redacted(Invalid(f"found ...|{value[cut:]}|..., bigger context"), value.encode())
    assert str(error) == "found ...|[removed]|..., bigger context"


def test_a_value_at_the_end_of_a_message_is_removed_whole() -> None:
    assert str(redacted(Invalid("cannot use s3cr3t-value"), b"s3cr3t-value")) == "cannot use [removed]"


@pytest.mark.parametrize("value", ["a/b", "p/q r"])
def test_a_short_value_with_a_slash_is_removed_from_a_url(value: str) -> None:
    error = redacted(Invalid(f"no such path: /login/{quote(value, safe='')}?x"), value.encode())
    assert str(error) == "no such path: /login/[removed]?x"


def test_a_message_that_was_cut_short_keeps_no_beginning_of_a_value() -> None:
    value = "s3cr3t-" * 90
    body = json.dumps({"kind": "Status", "message": f"{'x' * 200} {value}", "code": 422}).encode()
    error = redacted(http_error(422, body), value.encode())
    assert "s3cr3t" not in str(error)
    assert "[removed]" in str(error)


def test_lines_come_back_on_their_own() -> None:
    error = redacted(Invalid("alpha, sec0nd line, short, }"), b"alpha\nsec0nd line\nshort\n}\n")
    assert str(error) == "[removed], [removed], [removed], }"


def test_what_is_too_short_to_be_told_apart_drops_the_message() -> None:
    error = redacted(Invalid("a cab was refused", fields=(("data[x]", "grab"), ("data[y]", "no"))), b"ab")
    assert str(error) == error.title
    assert error.fields == (("data[x]", ""), ("data[y]", "no"))


def test_what_is_no_value_stays() -> None:
    error = Invalid('secrets "hf-token" is forbidden', fields=(("data[api-key]", "must rhyme"),), retry_after=3)
    redacted(error, b"other", b"", b"  ")
    assert str(error) == 'secrets "hf-token" is forbidden'
    assert error.fields == (("data[api-key]", "must rhyme"),)
    assert error.retry_after == 3

r"""Parse `.env` files as the dotenv libraries do; what these read differently from each other is refused.

A line is `NAME=VALUE`, with or without `export` before it; empty lines and those that begin with `#` count for nothing.
White space around the name and around the value is dropped. A value in single quotes is what stands there, one in
double quotes has the escapes `\n`, `\r`, `\t`, `\"` and `\\`; both may have several lines. Variables are not replaced:
an unquoted `$NAME` is refused.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from wbtui.domain.decoding import decoded_text
from wbtui.domain.sealed import Sealed


class EnvFileError(ValueError):
    """A line that cannot be read for sure; the text says which and why, and quotes nothing of it."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")


class FileVariable(NamedTuple):
    """One variable, and the line on which it begins."""

    line: int
    name: str
    value: Sealed


# Patterns are strings, so that they are compiled on first use.
_NOTHING = r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)"
_NAME = r"[ \t]*(?:export[ \t]+)?(?P<name>[-._A-Za-z0-9]+)[ \t]*=[ \t]*"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_REFERENCE = r"\$[A-Za-z_{(]"
_QUOTE_IT = "put the value in single quotes"


def parse_env_file(content: bytes) -> list[FileVariable]:
    """Return the variables of a file, in its order. Raises `EnvFileError`."""
    found: dict[str, FileVariable] = {}
    for variable in _variables(_text(content)):
        if variable.name in found:
            raise EnvFileError(variable.line, f"the name is that of line {found[variable.name].line}")
        found[variable.name] = variable
    return list(found.values())


def _text(content: bytes) -> str:
    try:
        text = decoded_text(content).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise EnvFileError(line, "it is not text in UTF-8") from None  # the cause holds the content
    if odd := re.search(r"[\r\0]", text):
        raise EnvFileError(_line_at(text, odd.start()), "it has a control character in it")
    return text


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _variables(text: str) -> Iterator[FileVariable]:
    position = 0
    while position < len(text):
        if nothing := re.compile(_NOTHING).match(text, position):
            position = nothing.end()
            continue
        line = _line_at(text, position)
        named = re.compile(_NAME).match(text, position)
        if not named:
            raise EnvFileError(line, "it is not NAME=VALUE")
        value, position = _READ.get(text[named.end() : named.end() + 1], _bare)(text, named.end(), line)
        yield FileVariable(line, named["name"], Sealed(value.encode()))


def _bare(text: str, start: int, line: int) -> tuple[str, int]:
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    value = text[start:end].rstrip(" \t")
    for wrong, why in (
        ("#" in value, f"some read # as the begin of a comment: {_QUOTE_IT}"),
        (re.search(_REFERENCE, value), f"some replace what follows $ by a variable: {_QUOTE_IT}"),
        (value.endswith("\\"), f"some go on in the next line after \\: {_QUOTE_IT}"),
    ):
        if wrong:
            raise EnvFileError(line, why)
    return value, end + 1


def _single(text: str, start: int, line: int) -> tuple[str, int]:
    quoted = re.compile(r"'([^']*)'").match(text, start)
    if not quoted:
        raise EnvFileError(line, "the single quote is not closed")
    if re.search(r"\\(\\|\Z)", quoted[1]):
        raise EnvFileError(line, r"some read \\ and \' in single quotes as one character: use double quotes")
    return quoted[1], _end(text, quoted.end(), line)


def _double(text: str, start: int, line: int) -> tuple[str, int]:
    quoted = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL).match(text, start)
    if not quoted:
        raise EnvFileError(line, "the double quote is not closed")
    if re.search(_REFERENCE, quoted[1]):
        raise EnvFileError(line, f"some replace what follows $ by a variable: {_QUOTE_IT}")

    def unescaped(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            raise EnvFileError(line, f'after \\ in double quotes there may be n, r, t, " and \\: {_QUOTE_IT}')
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", unescaped, quoted[1], flags=re.DOTALL), _end(text, quoted.end(), line)


def _backtick(_text: str, _start: int, line: int) -> tuple[str, int]:
    raise EnvFileError(line, f"few know values in backticks: {_QUOTE_IT}")


def _end(text: str, position: int, line: int) -> int:
    """Return where the next line begins, after a value in quotes."""
    nothing = re.compile(_NOTHING).match(text, position)
    if not nothing:
        raise EnvFileError(line, "something follows the closing quote")
    return nothing.end()


_READ: dict[str, Callable[[str, int, int], tuple[str, int]]] = {"'": _single, '"': _double, "`": _backtick}
"""How a value is read, by its first character."""

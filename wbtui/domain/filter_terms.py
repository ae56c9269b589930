"""The syntax of filters: their terms, and where one is not closed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


class QueryError(ValueError):
    """A filter that cannot be parsed; `position` is the offset of the mistake in the text, in characters."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position

    def __str__(self) -> str:
        return f"at {self.position + 1}: {self.args[0]}"


@dataclass(frozen=True, slots=True)
class Term:
    """One term as it is typed: `written` follows the `field`, with its quotation marks; `negated` has a - or !."""

    position: int
    value_position: int
    negated: bool
    field: str
    written: str
    is_regex: bool

    @property
    def value(self) -> str:
        """Return what is written without its quotation marks."""
        return self.written if self.is_regex else self.written.replace('"', "")

    @property
    def is_or(self) -> bool:
        """Return whether the term is the word `or`, without quotation marks."""
        return not (self.negated or self.field or self.is_regex) and self.written.casefold() == "or"

    @property
    def is_word(self) -> bool:
        """Return whether it is looked for as it is, anywhere in a secret's texts."""
        return not (self.field or self.is_regex or self.is_pattern)

    @property
    def is_pattern(self) -> bool:
        """Return whether the term is a name with `*` for any characters."""
        return not (self.field or self.is_regex) and "*" in self.written and '"' not in self.written

    @property
    def choices(self) -> list[tuple[str, int]]:
        """Return the alternatives between bars in lower case, each with its position."""
        matches = _CHOICE.finditer(self.written)
        return [(match[0].replace('"', "").casefold(), self.value_position + match.start()) for match in matches]


_TERM = re.compile(
    r"""(?P<not>[!-]?)
    (?:
        /(?P<regex>(?:\\.|[^/\\])*)(?P<closed>/?)(?=\s|$)
      | (?:(?P<field>[a-z]+):)?
        (?P<value>(?:"[^"]*"|[^\s"])*)
    )
    (?P<rest>\S*)""",
    re.VERBOSE,
)
_CHOICE = re.compile(r'(?:(?<=\|)|^)(?:"[^"]*"|[^"|])*')


def terms_in(text: str) -> Iterator[Term]:
    """Yield the terms of a filter; an empty one, too. Raises `QueryError` where one is not closed."""
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _TERM.match(text, position)
        if not match or match["rest"]:
            raise QueryError("this quotation mark is not closed", text.index('"', position))
        yield _term(match)
        position = match.end()


def _term(match: re.Match[str]) -> Term:
    is_regex = match["regex"] is not None
    if is_regex and not match["closed"]:
        raise QueryError("the regular expression is not closed: it ends with /", match.start())
    group = "regex" if is_regex else "value"
    return Term(match.start(), match.start(group), bool(match["not"]), match["field"] or "", match[group], is_regex)

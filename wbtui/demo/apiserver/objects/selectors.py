"""Label and field selectors."""

import re
from collections.abc import Callable, Mapping

from wbtui.demo.apiserver.refusals import bad_request
from wbtui.demo.apiserver.shapes import Refusal
from wbtui.demo.apiserver.wire import Json

Matches = Callable[[Json], bool]
_Requirement = Callable[[Mapping[str, str]], bool]

_SET = re.compile(r"^(?P<key>\S+)\s+(?P<operator>in|notin)\s*\((?P<values>[^()]*)\)$")
_EQUALITY = re.compile(r"^(?P<key>[^\s=!]+)\s*(?P<operator>==|=|!=)\s*(?P<value>[^\s=!]*)$")
_EXISTS = re.compile(r"^(?P<absent>!?)\s*(?P<key>[^\s=!(),]+)$")
_COMMA = re.compile(r",(?![^(]*\))")  # a comma outside parentheses


def label_selector(text: str) -> Matches | None:
    """Return a function that matches a label selector; None if it is empty."""
    if not text.strip():
        return None
    requirements = [_requirement(part.strip()) for part in _COMMA.split(text)]

    def matches(body: Json) -> bool:
        labels = body["metadata"].get("labels", {})
        return all(requirement(labels) for requirement in requirements)

    return matches


def _requirement(text: str) -> _Requirement:
    """Return one requirement of a label selector."""
    if match := _SET.match(text):
        values = {value.strip() for value in match["values"].split(",")}
        return _membership(match["key"], values, wanted=match["operator"] == "in")
    if match := _EQUALITY.match(text):
        return _membership(match["key"], {match["value"]}, wanted=match["operator"] != "!=")
    if match := _EXISTS.match(text):
        key, wanted = match["key"], not match["absent"]
        return lambda labels: (key in labels) is wanted
    msg = f'unable to parse requirement: found \'{text}\', expected: identifier, "!", "in", "notin", "=", "==", "!="'
    raise bad_request(msg)


def _membership(key: str, values: set[str], *, wanted: bool) -> _Requirement:
    """Require that a label has one of the values, or none of them; an absent label has none."""
    return lambda labels: (labels.get(key) in values) is wanted


def field_terms(text: str) -> list[tuple[str, str, bool]]:
    """Return the terms of a field selector: path, value, and whether they must be equal."""
    terms = []
    for part in filter(None, text.split(",")):
        match = _EQUALITY.match(part.strip())
        if not match:
            msg = f"invalid selector: '{text}'; can't understand '{part}'"
            raise bad_request(msg)
        terms.append((match["key"], match["value"], match["operator"] != "!="))
    return terms


def field_selector(text: str, known: frozenset[str]) -> Matches | None:
    """Return a function that matches a field selector; None if it is empty."""
    terms = field_terms(text)
    for path, _, _ in terms:
        if path not in known:
            raise _unknown_field(path)
    if not terms:
        return None
    return lambda body: all((_field(body, path) == value) is equal for path, value, equal in terms)


def _unknown_field(path: str) -> Refusal:
    """Return the refusal for a field that the kind cannot be selected by."""
    return bad_request(f"field label not supported: {path}")


def _field(body: Json, path: str) -> str:
    """Return the text at a dotted path, or an empty one."""
    value: object = body
    for step in path.split("."):
        value = value.get(step, "") if isinstance(value, dict) else ""
    return str(value)


def both(first: Matches | None, second: Matches | None) -> Matches | None:
    """Join two conditions by AND."""
    if first is None or second is None:
        return first or second
    return lambda body: first(body) and second(body)

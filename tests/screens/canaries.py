"""Values that would be known again wherever they turned up, and where to look for them."""

import json
from base64 import b64encode
from collections.abc import Iterator
from itertools import cycle

from tests.screens.driving import Session
from tests.screens.forms import (
    enter,
    past,
    path_to,
    sample,
    stops,
)
from wbtui.domain.use_cases.model import EntryForm, Field, UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.widgets.masked_value import MaskedValue

CANARIES = ("cAnArY-7c1d/9f?", "κανάρι-✓-ж", "first-l1ne-x7\nsec0nd-line-y8\n", "zQ9k")
WAYS = [(use_case, way) for use_case in USE_CASES for way in use_case.entry_forms]
NAMES = [f"{use_case.value}-{way.title}" for use_case, way in WAYS]


def traces(values: tuple[str, ...] = CANARIES) -> Iterator[bytes]:
    """Yield all by which a value would be known again."""
    for value in values:
        for part in {value, *value.splitlines()}:
            yield part.encode()
            yield json.dumps(part)[1:-1].encode()
            yield b64encode(part.encode()).rstrip(b"=")[:-1]


def assert_clean(text: str | bytes) -> None:
    """Nothing in `text` is a value."""
    raw = text.encode() if isinstance(text, str) else text
    assert not [trace for trace in traces() if trace in raw]


def wanted(field: Field) -> str:
    """Return a value that the field takes: one that would be known again, where it is masked and takes such."""
    taken = (value for value in CANARIES[:2] if field.masked and not field.problem(value.encode()))
    return next(taken, sample(field))


def accepted(use_case: UseCase, way: EntryForm) -> list[str]:
    """Return the keys that fill every field of a way with what it takes, from Name on."""
    typed = [part for field in way.fields for part in past(way, field, "" if field.default else wanted(field))]
    return [*path_to(use_case, use_case.entry_forms.index(way)), *typed]


def visit(use_case: UseCase, way: EntryForm, pasted: str = "{}") -> list[str]:
    """Return the keys that fill every masked field of a way, starting and ending in Name."""
    path = path_to(use_case, use_case.entry_forms.index(way))
    values = cycle(CANARIES)
    fields = [part for field in way.fields for part in past(way, field, next(values) if field.masked else "")]
    typed = [pasted.format(part) if "\n" in part else part for part in fields]
    back = path.count("tab") + sum(stops(way, field) for field in way.fields) - 1
    return [*path, *typed[:-1], *["shift+tab"] * back]


async def fill(person: Session, use_case: UseCase, way: EntryForm) -> None:
    """Fill every masked field of a way."""
    await enter(person, *visit(use_case, way))


def everything_said(person: Session) -> Iterator[str]:
    """Yield all that the application would say of itself."""
    yield person.text()
    yield person.app.export_screenshot()
    yield person.app.clipboard
    yield str(person.app.title)
    for node in [*person.app.screen.walk_children(), *person.app.workers, person.app.screen]:
        yield f"{node!r} {node} {vars(node) if isinstance(node, MaskedValue) and not len(node) else ''}"
        yield str(getattr(node, "tooltip", ""))


async def leaves_nothing(person: Session) -> None:
    """Save a form that is refused, change it, and leave it: no value is ever told, and none is kept."""
    fields = list(person.app.screen.query(MaskedValue))
    assert sum(map(len, fields)) > 3
    for keys in ((), ("ctrl+s",), ("ctrl+t", "ctrl+x")):
        await person.press(*keys)
        assert_clean("\n".join(everything_said(person)))
    await person.press("escape")
    await person.sees("Leave the form?")
    await person.press("y")
    await person.sees("27 secrets")
    assert not sum(map(len, fields))

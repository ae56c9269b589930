"""Schemas of custom resources: what a CustomResourceDefinition says about a field, and what breaks it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from wbtui.demo import errors
from wbtui.demo.errors import Cause
from wbtui.demo.wire import Json

_PYTHON: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "integer,string": (int, str),
}
_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
_BLOCKING = {  # what keeps the server from looking at rules
    *("FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany"),
    "FieldValueTypeInvalid",
}


class Rule(NamedTuple):
    """What a value must satisfy beside its type (`x-kubernetes-validations`)."""

    holds: Callable[[Any, Any], bool]  # of the value, and of the one that it replaces
    message: str
    of_changes: bool = False  # it compares: there must be an older value


def immutable(message: str) -> Rule:
    """A value that stays as it is, once there is one."""
    return Rule(lambda value, old: value == old, message, of_changes=True)


@dataclass(frozen=True)
class Schema:
    """What is known about one field, and about those below it."""

    type: str = ""  # empty: anything
    fields: Mapping[str, "Schema"] | None = None  # None: those of an object are not known
    open: bool = False  # there are more fields than those that are known
    values: "Schema | None" = None  # of an object whose keys are free
    items: "Schema | None" = None
    required: tuple[str, ...] = ()
    key: str = ""  # a list whose items are told apart by this field
    enum: tuple[str, ...] = ()
    repeated_enum: bool = False  # the definition has the enum twice, and the server says so
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None
    shortest: int = 0
    longest: int | None = None
    fewest: int = 0
    most: int | None = None
    default: Any = None
    rules: tuple[Rule, ...] = field(default=())

    def below(self, value: Any) -> Iterator[tuple[str, "Schema", Any]]:
        """The members of a value that are described: the step to each, its schema, and itself."""
        if isinstance(value, list) and self.items:
            for number, item in enumerate(value):
                yield f"[{number}]", self.items, item
        elif isinstance(value, dict):
            for name, member in value.items():
                known = self.values or (self.fields or {}).get(name)
                if known:
                    yield f".{name}", known, member

    @cached_property
    def ruled(self) -> bool:
        """Whether there is a rule here, or anywhere below."""
        inner = [*(self.fields or {}).values(), *(schema for schema in (self.values, self.items) if schema)]
        return bool(self.rules) or any(schema.ruled for schema in inner)


def unknown(schema: Schema, value: Any, path: str) -> list[str]:
    """Take out the fields that the schema does not know; the answer is their paths."""
    found = []
    if isinstance(value, dict) and schema.fields is not None and not schema.open:
        for name in sorted(value.keys() - schema.fields.keys()):
            del value[name]
            found.append(f"{path}.{name}")
    for step, known, member in schema.below(value):
        found += unknown(known, member, path + step)
    return found


def mistyped(schema: Schema, value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """What has another type than the schema's: where, which type it should have, and what it is."""
    if not _fits(schema.type, value):
        yield path, schema.type, value
        return
    for step, known, member in schema.below(value):
        yield from mistyped(known, member, path + step)


def fill(schema: Schema, value: Any) -> None:
    """Set the fields that have a default and are not set."""
    if isinstance(value, dict):
        for name, known in (schema.fields or {}).items():
            if known.default is not None:
                value.setdefault(name, known.default)
    for _, known, member in schema.below(value):
        fill(known, member)


def causes(schema: Schema, value: Json, old: Json | None) -> list[Cause]:
    """What is wrong with an object; rules are looked at where everything else fits."""
    found = [cause for part, known, member in schema.below(value) for cause in _check(known, member, part[1:])]
    found += (Cause("FieldValueRequired", name, "Required value") for name in schema.required if name not in value)
    if not schema.ruled:
        return found
    if any(cause.reason in _BLOCKING for cause in found):
        return [*found, errors.unchecked_rules()]
    before = old or {}
    for part, known, member in schema.below(value):
        found += _broken(known, member, before.get(part[1:]), part[1:])
    return found


def _check(schema: Schema, value: Any, path: str) -> Iterator[Cause]:
    if not _fits(schema.type, value):
        yield errors.wrong_type(path, schema.type, _NAMES.get(type(value), "null"))
        return
    for bound in _BOUNDS.get(type(value), ()):
        yield from bound(schema, value, path)
    for step, known, member in schema.below(value):
        yield from _check(known, member, path + step)


def _fits(type_: str, value: Any) -> bool:
    if isinstance(value, bool):
        return type_ in {"boolean", ""}
    return not type_ or isinstance(value, _PYTHON[type_])


def _text(schema: Schema, value: str, path: str) -> Iterator[Cause]:
    if schema.enum and value not in schema.enum:
        yield errors.not_supported(path, value, schema.enum)
        if schema.repeated_enum:
            yield errors.invalid_value("<nil>", "", f'"{path}" must validate all the schemas (allOf). None validated')
    if len(value) < schema.shortest:
        yield errors.invalid_value(path, value, f"{path} in body should be at least {schema.shortest} chars long")
    if schema.longest is not None and len(value) > schema.longest:
        yield errors.too_long(path, schema.longest)
    if schema.pattern and not re.search(schema.pattern, value):
        yield errors.invalid_value(path, value, f"{path} in body should match '{schema.pattern}'")


def _number(schema: Schema, value: int, path: str) -> Iterator[Cause]:
    if schema.minimum is not None and value < schema.minimum:
        yield errors.invalid_value(path, value, f"{path} in body should be greater than or equal to {schema.minimum}")
    if schema.maximum is not None and value > schema.maximum:
        yield errors.invalid_value(path, value, f"{path} in body should be less than or equal to {schema.maximum}")


def _list(schema: Schema, value: list[Any], path: str) -> Iterator[Cause]:
    if len(value) < schema.fewest:
        yield errors.invalid_value(path, len(value), f"{path} in body should have at least {schema.fewest} items")
    if schema.most is not None and len(value) > schema.most:
        yield errors.too_many(path, len(value), schema.most)
    seen = []
    for number, item in enumerate(value if schema.key else ()):
        name = item.get(schema.key) if isinstance(item, dict) else None
        if name in seen:
            yield errors.duplicate(f"{path}[{number}]", {schema.key: name})
        seen.append(name)


def _object(schema: Schema, value: Json, path: str) -> Iterator[Cause]:
    for name in schema.required:
        if name not in value:
            yield errors.required(f"{path}.{name}")


_BOUNDS: dict[type, tuple[Callable[[Schema, Any, str], Iterator[Cause]], ...]] = {
    str: (_text,),
    int: (_number,),
    list: (_list,),
    dict: (_object,),
}


def _broken(schema: Schema, value: Any, old: Any, path: str) -> Iterator[Cause]:
    """The rules that do not hold. What is in a list without a key has no older value to compare with."""
    for rule in schema.rules:
        if (old is not None or not rule.of_changes) and not rule.holds(value, old):
            yield errors.broken_rule(path, value, rule.message)
    for step, known, member in schema.below(value):
        before = old.get(step[1:]) if isinstance(old, dict) else None
        yield from _broken(known, member, before, path + step)

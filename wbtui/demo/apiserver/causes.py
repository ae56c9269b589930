"""The causes of an Invalid status: one function for each reason, with the API server's messages."""

from collections.abc import Sequence

from wbtui.demo.apiserver.shapes import Cause
from wbtui.demo.apiserver.wire import encode


def invalid_value(field: str, value: object, text: str) -> Cause:
    """Return the cause for an invalid value."""
    return Cause("FieldValueInvalid", field, f"Invalid value: {encode(value).decode()}: {text}")


def required(field: str, text: str = "") -> Cause:
    """Return the cause for a missing value."""
    return Cause("FieldValueRequired", field, "Required value" + (f": {text}" if text else ""))


def too_long(field: str, limit: int) -> Cause:
    """Return the cause for a value of too many bytes."""
    return Cause("FieldValueTooLong", field, f"Too long: may not be more than {limit} bytes")


def forbidden_field(field: str, text: str) -> Cause:
    """Return the cause for a field that may not be set or changed."""
    return Cause("FieldValueForbidden", field, f"Forbidden: {text}")


def wrong_type(field: str, expected: str, actual: str) -> Cause:
    """Return the cause for a value of the wrong type."""
    message = f'Invalid value: "{actual}": {field} in body must be of type {expected}: "{actual}"'
    return Cause("FieldValueTypeInvalid", field, message)


def unchecked_rules() -> Cause:
    """Return the note that the rules of a schema were not checked."""
    note = (
        "some validation rules were not checked because the object was invalid; "
        "correct the existing errors to complete validation"
    )
    return invalid_value("<nil>", None, note)


def broken_rule(field: str, value: object, text: str) -> Cause:
    """Return the cause for a value that breaks a rule of the schema; objects and lists are not quoted."""
    if isinstance(value, dict | list):
        return Cause("FieldValueInvalid", field, f"Invalid value: {text}")
    return invalid_value(field, value, text)


def not_supported(field: str, value: object, allowed: Sequence[str]) -> Cause:
    """Return the cause for a value that is not in a list of allowed values."""
    known = ", ".join(encode(one).decode() for one in allowed)
    message = f"Unsupported value: {encode(value).decode()}: supported values: {known}"
    return Cause("FieldValueNotSupported", field, message)


def too_many(field: str, count: int, limit: int) -> Cause:
    """Return the cause for a list with too many items."""
    items = "item" if limit == 1 else "items"
    return Cause("FieldValueTooMany", field, f"Too many: {count}: must have at most {limit} {items}")


def duplicate(field: str, value: object) -> Cause:
    """Return the cause for a duplicate value."""
    return Cause("FieldValueDuplicate", field, f"Duplicate value: {encode(value).decode()}")


def not_there(field: str, value: object) -> Cause:
    """Return the cause for a reference to something that does not exist."""
    return Cause("FieldValueNotFound", field, f"Not found: {encode(value).decode()}")

"""What can be wrong with a field: one function a kind of cause, in the API server's words."""

from collections.abc import Sequence

from wbtui.demo.apiserver.shapes import Cause
from wbtui.demo.apiserver.wire import encode


def invalid_value(field: str, value: object, text: str) -> Cause:
    """A value that the field cannot have."""
    return Cause("FieldValueInvalid", field, f"Invalid value: {encode(value).decode()}: {text}")


def required(field: str, text: str = "") -> Cause:
    """A value that is missing."""
    return Cause("FieldValueRequired", field, "Required value" + (f": {text}" if text else ""))


def too_long(field: str, limit: int) -> Cause:
    """More bytes than the field may have."""
    return Cause("FieldValueTooLong", field, f"Too long: may not be more than {limit} bytes")


def forbidden_field(field: str, text: str) -> Cause:
    """A field that may not be set, or not be changed."""
    return Cause("FieldValueForbidden", field, f"Forbidden: {text}")


def wrong_type(field: str, expected: str, actual: str) -> Cause:
    """A value of another type than the schema's."""
    message = f'Invalid value: "{actual}": {field} in body must be of type {expected}: "{actual}"'
    return Cause("FieldValueTypeInvalid", field, message)


def unchecked_rules() -> Cause:
    """The note that goes along where a schema's rules were not looked at."""
    note = (
        "some validation rules were not checked because the object was invalid; "
        "correct the existing errors to complete validation"
    )
    return invalid_value("<nil>", None, note)


def broken_rule(field: str, value: object, text: str) -> Cause:
    """A value that a rule of the schema forbids; objects and lists are not quoted."""
    if isinstance(value, dict | list):
        return Cause("FieldValueInvalid", field, f"Invalid value: {text}")
    return invalid_value(field, value, text)


def not_supported(field: str, value: object, allowed: Sequence[str]) -> Cause:
    """A value that is none of those that there are."""
    known = ", ".join(encode(one).decode() for one in allowed)
    message = f"Unsupported value: {encode(value).decode()}: supported values: {known}"
    return Cause("FieldValueNotSupported", field, message)


def too_many(field: str, count: int, limit: int) -> Cause:
    """More items than a list may have."""
    items = "item" if limit == 1 else "items"
    return Cause("FieldValueTooMany", field, f"Too many: {count}: must have at most {limit} {items}")


def duplicate(field: str, value: object) -> Cause:
    """A value that is there already."""
    return Cause("FieldValueDuplicate", field, f"Duplicate value: {encode(value).decode()}")


def not_there(field: str, value: object) -> Cause:
    """A name of something that there is not."""
    return Cause("FieldValueNotFound", field, f"Not found: {encode(value).decode()}")

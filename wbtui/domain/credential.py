"""A credential as it is entered, before it becomes a part of a secret."""

from collections.abc import Mapping
from typing import NamedTuple

from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases.model import EntryForm, UseCase


class EnteredCredential(NamedTuple):
    """What is entered for a use case: rows of values by the names of their fields."""

    use_case: UseCase
    entry_form: EntryForm
    entries: tuple[Mapping[str, Sealed], ...]

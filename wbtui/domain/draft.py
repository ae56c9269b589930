"""A secret that is still being made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases.model import EntryForm, UseCase

MANAGER = "wbtui"
"""The name under which the cluster notes who wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a form holds: `entries` by the names of the fields, `keys` the key that each field goes to.

    `use_case` is the one that its label is to name; None leaves the labels as they are. Without `type` it is that of
    the use case. `annotations` are further ones, beside the creator's.
    """

    namespace: str
    name: str
    use_case: UseCase | None
    entry_form: EntryForm
    entries: tuple[Mapping[str, Sealed], ...]
    keys: Mapping[str, str]
    type: str = ""
    creator: str = ""
    immutable: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def secret_type(self) -> str:
        """Return the Kubernetes type that the secret will have; empty where the cluster is to choose."""
        return self.type or (self.use_case.type if self.use_case else "")

    def unsealed(self) -> tuple[dict[str, bytes], ...]:
        """Return what was entered, in the open: only for checking it, and for the body of the request."""
        return tuple({name: value.unsealed() for name, value in entry.items()} for entry in self.entries)

    def hidden(self) -> list[bytes]:
        """Return what was entered or made and does not stand in the form for everyone to see, in the open."""
        masked = {field.name for field in self.entry_form.fields if field.masked}
        entered = [(name in masked, value) for entry in self.unsealed() for name, value in entry.items()]
        seen = {value for hidden, value in entered if not hidden}
        return [value for hidden, value in entered if hidden] + [v for v in self.data().values() if v not in seen]

    def data(self) -> dict[str, bytes]:
        """Return the secret's data, in the open: only for the body of the request."""
        return self.entry_form.encode(self.unsealed(), self.keys) if self.entries else {}

"""A new secret before it is sent to the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases.model import EntryForm, UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The content of a form: `entries` maps names of fields to values, `keys` maps names of fields to keys.

    `use_case` sets the label; None leaves the labels as they are. An empty `type` means the type of the use case.
    `annotations` are added to those for the creator and the display name. `expires` is when the values expire, where
    that is known.
    """

    namespace: str
    name: str
    use_case: UseCase | None
    entry_form: EntryForm
    entries: tuple[Mapping[str, Sealed], ...]
    keys: Mapping[str, str]
    type: str = ""
    creator: str = ""
    display_name: str = ""
    immutable: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    expires: datetime | None = None

    @property
    def secret_type(self) -> str:
        """Return the Kubernetes type of the secret; empty where the cluster sets its default."""
        return self.type or (self.use_case.type if self.use_case else "")

    def unsealed(self) -> tuple[dict[str, bytes], ...]:
        """Return the entered values in plain text: only for checks and for the body of the request."""
        return tuple({name: value.unsealed() for name, value in entry.items()} for entry in self.entries)

    def hidden(self) -> list[bytes]:
        """Return in plain text what the form does not show: the values of masked fields, and values made of several."""
        masked = {field.name for field in self.entry_form.fields if field.masked}
        entered = [(name in masked, value) for entry in self.unsealed() for name, value in entry.items()]
        seen = {value for hidden, value in entered if not hidden}
        return [value for hidden, value in entered if hidden] + [v for v in self.data().values() if v not in seen]

    def data(self) -> dict[str, bytes]:
        """Return the data of the secret in plain text: only for the body of the request."""
        return self.entry_form.encode(self.unsealed(), self.keys) if self.entries else {}

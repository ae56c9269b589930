"""What an entry in the table of use cases is made of."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from wbtui.domain import problems

Entry: TypeAlias = Mapping[str, bytes]
"""What was entered, by the names of the fields; empty where nothing was."""
Encode: TypeAlias = Callable[[Sequence[Entry], Mapping[str, str]], dict[str, bytes]]
"""Makes a secret's data of entries, and of the key that each field goes to."""


class Field(NamedTuple):
    """One thing to enter.

    `masked` is never shown while it is typed; `multiline` takes several lines, `binary` any bytes. `key` is where it
    goes by default, empty where it goes into something made of several. `file_offer` is a file that is often it.
    `check` sees text only. `describe` says what may be shown of a masked value that is complete. `variable` is the
    environment variable that programs look for it in, where there is such a convention. With `may_be_empty`, an empty
    value is one too; where that is required as well, only if it was read from a file. `follows` names another field
    of the form, and makes of this one and of what stands there the field that this one is then.
    """

    name: str
    title: str
    key: str = ""
    required: bool = True
    masked: bool = True
    multiline: bool = False
    binary: bool = False
    default: str = ""
    hint: str = ""
    file_offer: str = ""
    check: problems.Check | None = None
    describe: Callable[[str], str] | None = None
    variable: str = ""
    may_be_empty: bool = False
    follows: "Follow | None" = None

    @property
    def prompt(self) -> str:
        """Return what stands in the field while it is empty."""
        words = (
            "" if self.required or self.may_be_empty else "optional",
            self.hint or ("not shown while you type" if self.masked else ""),
        )
        return ", ".join(word for word in words if word)

    def problem(self, value: bytes) -> problems.Problem | None:
        """Return what is wrong or odd with a value that was entered here."""
        return problems.value_problem(value, multiline=self.multiline, binary=self.binary, check=self.check)


class Follow(NamedTuple):
    """How a field depends on another one, by its name."""

    name: str
    adapt: Callable[[Field, str], Field]


class Preset(NamedTuple):
    """One convention for naming the keys: by the names of the fields."""

    title: str
    keys: Mapping[str, str]


def one_key_a_field(entries: Sequence[Entry], keys: Mapping[str, str]) -> dict[str, bytes]:
    """Give every field that was entered its key."""
    return {keys[name]: value for entry in entries for name, value in entry.items() if value and keys.get(name)}


class EntryForm(NamedTuple):
    """One form in which the values of a use case can be entered.

    With `repeats`, its fields come in as many rows as wanted, told apart by their first field; with `rows_name_keys`
    that first field is the name of the row's key. With `one_value`, all that is entered goes into a single value.
    `made_keys` are the keys of what is made of several fields, by a name of its own.
    """

    title: str
    fields: tuple[Field, ...]
    encode: Encode = one_key_a_field
    presets: tuple[Preset, ...] = ()
    made_keys: Mapping[str, str] = MappingProxyType({})
    repeats: bool = False
    rows_name_keys: bool = False
    one_value: bool = False

    def keys(self, preset: Preset | None = None) -> dict[str, str]:
        """Return the key of each field, and of what is made of several, by a preset or by default."""
        return {**{entry.name: entry.key for entry in self.fields}, **self.made_keys, **(preset.keys if preset else {})}


class UseCase(NamedTuple):
    """One use case of the Workbench guide.

    `value` is what the label holds, `title` what a person reads, `type` the Kubernetes type of its secrets, `aliases`
    further words that the filter's `use:` understands, `serves` the workloads that such a secret is for, `stem` what
    a new one is called, `advice` and `link` how the guide wants the credential made. `placements` are the ways in which
    a workload takes it, by their names in `placements.PLACEMENTS`, the usual one first. `fallback` marks the one whose
    form a secret without a use case gets.
    """

    value: str
    title: str
    type: str
    serves: str
    stem: str
    advice: str
    entry_forms: tuple[EntryForm, ...]
    link: str = ""
    aliases: tuple[str, ...] = ()
    placements: tuple[str, ...] = ("variables", "all keys", "files")
    fallback: bool = False

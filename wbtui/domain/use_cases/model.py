"""The types of the entries in the table of use cases."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from wbtui.domain import problems

EnteredRow: TypeAlias = Mapping[str, bytes]
"""The entered values by the names of their fields; a value is empty where nothing was entered."""
Encode: TypeAlias = Callable[[Sequence[EnteredRow], Mapping[str, str]], dict[str, bytes]]
"""Returns a secret's data for entries, and for the key of each field."""


class Field(NamedTuple):
    """One field of a form.

    A `masked` value is never shown; `multiline` allows several lines, `binary` any bytes. `key` is the default key,
    empty where the value becomes a part of another one. `file_offer` is the file that usually contains the value.
    `check` is called for text only. `describe` returns what may be shown of a complete masked value. `variable` is
    the usual environment variable, where there is one. `may_be_empty` allows an empty value; in a required field
    only one that was read from a file. With `follows`, this field depends on the value of another one.
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
        """Return the placeholder for an empty field."""
        words = (
            "" if self.required or self.may_be_empty else "optional",
            self.hint or ("not shown while you type" if self.masked else ""),
        )
        return ", ".join(word for word in words if word)

    def problem(self, value: bytes) -> problems.Problem | None:
        """Return the worst problem of a value for this field."""
        return problems.value_problem(value, multiline=self.multiline, binary=self.binary, check=self.check)


class Follow(NamedTuple):
    """How a field depends on another one: `adapt` returns the field for the value of the field called `name`."""

    name: str
    adapt: Callable[[Field, str], Field]


class Preset(NamedTuple):
    """A convention for the names of keys: a key for each name of a field."""

    title: str
    keys: Mapping[str, str]


def one_key_a_field(entries: Sequence[EnteredRow], keys: Mapping[str, str]) -> dict[str, bytes]:
    """Return the data of entries, with one key for each field that is not empty."""
    return {keys[name]: value for entry in entries for name, value in entry.items() if value and keys.get(name)}


class EntryForm(NamedTuple):
    """A form for the values of a use case.

    With `repeats`, the form has any number of rows of its fields, identified by the first field; with
    `rows_name_keys`, the first field is the key of the row. With `one_value`, all fields go into a single value.
    `made_keys` maps the name of each value that is made of several fields to its key.
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
        """Return the key of each field, and of each value made of several, by a preset or by default."""
        return {**{entry.name: entry.key for entry in self.fields}, **self.made_keys, **(preset.keys if preset else {})}


class UseCase(NamedTuple):
    """One use case of the Workbench guide.

    `value` is the value of the label, `title` the name on the screen, `type` the Kubernetes type, `aliases` are
    further words for the filter's `use:`. `serves` says which workloads need such a secret, `stem` is the suggested
    name, `advice` and `link` say how to create the credential. `placements` are keys of `placements.PLACEMENTS`, the
    usual one first. `fallback` marks the use case whose form is used for secrets without a use case.
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

"""THE table of settings: what each is for, its default, and which values it takes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from wbtui.domain.durations import seconds
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.suggestions import did_you_mean
from wbtui.domain.theme_names import AUTO, MORE_THEMES, OWN_THEMES, THEME_NAMES
from wbtui.domain.trials import HUGGING_FACE

Check: TypeAlias = Callable[[Any], Any]
"""Returns the value of a setting for what was set. Raises `ValueError`, which says what it must be."""
_TRUE_OR_FALSE = {
    **dict.fromkeys(("true", "1", "yes", "on", "t", "y"), True),
    **dict.fromkeys(("false", "0", "no", "off", "f", "n"), False),
}


class Mistake(NamedTuple):
    """What is wrong at a path of names; empty `words` mean that there is no such setting."""

    path: tuple[str, ...]
    words: str
    value: Any = None


class Mistakes(ValueError):
    """What is wrong in a table of settings; the paths begin in it."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("it has mistakes")
        self.mistakes = mistakes


class Setting(NamedTuple):
    """One setting; `example` is a value for it, `variable` one of another program that its default is read from."""

    check: Check
    default: Any
    meaning: str
    example: Any = None
    variable: str = ""


class ContextSettings(NamedTuple):
    """The settings of one context; `given` are the names of those that are set."""

    read_only: bool
    protected: bool
    try_credentials: bool
    given: frozenset[str]


def checked(table: Mapping[str, Setting], content: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a table of settings, `defaults` for those that are not set. Raises `Mistakes`."""
    mistakes: list[Mistake] = []
    values = dict(defaults)
    for name in (name for name in table if name in content):
        try:
            values[name] = table[name].check(content[name])
        except Mistakes as error:
            mistakes += (one._replace(path=(name, *one.path)) for one in error.mistakes)
        except ValueError as error:
            mistakes.append(Mistake((name,), str(error)))
    mistakes += (Mistake((name,), "", value) for name, value in content.items() if name not in table)
    if mistakes:
        raise Mistakes(*mistakes)
    return values


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it must be text in quotes")  # noqa: TRY004  the value is wrong, and not the program
    return value


def _some_text(value: Any) -> str:
    if not _text(value):
        raise ValueError("it must not be empty")
    return _text(value)


def true_or_false(value: Any) -> bool:
    """Return the value of a setting that is on or off; a variable has it as text."""
    known = _TRUE_OR_FALSE.get(str(value).lower()) if isinstance(value, bool | int | str) else None
    if known is None:
        raise ValueError("it must be true or false")
    return known


def duration(value: Any) -> float:
    """Return seconds, in the format of kubectl's `--request-timeout`."""
    return seconds(f"{value}s" if isinstance(value, float) else str(value))


def _theme(value: Any) -> str:
    if _text(value) not in THEME_NAMES:
        raise ValueError(
            f"it must be {', '.join(THEME_NAMES[:4])} or the name of another theme{did_you_mean(value, THEME_NAMES)}"
        )
    return _text(value)


def _names(value: Any) -> list[str]:
    names = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("it must be a list of names in quotes")
    return names


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("it must be a table")  # noqa: TRY004  the value is wrong, and not the program
    return value


def _each(check: Check, values: Mapping[str, Any]) -> dict[str, Any]:
    return checked({name: Setting(check, None, "") for name in values}, values, {})


def _context(value: Any) -> ContextSettings:
    defaults = {name: setting.default for name, setting in CONTEXT_SETTINGS.items()}
    return ContextSettings(**checked(CONTEXT_SETTINGS, _table(value), defaults), given=frozenset(value))


def _contexts(value: Any) -> dict[str, ContextSettings]:
    return _each(_context, _table(value))


def _keys(value: Any) -> dict[str, str]:
    return _each(_text, dict(_joined_names(_table(value))))


def _joined_names(keys: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Join nested tables to ids: TOML reads `secret.details = …` without quotes as a table in a table."""
    for name, value in keys.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{rest}", inner) for rest, inner in value.items())
        else:
            yield name, value


CONTEXT_SETTINGS = {
    "read_only": Setting(true_or_false, default=False, meaning="Send nothing that changes the cluster."),
    "protected": Setting(
        true_or_false, default=False, meaning="Show a badge, and want the name typed before a deletion."
    ),
    "try_credentials": Setting(
        true_or_false,
        default=True,
        meaning="Let a key of the forms try a credential; takes precedence over the setting for all.",
    ),
}
SETTINGS = {
    "kubeconfig": Setting(
        _text,
        None,
        "The kubeconfig files, separated as in KUBECONFIG. Without it, those that kubectl would use.",
        "~/.kube/config",
    ),
    "context": Setting(
        _text, None, "The context to begin with. Without it, the current one of the kubeconfig.", "production"
    ),
    "namespace": Setting(
        _text, None, "The project (namespace) to begin with. Without it, the last one in this context.", "team-a"
    ),
    "impersonate": Setting(_text, "", "Act as this user, where you may.", "jane@example.com"),
    "request_timeout": Setting(duration, 30.0, "Give up on a request after this long; 0 is never.", "30s"),
    "read_only": Setting(true_or_false, default=False, meaning="Send nothing that changes a cluster."),
    "metadata_prefix": Setting(
        _some_text,
        Prefixes().apps,
        "The prefix of the use case and the submitter; also read from EAI_APPS_METADATA_PREFIX.",
        Prefixes().apps,
        "EAI_APPS_METADATA_PREFIX",
    ),
    "workbench_prefix": Setting(
        _some_text,
        Prefixes().workbench,
        "The prefix of the display name; also read from AIWB_METADATA_PREFIX.",
        Prefixes().workbench,
        "AIWB_METADATA_PREFIX",
    ),
    "email": Setting(
        _text,
        "",
        "The creator that is written into what you create. Without it, the user that the cluster sees.",
        "you@example.com",
    ),
    "try_credentials": Setting(
        true_or_false,
        default=True,
        meaning="Let a key of the forms send what you enter to the service that it is for, to try it.",
    ),
    "hugging_face": Setting(
        _some_text,
        HUGGING_FACE,
        "The address of Hugging Face, or of a mirror; also read from HF_ENDPOINT.",
        HUGGING_FACE,
        "HF_ENDPOINT",
    ),
    "mouse": Setting(
        true_or_false,
        default=True,
        meaning="Use the mouse. Without it, the terminal uses the mouse to select text.",
    ),
    "theme": Setting(
        _theme,
        AUTO,
        f"The colors: {AUTO} depends on the terminal, plain uses the terminal's own colors. Or one of"
        f" {', '.join((*OWN_THEMES[:2], *MORE_THEMES))}.",
    ),
    "columns": Setting(
        _names,
        [],
        "The columns of the list, in this order; label:KEY shows a label.",
        ["use-case", "keys", "creator", "changed", "label:team", "state"],
    ),
    "ignored_checks": Setting(
        _names,
        [],
        "The checks that wbtui lint leaves out, by their ids; --ignore adds more.",
        ["old-value"],
    ),
    "contexts": Setting(_contexts, {}, "The settings of single contexts, by their names."),
    "keys": Setting(_keys, {}, "The keys of actions, by the ids that wbtui config keys prints.", "enter,i"),
}

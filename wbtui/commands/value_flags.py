"""The flags that say where values come from, and how they are written. None takes a value."""

from argparse import SUPPRESS, ArgumentTypeError
from collections.abc import Iterable
from datetime import datetime

from wbtui.arguments import Parser
from wbtui.domain.clock import utc_now
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES

SOURCES = {"file": "FILE", "env": "VARIABLE", "stdin": ""}
"""Where the value of a field may come from, and what the flag takes."""
VALUE_HELP = """\
values:
  --FIELD-file FILE, --FIELD-env VARIABLE and --FIELD-stdin give the value of a field; one line end at its end is left
  out, unless the field may have several lines. A file of --from-file is taken as it is. FILE may be - for stdin.
  --from-env-file reads NAME=VALUE lines as the dotenv libraries do: with export, comments, and quotes around values,
  also of several lines; CRLF and a byte order mark are no part of a value. What dotenv, docker and kubectl read
  differently (an unquoted #, $NAME, other escapes than \\n \\r \\t \\" \\\\, a name twice) is refused with its line."""


def field_names(use_case: UseCase) -> list[str]:
    """Return the names of the fields of a use case that have flags, in all of its forms."""
    forms = (form for form in use_case.entry_forms if not form.rows_name_keys)
    return list(dict.fromkeys(field.name for form in forms for field in form.fields))


def all_field_names() -> list[str]:
    """Return the names of the fields of all use cases that have flags."""
    return list(dict.fromkeys(name for use_case in USE_CASES for name in field_names(use_case)))


def field_flags(fields: Iterable[str]) -> list[str]:
    """Return all flags for the values of fields."""
    return [flag_of(name, source) for name in fields for source in SOURCES]


def add_value_flags(parser: Parser, fields: Iterable[str]) -> None:
    """Add the flags that say where values come from, with those of some fields."""
    add = parser.add_argument
    for name in fields:
        for source, takes in SOURCES.items():
            more = {"metavar": takes} if takes else {"action": "store_true"}
            add(flag_of(name, source), dest=f"{name}.{source}", default=None, help=SUPPRESS, **more)  # type: ignore[arg-type]
    add("--from-file", metavar="KEY=FILE", action="append", default=[], help="the value of a key; once for each key")
    add("--from-env-file", metavar="FILE", help="the values of keys or fields, as NAME=VALUE lines")
    add(
        "--docker-config",
        metavar="=FILE",
        nargs="?",
        const="",
        help="the logins of docker: ~/.docker/config.json, or another file",
    )
    add("--aws-profile", metavar="NAME", help="the keys of a profile in the files of the AWS command line")


def flag_of(field: str, source: str) -> str:
    """Return the flag for the value of a field."""
    return f"--{field.replace('_', '-')}-{source}"


def _moment(text: str) -> datetime:
    from wbtui.domain.expiry import entered_moment  # noqa: PLC0415  few values have a date

    now = utc_now()
    try:
        moment = entered_moment(text, now)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    if moment <= now:
        raise ArgumentTypeError("that is past")
    return moment


def _presets() -> str:
    titles = {one.value: [preset.title for form in one.entry_forms for preset in form.presets] for one in USE_CASES}
    return "; ".join(f"for {name} {', '.join(dict.fromkeys(known))}" for name, known in titles.items() if known)


def add_write_flags(parser: Parser, done: str, yes: str = "write it although a value looks odd") -> None:
    """Add the flags that all commands have which write values; `done` is what is done, `yes` the meaning of --yes."""
    add = parser.add_argument
    add("--preset", metavar="TITLE", default="", help=f"the convention for the names of the keys: {_presets()}")
    add(
        "--try",
        dest="try_with",
        metavar="=TARGET",
        nargs="?",
        const="",
        help="try the values with the service that they are for first, with a model or an image where one is named; "
        "where they are sent to is said before",
    )
    add(
        "--dry-run",
        choices=("server",),
        metavar="=server",
        nargs="?",
        const="server",
        help=f"only ask the cluster whether it could be {done}",
    )
    add(
        "--expires",
        metavar="DATE",
        type=_moment,
        help="when the values expire: a date, as in 2027-01-31, or a time from now, as in 90d",
    )
    add("-y", "--yes", action="store_true", help=yes)
    add(
        "--projects",
        metavar="SELECTOR",
        help="in all projects whose namespaces have these labels, as in team=a",
    )

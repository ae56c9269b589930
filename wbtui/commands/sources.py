"""Where values come from on the command line: files, variables, stdin and the files of other tools.

No flag takes a value: a list of processes, and the history of a shell, would show it. No message quotes one, nor what
a flag took: who takes it for a flag with a value must not see that repeated.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from wbtui.arguments import Parser
from wbtui.commands.value_flags import flag_of
from wbtui.domain.names import LARGEST_SECRET, key_problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.text import plain
from wbtui.startup.streams import say
from wbtui.storage.files import StorageError, read_input

_LARGEST = LARGEST_SECRET + 2
_STDIN = "-"


class Value(NamedTuple):
    """A value, and the flag that it came by, for sentences."""

    content: Sealed
    flag: str


class Given(NamedTuple):
    """The values that flags name: by the field that they are for, by key, and by a name that may be either."""

    fields: Mapping[str, Value]
    keys: Mapping[str, Value]
    variables: Mapping[str, Value]

    @property
    def any(self) -> bool:
        """Return whether there is any value."""
        return bool(self.fields or self.keys or self.variables)


class _Source(NamedTuple):
    """A flag that was given, the way in which it gives a value, and what it took."""

    flag: str
    way: str
    taken: str

    @property
    def reads_stdin(self) -> bool:
        return self.way == "stdin" or (self.way == "file" and self.taken == _STDIN)


def given_values(parser: Parser, options: Namespace) -> Given:
    """Return the values that flags name; or exit with a sentence about a mistake."""
    fields, keys, env_file = _field_sources(options), _key_sources(parser, options), _env_file(options)
    readers = [one.flag for _, one in (*fields, *keys, *env_file) if one.reads_stdin]
    if len(readers) > 1:
        parser.error(f"{' and '.join(readers)} read stdin: only one value can come from there")
    found = _read(parser, fields)
    if options.aws_profile is not None:
        for name, content in _profile(parser, options.aws_profile).items():
            if name in found:
                parser.error(f"{found[name].flag} and --aws-profile give the same value")
            found[name] = Value(content, "--aws-profile")
    return Given(found, _read(parser, keys), _variables(parser, env_file))


def _field_sources(options: Namespace) -> list[tuple[str, _Source]]:
    found = []
    for dest, taken in vars(options).items():
        name, dot, way = dest.partition(".")
        if dot and taken is not None:
            found.append((name, _Source(flag_of(name, way), way, taken)))
    if options.docker_config is not None:
        found.append(("config", _Source("--docker-config", "file", options.docker_config or _docker_config_path())))
    return found


def _key_sources(parser: Parser, options: Namespace) -> list[tuple[str, _Source]]:
    found = []
    for number, pair in enumerate(options.from_file, 1):
        flag = f"--from-file ({number})" if number > 1 else "--from-file"
        key, equals, path = pair.partition("=")
        if problem := key_problem(key) if equals else "KEY=FILE is needed":
            parser.error(f"{flag}: {problem}")
        found.append((key, _Source(flag, "file", path)))
    return found


def _env_file(options: Namespace) -> list[tuple[str, _Source]]:
    return (
        [("", _Source("--from-env-file", "file", options.from_env_file))] if options.from_env_file is not None else []
    )


def _read(parser: Parser, sources: Iterable[tuple[str, _Source]]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, source in sources:
        if name in found:
            parser.error(f"{found[name].flag} and {source.flag} give the same value")
        found[name] = Value(Sealed(_content(parser, source)), source.flag)
    return found


def _content(parser: Parser, source: _Source) -> bytes:
    """Return the value from a source; or exit with a sentence."""
    try:
        return _READ["stdin" if source.reads_stdin else source.way](source.taken)
    except _Unreadable as error:
        return parser.error(f"{source.flag}: {error}")


class _Unreadable(Exception):
    """Why a value cannot be read."""


def _from_variable(name: str) -> bytes:
    value = os.environb.get(os.fsencode(name))
    if value is None:
        raise _Unreadable("there is no such variable")
    return value


def _from_file(path: str) -> bytes:
    try:
        return read_input(Path(path), _LARGEST)
    except StorageError as error:
        said = str(error).replace(str(Path(path)), "the file").replace(path or ".", "the file")
        raise _Unreadable(plain(said)) from None  # the cause names what may be a value


def _from_stdin(_: object) -> bytes:
    if not sys.stdin or sys.stdin.closed:
        raise _Unreadable("stdin is closed")
    if sys.stdin.isatty():
        raise _Unreadable("stdin is a terminal, which would show what is typed: leave the flag out to be asked")
    try:
        return sys.stdin.buffer.read(_LARGEST) or b""
    except OSError as error:
        raise _Unreadable(f"stdin cannot be read: {error.strerror}") from error


_READ: Mapping[str, Callable[[str], bytes]] = {"env": _from_variable, "file": _from_file, "stdin": _from_stdin}


def _variables(parser: Parser, sources: Iterable[tuple[str, _Source]]) -> Mapping[str, Value]:
    from wbtui.domain.env_file import EnvFileError, parse_env_file  # noqa: PLC0415  few values come from one

    found: dict[str, Value] = {}
    for _, source in sources:
        try:
            variables = parse_env_file(_content(parser, source))
        except EnvFileError as error:
            parser.error(f"{source.flag}, {error}")
        if not variables:
            parser.error(f"{source.flag}: there is no NAME=VALUE in it")
        found |= {one.name: Value(one.value, f"{source.flag}, line {one.line}") for one in variables}
    return found


def _docker_config_path() -> str:
    folder = os.environ.get("DOCKER_CONFIG")
    return str(Path(folder or "~/.docker") / "config.json")


def _profile(parser: Parser, name: str) -> Mapping[str, Sealed]:
    from wbtui.domain.aws_profile import AwsFiles, ProfileError, profile_fields  # noqa: PLC0415

    try:
        contents = [_aws_file(variable, usual) for variable, usual in _AWS_FILES]
        fields = profile_fields(AwsFiles(*contents), name)
    except (ProfileError, StorageError) as error:
        parser.error(f"--aws-profile: {plain(str(error))}")
    if "session_token" in fields:
        say("The keys of the profile are temporary: they expire with its session token.")
    return fields


_AWS_CREDENTIALS = "AWS_SHARED_CREDENTIALS_FILE"
_AWS_FILES = ((_AWS_CREDENTIALS, "~/.aws/credentials"), ("AWS_CONFIG_FILE", "~/.aws/config"))


def _aws_file(variable: str, usual: str) -> bytes:
    """Return the content of a file of the AWS command line, which need not be there. Raises `StorageError`."""
    named = os.environ.get(variable)
    path = named or usual
    if path == os.devnull:  # that is how it is told to read none
        return b""
    try:
        return read_input(Path(path), _LARGEST)
    except StorageError:
        there = os.path.lexists(os.path.expanduser(path))  # noqa: PTH111  a path's own raises without HOME
        if there or (named and variable == _AWS_CREDENTIALS):
            raise
        return b""

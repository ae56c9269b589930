"""What is entered for a new secret on the command line: from files, variables, stdin, or asked for on a terminal."""

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from getpass import getpass
from pathlib import Path

from wbtui.arguments import Parser
from wbtui.commands.exit_codes import INTERRUPTED
from wbtui.commands.writing import can_ask
from wbtui.domain.display_name import display_name_problem
from wbtui.domain.draft import Draft
from wbtui.domain.names import LARGEST_SECRET, key_problem, name_problem
from wbtui.domain.problems import Problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.text import plain
from wbtui.domain.use_cases.model import EntryForm, Field, Preset, UseCase
from wbtui.startup.streams import say
from wbtui.storage.files import StorageError, read_input

_LARGEST = LARGEST_SECRET + 2


def entered(parser: Parser, options: Namespace, use_case: UseCase) -> Draft | None:
    """Return what is to be created; None where a value is wrong, which is said. Exits with a sentence for wrong use."""
    name = options.words[1]
    problem = name_problem(name) or (display_name_problem(options.display_name) if options.display_name else "")
    if problem:
        parser.error(problem)
    form = _form(parser, options, use_case)
    preset = _preset(parser, options.preset, form)
    entries = _pairs(parser, options, form) if form.rows_name_keys else (_entry(parser, options, form),)
    if not _is_right(form, entries, agreed=options.yes):
        return None
    return Draft(
        namespace="",
        name=name,
        use_case=use_case,
        entry_form=form,
        entries=entries,
        keys=form.keys(preset),
        display_name=options.display_name,
        immutable=options.immutable,
    )


def _given(options: Namespace) -> dict[str, tuple[str, str]]:
    """Return where the value of each field that was given comes from, and what the flag took."""
    found = {}
    for flag, taken in vars(options).items():
        name, dot, source = flag.partition(".")
        if dot and taken is not None:
            found[name] = (source, taken)
    return found


def _form(parser: Parser, options: Namespace, use_case: UseCase) -> EntryForm:
    given = _given(options)
    for form in use_case.entry_forms:
        if given.keys() <= {field.name for field in form.fields} and form.rows_name_keys == bool(options.from_file):
            return form
    named = any(form.rows_name_keys for form in use_case.entry_forms)
    words = "it needs --from-file KEY=FILE, once for each key" if named else "these flags do not go together"
    return parser.error(words)


def _preset(parser: Parser, title: str, form: EntryForm) -> Preset | None:
    found = next((preset for preset in form.presets if preset.title.casefold() == title.casefold()), None)
    if title and not found:
        known = ", ".join(preset.title for preset in form.presets)
        parser.error(f"--preset: there is {f'only {known}' if known else 'none for this use case'}")
    return found


def _pairs(parser: Parser, options: Namespace, form: EntryForm) -> tuple[dict[str, Sealed], ...]:
    named, value = form.fields
    pairs: dict[str, Sealed] = {}
    for pair in options.from_file:
        key, equals, path = pair.partition("=")
        if not equals or key in pairs or key_problem(key):
            parser.error(f"--from-file: {'a key twice' if key in pairs else key_problem(key) or 'KEY=FILE is needed'}")
        pairs[key] = Sealed(_read_file(parser, "--from-file", path))
    return tuple({named.name: Sealed(key.encode()), value.name: content} for key, content in pairs.items())


def _entry(parser: Parser, options: Namespace, form: EntryForm) -> dict[str, Sealed]:
    given = _given(options)
    if sum(source == "stdin" for source, _ in given.values()) > 1:
        parser.error("only one field can be read from stdin")
    values: dict[str, Sealed] = {}
    for field in form.fields:
        if field.name in given:
            values[field.name] = Sealed(_value(parser, field, *given[field.name]))
    for field in _adapted(form, values):
        if field.name not in values:
            values[field.name] = Sealed(_default_or_answer(parser, field))
    return {field.name: values[field.name] for field in form.fields}


def _adapted(form: EntryForm, values: dict[str, Sealed]) -> Iterator[Field]:
    """Yield the fields, those that depend on another one as they are for its value so far."""
    for field in form.fields:
        if field.follows:
            other = values.get(field.follows.name, Sealed()).unsealed().decode(errors="replace")
            yield field.follows.adapt(field, other)
        else:
            yield field


def _value(parser: Parser, field: Field, source: str, taken: str) -> bytes:
    flag = f"--{field.name.replace('_', '-')}-{source}"
    if source == "env":
        if taken.encode() not in os.environb:
            parser.error(f"{flag}: there is no such variable")  # it may be the value
        value = os.environb[taken.encode()]
    else:
        value = _read_file(parser, flag, taken) if source == "file" else sys.stdin.buffer.read(_LARGEST)
    return value if field.multiline or field.binary else value.removesuffix(b"\n").removesuffix(b"\r")


def _read_file(parser: Parser, flag: str, path: str) -> bytes:
    try:
        return read_input(Path(path), _LARGEST)
    except StorageError as error:
        # Who takes the flag for one that takes a value must not see it quoted.
        parser.error(f"{flag}: {plain(str(error).replace(str(Path(path)), 'the file').replace(path, 'the file'))}")


def _default_or_answer(parser: Parser, field: Field) -> bytes:
    if field.default or not field.required:
        return field.default.encode()
    flag = f"--{field.name.replace('_', '-')}"
    if not can_ask() or field.multiline:
        parser.error(f"{field.title} is missing: add {flag}-file, {flag}-env or {flag}-stdin")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # so that the terminal gets its echo back
    try:
        if field.masked:
            return getpass(f"{field.title} (not shown): ").encode()
        sys.stderr.write(f"{field.title}: ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().encode()
    except (EOFError, KeyboardInterrupt, OSError):
        sys.stderr.write("\n")
        raise SystemExit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGINT, before)


def _is_right(form: EntryForm, entries: Sequence[dict[str, Sealed]], *, agreed: bool) -> bool:
    """Say what is wrong or odd about values, without quoting one, and return whether they may be sent."""
    found = [one for entry in entries for one in _problems(form, entry)]
    for title, problem in found:
        say(f"{title}: {problem.text}.")
    if any(problem.blocks for _, problem in found):
        return False
    if found and not agreed:
        say("Add --yes to create it like that.")
        return False
    return True


def _problems(form: EntryForm, entry: dict[str, Sealed]) -> Iterator[tuple[str, Problem]]:
    for field in _adapted(form, entry):
        value = entry[field.name].unsealed()
        if not value:
            if field.required and not field.may_be_empty:
                yield field.title, Problem("it is empty")
        elif problem := field.problem(value):
            yield field.title, problem

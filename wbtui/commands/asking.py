"""Asking a person on the terminal: for values, without showing them, and whether to go on."""

from collections.abc import Iterable, Sequence

from wbtui.commands.filling import FilledForm
from wbtui.commands.writing import LONGEST_LINE, answer_to, can_ask, typed_line
from wbtui.domain.problems import Problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.text import plain
from wbtui.domain.use_cases.model import Field
from wbtui.startup.streams import say


async def ask_for(form: FilledForm, names: Iterable[str], *, optional: bool = False) -> None:
    """Ask for the values of some fields of a form; again where one is wrong. Raises `NoAnswer`.

    With `optional`, an empty answer leaves a field without a value.
    """
    for name in names:
        while (problem := await _ask(form, name, optional=optional)) and problem.blocks:
            say(f"{form.title(name, dict(form.fields())[name])}: {problem.text}.")


async def _ask(form: FilledForm, name: str, *, optional: bool) -> Problem | None:
    of_field = dict(form.fields())[name]
    line = await typed_line(_question(form.title(name, of_field), of_field, optional), hidden=of_field.masked)
    form.values.pop(name, None)
    if len(line) + 1 >= LONGEST_LINE:
        return Problem("it may be cut off: a terminal takes no line that long; give it in a file")
    value = line if of_field.masked else line.strip()
    if not value and optional:
        return None
    form.values[name] = Sealed(value)
    return form.problem(name, of_field)


def _question(title: str, of_field: Field, optional: bool) -> str:  # noqa: FBT001
    remarks = [*(["not shown"] if of_field.masked else []), *(["Enter leaves it as it is"] if optional else [])]
    return plain(f"{title} ({', '.join(remarks)}): " if remarks else f"{title}: ")


async def agreed(problems: Sequence[tuple[str, Problem]], *, yes: bool) -> bool:
    """Say what is wrong or odd, and return whether it may be sent: where nothing is wrong, and all is wanted."""
    for title, problem in problems:
        say(f"{plain(title)}: {plain(problem.text)}.")
    if any(problem.blocks for _, problem in problems):
        return False
    if not problems or yes:
        return True
    if can_ask():
        return await answer_to("Write it like that? Type y to write it: ") == "y"
    say("Add --yes to write it like that.")
    return False

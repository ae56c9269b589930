"""What is entered for a new secret on the command line: from flags, or asked for on a terminal."""

from argparse import Namespace

from wbtui.arguments import Parser
from wbtui.commands.filling import FilledForm, Misfit, fitted
from wbtui.commands.sources import Given
from wbtui.commands.writing import can_ask
from wbtui.domain.credential import EnteredCredential
from wbtui.domain.display_name import display_name_problem
from wbtui.domain.draft import Draft
from wbtui.domain.form_matches import FormMatch
from wbtui.domain.names import name_problem
from wbtui.domain.use_cases.model import EntryForm, Preset, UseCase


def check_names(parser: Parser, name: str, display_name: str) -> None:
    """Exit with a sentence where a new secret cannot be called that."""
    if problem := name_problem(name) or (display_name_problem(display_name) if display_name else ""):
        parser.error(problem)


def form_of(parser: Parser, options: Namespace, use_case: UseCase, given: Given) -> FilledForm:
    """Return the form for a new secret with the given values; or exit with a sentence about a mistake.

    What is missing in it has to be asked for, and can be.
    """
    try:
        form = fitted(given, use_case, [_empty(parser, form, options.preset) for form in use_case.entry_forms])
    except Misfit as error:
        parser.error(str(error))
    form.fill_defaults()
    if form.entry_form.rows_name_keys and not form.values:
        parser.error("it needs --from-file KEY=FILE, once for each key, or --from-env-file FILE")
    for name, field in form.missing():
        if field.multiline or not can_ask():
            flag = f"--{name.replace('_', '-')}"
            parser.error(f"{field.title} is missing: add {flag}-file, {flag}-env or {flag}-stdin")
    return form


def _empty(parser: Parser, form: EntryForm, preset: str) -> FilledForm:
    return FilledForm(FormMatch(form), form.keys(preset_of(parser, preset, form) if preset else None))


def preset_of(parser: Parser, title: str, form: EntryForm) -> Preset:
    """Return the preset of a form with this title; or exit with a sentence."""
    found = next((preset for preset in form.presets if preset.title.casefold() == title.casefold()), None)
    if found:
        return found
    known = ", ".join(preset.title for preset in form.presets)
    return parser.error(f"--preset: there is {f'only {known}' if known else 'none for this use case'}")


def draft_of(options: Namespace, use_case: UseCase, form: FilledForm) -> Draft:
    """Return what is to be created, in a project that is not named yet."""
    return Draft(
        namespace="",
        name=options.words[1],
        use_case=use_case,
        entry_form=form.entry_form,
        entries=form.entries(),
        keys=form.keys,
        display_name=options.display_name,
        immutable=options.immutable,
        expires=options.expires,
    )


def credential_of(use_case: UseCase, form: FilledForm) -> EnteredCredential:
    """Return what is entered, to try it."""
    return EnteredCredential(use_case, form.entry_form, form.entries())

"""The state of a service in words: what is wrong first, and which credentials it is about."""

from collections.abc import Callable, Iterable, Iterator

from textual.content import Content

from wbtui.domain.secret import Secret
from wbtui.domain.service_credentials import DOWNLOAD, ServiceCredential, missing
from wbtui.domain.service_state import Condition, Part, ServiceState
from wbtui.domain.text import plain

_STATUSES = {
    "": "Created; the engine has not reported a status yet.",
    "Pending": "Waiting for what it depends on.",
    "Starting": "The engine is starting it.",
    "Running": "Serving requests.",
    "Degraded": "It may not serve requests.",
    "Failed": "Not serving requests.",
}
_WELL = {"Ready", "Running", "Succeeded", "Complete", ""}
"""Statuses of parts of which there is no more to say."""


def service_lines(state: ServiceState, find: Callable[[str], Secret | None]) -> Iterator[Content]:
    """Yield the lines about a service.

    `find` returns a secret of the project by name, or raises `LookupError` while its secrets are not all known.
    """
    if state.gone:
        yield Content.styled("It was deleted.", "bold")
        return
    yield Content.assemble((plain(state.status) or "New", "bold"), f": {_STATUSES.get(state.status, '')}")
    for sentence in _missing(state.credentials, find):
        yield Content("")
        yield Content.styled(plain(sentence), "$text-warning")
    yield from _conditions(state.conditions, state.credentials)
    for part in state.parts:
        yield from _part(part, state.credentials)
    yield from _credentials(state.credentials)
    if state.unseen:
        yield Content("")
        unseen = f"Not seen: {'; '.join(state.unseen)}. The reason of a failure may be there."
        yield Content.styled(plain(unseen), "dim")


def _missing(credentials: Iterable[ServiceCredential], find: Callable[[str], Secret | None]) -> list[str]:
    try:
        return list(missing(credentials, find))
    except LookupError:
        return []


def _credentials(credentials: Iterable[ServiceCredential]) -> Iterator[Content]:
    yield Content("")
    lines = [f"  {credential}: read by the {' and the '.join(credential.readers)}" for credential in credentials]
    yield Content.styled("Credentials that it uses" if lines else "It names no credentials.", "bold")
    yield from (Content(plain(line)) for line in lines)


def _part(part: Part, credentials: tuple[ServiceCredential, ...]) -> Iterator[Content]:
    yield Content("")
    status = part.status or "no status yet"
    message = f"  {part.message}" if part.message else ""
    yield Content.assemble((plain(f"{part.kind} {part.name}"), "bold"), plain(f": {status}{message}"))
    wrong = [condition for condition in part.conditions if condition.well is False]
    if part.kind != "Pod":
        credentials = tuple(credential for credential in credentials if DOWNLOAD in credential.readers)
    if part.status not in _WELL or any(condition.explanation(credentials) for condition in wrong):
        yield from _conditions(wrong, credentials, apart=False)


def _conditions(
    conditions: Iterable[Condition], credentials: tuple[ServiceCredential, ...], *, apart: bool = True
) -> Iterator[Content]:
    for condition in sorted(conditions, key=lambda one: (one.well is True, not one.explanation(credentials))):
        if apart:
            yield Content("")
        yield from _condition(condition, credentials)


def _condition(condition: Condition, credentials: tuple[ServiceCredential, ...]) -> Iterator[Content]:
    word = {True: "yes", False: "no", None: "not known"}[condition.holds]
    word = word.upper() if condition.well is False else word
    since = f"  since {condition.since:%Y-%m-%d %H:%M:%S} UTC" if condition.since else ""
    yield Content.assemble((f"{plain(condition.type)}: {word}", "bold"), f"  {plain(condition.reason)}", (since, "dim"))
    if condition.message:
        yield Content(f"  {plain(condition.message)}")
    if explanation := condition.explanation(credentials):
        yield Content.styled(f"  {plain(explanation)}", "$text-warning")

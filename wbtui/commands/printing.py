"""Print secrets that are meant, once, or with every change of them until interrupted."""

import asyncio
from argparse import Namespace
from collections.abc import Sequence

from wbtui.cluster.secrets import secrets_of
from wbtui.commands.choosing import SecretChoice, matching, readable_in, say_missing, with_certificates, with_sources
from wbtui.commands.ending import code_of, say_error, tell, write
from wbtui.commands.exit_codes import DONE, FAILED, FOUND
from wbtui.commands.place import Place, connected
from wbtui.commands.secret_formats import FORMATS, SHOWS_STATES, Listing, json_line, record
from wbtui.domain.clock import utc_now
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.errors import RETRIED, ClusterError
from wbtui.news import Changes, Complete, Interrupted, News, Page
from wbtui.startup.streams import say

_TABLES = {"table", "wide"}
_ADDED, _CHANGED, _GONE = "ADDED", "MODIFIED", "DELETED"


async def print_once(options: Namespace, choice: SecretChoice) -> int:
    """Print the secrets that are meant, and return the exit code. Raises any `ClusterError`."""
    async with connected(options) as meant:
        readable = await readable_in(meant, choice)
        secrets, place, _ = readable
        if secrets:
            secrets = await _with_writers(place, secrets, choice, options)
            await choice.facts.learn(place, choice.query)
    listed = matching(secrets, choice.query)
    if listed or options.output not in _TABLES:
        tell(FORMATS[options.output](Listing(listed, meant.many, options.headers, utc_now())))
    failed = readable.say_unread()
    if say_missing(choice.names, secrets, place):
        return FAILED
    if not listed:
        say(f"No secrets in {place.in_words}" + (" match the filter." if secrets else "."))
    return FAILED if failed else FOUND if listed and options.fail else DONE


async def _with_writers(place: Place, secrets: list[Secret], choice: SecretChoice, options: Namespace) -> list[Secret]:
    """Return the secrets with what writes them, as far as the filter asks for it or the format tells it."""
    told = options.output in SHOWS_STATES
    if told or "is:" in options.filter:
        secrets = await with_sources(place, secrets)
    if told or choice.query.asks_expiry:
        secrets = await with_certificates(place, secrets)
    unknown = next((secret.issued for secret in secrets if isinstance(secret.issued, str)), "")
    if unknown and choice.query.asks_expiry:
        say(f"When what Certificates have issued expires is not known: {unknown}.")
    return secrets


async def print_changes(options: Namespace, choice: SecretChoice) -> int:
    """Print secrets and their changes, in each project until no waiting helps; return the exit code.

    Raises any `ClusterError` that keeps it from beginning.
    """
    name = choice.names[0] if len(choice.names) == 1 else ""
    async with connected(options) as place:
        await choice.facts.learn(place, choice.query)
        printing = _Changes(options, choice, projects=place.many)

        async def follow(scope: Scope) -> int:
            try:
                async for news in secrets_of(place.connection, scope, place.prefixes, name=name).follow():
                    printing.apply(news, scope)
            except ClusterError as error:  # others are still followed
                say_error(error)
                return code_of(error)
            return DONE

        return max(await asyncio.gather(*map(follow, place.scopes(helm=choice.helm))))


class _Changes:
    """Prints the secrets that are listed, and what becomes of them; one that no longer matches counts as gone."""

    def __init__(self, options: Namespace, choice: SecretChoice, *, projects: bool) -> None:
        self._options = options
        self._choice = choice
        self._projects = projects
        self._known: dict[str, Secret] = {}
        self._headers = bool(options.headers)

    def apply(self, news: News, scope: Scope) -> None:
        """Take in what has come from the cluster about a scope, and print it."""
        match news:
            case Page(items=secrets):
                self._see(secrets)
            case Changes(changed=secrets, deleted=uids):
                self._see(secrets)
                self._lose(uids)
            case Complete(uids=uids):
                known = (one for one in self._known.values() if scope.namespace in {None, one.namespace})
                self._lose([one.uid for one in known if one.uid not in uids])
            case Interrupted(error=error, as_of=None) if not isinstance(error, RETRIED):
                raise error
            case Interrupted(error=error, seconds=seconds):
                say_error(error)
                say(f"Trying again in {seconds:.0f} s.")
            case _:
                pass

    def _see(self, secrets: Sequence[Secret]) -> None:
        meant = [one for one in secrets if not self._choice.names or one.name in self._choice.names]
        listed = matching(meant, self._choice.query)
        new = [one for one in listed if one != self._known.get(one.uid)]
        added = [one for one in new if one.uid not in self._known]
        changed = [one for one in new if one.uid in self._known]
        uids = {one.uid for one in listed}
        self._known |= {one.uid: one for one in listed}
        self._print(_ADDED, added)
        self._print(_CHANGED, changed)
        self._lose([one.uid for one in meant if one.uid not in uids])

    def _lose(self, uids: Sequence[str]) -> None:
        self._print(_GONE, [self._known.pop(uid) for uid in uids if uid in self._known])

    def _print(self, event: str, secrets: Sequence[Secret]) -> None:
        if not secrets:
            return
        output = self._options.output
        if output == "json":
            write("".join(json_line({"type": event, "object": record(secret, utc_now())}) for secret in secrets))
            return
        write(FORMATS[output](Listing(secrets, self._projects, self._headers, utc_now(), event)))
        self._headers = False

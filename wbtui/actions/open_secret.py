import re
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand
from wbtui.errors import ClusterError, NotFound
from wbtui.news import Changes

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.screens.choose import Offer
    from wbtui.screens.secrets import SecretsScreen

_NAME = re.compile(r"[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")
"""Anything else would be part of a path that leads elsewhere."""


async def _open_secret(screen: "SecretsScreen", name: str) -> None:
    """Go to a secret by its name; one that is not in the list, as one may not list, becomes a row of it."""
    from wbtui.screens.choose import ChooseScreen, FreeText

    project = screen.project
    wanted: str | None = name
    if not name:
        free = FreeText("Type the name of a secret.", str)
        question = ChooseScreen(f"Open a secret in {project}", lambda: _names(screen, project), free=free)
        wanted = await screen.app.push_screen_wait(question)
    if wanted and (secret := await _find(screen, project, wanted)):
        screen.list.apply(Changes((secret,), ()))
        screen.list.table.go_to(secret.uid)


async def _names(screen: "SecretsScreen", project: str) -> "Offer[str]":
    """Return the names that one may read alone, and those in the list."""
    from wbtui.screens.choose import Choice, Offer

    listed = {secret.name: secret.names for secret in screen.list.index.of(project)}
    others = sorted(screen.session.rights.names("get") - listed.keys())
    return Offer([Choice(name, title) for name, title in (*listed.items(), *zip(others, others, strict=True))])


async def _find(screen: "SecretsScreen", project: str, name: str) -> "Secret | None":
    from wbtui.domain.secret import Secret

    listed = screen.list.index.of(project)
    called = [one for one in listed if one.name == name] or [one for one in listed if one.display_name == name]
    if len(called) > 1:
        names = ", ".join(secret.name for secret in called)
        screen.notify(f"{len(called)} secrets are called {name}. Their Kubernetes names: {names}.", severity="warning")
    if called:
        return called[0] if len(called) == 1 else None
    if not _NAME.fullmatch(name):
        screen.notify(f"No secret can be called {name}.", severity="warning")
        return None
    try:
        return await screen.session.connected.read(Secret("", project, name, ""))
    except NotFound:
        screen.notify(f"There is no secret {name} in {project}.", severity="warning")
    except ClusterError as error:
        screen.notify_error(error)
    return None


async def _names_here(screen: "SecretsScreen") -> list[str]:
    return [choice.value for choice in (await _names(screen, screen.project)).choices]


ACTION = Action(
    "open_secret",
    _open_secret,
    "Open",
    command=ColonCommand(
        "secret", "go to a secret by its name, also where you may not list them", "[NAME]", choices=_names_here
    ),
)

"""What an action is."""

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from textual.binding import Binding

from wbtui.domain.rights import SECRETS, Resource, Rights

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen

Run: TypeAlias = "Callable[[SecretsScreen, str], Coroutine[Any, Any, None] | None]"
"""Does it, in a worker where that takes time; the text is what was typed after its command."""
WhyNot: TypeAlias = "Callable[[SecretsScreen], str]"


def _secrets() -> tuple[Resource, ...]:
    return (SECRETS,)


def _always_possible(_: "SecretsScreen") -> str:
    return ""


class Need(NamedTuple):
    """The right that an action needs: a verb on one of several resources."""

    verb: str
    resources: Callable[[], tuple[Resource, ...]] = _secrets

    def missing(self, rights: Rights) -> str:
        """Return what is needed and not there; empty where nothing is missing, as far as is known."""
        return rights.refusal(self.verb, resources=self.resources()) if rights.known else ""


Choices: TypeAlias = "Callable[[SecretsScreen], Coroutine[Any, Any, Sequence[str]]]"
"""Returns what may be typed after a command. Raises `ClusterError`."""


class ColonCommand(NamedTuple):
    """The name after the colon that runs an action, what is typed after it, and what it is for.

    `others` are more names for the same; `choices` completes what is typed after the name.
    """

    name: str
    meaning: str
    takes: str = ""
    others: tuple[str, ...] = ()
    choices: "Choices | None" = None


class Action(NamedTuple):
    """One thing that can be done from the list of secrets.

    `keys` may be empty. `id` is what the settings call them by. An action with a `need` changes the cluster.
    `why_not` tells why it cannot be done to what is chosen, empty where it can. With `offline` it needs no cluster.
    """

    name: str
    run: Run
    title: str
    tooltip: str = ""
    id: str = ""
    keys: str = ""
    show: bool = True
    need: Need | None = None
    why_not: WhyNot = _always_possible
    command: ColonCommand | None = None
    offline: bool = False

    @property
    def binding(self) -> Binding:
        """Return the binding of its keys, on the list screen."""
        return Binding(self.keys, f"run('{self.name}')", self.title, id=self.id, show=self.show, tooltip=self.tooltip)

from functools import partial
from typing import TYPE_CHECKING

from wbtui.actions.action import Action, ColonCommand

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def _go_to_context(screen: "SecretsScreen", name: str) -> None:
    from wbtui.screens.choose import ChooseScreen
    from wbtui.screens.location_choices import contexts_of

    session = screen.session
    context: str | None = name
    if not name:
        current = session.cluster.context if session.cluster else None
        question = ChooseScreen("Go to a context", partial(contexts_of, session), current=current)
        context = await screen.app.push_screen_wait(question)
    if context:
        screen.connect(context)
    elif not session.cluster:
        screen.list_again()


async def _names(screen: "SecretsScreen") -> list[str]:
    return [context.name for context in await screen.session.contexts()]


ACTION = Action(
    "context",
    _go_to_context,
    "Context",
    command=ColonCommand(
        "ctx", "go to another cluster of the kubeconfig; without a name, choose one", "[CONTEXT]", ("context",), _names
    ),
    offline=True,
)

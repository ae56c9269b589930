from typing import TYPE_CHECKING

from wbtui.actions.action import Action, Need
from wbtui.actions.replace import why_not
from wbtui.errors import ClusterError, Conflict, NotFound

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.domain.use_cases.model import UseCase
    from wbtui.repository import Cluster
    from wbtui.screens.choose import Offer
    from wbtui.screens.secrets import SecretsScreen


async def _relabel(screen: "SecretsScreen", _: str) -> None:
    from wbtui.domain.replacement import relabelled
    from wbtui.domain.use_cases.table import find_use_case
    from wbtui.screens.choose import ChooseScreen

    secret = screen.secret
    if not secret:
        return
    question = ChooseScreen(
        f"Use case of {secret.names}", lambda: _use_cases(secret), current=find_use_case(secret.use_case)
    )
    if use_case := await screen.app.push_screen_wait(question):
        cluster = screen.session.connected
        cluster.try_login_again()
        try:
            await screen.session.ask_account()
            await cluster.replace(relabelled(secret, use_case))
        except Conflict as error:
            screen.notify_error(await _what_changed(cluster, secret, error), timeout=12)
        except ClusterError as error:
            screen.notify_error(error, timeout=12)
            screen.session.ask_again()
        else:
            screen.notify(f"{secret.names} has the use case {use_case.title}.")


async def _what_changed(cluster: "Cluster", secret: "Secret", conflict: Conflict) -> ClusterError:
    """Return an error that says what another user did to the secret; `conflict`, where that is not known."""
    from wbtui.domain.secret_changes import change_in_words

    try:
        now = await cluster.read(secret)
    except NotFound as gone:
        return gone
    except ClusterError:
        return conflict
    if (now.uid, now.resource_version) == (secret.uid, secret.resource_version):
        return conflict
    return Conflict(change_in_words(secret, now).rstrip("."), advice="Its use case was not changed. Check the secret.")


async def _use_cases(secret: "Secret") -> "Offer[UseCase]":
    """Return the use cases; those for secrets of another type cannot be chosen."""
    from wbtui.domain.use_cases.table import USE_CASES
    from wbtui.screens.choose import Choice, Offer

    def refusal(use_case: "UseCase") -> str:
        fits = secret.type in {"", use_case.type} or use_case.fallback
        return "" if fits else f"it is for secrets of type {use_case.type}, and this one has type {secret.type}"

    return Offer(
        [Choice(use_case, use_case.title, use_case.value, refusal=refusal(use_case)) for use_case in USE_CASES]
    )


ACTION = Action(
    "relabel",
    _relabel,
    "Use case",
    "Change the secret's use case; its values stay",
    id="secret.use_case",
    keys="l",
    show=False,
    need=Need("patch"),
    why_not=why_not,
)

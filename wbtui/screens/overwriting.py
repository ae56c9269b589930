"""Ask whether to go on where another user has changed the secret since it was on the screen."""

from typing import Any

from wbtui.domain.secret import Secret
from wbtui.domain.secret_changes import change_in_words
from wbtui.errors import ClusterError, Conflict, NotFound
from wbtui.repository import Cluster
from wbtui.screens.ask import AskScreen
from wbtui.screens.form import FormScreen


async def ask_to_overwrite(
    screen: FormScreen[Any, Any],
    cluster: Cluster,
    before: Secret,
    error: Conflict,
    *,
    partly: bool,
    in_place: bool = False,
) -> Secret | None:
    """Return the secret as it is now, once the user agrees to replace its values; None where they do not.

    `partly` tells that keys that were not entered stay, `in_place` that an immutable secret is not recreated. Raises
    `Conflict` where the values cannot be replaced any more.
    """
    now = await look_again(cluster, before, error)
    said = change_in_words(before, now)
    if now.immutable and in_place:
        why = f"{said.rstrip('.')}: its values cannot be changed in place"
        raise Conflict(why, advice="Write them under a new name, or go back with {form.leave}.")
    if now.immutable and partly:
        why = f"{said.rstrip('.')}: it has to be recreated, which needs all keys"
        raise Conflict(why, advice="Choose all keys and enter them, or go back with {form.leave}.")
    more = set(now.keys or ()) - set(before.keys or ())
    lost = " Its new keys would be deleted." if more and not partly else ""
    question = AskScreen(
        "Changed by another user",
        f"{said}{lost}\nReplace the values anyway?",
        yes="Replace",
        no="Not now",
        interrupts=True,
    )
    return now if await screen.confirm(question) else None


async def look_again(cluster: Cluster, before: Secret, error: Conflict) -> Secret:
    """Return the secret as it is now, which another user has changed.

    Raises `NotFound` where it is gone, `Conflict` where it must not be written, and `error` where no more is known.
    """
    try:
        now = await cluster.read(before)
    except NotFound:
        raise
    except ClusterError as failed:
        raise error from failed
    if now.uid != before.uid or now.owners or now.deleted:
        why = change_in_words(before, now).rstrip(".")
        raise Conflict(why, advice="Nothing was changed. Go back with {form.leave} and check the secret.")
    if now.resource_version == before.resource_version:
        raise error
    return now

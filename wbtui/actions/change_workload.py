"""Changing a workload in a form: how secrets are attached to it, and detached."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from wbtui.domain.references import Json
from wbtui.domain.targets import Workload
from wbtui.repository import ClusterError
from wbtui.screens.change import ChangeForm, ChangeScreen
from wbtui.screens.takers import well_formed

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen

_SLOW = 0.5
"""Seconds after which it is said what is being waited for."""


async def change_workload(
    screen: "SecretsScreen", workload: Workload, form_of: Callable[[Json, tuple[str, ...]], ChangeForm]
) -> None:
    """Read a workload, and have it changed; `form_of` makes the form of it and of the names of its pods."""
    store = screen.session.connected.workloads
    pods: tuple[str, ...] = ()
    slow = screen.set_timer(_SLOW, partial(screen.notify, f"Reading {workload} …"))
    try:
        before = well_formed(workload, await store.read(workload))
    except ClusterError as error:
        screen.notify(f"{workload}: {error}. {error.advice}", title=error.title, severity="error")
        return
    finally:
        slow.stop()
    with suppress(ClusterError):  # their number stands in the workload itself; their names are a help
        pods = await store.pods(before)
    if done := await screen.app.push_screen_wait(ChangeScreen(screen.session, form_of(before, pods))):
        screen.notify(done, timeout=12)

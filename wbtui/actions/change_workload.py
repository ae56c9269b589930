"""Change a workload in a form, to attach a secret to it or to detach one."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from wbtui.domain.reference_paths import Json
from wbtui.domain.targets import Workload
from wbtui.errors import ClusterError
from wbtui.repository import WorkloadStore
from wbtui.screens.change import ChangeForm, ChangeScreen
from wbtui.screens.takers import well_formed
from wbtui.screens.wait import WaitScreen
from wbtui.widgets.keys_in_text import advice_of

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def change_workload(
    screen: "SecretsScreen", workload: Workload, form_of: Callable[[Json, tuple[str, ...]], ChangeForm]
) -> bool:
    """Read a workload, and have it changed; return whether it was. `form_of` makes the form of it and of its pods."""
    waiting = WaitScreen(f"Reading {workload} …", _read(screen.session.connected.workloads, workload))
    answer = await screen.app.push_screen_wait(waiting)
    if isinstance(answer, ClusterError):
        screen.notify(f"{workload}: {answer}. {advice_of(answer, screen)}", title=answer.title, severity="error")
    elif answer and (done := await screen.app.push_screen_wait(ChangeScreen(screen.session, form_of(*answer)))):
        screen.notify(done, timeout=12)
        return True
    return False


async def _read(store: WorkloadStore, workload: Workload) -> tuple[Json, tuple[str, ...]]:
    before = well_formed(workload, await store.read(workload))
    with suppress(ClusterError):  # their number stands in the workload itself; their names are a help
        return before, await store.pods(before)
    return before, ()

"""Change a workload in a form, to attach a secret to it or to detach one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from wbtui.changing import read_to_change
from wbtui.domain.reference_paths import Json
from wbtui.domain.targets import Workload
from wbtui.errors import ClusterError
from wbtui.screens.change import ChangeScreen
from wbtui.screens.wait import WaitScreen
from wbtui.widgets.change_form import ChangeForm

if TYPE_CHECKING:
    from wbtui.screens.secrets import SecretsScreen


async def change_workload(
    screen: "SecretsScreen", workload: Workload, form_of: Callable[[Json, tuple[str, ...]], ChangeForm]
) -> bool:
    """Read a workload, and have it changed; return whether it was. `form_of` makes the form of it and of its pods."""
    waiting = WaitScreen(f"Reading {workload} …", read_to_change(screen.session.connected.workloads, workload))
    answer = await screen.app.push_screen_wait(waiting)
    if isinstance(answer, ClusterError):
        screen.notify_error(answer, f"{workload}: ")
    elif answer and (done := await screen.app.push_screen_wait(ChangeScreen(screen.session, form_of(*answer)))):
        screen.notify(done, timeout=12)
        return True
    return False

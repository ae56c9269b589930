"""The application: what all screens share."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any, ClassVar

from textual import events, on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen
from textual.widgets import Input

from wbtui.actions import COMMANDS
from wbtui.domain.clock import Clock, utc_now
from wbtui.domain.projects import StartLocation
from wbtui.domain.text import plain
from wbtui.errors import ProgramReplaced
from wbtui.repository import Clusters
from wbtui.screens.quitting import request_quit
from wbtui.screens.secrets import SecretsScreen
from wbtui.startup import collector
from wbtui.storage.audit import AuditLog
from wbtui.storage.problems import Problems
from wbtui.storage.session_state import SessionState
from wbtui.terminal.background import BackgroundTold
from wbtui.terminal.clipboard import copied
from wbtui.terminal.crash import crash_report
from wbtui.terminal.driver import TerminalDriver
from wbtui.terminal.key_names import said
from wbtui.terminal.palette import commands_of
from wbtui.terminal.repaint import Repaint
from wbtui.terminal.theme_choice import ThemeChoice
from wbtui.terminal.typed_ahead import TypedAheadApp
from wbtui.terminal.when_idle import WhenIdle
from wbtui.widgets.notices import Notices
from wbtui.widgets.sheets import FIRST_SHEETS, LaterSheets


def _binding(key: str, action: str, title: str, name: str, tooltip: str) -> Binding:
    return Binding(key, action, title, id=name, show=False, priority=True, tooltip=tooltip)


class Workbench(TypedAheadApp):
    """wbtui on the screen: the secrets of the clusters that it is given."""

    TITLE = "wbtui"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*FIRST_SHEETS]
    BINDINGS: ClassVar[list[BindingType]] = [
        _binding("ctrl+c,ctrl+q", "quit", "Quit", "app.interrupt", "Quit wbtui from anywhere"),
        _binding("ctrl+l", "redraw", "Redraw", "app.redraw", "Redraw the screen"),
        _binding(
            "ctrl+z", "suspend_process", "Suspend", "app.suspend", "Suspend wbtui: fg in the shell brings it back"
        ),
        _binding("escape", "give_up_login", "Stop the login", "app.give_up_login", "Stop waiting for the plugin"),
    ]

    def __init__(
        self,
        clusters: Clusters,
        *,
        start: StartLocation | None = None,
        state: SessionState | None = None,
        audit: AuditLog | None = None,
        problems: Problems | None = None,
        now: Clock = utc_now,
        later: Iterable[object] = (),
    ) -> None:
        super().__init__()
        self.themes = ThemeChoice(self)
        self._repaint = Repaint(self)
        self._later_sheets = LaterSheets(self.stylesheet)
        self.animation_level = "none"  # in-between frames only cost time over SSH
        self._secrets = SecretsScreen(
            clusters, start or StartLocation(), state or SessionState(), audit or AuditLog(), now
        )
        self._notices = Notices(self, self._secrets.session, problems or Problems())
        self._later = WhenIdle(self, self._later_sheets.steps(), later)

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for a terminal."""
        return TerminalDriver

    @on(BackgroundTold)
    def _fit_theme(self, message: BackgroundTold) -> None:
        self.themes.background_told(light=message.light)

    def on_resize(self, event: events.Resize) -> None:
        """Draw everything again: the terminal has moved what was drawn."""
        self._repaint.resized(event.size)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Let no cursor blink: over SSH each change is sent, for as long as a field is open."""
        if isinstance(event.widget, Input):
            event.widget.cursor_blink = False

    @on(Driver.SignalResume)
    def action_redraw(self) -> None:
        """Wipe the terminal, and draw everything again."""
        self._repaint.wiped()

    def get_default_screen(self) -> Screen[None]:
        """Return the screen that lies under all others."""
        return self._secrets

    def on_ready(self) -> None:
        """Do what was left for after the first frame."""
        collector.resume()
        self._notices.listen()
        (self._secrets.open_demo if self._secrets.session.start.demo else self._secrets.list_again)()
        self._later.begin()

    def push_screen(self, *screen: Any, **more: Any) -> Any:
        """Open a screen; its styles may not have been read yet."""
        self._later_sheets.read()
        return super().push_screen(*screen, **more)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return action != "give_up_login" or self._notices.plugin.is_shown

    def action_give_up_login(self) -> None:
        self._secrets.session.give_up_login()

    @property
    def worked(self) -> bool:
        """Return whether a cluster has answered in this session."""
        return self._secrets.session.answered

    async def on_unmount(self) -> None:
        await self._secrets.close()

    async def action_quit(self) -> None:
        """Quit wbtui, after asking where something that was entered would be lost."""
        request_quit(self)

    def use_columns(self, names: Sequence[str]) -> None:
        """Show these columns in the list, where no others were chosen. Raises `ValueError` for an unknown name."""
        self._secrets.list.columns.use_default(names)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy text to where the person sits, and say what is known of it."""
        if self.driver:
            self._copy(text, self.driver.write)

    @work(thread=True, group="copy")
    def _copy(self, text: str, write: Callable[[str], None]) -> None:
        self.call_from_thread(self.notify, copied(text, partial(self.call_from_thread, write)))

    def notify(self, message: str, **more: Any) -> None:
        """Say something in passing; it may hold text of the cluster."""
        super().notify(plain(message), **{**more, "markup": False})  # Widget.notify passes markup=True

    def clear_notifications(self) -> None:
        """Take all that was said in passing off the screen."""
        super().clear_notifications()
        self._notices.warnings.forget()

    def action_explain_values(self) -> None:
        """Say why no value is ever shown."""
        self.notify(
            "wbtui never asks the cluster for values, so there is none to show. Use the secret where it is needed;"
            " to replace a value that is lost, make a new one where it came from and enter that.",
            title="Values are never shown",
            timeout=12,
        )

    def action_help(self) -> None:
        """Show the keys that work where one is."""
        from wbtui.screens.help import HelpScreen

        commands = [action.command for action in COMMANDS.values() if action.command]
        self.push_screen(HelpScreen(self.screen.active_bindings, commands))

    def get_key_display(self, binding: Binding) -> str:
        """Return the key as people say it."""
        return said(super().get_key_display(binding))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer what the keys of this screen do, by name."""
        return commands_of(self, screen, self.themes.choose)

    def outlives(self, error: BaseException | None) -> bool:
        """Say what is lost with a part of the program that cannot be loaded any more: only what needs it."""
        if isinstance(error, ProgramReplaced):
            self._notices.tell_replaced(error)
        return isinstance(error, ProgramReplaced)

    def report_crash(self) -> None:
        # Textual's own report prints local variables and messages, which may hold credentials.
        self.panic(crash_report())

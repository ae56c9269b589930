"""The terminal is shared: with other programs, with a shell that suspends wbtui, with a person who closes it."""

import os
import random
import select
import signal
import termios
from pathlib import Path

import pytest

from tests.program import IN_A_SHELL
from tests.pseudo_terminal import (
    Terminal,
    assert_clean,
    assert_given_back,
    assert_nothing_left,
    wbtui,
)
from tests.screens.driving import PATIENCE

COMPLETE = ("27 secrets", "demo@example.com", "live", "[0 All 27]", "in sync: Secret")
"""What is on the screen once nothing more is to come; the last is what is said of the sources of secrets."""
_PACE = 0.02
"""Seconds between two keys that are held down."""


def write_over(terminal: Terminal) -> None:
    """Write to the terminal as another program does, such as wall."""
    with Path(terminal.path).open("w") as other:
        other.write("\x1b[3;1HBroadcast message from root\r\n\r\nthe system goes down\x1b[2;9r\x1b[7m")
    terminal.sees("Broadcast message", "the system goes down")


def stopped(terminal: Terminal) -> bool:
    """Wait until the program is stopped."""
    _, status = os.waitpid(terminal.process.pid, os.WUNTRACED)
    return os.WIFSTOPPED(status)


def all_drawn(terminal: Terminal) -> str:
    """Return the text of the list once all of it has come: what is drawn after it comes after it."""
    terminal.sees(*COMPLETE)
    terminal.press("j")
    terminal.sees("> gateway-api-keys")
    terminal.press("k")
    terminal.sees("> docker-hub-pull", "  gateway-api-keys")
    return terminal.text()


def test_ctrl_l_wipes_what_another_program_wrote(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        before = all_drawn(terminal)
        write_over(terminal)
        terminal.press("\x0c")
        terminal.shows(before)


@pytest.mark.parametrize("keys", ["", "a"])
def test_after_ctrl_z_and_fg_all_is_drawn_again(environment: dict[str, str], keys: str) -> None:
    with wbtui(environment) as terminal:
        before = all_drawn(terminal)
        if keys:
            terminal.press(keys)
            terminal.sees("ctrl+s Save")
            before = terminal.text()
        terminal.press("\x1a")
        assert stopped(terminal)
        assert termios.tcgetattr(terminal.master) == terminal.settings
        write_over(terminal)
        assert terminal.output.rindex(b"\x1b[?1049l") > terminal.output.rindex(b"\x1b[?1049h")
        os.killpg(terminal.process.pid, signal.SIGCONT)
        terminal.shows(before)
        if keys:
            terminal.press("\x1b")
            terminal.sees("live")
        terminal.press("q")
        assert terminal.ends() == 0


def test_ctrl_z_stops_a_script_that_started_it_too(environment: dict[str, str]) -> None:
    with wbtui(environment, *shell(f"{IN_A_SHELL} --demo; echo back in the script")) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("\x1a")
        assert stopped(terminal)
        terminal.resumes("27 secrets")
        terminal.press("q")
        terminal.sees("back in the script")


def test_what_a_shell_changes_while_it_is_stopped_is_set_again(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        before = all_drawn(terminal)
        os.killpg(terminal.process.pid, signal.SIGSTOP)
        assert stopped(terminal)
        termios.tcsetattr(terminal.master, termios.TCSANOW, terminal.settings)
        write_over(terminal)
        os.killpg(terminal.process.pid, signal.SIGCONT)
        terminal.shows(before)
        terminal.press("j")
        terminal.sees("> gateway-api-keys")


def test_after_many_resizes_the_screen_is_that_of_a_fresh_session(environment: dict[str, str]) -> None:
    size = (30, 100)
    with wbtui(environment, size=size) as fresh:
        wanted = all_drawn(fresh)
        chance = random.Random(7)
        for _ in range(119):
            fresh.resize(chance.randint(5, 50), chance.randint(20, 200))
            if chance.random() < 0.3:
                fresh.press("\x1b")
        fresh.resize(*size)
        fresh.shows(wanted)


def shell(command: str) -> list[str]:
    """Return the arguments that have Python become a shell that runs a command."""
    return ["-c", f"import os; os.execv('/bin/sh', ['sh', '-c', {command!r}])"]


@pytest.mark.parametrize("before", ["", "trap '' HUP; ", "exec nohup "], ids=["shell", "trap", "nohup"])
def test_a_terminal_that_is_closed_without_a_signal_ends_it(environment: dict[str, str], before: str) -> None:
    keep = '<"$0" >"$0" 2>"$0"'
    inner = f"exec {IN_A_SHELL} --demo"
    command = f"""{before}sh -c '{inner} {keep}' "$(tty)" """
    with wbtui(environment, *shell(command), controlling=False) as terminal:
        terminal.sees("27 secrets", "demo@example.com", "live")
        terminal.hang_up()
        assert terminal.process.wait(PATIENCE) == 128 + signal.SIGHUP
        assert_nothing_left(terminal, environment)


def stop_reading(terminal: Terminal) -> None:
    """Have the program draw until the terminal takes nothing any more, and then what it cannot write."""
    other = os.open(terminal.path, os.O_WRONLY | os.O_NOCTTY)
    for _ in range(2000):
        terminal.press("\x0c")
        if not select.select([], [other], [], 0)[1]:
            break
        select.select([], [], [], _PACE)
    os.close(other)
    for _ in range(100):
        terminal.press("\x0c")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM])
def test_a_terminal_that_takes_no_output_does_not_hold_a_signal_up(
    environment: dict[str, str], number: signal.Signals
) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("27 secrets", "demo@example.com", "live")
        stop_reading(terminal)
        terminal.process.send_signal(number)
        assert terminal.process.wait(PATIENCE) == 128 + number
        assert terminal.ends()
        assert_clean(terminal, environment)


HANGING = """
import asyncio, sys, threading
from wbtui.app import Workbench
from wbtui.cli import main
from wbtui.terminal import ending

ending._PARTING_SECONDS = ending._LINGERING_SECONDS = 1.0

def hang(self):
    print("it hangs", file=sys.__stderr__, flush=True)
    threading.Event().wait()

async def hang_in_thread(self):
    self.run_worker(asyncio.to_thread(hang, self))

Workbench.action_explain_values = hang_in_thread if sys.argv[1] == "thread" else hang
sys.exit(main(["--demo"]))
"""


def test_a_program_that_does_nothing_any_more_ends_on_a_signal(environment: dict[str, str]) -> None:
    with wbtui(environment, "-c", HANGING, "program") as terminal:
        terminal.sees("27 secrets", "demo@example.com", "live")
        terminal.press("x")
        terminal.sees("it hangs")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.ends() == 128 + signal.SIGTERM
        assert_given_back(terminal)


def test_a_thread_that_waits_for_something_does_not_hold_the_end_up(environment: dict[str, str]) -> None:
    with wbtui(environment, "-c", HANGING, "thread") as terminal:
        terminal.sees("27 secrets", "demo@example.com", "live")
        terminal.press("x")
        terminal.sees("it hangs")
        terminal.press("q")
        assert terminal.ends() == 0
        assert_clean(terminal, environment)


def test_a_stopped_program_ends_on_a_signal_and_leaves_the_terminal_to_the_shell(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("27 secrets", "demo@example.com", "live")
        terminal.press("\x1a")
        assert stopped(terminal)
        terminal.settings[3] &= ~termios.ECHO  # as shells have it while a line is typed
        termios.tcsetattr(terminal.master, termios.TCSANOW, terminal.settings)
        for number in (signal.SIGTERM, signal.SIGCONT):
            terminal.process.send_signal(number)
        assert terminal.ends() == 128 + signal.SIGTERM
        assert_clean(terminal, environment)

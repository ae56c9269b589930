import json
import os
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.conftest import LIMIT, PROJECT, following
from tests.program import IN_A_SHELL, PROGRAM
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.domain.projects import Scope
from wbtui.news import Page, WatchOpened


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*PROGRAM, *arguments]
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )


def test_wrong_use_is_a_sentence_and_exit_code_2(environment: dict[str, str]) -> None:
    done = run(environment, "--contex", "x")
    sentence = 'wbtui: unknown flag "--contex" (did you mean "--context"?). See wbtui --help.\n'
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


@pytest.mark.parametrize(
    ("words", "flags"),
    [(["version"], ["--version"]), (["help"], ["--help"]), (["help", "get"], ["get", "--help"])],
)
def test_what_other_programs_have_commands_for_works(
    environment: dict[str, str], words: list[str], flags: list[str]
) -> None:
    done = run(environment, *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, run(environment, *flags).stdout, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["doctor", "--kubeconfig", "/nowhere/ünï"], 1), (["config", "show"], 0), (["get", "--context", "ünï"], 1)],
)
def test_an_output_without_the_characters_gets_escapes(
    environment: dict[str, str], arguments: list[str], code: int
) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "WBTUI_EMAIL": "ünï@example.com"}
    done = run(environment | ascii_only, *arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert (done.stdout + done.stderr).isascii()


@pytest.mark.parametrize("arguments", [[], ["--demo"], ["--kubeconfig", "missing"]])
def test_without_a_terminal_it_says_so(environment: dict[str, str], arguments: list[str]) -> None:
    done = run(environment, *arguments)
    sentence = "wbtui needs a terminal for its input.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


@pytest.mark.parametrize(
    ("redirected", "sentences"), [("<&-", 1), ("<&- 2>&-", 0), ("<&- >&- 2>&-", 0), ("serve-demo >&-", 1)]
)
def test_with_closed_streams_it_says_so_where_it_can(
    environment: dict[str, str], redirected: str, sentences: int
) -> None:
    command = f"exec {IN_A_SHELL} {redirected}"
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, sentences)


class Served:
    """A demo cluster that runs by itself."""

    def __init__(self, environment: dict[str, str], kubeconfig: Path) -> None:
        command = [*PROGRAM, "serve-demo", "--kubeconfig", str(kubeconfig)]
        self.kubeconfig = kubeconfig
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.usage = "".join(self.process.stdout.readline() for _ in range(5))

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        self.process.communicate(timeout=LIMIT)
        return self.process.returncode


@pytest.fixture
def served(environment: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    served = Served(environment, tmp_path / "demo.kubeconfig")
    yield served
    if served.process.returncode is None:
        served.end()


def listed(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


async def test_a_served_demo_is_for_kubectl_and_for_wbtui(served: Served, environment: dict[str, str]) -> None:
    assert stat.S_IMODE(served.kubeconfig.stat().st_mode) == 0o600
    assert "Press ctrl+c to end it." in served.usage
    commands = [line.split() for line in served.usage.splitlines() if line.startswith("  kubectl")]
    assert len(commands) == 2
    for command in commands:
        assert "hf-token-llama" in listed(command, environment)
    cluster = await KubernetesClusters(Preferences(str(served.kubeconfig))).connect()
    try:
        assert (await cluster.account()).username == "demo@example.com"
        async with following(cluster.follow(Scope(PROJECT))) as news:
            told = await news.until(WatchOpened)
    finally:
        await cluster.close()
    assert [len(page.items) for page in told if isinstance(page, Page)] == [27]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_served_demo_ends_on_a_signal_and_may_be_served_again(
    served: Served, environment: dict[str, str], number: int
) -> None:
    assert served.end(number) == 0
    again = Served(environment, served.kubeconfig)
    assert again.usage.count("kubectl") == 2
    assert again.end() == 0


def test_a_link_is_replaced_and_not_followed(served: Served, environment: dict[str, str], tmp_path: Path) -> None:
    before = served.kubeconfig.read_text()
    link = tmp_path / "link"
    link.symlink_to(served.kubeconfig)
    other = Served(environment, link)
    assert served.kubeconfig.read_text() == before != link.read_text()
    assert stat.S_IMODE(link.lstat().st_mode) == 0o600
    assert other.end() == 0


@pytest.mark.parametrize("content", ["", "{}", json.dumps({"users": [{"name": "me"}]})])
def test_a_file_of_someone_else_is_not_overwritten(environment: dict[str, str], tmp_path: Path, content: str) -> None:
    mine = tmp_path / "config"
    mine.write_text(content)
    done = run(environment, "serve-demo", "--kubeconfig", str(mine))
    assert (done.returncode, done.stdout, mine.read_text()) == (2, "", content)
    assert "choose another file" in done.stderr


def test_a_place_that_cannot_be_written_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "missing" / "config"
    done = run(environment, "serve-demo", "--kubeconfig", str(path))
    sentence = f"The kubeconfig cannot be written to {path}: No such file or directory.\n"
    assert (done.returncode, done.stderr) == (1, sentence)


def test_a_port_that_is_taken_is_said(served: Served, environment: dict[str, str]) -> None:
    port = served.usage.partition(". ")[0].rpartition(":")[2]
    done = run(environment, "serve-demo", "--port", port)
    sentence = f"The demo cluster cannot listen on 127.0.0.1:{port}: Address already in use.\n"
    assert (done.returncode, done.stderr) == (1, sentence)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir])
def test_what_is_no_kubeconfig_of_the_demo_is_not_waited_for(
    environment: dict[str, str], tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "config")
    done = run(environment, "serve-demo", "--kubeconfig", str(tmp_path / "config"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "choose another file" in done.stderr


def test_an_output_that_is_full_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    command = f"exec {IN_A_SHELL} serve-demo --kubeconfig {tmp_path}/config > /dev/full"
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (1, "The output cannot be written: No space left on device.\n")


@pytest.mark.parametrize(("redirected", "code"), [("--version > /dev/full", 1), ("--nope 2> /dev/full", 2)])
def test_what_cannot_be_written_is_no_success(environment: dict[str, str], redirected: str, code: int) -> None:
    command = f"exec {IN_A_SHELL} {redirected}"
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")

"""Writes whose answer is lost, and secrets that somebody changes meanwhile: nothing is sent twice, or overwritten."""

import asyncio
import json
import signal
import sys
from base64 import b64encode
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.written import ROOT, TOKEN, records
from tests.conftest import Kubectl
from tests.proxy import Exchange, Fault, Proxy, answer, cut_after, drop, forward, hang, with_headers
from tests.pseudo_terminal import COLUMNS, wbtui
from tests.stored import values
from wbtui.demo.background import BackgroundCluster


class Ended(NamedTuple):
    """The exit code, what was written to stdout, and what to stderr."""

    code: int
    out: str
    err: str


def on_writes(fault: Fault) -> Fault:
    """Do this to what changes a secret, and pass on all the rest."""

    async def choose(exchange: Exchange) -> None:
        await (fault if _is_write(exchange) else forward)(exchange)

    return choose


def _is_write(exchange: Exchange) -> bool:
    request = exchange.request
    return request.method in {"POST", "PATCH"} and "/secrets" in request.path and "dryRun" not in request.query


async def started(
    cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str], *command: str
) -> asyncio.subprocess.Process:
    """Start a command on the cluster behind the proxy."""
    path = Path(environment["HOME"]) / "kubeconfig"
    path.write_text(json.dumps(cluster.kubeconfig()).replace(cluster.url, proxy.url))
    return await asyncio.create_subprocess_exec(
        *("env", "--default-signal"),  # whatever nohup has set for the tests
        *(sys.executable, "-m", "wbtui", *command, "--kubeconfig", str(path)),
        env=environment | {"PYTHONPATH": str(ROOT), "TOKEN": TOKEN},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str], *command: str) -> Ended:
    """Run a command on the cluster behind the proxy."""
    process = await started(cluster, proxy, environment, *command)
    out, err = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())


def sent(proxy: Proxy) -> int:
    """Return how many requests were sent that change a secret."""
    methods = [one.method for one in proxy.requests if "/secrets" in one.path and "dryRun" not in one.query]
    return sum(method in {"POST", "PATCH"} for method in methods)


@pytest.mark.parametrize("fault", [drop, cut_after(1), answer(503, b"no backend")], ids=["drop", "cut", "gateway"])
@pytest.mark.parametrize(
    "command",
    [["replace", "hf-token-llama"], ["rotate", "hf-token-llama", "--yes"]],
    ids=["replace", "rotate"],
)
async def test_a_lost_answer_is_said_and_nothing_is_sent_again(
    cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str], command: list[str], fault: Fault
) -> None:
    proxy.default = on_writes(fault)
    done = await run(cluster, proxy, environment, *command, "--token-env", "TOKEN")
    assert (done.code, done.out) == (1, ""), done.err
    assert f"{PROJECT}/hf-token-llama: " in done.err
    assert "not known" in done.err or "may still be" in done.err
    assert TOKEN not in done.err
    assert sent(proxy) == 1
    assert [one["result"] for one in records(Path(environment["HOME"]))] == ["not known whether it was done"]


async def test_a_login_that_ends_in_between_says_what_was_not_written(
    cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str]
) -> None:
    denied = json.dumps({"kind": "Status", "code": 401, "reason": "Unauthorized", "message": "Unauthorized"}).encode()
    answers = iter([forward])

    async def first_only(exchange: Exchange) -> None:
        await next(answers, answer(401, denied))(exchange)

    proxy.default = on_writes(first_only)
    flags = ["--token-env", "TOKEN", "-n", f"{PROJECT},training"]
    done = await run(cluster, proxy, environment, "create", "hf", "lost", *flags)
    assert (done.code, done.out) == (4, f"secret/lost created in {PROJECT}\n"), done.err
    assert "training/lost: not created.\n" in done.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_an_interrupt_while_it_is_written_says_that_it_is_not_known(
    cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str], number: signal.Signals
) -> None:
    written = asyncio.Event()

    async def silent(exchange: Exchange) -> None:
        written.set()
        await hang(exchange)

    proxy.default = on_writes(silent)
    process = await started(cluster, proxy, environment, "replace", "hf-token-llama", "--token-env", "TOKEN")
    await written.wait()
    process.send_signal(number)
    out, err = await process.communicate()
    assert (process.returncode, out) == (128 + number, b"")
    assert err.decode() == f"{PROJECT}/hf-token-llama: it is not known whether it was replaced.\n"
    results = [one["result"] for one in records(Path(environment["HOME"]))]
    assert results == ["interrupted: not known whether it was done"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            ["delete", "license-server", "second", "--yes"],
            {"secret/license-server not known: interrupted", "secret/second deleted"},
        ),
        (
            ["attach", "hf-token-llama", "deployment/eval-dashboard", "--yes"],
            {"deployment/eval-dashboard: it is not known whether it was changed."},
        ),
    ],
    ids=["delete", "attach"],
)
async def test_an_interrupt_says_of_each_what_is_known(
    cluster: BackgroundCluster,
    proxy: Proxy,
    environment: dict[str, str],
    kubectl: Kubectl,
    command: list[str],
    words: set[str],
) -> None:
    kubectl("create", "secret", "generic", "second", "--from-literal=a=b")
    silent = asyncio.Event()

    async def first_only(exchange: Exchange) -> None:
        request = exchange.request
        if request.method == "DELETE" and "second" in request.path:
            await forward(exchange)
        elif request.method in {"DELETE", "PATCH", "PUT"} and "dryRun" not in request.query:
            silent.set()
            await hang(exchange)
        else:
            await forward(exchange)

    proxy.default = first_only
    process = await started(cluster, proxy, environment, *command)
    assert process.stdout
    told = [await process.stdout.readline()] if command[0] == "delete" else []
    await silent.wait()
    process.send_signal(signal.SIGINT)
    out, err = await process.communicate()
    assert process.returncode == 130
    assert words <= {*b"".join([*told, out, err]).decode().splitlines()}


async def test_a_login_that_ends_while_it_is_followed_says_how_to_go_on(
    cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str], tmp_path: Path
) -> None:
    denied = json.dumps({"kind": "Status", "code": 401, "reason": "Unauthorized", "message": "Unauthorized"}).encode()

    async def then_denied(exchange: Exchange) -> None:
        await forward(exchange)
        if _is_write(exchange):
            exchange.proxy.default = answer(401, denied)

    proxy.default = then_denied
    (tmp_path / "value").write_text("x")
    flags = ["--from-file", f"url={tmp_path}/value", "--yes"]
    done = await run(cluster, proxy, environment, "rotate", "slack-webhook", *flags, "--timeout", "60s")
    assert done.out == "secret/slack-webhook replaced\n"
    assert done.code == 4, done.err
    assert "wbtui rotate slack-webhook --restart-only -n llm-serving --kubeconfig " in done.err


def test_what_somebody_changes_while_it_is_asked_is_not_overwritten(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str]
) -> None:
    command = ["-m", "wbtui", "replace", "hf-token-llama", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees("Token (not shown")
        kubectl("patch", "secret", "hf-token-llama", "-p", '{"stringData": {"token": "of-another-person"}}')
        terminal.press(f"{TOKEN}\r")
        terminal.sees(f"{PROJECT}/hf-token-llama: It was changed by kubectl-patch")
        assert terminal.ends() == 1
    assert values(kubectl, "hf-token-llama") == {"token": "of-another-person"}


def test_a_line_that_a_terminal_cuts_off_is_not_taken(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str]
) -> None:
    before = values(kubectl, "wandb-api-key")
    command = ["-m", "wbtui", "replace", "wandb-api-key", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees("Value of WANDB_API_KEY (not shown")
        terminal.press("x" * 4095 + "xxx\r")
        said = "Value of WANDB_API_KEY: it may be cut off: a terminal takes no line that long; give it in a file."
        terminal.sees(f"{said:<{COLUMNS}}\nValue of WANDB_API_KEY (not shown")
        terminal.press("\x04")
        terminal.sees("There was no answer: nothing was changed.")
        assert terminal.ends() == 1
    assert values(kubectl, "wandb-api-key") == before


WARNED = {
    "create": ["HuggingFace", "new", "--token-env", "TOKEN", "-n", f"{PROJECT},training"],
    "delete": ["hf-token-eval", "-y"],
    "attach": ["hf-token-eval", "deployment/eval-dashboard", "-y"],
}


@pytest.mark.parametrize("command", WARNED)
async def test_what_the_cluster_warns_of_is_told_once(
    cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str], command: str
) -> None:
    proxy.default = with_headers('Warning: 299 - "label \\"team\\" is [missing]"', 'Warning: 299 - "it is old"')
    ended = await run(cluster, proxy, environment, command, *WARNED[command])
    assert ended.code == 0
    warnings = [line for line in ended.err.splitlines() if line.startswith("Warning: ")]
    assert warnings == ['Warning: label "team" is [missing]', "Warning: it is old"]
    assert "Warning" not in ended.out


async def test_a_warning_that_repeats_the_value_is_not_told(
    cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str]
) -> None:
    encoded = b64encode(TOKEN.encode()).decode()
    proxy.default = with_headers(*(f'Warning: 299 - "{value} is weak"' for value in (TOKEN[3:], encoded)))
    ended = await run(cluster, proxy, environment, "create", *WARNED["create"])
    hidden = "Warning: the text of a warning is not shown: it repeats a value, or something that looks like one"
    assert (ended.code, ended.err.splitlines()) == (0, [hidden])


async def test_what_the_cluster_warns_of_a_read_is_not_told(
    cluster: BackgroundCluster, proxy: Proxy, environment: dict[str, str]
) -> None:
    proxy.default = with_headers('Warning: 299 - "this version is deprecated"')
    ended = await run(cluster, proxy, environment, "get")
    assert (ended.code, ended.err) == (0, "")

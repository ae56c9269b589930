from pathlib import Path

import pytest

from wbtui import __version__
from wbtui.arguments import parse
from wbtui.cli import main
from wbtui.command_table import COMMANDS
from wbtui.commands import serve_demo
from wbtui.commands.log_flags import start_log


def exits(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    """Return the exit code, the output and the errors."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code, *capsys.readouterr()


def test_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert exits(capsys, "--version") == (0, f"wbtui {__version__}\n", "")


def test_helps_with_every_flag(capsys: pytest.CaptureFixture[str]) -> None:
    code, shown, _ = exits(capsys, "--help")
    assert code == 0
    flags = ("--demo", "--kubeconfig", "--context", "--namespace NAME", "-A", "--as USER", "--read-only")
    assert [flag for flag in (*flags, *COMMANDS, "never shown") if flag not in shown] == []
    code, shown, _ = exits(capsys, "serve-demo", "--help")
    assert code == 0
    assert [flag for flag in ("--port N", "--kubeconfig FILE", "--secrets N") if flag not in shown] == []


def test_flags_are_read() -> None:
    options = parse(["-nresearch", "--context=a", "--as", "bob", "--request-timeout", "1m30s", "-A", "--read-only"])
    assert (options.namespace, options.context, options.impersonate) == ("research", "a", "bob")
    assert (options.request_timeout, options.all_namespaces, options.read_only) == ("1m30s", True, True)
    served = serve_demo.parser().parse(["--port", "65535", "--secrets", "5", "--kubeconfig", "k"])
    assert (served.port, served.secrets, str(served.kubeconfig)) == (65_535, 5, "k")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--nope"], 'unknown flag "--nope"'),
        (["--nope", "x"], 'unknown flag "--nope"'),
        (["--contex", "x"], 'unknown flag "--contex" (did you mean "--context"?)'),
        (["--namespaces=x"], 'unknown flag "--namespaces" (did you mean "--namespace"?)'),
        (["-x"], 'unknown flag "-x"'),
        (["--\x1b[2J"], 'unknown flag "--\N{REPLACEMENT CHARACTER}[2J"'),
        (["nope"], 'unknown command "nope"'),
        (["server-demo"], 'unknown command "server-demo" (did you mean "serve-demo"?)'),
        ([""], 'unknown command ""'),
        (["--demo", "serve-demo"], "serve-demo has to come first"),
        (["--context"], "--context: expected one argument"),
        (["--read-only=maybe"], "--read-only takes no value"),
        (["-A=x"], "-A/--all-namespaces takes no value"),
        (["--request-timeout", "soon"], "--request-timeout: a duration is a number of seconds"),
        (["--request-timeout", "1e400"], "--request-timeout: a duration is a number of seconds"),
        (["--request-timeout", "9" * 400], "--request-timeout: the duration is too long"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    code, output, errors = exits(capsys, *arguments)
    assert (code, output) == (2, "")
    assert errors.startswith(f"wbtui: {problem}")
    assert errors.endswith("See wbtui --help.\n")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--port", "99999"], "--port: it must be a number from 0 to 65535"),
        (["--port", "x"], "--port: it must be a number from 0 to 65535"),
        (["--port=-1"], "--port: it must be a number from 0 to 65535"),
        (["--port", "9" * 5_000], "--port: it must be a number from 0 to 65535"),
        (["--secrets", "1e6"], "--secrets: it must be a number from 0 to 1000000"),
        (["--context", "x"], 'unknown flag "--context"'),
        (["--ports", "1"], 'unknown flag "--ports" (did you mean "--port"?)'),
        (["nope"], 'unknown command "nope"'),
    ],
)
def test_what_is_wrong_for_the_demo_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    assert exits(capsys, "serve-demo", *arguments) == (
        2,
        "",
        f"wbtui serve-demo: {problem}. See wbtui serve-demo --help.\n",
    )


def test_a_log_that_cannot_be_kept_is_told_before_anything_starts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SystemExit) as ended:
        start_log(parse(["--log-file", str(path)]), to_stderr=False)
    sentence = f"wbtui: no log is written: {path} is not used: it is a symbolic link, not a file.\n"
    assert (ended.value.code, capsys.readouterr().err) == (2, sentence)
    assert not (tmp_path / "elsewhere").exists()

"""Whole sessions on a terminal: what is said at start of settings and files, and with which code they end."""

from pathlib import Path

import pytest

from tests.pseudo_terminal import (
    wbtui,
)


def settings(environment: dict[str, str], content: str) -> None:
    folder = Path(environment["HOME"]) / ".config" / "wbtui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(content)


def test_a_session_that_worked_ends_with_0(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("live")
        terminal.press("q")
        assert terminal.ends() == 0


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        ("", ["--kubeconfig", "/nowhere"], "There is no kubeconfig at /nowhere."),
        ("", ["--kubeconfig", "/dev/zero"], "The kubeconfig /dev/zero is not used: it is a device, not a file."),
        ('emial = "x"', [], 'unknown setting "emial" (did you mean "email"?)'),
    ],
)
@pytest.mark.parametrize("key", ["q", "\x1b"])
def test_a_failed_start_ends_with_1(
    environment: dict[str, str], content: str, arguments: list[str], words: str, key: str
) -> None:
    settings(environment, content)
    with wbtui(environment, "-m", "wbtui", *arguments) as terminal:
        terminal.sees(words)
        terminal.press(key)
        assert terminal.ends() == 1


def test_what_has_no_effect_is_said_at_start(environment: dict[str, str], kubeconfig: Path) -> None:
    settings(environment, '[contexts.demo-restrictd]\nprotected = true\n[keys]\n"secret.replase" = "i"\n')
    with wbtui(environment, "-m", "wbtui", "--kubeconfig", str(kubeconfig)) as terminal:
        terminal.sees("27 secrets", "live", '"secret.replase"', '"demo-restrictd"', '"demo-restricted"?')
        terminal.press("q")
        assert terminal.ends() == 0


@pytest.mark.parametrize("place", ["environment", "file"])
def test_the_project_that_is_set_wins_over_the_one_remembered(
    environment: dict[str, str], kubeconfig: Path, place: str
) -> None:
    state = Path(environment["HOME"]) / ".local" / "state" / "wbtui"
    state.mkdir(parents=True)
    (state / "choices.json").write_text('{"projects": {"demo": "research"}}')
    if place == "file":
        settings(environment, 'namespace = "training"')
    else:
        environment["WBTUI_NAMESPACE"] = "training"
    with wbtui(environment, "-m", "wbtui", "--kubeconfig", str(kubeconfig)) as terminal:
        terminal.sees("demo › training", "11 secrets")
        terminal.press("q")
        assert terminal.ends() == 0

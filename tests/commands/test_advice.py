"""What errors advise on the command line: nothing of keys, and nothing of a screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import wbtui
from wbtui import errors
from wbtui.commands.advice import advice_of

ROOT = Path(wbtui.__file__).parent
OF_A_SCREEN = ("{", "}", ":ctx", "Press ", "press ", "save", "Saving", "the list", "first line")


def _texts(path: Path) -> Iterator[str]:
    """Yield what is given as advice in a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case (
                ast.keyword(arg="advice", value=ast.Constant(value=str(text)))
                | ast.Assign(targets=[ast.Name(id="advice")], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id="advice"), value=ast.Constant(value=str(text)))
            ):
                yield text
            case _:
                pass


ADVICE = {text for path in (ROOT / "errors.py", *ROOT.glob("cluster/*.py")) for text in _texts(path) if text}


@pytest.mark.parametrize("retry", ["", "wbtui doctor"])
@pytest.mark.parametrize("advice", sorted(ADVICE))
def test_advice_is_for_the_command_line(advice: str, retry: str) -> None:
    said = advice_of(errors.ClusterError("it failed", advice=advice), retry)
    assert not [part for part in OF_A_SCREEN if part in said], said
    assert not said or (said[0].isupper() and said.endswith((".", "?")))
    assert "  " not in said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            errors.KubeconfigError,
            "Fix the kubeconfig, or choose another context with --context or another file with --kubeconfig.",
        ),
        (errors.Unauthorized, "The credentials have expired or were revoked: log in again."),
        (errors.WebhookRefused, "Tell the administrator of the cluster, or try again later."),
        (errors.NotFound, "Choose a project with -n."),
        (errors.ClusterError, ""),
    ],
)
def test_advice_says_what_to_type(error: type[errors.ClusterError], said: str) -> None:
    assert advice_of(error("it failed")) == said


def test_what_happened_is_not_said_twice() -> None:
    assert errors.Forbidden("forbidden").titled == "forbidden"
    assert errors.Forbidden("you may not").titled == "forbidden: you may not"

"""Draws the pictures of the README, which are the tests' baseline as well: `python -m tests.pictures`."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import NOW
from tests.screens.driving import Session, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import StartLocation
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.storage.session_state import SessionState
from wbtui.terminal.themes import DARK, LIGHT
from wbtui.widgets.secret_list import SecretList
from wbtui.widgets.use_case_bar import UseCaseBar

FOLDER = Path(__file__).parent.parent / "screenshots"


@dataclass(frozen=True, slots=True)
class Picture:
    """What someone does: presses keys, types, presses keys again; and the words that are there in the end."""

    shows: str
    keys: str = ""
    types: str = ""
    then: str = ""
    more: tuple[tuple[str, str], ...] = ()
    """Words to wait for, and the keys to press when they are there."""
    start: StartLocation | None = None
    state: SessionState | None = None
    size: tuple[int, int] = (120, 36)
    kubeconfig: str = ""
    """Another than that of the embedded cluster."""
    of: str = "SecretsScreen"
    """The screen that it is of."""
    whole: bool = False
    """Whether what stands on many screens belongs to it: header, use cases, keys."""


PICTURES: dict[str, Picture] = {
    "secrets": Picture("2 marked", "j j j space j j j j j space", whole=True),
    "secrets-80x24": Picture("live", size=(80, 24), whole=True),
    **{
        f"secrets-{width}x{height}": Picture("live", size=(width, height))
        for width, height in ((60, 20), (100, 30), (160, 36), (200, 36))
    },
    "wide": Picture("LABELS", "ctrl+w t", size=(160, 36)),
    "filter": Picture("3 of 27", "slash", "by:amara|jonas key:token", "enter"),
    "details": Picture("vault-s3-archive: 1 place", "slash", "vault-s3", "enter d", of="DetailsScreen"),
    "projects": Picture("training", "p", of="ChooseScreen"),
    "help": Picture("Commands", "question_mark", of="HelpScreen"),
    "start": Picture("No kubeconfig", kubeconfig="/home/you/.kube/config", of="StartScreen"),
    "all-projects": Picture("43 secrets", start=StartLocation(all_projects=True)),
    **{
        f"create-{use_case.value}": Picture(
            f"use case {use_case.value},", "a", then=f"tab {digit} tab", of="CreateScreen"
        )
        for digit, use_case in enumerate(USE_CASES, 1)
    },
    "used-by": Picture("Searched:", "slash", "slack", "enter u", of="UsedByScreen"),
    "replace": Picture("New values for", "slash", "pg-feature", "enter e", of="ReplaceScreen"),
    "delete-in-use": Picture("Enter to delete", "slash", "slack", "enter ctrl+d", of="DeleteScreen"),
    "delete-owned": Picture("manages it", "slash", "vault-hf", "enter ctrl+d", of="DeleteScreen"),
    "models": Picture("Enter chooses", "m", of="ChooseScreen"),
    "deploy": Picture(
        "hf-token-eval▏",
        "m",
        more=(
            ("Enter chooses", "m i s t r a l enter"),
            ("kind: AIMService", f"{'backspace ' * 15}c h a t tab tab tab enter"),
            ("Secrets for Hugging Face", "e v a l enter"),
        ),
        of="DeployScreen",
    ),
    "use": Picture(
        "+        - name: HF_TOKEN",
        "slash",
        "token-eval",
        "enter w",
        more=(("Enter chooses", "d a s h b o a r d enter"),),
        of="ChangeScreen",
    ),
    "detach": Picture(
        "-        - name: SLACK", "slash", "slack", "enter u", more=(("Searched:", "enter"),), of="ChangeScreen"
    ),
    "snippets": Picture("name: HF_TOKEN", "slash", "token-eval", "enter y j", of="SnippetsScreen"),
    "ask": Picture("Leave the form?", "a", more=(("Creates in", "x escape"),), of="AskScreen"),
    "command": Picture(":ns ctx", "colon", of="CommandScreen"),
    "file": Picture("Value from a file", "a", more=(("Creates in", "tab tab ctrl+o"),), of="FileScreen"),
    "log": Picture("No changes yet", "colon", "log", "enter", of="LogScreen"),
    "restart": Picture(
        "kubectl rollout",
        "slash",
        "slack",
        "enter e",
        more=(
            ("New values for", "x ctrl+s"),
            ("sees the new values", "u"),
            ("Searched:", "r"),
        ),
        of="RestartScreen",
    ),
    "rotate": Picture("shows what will happen", "slash", "slack", "enter o", of="RotateScreen"),
    "expiry": Picture("saves the date", "slash", "s3-check", "enter E", of="ExpiryScreen"),
    "rotation": Picture(
        "still hold",
        "slash",
        "slack",
        "enter o",
        more=(("New values for", "x ctrl+s"), ("Rotate the values of", "down enter")),
        of="RotationScreen",
    ),
    "review": Picture(
        "is created",
        "slash",
        "license",
        "enter o",
        more=(("New values for", "x ctrl+s"),),
        of="ReviewScreen",
    ),
    "handover": Picture(
        "deletes it",
        "slash",
        "license",
        "enter o",
        more=(("New values for", "x ctrl+s"), ("is created", "ctrl+s")),
        of="HandoverScreen",
    ),
    "several": Picture("marks all that", "a", then="shift+tab enter", of="SeveralScreen"),
    "rotate-many": Picture("for 2 secrets", "slash", "hf-token", "enter j space j space o", of="RotateManyScreen"),
    "batch": Picture(
        "ctrl+s writes",
        "slash",
        "hf-token",
        "enter j space j space o",
        more=(("for 2 secrets", "x ctrl+s"), ("to save anyway", "ctrl+s")),
        of="BatchScreen",
    ),
    "service": Picture("named by AIMRuntimeConfig", "v", more=(("Enter chooses", "enter"),), of="ServiceScreen"),
    "delete-bulk": Picture("Enter to delete", "j j j space space ctrl+d", of="DeleteScreen"),
}
"""By the names of their files."""

_UNDER_WAY = ("earching for uses", "kinds so far", "Asking what")
"""What is on the screen until all is known."""


@asynccontextmanager
async def scene(picture: Picture) -> AsyncIterator[Session]:
    """Do what is done for a picture."""
    with BackgroundCluster(now=lambda: NOW) as cluster, TemporaryDirectory() as folder:
        kubeconfig = Path(folder) / "kubeconfig"
        kubeconfig.write_text(json.dumps(cluster.kubeconfig()))
        clusters = KubernetesClusters(Preferences(picture.kubeconfig or str(kubeconfig), now=lambda: NOW))
        async with session(clusters, start=picture.start, state=picture.state, size=picture.size) as person:
            if not picture.kubeconfig:
                await person.until(
                    lambda: bool(person.app.screen.query_one("#connection").classes & {"live", "trouble"})
                )
                listed = person.app.screen.query_one(SecretList).index
                await person.until(lambda: all(one.written_by for one in listed.secrets if one.is_marked_external))
            await person.press(*picture.keys.split())
            await person.type(picture.types)
            await person.press(*picture.then.split())
            for words, keys in picture.more:
                await person.sees(words)
                await person.loses(*_UNDER_WAY)
                await person.press(*keys.split())
            await person.sees(picture.shows)
            await person.loses(*_UNDER_WAY)
            bar = person.app.screen_stack[0].query_one(UseCaseBar)
            await person.until(lambda: bar.is_drawn)
            person.app.clear_notifications()  # they go by themselves, sooner or later
            await person.settle()
            assert type(person.app.screen).__name__ == picture.of
            yield person


_APART = "#header, #use-cases, #use-case, KeyLine"
"""What stands on many screens, and is in the pictures that are `whole`."""


async def draw(picture: Picture) -> tuple[str, set[tuple[int, int]]]:
    """Return a picture as SVG, the same every time, and the places of what it is about, by line and column."""
    async with scene(picture) as person:
        screen = person.app.screen
        apart = [] if picture.whole else [widget.region for widget in screen.query(_APART)]
        about = [widget.region for widget in screen.children]
        places = {
            (row, column)
            for row in range(screen.size.height)
            for column in range(screen.size.width)
            if any(region.contains(column, row) for region in about)
            and not any(region.contains(column, row) for region in apart)
        }
        return person.app.export_screenshot(simplify=True), places


def path_of(name: str) -> Path:
    """Return where a picture is kept."""
    return FOLDER / f"{name}.svg"


def light_path_of(name: str) -> Path:
    """Return where a picture on a light background is kept."""
    return FOLDER / "light" / f"{name}.svg"


async def _draw_all() -> None:
    light_path_of("").parent.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        async with scene(picture) as person:
            for theme, path in ((DARK, path_of(name)), (LIGHT, light_path_of(name))):
                person.app.theme = theme
                await person.settle()
                path.write_text(person.app.export_screenshot(simplify=True), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(asyncio.run(_draw_all()))

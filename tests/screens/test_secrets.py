import json
from pathlib import Path

import pytest
from textual import events

from tests.conftest import NOW, Kubectl
from tests.screens.driving import Session, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.background import BackgroundCluster
from wbtui.repository import Clusters
from wbtui.widgets.secret_list import SecretList

ANSWERS = "27 secrets"
"""What the sample project says of itself, without Helm's secrets."""


async def test_shows_the_secrets_of_the_project(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("demo › llm-serving", "demo@example.com", "hf-token-llama", ANSWERS, "Helm hidden", "live")
        assert person.names() == sorted(person.names())
        assert person.current() == person.names()[0]


async def test_what_another_person_creates_appears(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        kubectl("create", "secret", "generic", "a-new-one", "--from-literal=key=value")
        await person.sees("a-new-one", "28 secrets")
        kubectl("delete", "secret", "a-new-one")
        await person.loses("a-new-one")


async def test_one_secret_is_said_in_the_singular(tmp_path: Path) -> None:
    with BackgroundCluster(secrets=1, sample=False) as cluster:
        (tmp_path / "one").write_text(json.dumps(cluster.kubeconfig()))
        async with session(KubernetesClusters(Preferences(str(tmp_path / "one")))) as person:
            await person.sees(" live\n", " 1 secret ·")


async def test_a_filter_narrows_with_every_key(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("slash")
        for key, count in (("h", "of 27"), ("f", "5 of 27"), ("minus", "5 of 27"), ("l", "1 of 27")):
            await person.press(key)
            await person.sees(count)
        assert person.names() == ["hf-legacy"]
        await person.press("backspace", "enter")
        await person.sees("5 of 27", " hf-\n")
        await person.press("j", "escape")
        await person.sees(ANSWERS)
        assert not person.app.screen.query_one("#filter").display


async def test_keys_that_come_all_at_once_are_typed_into_the_filter(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        for key in "/hf/p":
            person.app.post_message(events.Key({"/": "slash"}.get(key, key), key))
        await person.sees(" hf/p\n", "0 of 27", "Helm hidden")


async def test_escape_while_typing_clears_the_filter(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("slash", "z", "z")
        await person.sees("0 of 27", "No matches.", "Esc clears the filter.")
        await person.press("escape")
        await person.sees(ANSWERS)


async def test_a_filter_that_matches_nothing_lays_out_nothing(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("slash", "z")
        await person.sees("4 of 27")
        layouts: list[object] = []
        person.app.screen.screen_layout_refresh_signal.subscribe(person.app.screen, layouts.append)
        await person.press("z")
        await person.sees("0 of 27", "No matches.", "Esc clears the filter.")
        await person.press("backspace")
        await person.sees("4 of 27")
        await person.loses("No matches.", "Esc clears the filter.")
        assert not layouts


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("hf-t is:wrong", "filter: at 9: a secret is terminating"),
        ("hf-t /[/", "filter: at 7: the regular expression"),
        ('hf-t "m', "filter: at 6: this quotation mark"),
    ],
)
async def test_a_wrong_filter_says_where_and_the_rows_stay(
    clusters: Clusters, kubectl: Kubectl, typed: str, complaint: str
) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("slash")
        await person.type(typed)
        await person.sees(complaint, "hf-token-mistral")
        kubectl("create", "secret", "generic", "hf-t-is-new", "--from-literal=key=value")
        await person.sees("hf-t-is-new", "hf-token-mistral")
        assert complaint in person.text()


async def test_a_digit_shows_one_use_case(clusters: Clusters) -> None:
    counts = {"1 Hugging Face": 4, "2 S3": 5, "3 Image pull": 3, "4 Database": 2, "5 Generic": 6}
    async with session(clusters) as person:
        await person.sees("live", "[0 All 27]")
        for title, count in counts.items():
            await person.press(title[0])
            await person.sees(f"[{title} {count}]", f"{count} of 27 · {title[2:]} only")
            assert len(person.names()) == count
        await person.press("0")
        await person.sees("[0 All 27]", ANSWERS)


async def test_a_click_chooses_a_use_case_and_the_counts_follow(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live", " 2 S3 5 ")
        await person.pilot.click("UseCaseBar", offset=(person.lines()[1].index("2 S3"), 0))
        await person.sees("[2 S3 5]", "5 of 27")
        kubectl("label", "secret", "slack-webhook", "airm.silogen.ai/use-case=S3", "--overwrite")
        await person.sees("[2 S3 6]", "5 Generic 5")


async def test_the_counts_give_way_where_the_terminal_is_narrow(clusters: Clusters) -> None:
    async with session(clusters, size=(70, 24)) as person:
        await person.sees("live", "[0 All] 1 Hugging Face ", "27 secrets")


@pytest.mark.parametrize(
    ("key", "title", "first", "last"),
    [
        ("U", "USE CASE", "gateway-tls", "s3-scratch"),
        ("O", "CREATED BY", "s3-scratch", "slack-webhook"),
        ("A", "CREATED", "gateway-tls", "hf-legacy"),
    ],
)
async def test_sort_keys_sort_and_again_reverse(
    clusters: Clusters, key: str, title: str, first: str, last: str
) -> None:
    async with session(clusters) as person:
        await person.sees("live", "NAME ^")
        await person.press(key)
        await person.sees(f"{title} ^")
        assert (person.names()[0], person.names()[-1]) == (first, last)
        await person.press(key)
        await person.sees(f"{title} v")
        assert (person.names()[0], person.names()[-1]) == (last, first)
        await person.press("N")
        await person.sees("NAME ^", "by name")
        assert person.names() == sorted(person.names())


async def test_keys_move_the_cursor(clusters: Clusters) -> None:
    async with session(clusters, size=(80, 15)) as person:
        await person.sees("live")
        names = [secret.name for secret in person.app.query("SecretTable").only_one().index]  # type: ignore[attr-defined]
        seen = 10  # rows between the titles and the counts
        for keys, position in (
            ("j j down", 3),
            ("k up", 1),
            ("G", 26),
            ("g", 0),
            ("end", 26),
            ("down", 26),
            ("home", 0),
            ("up", 0),
            ("ctrl+f", seen),
            ("pagedown", 2 * seen),
            ("ctrl+b", seen),
            ("pageup", 0),
        ):
            await person.press(*keys.split())
            assert person.current() == names[position], keys


async def test_the_cursor_stays_on_its_secret(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("hf-token-llama")
        kubectl("create", "secret", "generic", "aaa", "--from-literal=key=value")
        await person.sees("aaa")
        assert person.current() == "hf-token-llama"
        kubectl("delete", "secret", "aaa", "docker-hub-pull", "gateway-tls")
        await person.sees("25 secrets")
        assert person.current() == "hf-token-llama"
        await person.press("A", "A")
        assert person.current() == "hf-token-llama"


async def test_the_cursor_stays_on_the_first_secret_once_the_list_is_complete(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        first = person.current()
        kubectl("create", "secret", "generic", "aaa", "--from-literal=key=value")
        await person.sees("28 secrets")
        assert person.names()[:2] == ["aaa", first]
        assert person.current() == first


async def test_the_cursor_goes_to_the_next_one_when_its_secret_is_deleted(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("hf-token-llama")
        kubectl("delete", "secret", "hf-token-llama")
        await person.sees("26 secrets")
        assert person.current() == "hf-token-mistral"


async def test_the_cursor_comes_back_with_its_secret(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("hf-token-llama")
        await person.press("2")
        await person.sees("S3 only")
        assert person.current() == "minio-artifacts"
        await person.press("0")
        await person.sees(ANSWERS)
        assert person.current() == "hf-token-llama"


async def test_the_cursor_stays_on_what_a_filter_has_found_once_enter_keeps_it(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("hf-token-llama")
        await person.press("slash")
        await person.type("s3-check")
        await person.until(lambda: person.names() == ["s3-checkpoints"])
        await person.press("escape")
        await person.until(lambda: person.current() == "hf-token-llama")
        await person.press("slash")
        await person.type("s3-check")
        await person.until(lambda: person.names() == ["s3-checkpoints"])
        await person.press("enter", "escape")
        await person.sees("hf-token-llama")
        assert person.current() == "s3-checkpoints"


async def test_marks_are_counted_also_where_a_filter_hides_them(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("space", "space", "space")
        await person.sees("3 marked", " *docker-hub-pull", " *gateway-tls")
        await person.press("up", "space")
        await person.sees("2 marked ·")
        await person.press("3")
        await person.sees("2 marked (1 of them hidden)")
        kubectl("delete", "secret", "gateway-api-keys")
        await person.sees("1 marked ·")
        await person.press("M")
        await person.loses("marked")


async def test_helm_is_shown_and_hidden_and_said(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live", "Helm hidden")
        await person.press("h")
        await person.sees("33 secrets", "Helm shown", "live")
        await person.press("G", "h")
        await person.sees(ANSWERS, "Helm hidden", "live")


async def test_listing_again_leaves_no_empty_moment(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("G")
        frames = watch_rows(person)
        kubectl("delete", "secret", "slack-webhook")
        await person.press("ctrl+r")
        await person.sees("26 secrets", "live")
        assert person.current() == "wandb-api-key"
        assert frames
        assert min(frames) >= 26


async def test_a_list_of_many_pages_is_whole(tmp_path: Path) -> None:
    with BackgroundCluster(secrets=1_200, now=lambda: NOW) as cluster:
        kubeconfig = tmp_path / "kubeconfig"
        kubeconfig.write_text(json.dumps(cluster.kubeconfig()))
        async with session(KubernetesClusters(Preferences(str(kubeconfig)))) as person:
            await person.sees("1,227 secrets", "live")
            await person.press("G")
            assert person.current() == "wandb-api-key"


def watch_rows(person: Session) -> list[int]:
    """Return a list that grows by how many rows there are whenever the table is drawn."""
    table = person.app.query_one("SecretTable")
    seen: list[int] = []
    draw = table.show_rows  # type: ignore[attr-defined]

    def show() -> None:
        draw()
        seen.append(len(table.index))  # type: ignore[attr-defined]

    table.show_rows = show  # type: ignore[attr-defined]
    return seen


async def test_nothing_ticks_while_nothing_happens(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("slash", "h")
        await person.sees("of 27")
        await person.until(lambda: not running(person))


def running(person: Session) -> list[str]:
    """Return the timers that are running and come sooner than each minute, when what expires is drawn again."""
    nodes = [person.app, person.app.screen, *person.app.screen.walk_children()]
    return [
        f"{node}: {timer.name}"
        for node in nodes
        for timer in node._timers  # noqa: SLF001  Textual tells of its timers in no other way
        if timer._interval < SecretList.MINUTE  # noqa: SLF001
        if timer._active.is_set()  # type: ignore[redundant-expr]  # noqa: SLF001
    ]

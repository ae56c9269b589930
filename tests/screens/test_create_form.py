"""The form of a new secret: where keys lead, what it suggests, and when it asks before it closes."""

from base64 import b64decode, b64encode

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import session
from tests.screens.forms import BY_VALUE, TOKEN, URI, enter, field_with_focus, form, paste, path_to, save
from tests.stored import stored
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Clusters
from wbtui.screens.create import CreateScreen
from wbtui.widgets.key_name import KeyName


async def test_tab_goes_from_each_name_to_its_value(clusters: Clusters) -> None:
    async with form(clusters) as person:
        assert person.app.focused is person.app.screen.query_one("#name")
        await enter(person, *path_to(BY_VALUE["S3"]))
        await person.sees("Key                        Value")
        for field in BY_VALUE["S3"].entry_forms[0].fields:
            await person.until(lambda: isinstance(person.app.focused, KeyName))
            await enter(person, "tab")
            await field_with_focus(person, field)
            await enter(person, "tab")
        await enter(person, "tab", "a=b", "tab", "tab", "tab")
        await person.sees("(optional) a=b")
        assert person.app.focused is person.app.screen.query_one("#name")
        await enter(person, "shift+tab")
        assert person.app.focused is person.app.screen.query_one("#projects")


async def test_what_is_typed_or_pasted_on_the_name_of_a_key_goes_into_its_value(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with form(clusters, "S3") as person:
        await enter(person, "AKIA", "tab", "wJalrX")
        await person.press("backspace")
        await enter(person, "tab")
        await paste(person, "https://s3.example.com")
        await person.sees("access-key                 ••••••••", "secret-key                 ••••••••  5 bytes")
        await person.sees("endpoint                   https://s3.example.com")
        await save(person, "s3-credentials")
    data = {key: b64decode(value).decode() for key, value in stored(kubectl, "s3-credentials")["data"].items()}
    assert data == {"access-key": "AKIA", "secret-key": "wJalr", "endpoint": "https://s3.example.com"}


async def test_a_tab_on_a_name_that_still_gives_its_keys_to_the_value_leaves_the_value_too(clusters: Clusters) -> None:
    async with form(clusters, "S3") as person:
        name, screen = person.app.focused, person.app.screen
        assert isinstance(name, KeyName)
        assert isinstance(screen, CreateScreen)
        chain = screen.focus_chain
        name.passing_on = True
        await screen.action_go(1)
        assert person.app.focused is chain[chain.index(name) + 2]


async def test_arrows_choose_as_digits_do(clusters: Clusters) -> None:
    async with form(clusters) as person:
        await enter(person, "tab")
        for key, use_case in [*(("down", known) for known in (*USE_CASES[1:], USE_CASES[0])), ("up", USE_CASES[-1])]:
            await enter(person, key)
            await person.sees(f"{use_case.title}]", use_case.serves[:20], use_case.stem)


async def test_a_click_chooses_and_f2_saves_as_ctrl_s_does(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters) as person:
        picker = person.app.screen.query_one("#use-case")
        line = person.lines()[picker.region.y]
        await person.pilot.click("#use-case", offset=(line.index("4 Database") - picker.region.x, 0))
        await person.sees("[4 Database]")
        await person.pilot.click("#use-case", offset=(line.index("1 Hugging Face") - picker.region.x, 0))
        await enter(person, "tab", TOKEN)
        await person.press("f2")
        await person.sees("hf-token was created.")
    assert list(stored(kubectl, "hf-token")["data"]) == ["token"]


async def test_below_a_question_stand_the_keys_that_answer_it(clusters: Clusters) -> None:
    async with form(clusters) as person:
        await person.type("x")
        await person.press("escape")
        await person.sees("Leave the form?", "esc No y Yes")
        assert "ctrl+s Save" not in person.text()


@pytest.mark.parametrize(("first", "hidden"), [("/docker", True), ("/hf-", False), ("2", True)])
async def test_it_is_said_where_the_new_secret_is_not_in_the_list(
    clusters: Clusters, first: str, *, hidden: bool
) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press(*first, *["enter"] * ("/" in first), "a")
        await person.sees("Creates in")
        await enter(person, *path_to(BY_VALUE["HuggingFace"]), TOKEN)
        await person.press("ctrl+s")
        await person.sees("hf-token was created.")
        assert ("It does not match the filter: esc and 0 show it." in person.text()) == hidden


async def test_what_was_typed_for_one_use_case_survives_a_look_at_another(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, TOKEN, "shift+tab", "4", "tab", "2", "tab", "tab", "tab", "db", *["shift+tab"] * 5)
        await person.sees("Host", "db")
        await enter(person, "1")
        await person.sees(f"{len(TOKEN)} bytes")
        await save(person, "hf-token")
    assert stored(kubectl, "hf-token")["data"] == {"token": b64encode(TOKEN.encode()).decode()}


async def test_the_use_case_that_the_table_shows_is_offered(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("4", "a")
        await person.sees("[4 Database]", "Name              database")


async def test_a_name_is_suggested_until_one_is_typed(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "hf-token", "--from-literal=token=x")
    async with form(clusters) as person:
        await person.sees("Name              hf-token-2")
        await enter(person, "tab", "2")
        await person.sees("Name              s3-credentials")
        await enter(person, "shift+tab", "x", "tab", "3")
        await person.sees("registry.", "Name              x")


async def test_a_name_that_is_taken_meanwhile_is_noticed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, TOKEN)
        kubectl("create", "secret", "generic", "hf-token", "--from-literal=token=x")
        await person.sees("There is a secret hf-token in llm-serving already.")
        await person.press("ctrl+s")
        await person.sees("Not saved: Name: there is a secret")
        kubectl("delete", "secret", "hf-token")
        await person.loses("There is a secret")
        await save(person, "hf-token")
    assert stored(kubectl, "hf-token")["data"] != {"token": b64encode(b"x").decode()}


async def test_escape_asks_only_where_something_would_be_lost(clusters: Clusters) -> None:
    async with form(clusters) as person:
        await enter(person, "tab", "2", "tab", "3")
        await person.press("escape")
        await person.sees("27 secrets")
        for typed in (
            ("x",),
            ("tab", "tab", "x"),
            ("tab", "tab", "tab", "a=b"),
            ("tab", "2", "tab", "tab", "enter", "x"),
        ):
            await person.press("a")
            await person.sees("Creates in")
            await enter(person, *typed)
            await person.press("escape")
            await person.sees("Leave the form?", "What was entered is lost.")
            await person.press("escape")
            await person.loses("Leave the form?")
            await person.press("escape")
            await person.sees("Leave the form?")
            await person.press("y")
            await person.sees("27 secrets")


async def test_leaving_wbtui_asks_where_something_would_be_lost(clusters: Clusters) -> None:
    for key in ("ctrl+c", "ctrl+q"):
        async with form(clusters, "HuggingFace") as person:
            await enter(person, "qx")
            await person.press(key, key)
            await person.sees("Quit wbtui?")
            await person.press("n")
            await person.loses("Quit wbtui?")
            await person.sees("2 bytes")
            await person.press(key, key, "y")
            await person.until(lambda: person.app.return_code is not None)


async def test_the_parts_of_a_connection_string_are_shown_without_its_password(clusters: Clusters) -> None:
    shown = "user app at db.example.com:5432, database shop, password set"
    async with form(clusters, "Database") as person:
        await enter(person, URI)
        assert shown not in person.text()
        await enter(person, "tab")
        await person.sees(shown)
        await enter(person, "shift+tab", "x")
        await person.loses("db.example.com")
        await person.press("ctrl+u")
        await paste(person, URI)
        await person.sees(shown)
        assert "s3cr" not in person.text()


async def test_everything_is_within_reach_on_a_small_screen(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, size=(80, 24)) as person:
        for number, use_case in enumerate(USE_CASES, 1):
            await person.press("tab", str(number))
            await person.sees(f"[{number} {use_case.title}]", "ctrl+s saves")
            await person.press("pagedown")
            await person.reads("Labels", f"Creates in llm-serving: type {use_case.type}, use case {use_case.value},")
            await person.press("shift+tab")
        await enter(person, *path_to(BY_VALUE["ImagePullSecret"]))
        for _ in range(4):
            await enter(person, "ctrl+n")
        await enter(person, "last.example.com")
        await person.sees("last.example.com", "ctrl+s saves")
    assert "last" not in kubectl("get", "secrets", "-o", "name")

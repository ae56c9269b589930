from string import ascii_lowercase

import pytest
from textual.binding import Binding

from tests.screens.driving import session
from wbtui.app import Workbench
from wbtui.domain import keymap
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.screens.keys import default_keys, keymap_of
from wbtui.storage.settings_table import SETTINGS

TAKEN = frozenset().union(*default_keys().values())
FREE = next(letter for letter in ascii_lowercase if TAKEN.isdisjoint({letter, letter.upper()}))
"""A letter that is no key of any action, with shift or without."""


def test_every_action_with_an_id_is_on_a_known_screen() -> None:
    kinds = {id_.partition(".")[0] for id_ in default_keys()}
    alone = {"ask", "choose", "command", "delete", "file", "filter", "several", "start", "wait"}
    missing = "name the prefix of its ids in _SCREENS of domain/keymap.py"
    assert kinds - alone == set().union(*keymap._SCREENS), missing  # noqa: SLF001  the table is what is tested


def test_what_goes_before_other_keys_is_known_to_be_everywhere() -> None:
    before = {binding.id for binding in Binding.make_bindings(Workbench.BINDINGS) if binding.priority}
    for_a_moment = {"app.give_up_login"}  # Escape, while a login is waited for
    assert before - for_a_moment | {"app.palette"} == keymap.EVERYWHERE & default_keys().keys()


def test_no_default_keys_clash() -> None:
    defaults = default_keys()
    nobody = dict.fromkeys(defaults, frozenset[str]())
    # These shadow others while their part has the focus, or take turns with them.
    inner = {
        "picker.take",
        "snippets.down",
        "snippets.up",
        "app.give_up_login",
        "delete.close",
        "delete.stop",
        "list.stop",
    }
    chosen = {id_: keys for id_, keys in defaults.items() if id_ not in inner}
    assert keymap.usable(chosen, nobody) == (chosen, [])


@pytest.mark.parametrize(
    ("keys", "used"),
    [
        (FREE, FREE),
        (f"enter, {FREE}", f"enter,{FREE}"),
        ("?", "question_mark"),
        ("$", "dollar_sign"),
        ("ü", "ü"),
        (f"shift+{FREE}", FREE.upper()),
        ("Ctrl+T", "ctrl+t"),
        ("F7", "f7"),
        ("alt+right", "alt+right"),
        ("ctrl+shift+right", "ctrl+shift+right"),
        ("backslash", "backslash"),
        ("section_sign", "section_sign"),
    ],
)
def test_keys_are_taken_as_people_write_them(keys: str, used: str) -> None:
    free = {"details.copy": "c", "secret.create": keys}
    if keys.startswith("?"):
        free["app.help"] = "f1"
    if keys.startswith("enter"):
        free["secret.details"] = "d"
    assert sorted(keymap_of(free)[0]["secret.create"].split(",")) == sorted(used.split(","))
    assert keymap_of(free)[1] == []


def test_the_example_in_the_settings_clashes_with_nothing() -> None:
    assert keymap_of({"secret.details": SETTINGS["keys"].example})[1] == []


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("", 'secret.create: unknown key ""'),
        ("esc", 'secret.create: unknown key "esc" (did you mean "escape"?)'),
        ("ctl+d", 'secret.create: unknown key "ctl+d"'),
        ("i,", 'secret.create: unknown key ""'),
        ("e", '"e" is the key of secret.create and of secret.replace'),
        ("?", '"question_mark" is the key of secret.create and of app.help'),
        ("ctrl+p", '"ctrl+p" is the key of secret.create and of app.palette'),
        ("ctrl+c", '"ctrl+c" is the key of secret.create and of app.interrupt'),
    ],
)
def test_keys_that_cannot_be_used_are_told(keys: str, problem: str) -> None:
    used, (told,) = keymap_of({"secret.create": keys})
    assert used == {}
    assert told.startswith(problem)


async def test_the_key_that_was_set_says_which_right_is_missing(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation("demo-restricted")) as person:
        person.app.set_keymap(keymap_of({"secret.replace": FREE})[0])
        await person.sees("live")
        await person.until(lambda: person.app.screen_stack[0].session.rights.known)  # type: ignore[attr-defined]
        await person.press("e")
        await person.press(FREE)
        await person.sees("Not allowed: needs patch on secrets")
        assert person.text().count("Not allowed") == 1


async def test_what_can_be_used_works(clusters: Clusters) -> None:
    used, problems = keymap_of({"secret.create": "e", "secret.replace": "a", "secret.copy": "emial"})
    assert problems == ['secret.copy: unknown key "emial"']
    async with session(clusters) as person:
        person.app.set_keymap(used)
        await person.sees("live")
        await person.press("e")
        await person.sees("Creates in llm-serving")


async def test_texts_name_the_keys_that_were_set(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation("demo-restricted")) as person:
        person.app.set_keymap(keymap_of({"form.save": "f7", "go.project": "f8"})[0])
        await person.sees("live")
        await person.press("colon")
        await person.type("ns training")
        await person.press("enter")
        await person.sees("Forbidden", "choose another project with f8.")


async def test_a_form_names_the_keys_that_were_set(clusters: Clusters) -> None:
    async with session(clusters) as person:
        person.app.set_keymap(keymap_of({"form.save": "f7"})[0])
        await person.sees("live")
        await person.press("a")
        await person.sees("f7 saves; esc leaves.")

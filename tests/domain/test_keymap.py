import pytest

from wbtui.domain.keymap import usable

DEFAULTS = {
    "secret.create": {"a"},
    "secret.replace": {"e"},
    "secret.delete": {"ctrl+d", "delete"},
    "app.quit": {"q"},
    "app.interrupt": {"ctrl+c"},
    "details.back": {"escape", "q"},
    "details.copy": {"c"},
    "service.copy": {"c"},
    "text.down": {"j"},
    "ask.no": {"n"},
}


def frozen(keys: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {id_: frozenset(those) for id_, those in keys.items()}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"secret.create": {"i"}},
        {"secret.create": {"e"}, "secret.replace": {"a"}},
        {"details.copy": {"y"}, "service.copy": {"y"}},
        {"secret.create": {"j", "n", "escape"}},
        {"details.back": {"q", "escape", "e"}},
        {"app.quit": {"q", "delete"}, "secret.delete": {"ctrl+d"}},
    ],
)
def test_keys_that_are_free_on_their_screen_can_be_used(wanted: dict[str, set[str]]) -> None:
    assert usable(frozen(wanted), frozen(DEFAULTS)) == (frozen(wanted), [])


@pytest.mark.parametrize(
    ("wanted", "used", "problems"),
    [
        ({"secret.crate": {"i"}}, {}, ['unknown action "secret.crate" (did you mean "secret.create"?)']),
        ({"\x1b[2J": {"i"}}, {}, ['unknown action "\N{REPLACEMENT CHARACTER}[2J"']),
        ({"secret.create": {"e"}}, {}, ['"e" is the key of secret.create and of secret.replace']),
        (
            {"secret.create": {"i"}, "secret.replace": {"i"}, "app.quit": {"Q"}},
            {"app.quit": {"Q"}},
            ['"i" is the key of secret.create and of secret.replace'],
        ),
        (
            {"secret.create": {"a", "i"}, "secret.replace": {"a"}},
            {"secret.create": {"a", "i"}},
            ['"a" is the key of secret.replace and of secret.create'],
        ),
        ({"details.copy": {"ctrl+c"}}, {}, ['"ctrl+c" is the key of details.copy and of app.interrupt']),
        ({"details.copy": {"j"}}, {}, ['"j" is the key of details.copy and of text.down']),
        (
            {"secret.create": {"e"}, "secret.replace": {"q"}},
            {},
            [
                '"q" is the key of secret.replace and of app.quit',
                '"e" is the key of secret.create and of secret.replace',
            ],
        ),
    ],
)
def test_what_cannot_be_used_keeps_its_keys_and_is_told(
    wanted: dict[str, set[str]], used: dict[str, set[str]], problems: list[str]
) -> None:
    assert usable(frozen(wanted), frozen(DEFAULTS)) == (frozen(used), problems)

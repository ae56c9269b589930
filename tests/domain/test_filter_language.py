from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.domain.samples import SECRETS, WORDS, days_ago, secret
from wbtui.domain.expiry import EXPIRES, Certificate, as_annotation
from wbtui.domain.filter_fields import FIELDS, HELP, UseFacts
from wbtui.domain.filter_language import parse
from wbtui.domain.filter_terms import QueryError
from wbtui.domain.query import Query
from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import STATES, Owner, Secret, State
from wbtui.domain.use_cases.table import find_use_case

LLAMA = secret(
    "hf-llama",
    use_case="HuggingFace",
    keys=("token",),
    creator="Alice@example.com",
    created=days_ago(40),
    labels={"example.com/team": "A", "tier": "gold"},
    immutable=True,
    annotations={EXPIRES: as_annotation(NOW + timedelta(days=10))},
)
PULL = secret(
    "ghcr-pull",
    use_case="ImagePullSecret",
    type="kubernetes.io/dockerconfigjson",
    keys=(".dockerconfigjson",),
    creator="bob@example.com",
    created=days_ago(2),
    namespace="team-b",
    owners=(Owner("v1", "ExternalSecret", "pull", "1"),),
    issued=Certificate("pull", days_ago(1)),
)
NOTES = secret("two words", use_case="Unheard-of", keys=None, created=None, deleted=days_ago(0), labels={"a|b": "x y"})
EVERYTHING = (LLAMA, PULL, NOTES)

TERMS = [
    ("", "llama pull notes"),
    ('""', "llama pull notes"),
    ("LLAMA", "llama"),
    ("alice token", "llama"),
    ("alice docker", ""),
    ("image pull", "pull"),
    ('"two words"', "notes"),
    ('"o w"', "notes"),
    ("name:pull", "pull"),
    ("name:LLA|ghcr", "llama pull"),
    ("use:hf", "llama"),
    ("use:hf|docker", "llama pull"),
    ('use:"hugging face"', "llama"),
    ("use:unheard", "notes"),
    ("by:ALICE", "llama"),
    ("key:TOK", "llama"),
    ("key:dockerconfig", "pull"),
    ("type:docker", "pull"),
    ("label:team", "llama"),
    ("label:example.com/team=a", "llama"),
    ("label:team=b", ""),
    ("label:tier=GOLD", "llama"),
    ("label:am=a", ""),
    ('label:"a|b"="x y"', "notes"),
    ('label:"a|b"|tier', "llama notes"),
    ("age:>30d", "llama"),
    ("age:<30d", "pull"),
    ("age:<4w", "pull"),
    ("age:<49h", "pull"),
    ("age:>999999y", ""),
    ("expires:<14d", "llama pull"),
    ("expires:>9d", "llama"),
    ("expires:<2h", "pull"),
    (f"expires:<{NOW + timedelta(days=11):%Y-%m-%d}", "llama pull"),
    (f"expires:>{NOW + timedelta(days=11):%Y-%m-%d}", ""),
    (f"expires:<{NOW:%Y-%m-%dT%H:%MZ}", "pull"),
    (f"expires:>{days_ago(2):%Y-%m-%dT%H:%M+01:00}", "llama pull"),
    ("-expires:<14d", "notes"),
    ("is:expiring", "llama"),
    ("is:expired", "pull"),
    ("is:expired|expiring", "llama pull"),
    ("-is:expired", "llama notes"),
    ("is:immutable", "llama"),
    ("is:managed|terminating", "pull notes"),
    ("is:UNKNOWN", "notes"),
    ("project:team-b", "pull"),
    ("/^hf-/", "llama"),
    ("/^GHCR.*l$/", "pull"),
    ("/two words/", "notes"),
    (r"/kubernetes\.io\/docker/", "pull"),
    ("!hf", "pull notes"),
    ("!use:hf", "pull notes"),
    ("!use:hf|docker", "notes"),
    ("!/^hf-/", "pull notes"),
    ('!"two words" !alice', "pull"),
    ("age:>30d !is:immutable", ""),
    ("/a/b", ""),
    ("\t  pull \n", "pull"),
    ("-hf", "pull notes"),
    ("-use:hf|docker", "notes"),
    ("-/^hf-/ -two", "pull"),
    ('-"two words"', "llama pull"),
    ("hf-", "llama"),
    ('"-llama"', "llama"),
    ("llama or pull", "llama pull"),
    ("LLAMA OR ghcr or two", "llama pull notes"),
    ("hf alice or bob", "llama pull"),
    ("hf bob or two", "notes"),
    ("-hf or alice", "llama pull notes"),
    ("w or", "notes"),
    ("or", "notes"),
    ('llama "or" pull', ""),
    ("llama or or", "llama notes"),
    ("hf-*", "llama"),
    ("*-*", "llama pull"),
    ("*pull", "pull"),
    ("*f-l*a", "llama"),
    ("f-*", ""),
    ("hf-llama*hf-llama", ""),
    ("-hf-*", "pull notes"),
    ("by:*@example.com", "llama pull"),
    ("by:alice*", "llama"),
    ("key:tok*|.docker*", "llama pull"),
    ("use:hugging*", "llama"),
    ("name:*-pull", "pull"),
]
MISTAKES = [
    ("nope:x", 1, "there is no nope:"),
    ("llama nope:", 7, "there is no nope:"),
    ("use:", 1, "use: needs something after it"),
    ("a use:hf|", 10, "use: needs something after it"),
    ('use:"hf"||s3', 10, "use: needs something after it"),
    ("!", 1, "this term is empty"),
    ('a !""', 3, "this term is empty"),
    ("//", 1, "this term is empty"),
    ('a "b c', 3, "quotation mark"),
    ('name:"b', 6, "quotation mark"),
    ("a /b", 3, "not closed"),
    ("!/b c", 1, "not closed"),
    ("a /b(/", 4, "does not work: missing )"),
    ("/*/", 2, "does not work"),
    (f"/{'(' * 9000}/", 2, "does not work"),
    ("/a{2000}/", 2, "invalid repetition size"),
    ("/(?=a)/", 2, "invalid perl operator"),
    ("age:30d", 5, "an age is"),
    ("age:>1d|<5x", 9, "an age is"),
    ("expires:14d", 9, "expires: takes < or >"),
    ("expires:<2027-02-30", 9, "expires: takes < or >"),
    ("expires:<1mo", 9, "expires: takes < or >"),
    ("is:red", 4, "a secret is"),
    ('is:"managed"|red', 14, "a secret is"),
]


def found(text: str, secrets: Sequence[Secret] = EVERYTHING) -> list[str]:
    query = parse(text, lambda: NOW)
    return [secret.uid for secret in secrets if query.matches(secret, SearchTexts.of((secret,)))]


@pytest.mark.parametrize(("text", "names"), TERMS)
def test_finds(text: str, names: str) -> None:
    known = {"llama": LLAMA, "pull": PULL, "notes": NOTES}
    assert found(text) == [known[name].uid for name in names.split()]


@pytest.mark.parametrize(("text", "column", "words"), MISTAKES)
def test_says_where_a_filter_is_wrong(text: str, column: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"at {column}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.word)
def test_knows_every_state_by_its_word(state: State) -> None:
    word = state.word
    expected = [secret.uid for secret in EVERYTHING if word in {state.word for state in secret.states}]
    assert found(f"is:{word}") == expected


@pytest.mark.parametrize("text", [text for text, _ in HELP] + [field.example for field in FIELDS.values()])
def test_understands_what_its_help_shows(text: str) -> None:
    assert parse(text).conditions


def test_an_age_is_measured_at_the_moment_of_looking() -> None:
    moment = NOW
    query = parse("age:>30d", lambda: moment)
    assert not query.matches(PULL, SearchTexts.of((PULL,)))
    moment = days_ago(-60)
    assert query.matches(PULL, SearchTexts.of((PULL,)))


def test_longer_ago_than_an_age_is_not_just_as_long_ago() -> None:
    thirty = secret("thirty", created=days_ago(30))
    older = secret("older", created=days_ago(30) - timedelta(seconds=1))
    assert found("age:>30d", (thirty, older)) == [older.uid]
    assert found("age:<30d", (thirty, older)) == [thirty.uid]


@pytest.mark.parametrize("text", ["/[[a]/", "/[a&&b]/", "/[a||b]/"])
def test_a_doubtful_regular_expression_warns_nobody(text: str) -> None:
    assert parse(text).conditions


USED = {"llama": True, "pull": False, "notes": None}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("is:unused", "pull"),
        ("!is:unused", "llama"),
        ('is:"UNUSED"', "pull"),
        ("is:unused|immutable", "llama pull"),
        ("!is:unused|immutable", ""),
        ("!is:unused|managed", "llama"),
        ("is:unused|terminating", "pull notes"),
        ("!is:unused|terminating", "llama"),
        ("is:unused by:bob", "pull"),
        ("is:unused !is:managed", ""),
        ("used:no", "pull"),
        ("used:yes|unknown", "llama notes"),
        ("!used:unknown", "llama pull"),
        ("is:stale", ""),
        ("!is:stale", ""),
    ],
)
def test_what_is_unused_is_asked_of_whoever_knows(text: str, names: str) -> None:
    known = {"llama": LLAMA, "pull": PULL, "notes": NOTES}
    told = {known[name].uid: used for name, used in USED.items()}
    query = parse(text, lambda: NOW, UseFacts(lambda secrets: [told[secret.uid] for secret in secrets]))
    found = [name for name, secret in known.items() if query.matches(secret, SearchTexts.of((secret,)))]
    assert found == names.split()


@pytest.mark.parametrize("text", ["is:unused", "!is:unused"])
def test_where_nobody_looked_nothing_is_used_or_unused(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("is:unused", "uses"),
        ("a !is:managed|unused", "uses"),
        ("used:no", "uses"),
        ("unused", ""),
        ("is:managed", ""),
        ("by:unused", ""),
        ("by:me", "account"),
        ("age:>1d", "time"),
        ("a or changed:>1d", "time"),
        ("expires:<14d", "time expiry"),
        ("is:expired|stale", "uses time expiry"),
    ],
)
def test_tells_what_it_asks_of_beside_the_secrets(text: str, asked: str) -> None:
    (*_, last) = parse(text).conditions
    assert last.asks == set(asked.split())


@pytest.mark.parametrize(
    ("text", "me", "names"),
    [
        ("by:me", "alice@Example.com", "llama"),
        ("-by:me", "alice@example.com", "pull notes"),
        ("by:me|bob", "alice@example.com", "llama pull"),
        ("by:me or two", "bob@example.com", "pull notes"),
        ("by:me", "", ""),
        ("-by:me", "", ""),
        ("by:me", "ice@example.com", ""),
    ],
)
def test_by_me_is_who_one_is(text: str, me: str, names: str) -> None:
    known = {"llama": LLAMA, "pull": PULL, "notes": NOTES}
    query = parse(text, lambda: NOW, me=lambda: me)
    assert query.asks_facts
    found = [name for name, secret in known.items() if query.matches(secret, SearchTexts.of((secret,)))]
    assert found == names.split()


def test_a_pattern_is_for_each_of_both_names() -> None:
    named = secret("wb-1", display_name="My token")
    assert found("my*", [named]) == found("wb-*", [named]) == found("*1", [named]) == [named.uid]
    assert found("wb*token", [named]) == []


@pytest.mark.parametrize(
    ("text", "shorter", "narrows"),
    [("hf-x", "hf-", True), ("hf-*", "hf", False), ("hf or s3", "hf or s3", True), ("hf or s3", "hf", False)],
)
def test_only_a_stricter_filter_looks_through_the_rows_that_are_left(text: str, shorter: str, narrows: object) -> None:
    assert parse(text).narrows(parse(shorter)) is narrows


PIECES = [
    "!",
    "-",
    "*",
    " or ",
    "by:me",
    "/",
    "|",
    '"',
    "\\",
    " ",
    "(",
    "[",
    "a",
    "ab",
    "é",
    "hf",
    "age:",
    ">1d",
    "is:",
    "immutable",
    "unused",
    "use:",
    "name:",
]
FILTERS = st.text() | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def parsed(text: str) -> Query:
    try:
        return parse(text, lambda: NOW)
    except QueryError as error:
        position = error.position
    assert 0 <= position <= len(text)
    return Query()


@given(FILTERS, st.lists(SECRETS, max_size=3))
def test_any_text_is_a_filter_or_a_query_error(text: str, secrets: list[Secret]) -> None:
    query = parsed(text)
    for condition in query.conditions:
        assert len(list(condition.keeps(secrets, SearchTexts.of(secrets)))) == len(secrets)


@given(WORDS.filter(lambda word: "\n" not in word), SECRETS)
def test_a_word_matches_where_a_field_holds_it(word: str, secret: Secret) -> None:
    known = find_use_case(secret.use_case)
    titles = [secret.use_case, known.title if known else ""]
    lines = [secret.name, secret.display_name, *titles, secret.type, " ".join(secret.keys or ()), secret.creator]
    expected = any(word.casefold() in line.casefold().replace("\0", "") for line in lines)
    assert parse(f'"{word}"').matches(secret, SearchTexts.of((secret,))) is expected


def test_what_looks_the_same_is_found() -> None:
    composed, apart = secret("wb-1", display_name="Zoë"), secret("wb-2", display_name="Zoe\u0308")
    for text in ("zoë", "zoe\u0308", "name:Zoë"):
        assert found(text, [composed, apart]) == [composed.uid, apart.uid]


@given(st.sampled_from([text for text, _ in TERMS if text and " " not in text and text[0] not in '!-"']), SECRETS)
def test_negation_is_the_complement(text: str, secret: Secret) -> None:
    assert found(f"!{text}", [secret]) != found(text, [secret])


@given(FILTERS, FILTERS, st.lists(SECRETS, max_size=4))
def test_a_narrower_filter_keeps_no_more(text: str, other: str, secrets: list[Secret]) -> None:
    for narrow, wide in ((parsed(text), parsed(other)), (parsed(f"{other}{text}"), parsed(other))):
        if narrow.narrows(wide):
            rows = [(secret, SearchTexts.of((secret,))) for secret in secrets]
            kept = [(narrow.matches(*row), wide.matches(*row)) for row in rows]
            assert (True, False) not in kept


@pytest.mark.parametrize(
    ("text", "wider", "narrows"),
    [
        ("llama", "lla", True),
        ("lla", "llama", False),
        ("llama hf", "hf", True),
        ("!llama", "!lla", False),
        ("use:hf llama", "use:hf", True),
        ("use:hf", "use:h", False),
        ("name:llama", "llama", False),
        ("/a/", "/a/", True),
        ('label:a|"b|c"', "label:a|b|c", False),
        ("anything", "", True),
    ],
)
def test_knows_what_typing_on_narrows(text: str, wider: str, *, narrows: bool) -> None:
    assert parse(text).narrows(parse(wider)) is narrows

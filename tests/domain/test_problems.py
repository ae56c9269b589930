import json
from base64 import b64encode
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.domain import connection_string as connections
from wbtui.domain import docker_config as docker
from wbtui.domain import problems
from wbtui.domain.connection_string import ConnectionParts, connection_parts, made_connection_string
from wbtui.domain.names import LARGEST_SECRET
from wbtui.domain.problems import Problem, value_problem
from wbtui.domain.use_cases.encoders import docker_auths
from wbtui.domain.use_cases.table import USE_CASES

FIELDS = [
    pytest.param(field, id=f"{use_case.value}-{field.name}")
    for use_case in USE_CASES
    for way in use_case.entry_forms
    for field in way.fields
]
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
HOSTS = st.from_regex(r"[a-zA-Z0-9]([-a-zA-Z0-9._]{0,10}[a-zA-Z0-9])?", fullmatch=True) | st.ip_addresses(v=6).map(str)


def text_problem(text: str, *, multiline: bool = False, check: problems.Check | None = None) -> Problem | None:
    return value_problem(text.encode(), multiline=multiline, binary=False, check=check)


@pytest.mark.parametrize("field", FIELDS)
@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=40) | st.binary(min_size=6))
def test_no_problem_quotes_the_value(field: problems.Check, value: str | bytes) -> None:
    raw = value.encode() if isinstance(value, str) else value
    found = field.problem(raw)  # type: ignore[attr-defined]
    words = raw.decode(errors="replace").strip()
    assert found is None or len(words) < 6 or words not in found.text


@given(PLAIN | st.just(""), PLAIN | st.just(""), HOSTS, st.integers(1, 65_535).map(str) | st.just(""), PLAIN)
def test_a_connection_string_made_of_parts_has_these_parts(
    user: str, password: str, host: str, port: str, dbname: str
) -> None:
    uri = made_connection_string("postgresql", user, password, host, port, dbname)
    assert connections.host(host) is None
    assert connection_parts(uri) == ConnectionParts("postgresql", user, host, port, dbname, bool(password))
    login = uri.removeprefix("postgresql://").rpartition("@")[0]
    assert unquote(login.partition(":")[2]) == password


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql, user u at h, database d, password set"),
        ("mongodb://u:p@a:1,b:2/d", "mongodb, user u at a:1,b:2, database d, password set"),
        ("postgresql://u:p@[::1]:5432/d?sslmode=require", "postgresql, user u at ::1:5432, database d, password set"),
        ("redis://:p@h", "redis, user (none) at h, database (none), password set"),
        ("redis://token@h", ""),
        ("postgresql://u:p@h/d?application_name=a@b", ""),
        ("postgresql://u:p@ss", "postgresql, user u at ss, database (none), password set"),
        ("postgresql://user:1234", ""),
        ("nothing", ""),
    ],
)
def test_what_is_shown_of_a_connection_string(uri: str, shown: str) -> None:
    assert connections.shown_connection(uri) == shown


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("postgresql://u:p@ss@h/d", "write it as %40"),
        ("postgresql://u:p/ss@h/d", "write it as %2F %3F or %23"),
        ("postgresql://u:p?ss@h/d", "write it as %2F %3F or %23"),
        ("postgresql://u:p#ss@h/d", "write it as %2F %3F or %23"),
        ("postgresql://u:p@s/s@h/d", "write it as %2F %3F or %23"),
        ("postgresql://u:p@h:99999/d", "the port is not a number"),
        ("postgresql://u:p@[::1/d", "the host is malformed"),
        ("postgresql://u:p@/d", "names no host"),
        ("Postgres://u:p@h/d", "begins with its kind"),
        ("host=db user=u", "begins with its kind"),
    ],
)
def test_what_is_wrong_with_a_connection_string(uri: str, words: str) -> None:
    found = connections.connection_string(uri)
    assert found
    assert words in found.text


@given(st.lists(st.tuples(st.from_regex(r"[a-z]{1,8}(\.io|:5000)", fullmatch=True), PLAIN, PLAIN, PLAIN | st.just(""))))
def test_a_docker_configuration_that_is_made_is_accepted(logins: list[tuple[str, str, str, str]]) -> None:
    names = ("server", "username", "password", "email")
    logins = [login for login in logins if ":" not in login[1]]
    entries = [{name: part.encode() for name, part in zip(names, login, strict=True)} for login in logins]
    made = docker_auths(entries, {"server": "key"})["key"]
    expected = {
        server: {"username": user, "password": password}
        | ({"email": email} if email else {})
        | {"auth": b64encode(f"{user}:{password}".encode()).decode()}
        for server, user, password, email in logins
    }
    assert json.loads(made) == {"auths": expected}
    assert (docker.docker_config(made.decode()) is None) is bool(logins)


@pytest.mark.parametrize(
    ("login", "usable"),
    [
        ({"username": "u", "password": "p"}, True),
        ({"auth": b64encode(b"u:p").decode()}, True),
        ({"identitytoken": "t"}, True),
        ({"registrytoken": "t"}, True),
        ({"auth": "dTp"}, False),
        ({"auth": b64encode(b"\xff:p").decode()}, False),
        ({"username": "u", "password": 1}, False),
        ({"identitytoken": {}}, False),
        ({}, False),
        ("u:p", False),
        (None, False),
    ],
)
def test_a_login_is_usable_with_a_password_or_a_token(login: object, usable: bool) -> None:  # noqa: FBT001
    found = docker.docker_config(json.dumps({"auths": {"a.io": login}}))
    assert (found is None) is usable


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists) | st.text())
def test_any_docker_configuration_gets_an_answer(said: object) -> None:
    for text in (json.dumps(said), json.dumps({"auths": said}), json.dumps({"auths": {"a": said}}), str(said)):
        docker.docker_config(text)


@pytest.mark.parametrize(
    ("text", "mended", "multiline"),
    [
        ("\ufefftoken", "token", False),
        ("token\r\n", "token", False),
        ("\ufeff token \r\n", "token", False),
        ("\u00a0token\u200b", "token", False),
        ("a\r\nb\r\n", "a\nb\n", True),
        ("\ufeff{}", "{}", True),
    ],
)
def test_what_is_odd_is_mended_step_by_step(text: str, mended: str, multiline: bool) -> None:  # noqa: FBT001
    value = text.encode()
    while found := value_problem(value, multiline=multiline, binary=False, check=None):
        assert not found.blocks
        assert found.fix
        value = found.fix(value)
    assert value == mended.encode()


def test_what_is_odd_hides_nothing_that_is_wrong() -> None:
    wrong = text_problem(" postgresql://u:p@ss@h/d\n", check=connections.connection_string)
    assert wrong == Problem("there is an @ in the user or the password: write it as %40")
    only_odd = text_problem("AKIA\n", check=problems.one_word)
    assert only_odd
    assert (only_odd.text, only_odd.blocks) == ("it ends with a line end", True)
    assert only_odd.fix
    assert only_odd.fix(b"AKIA\n") == b"AKIA"


def test_lines_and_white_space_are_fine_where_they_may_be_meant() -> None:
    assert text_problem("  a\n\n b\n", multiline=True) is None
    assert text_problem("a\nb") == Problem("it has several lines", blocks=False)
    assert text_problem(" \n\t\u200b") == Problem("it is nothing but white space")
    assert text_problem(" \n", multiline=True) == Problem("it is nothing but white space", blocks=False)


def test_a_value_may_be_as_long_as_a_secret_and_no_longer() -> None:
    assert text_problem("x" * LARGEST_SECRET) is None
    found = text_problem("x" * (LARGEST_SECRET + 1))
    assert found
    assert found.text.startswith("it is too long: 1,048,577 bytes")


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x9b", "\x08"])
def test_control_characters_are_refused_in_text_and_kept_in_bytes(character: str) -> None:
    assert text_problem(f"a{character}b", multiline=True) == Problem("it has control characters in it")
    assert value_problem(f"a{character}b".encode(), multiline=True, binary=True, check=None) is None


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (
            problems.hugging_face_token,
            ["hf_" + "a1" * 10],
            ["hf_" + "a" * 19, "HF_" + "a" * 20, "hf_" + "a" * 20 + "-"],
        ),
        (problems.endpoint, ["https://s3.io", "http://a:9000/x"], ["s3.io", "https://", "https://a b"]),
        (connections.port, ["1", "65535"], ["0", "65536", "-1", "1.0", "٣", "9" * 5_000, ""]),
        (problems.one_word, ["a/b+c="], ["a b", "a\tb"]),
        (docker.registry, ["ghcr.io", "a:5000", "https://index.docker.io/v1/"], ["https://", "a b", "ghcr.io/me"]),
        (docker.registry_user, ["me", "a@b"], ["a:b"]),
        (connections.database_kind, ["postgresql", "mysql+pymysql"], ["postgresql://", "My SQL", ""]),
        (connections.host, ["db", "10.0.0.1", "::1"], ["db:5432", "[::1]", "a/b", "a@b", "a b", "a,b"]),
    ],
    ids=lambda check: getattr(check, "__name__", ""),
)
def test_each_check_knows_right_from_wrong(check: problems.Check, right: list[str], wrong: list[str]) -> None:
    assert not [text for text in right if check(text)]
    assert not [text for text in wrong if not check(text)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b'{"a": [1]}', "valid JSON"),
        (b" [1", "not valid JSON"),
        (b"[" * 10_000, "not valid JSON"),
        (b"-----BEGIN A-----\nx\n-----END A-----\n", "PEM"),
        (b"-----BEGIN A-----\nx\n", "PEM without its end"),
        (b"\xff\x00", "binary"),
        (b"hf_x", ""),
    ],
)
def test_a_look_tells_what_kind_it_is(value: bytes, kind: str) -> None:
    assert problems.look(value) == kind

import json
from base64 import b64encode, encodebytes
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.domain.docker_config import (
    check_docker_config,
    check_not_encoded_config,
    check_registry,
    check_registry_user,
    login_of,
)
from wbtui.domain.problems import Check
from wbtui.domain.use_cases.encoders import docker_auths

PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
GOOD = {"auth": b64encode(b"u:p").decode()}
AZURE = {"auth": b64encode(b"00000000-0000-0000-0000-000000000000:").decode(), "identitytoken": "eyJ"}


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
    assert (check_docker_config(made.decode()) is None) is bool(logins)


@pytest.mark.parametrize(
    ("login", "is_read_as"),
    [
        ({"username": "u", "password": "p"}, "USABLE"),
        (GOOD, "USABLE"),
        ({"auth": "dTpw"}, "USABLE"),
        ({"auth": "dTpwcA"}, "USABLE"),  # no padding
        ({"auth": "dTpw\r\n"}, "USABLE"),
        ({"AUTH": "dTpw"}, "USABLE"),
        ({"auth": b64encode(b"\xff:p").decode()}, "USABLE"),
        ({"auth": "", "username": "u", "password": "p"}, "USABLE"),
        ({"auth": None, "username": "u", "password": "p"}, "USABLE"),
        ({"auth": "dTp", "username": "u", "password": "p"}, "MISSING"),
        ({"auth": "%%%%", "username": "u", "password": "p"}, "UNREADABLE"),
        ({"auth": b64encode(b"no colon").decode()}, "UNREADABLE"),
        ({"auth": "dTpw="}, "UNREADABLE"),
        ({"username": "u", "password": 1}, "UNREADABLE"),
        ("u:p", "UNREADABLE"),
        (AZURE, "TOKEN_ONLY"),
        ({"identitytoken": "t"}, "TOKEN_ONLY"),
        ({"registrytoken": "t"}, "TOKEN_ONLY"),
        ({"auth": b64encode(b"u:").decode()}, "MISSING"),
        ({"username": "u"}, "MISSING"),
        ({}, "MISSING"),
        (None, "MISSING"),
    ],
)
def test_a_login_is_read_as_the_kubelet_reads_it(login: object, is_read_as: str) -> None:
    assert login_of(login).name == is_read_as


@pytest.mark.parametrize(
    ("config", "words", "blocks"),
    [
        ({"auths": {"ghcr.io": GOOD}, "credsStore": "desktop"}, "", False),
        ({"Auths": {"ghcr.io": GOOD}}, "", False),
        ({"auths": {"ghcr.io": GOOD, "https://index.docker.io/v1/": {}}}, "no login for 1 of its 2 registries", False),
        ({"auths": {"ghcr.io": GOOD, "d.io": {}}, "credsStore": "x"}, "no login for 1 of its 2 registries", False),
        ({"auths": {"x.azurecr.io": AZURE}}, "image pulls ignore identity tokens", False),
        ({"auths": {"a.io": GOOD, "b.io": {"auth": "%"}}}, "the login of 1 of its 2 registries cannot be read", False),
        (
            {"auths": {"ghcr.io": GOOD, "": GOOD}},
            "image pulls ignore 1 of its 2 registries, whose name is empty",
            False,
        ),
        ({"auths": {"ghcr.io": GOOD, "https://": GOOD, "a.io:x": GOOD, "b c": GOOD}}, "ignore 3 of its 4", False),
        ({"auths": {"": GOOD}}, "image pulls can use none of it", True),
        ({"auths": {"": GOOD, "a.io": {}}}, "image pulls can use none of it", True),
        ({"auths": {"": {"auth": "%"}}}, "cannot be read", False),
        ({"auths": {"*.azurecr.io": GOOD, "[::1]:5000": GOOD, "http://a.io:5000/x": GOOD}}, "", False),
        ({"auths": {"a.io": {}}}, "none of its registries has a login", True),
        ({"auths": {"a.io": {}}, "credsStore": "x"}, "kept by a credential helper", True),
        ({"credHelpers": {"a.io": "x"}}, "names a credential helper", True),
        ({"auths": {}}, 'no "auths" with a registry', True),
        ({"ghcr.io": GOOD}, "old .dockercfg", True),
        ({"ghcr.io": GOOD, "other": 1}, 'no "auths" with a registry', True),
        ([], "not an object", True),
    ],
)
def test_what_is_said_of_a_configuration(config: object, words: str, *, blocks: bool) -> None:
    found = check_docker_config(json.dumps(config))
    assert (found is not None) is bool(words)
    assert found is None or (words in found.text and found.blocks is blocks)


@pytest.mark.parametrize("auths", [{"auths": {"ghcr.io": GOOD}}, {"ghcr.io": GOOD}], ids=["new", "old"])
@pytest.mark.parametrize(
    "shape",
    [
        lambda raw: b64encode(raw).decode(),
        lambda raw: b64encode(raw).decode().rstrip("="),
        lambda raw: encodebytes(raw).decode(),
        lambda raw: f"  .dockerconfigjson: {b64encode(raw).decode()}\n",
        lambda raw: f'".dockerconfigjson": "{b64encode(raw).decode()}"',
    ],
    ids=["one line", "no padding", "several lines", "YAML", "JSON"],
)
def test_base64_of_a_configuration_is_recognised_and_decoded(auths: object, shape: Callable[[bytes], str]) -> None:
    raw = json.dumps(auths, indent=1).encode()
    text = shape(raw)
    found = check_docker_config(text)
    assert found
    assert (found.text, found.blocks) == ("it is the base64 of a docker configuration, and has to be decoded", True)
    assert found.fix
    assert found.fix(text.encode()) == raw
    asked = check_not_encoded_config(text)
    assert asked
    assert not asked.blocks


@pytest.mark.parametrize("text", ["hf_" + "a1" * 12, b64encode(b"{}").decode(), b64encode(b'{"a": 1}').decode(), ""])
def test_other_base64_is_left_alone(text: str) -> None:
    assert check_not_encoded_config(text) is None


def test_an_old_dockercfg_is_put_where_it_belongs() -> None:
    raw = json.dumps({"ghcr.io": GOOD}, indent=2).encode()
    found = check_docker_config(raw.decode())
    assert found
    assert found.fix
    fixed = found.fix(raw).decode()
    assert json.loads(fixed) == {"auths": {"ghcr.io": GOOD}}
    assert check_docker_config(fixed) is None


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists) | st.text())
def test_any_docker_configuration_gets_an_answer(said: object) -> None:
    for text in (json.dumps(said), json.dumps({"auths": said}), json.dumps({"auths": {"a": said}}), str(said)):
        check_docker_config(text)


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (
            check_registry,
            ["ghcr.io", "a:5000", "https://index.docker.io/v1/"],
            ["https://", "a b", "ghcr.io/me", "a.io:x", "/x"],
        ),
        (check_registry_user, ["me", "a@b"], ["a:b"]),
    ],
)
def test_each_check_knows_right_from_wrong(check: Check, right: list[str], wrong: list[str]) -> None:
    assert not [text for text in right if check(text)]
    assert not [text for text in wrong if not check(text)]

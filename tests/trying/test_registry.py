"""Logins of registries, on Debian's docker-registry with passwords, and with a realm that signs tokens."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.services import registry
from tests.services.programs import installed
from tests.services.web import Answer, Web, web
from tests.trying.trials import Tried, credential, tried
from wbtui.trying.registry import Image, RegistryLogin, image_of
from wbtui.trying.verdict import CannotTell

TEXTS_OF_A_SERVER = Answer(401, b"{}", {"WWW-Authenticate": 'Bearer realm="{}/token",service="x"'})


async def on(place: str, password: str = registry.PASSWORD, image: str = "", *, user: str = registry.USER) -> Tried:
    row = {"server": place, "username": user, "password": password, "email": ""}
    return await tried(credential("ImagePullSecret", row), f"{place}/{image}" if image else "")


async def on_config(auths: Mapping[str, object], image: str = "") -> Tried:
    return await tried(credential("ImagePullSecret", {"config": json.dumps({"auths": auths})}, way=1), image)


if installed(registry.PROGRAM) and installed("htpasswd"):

    @pytest.fixture(scope="module")
    def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
        """A registry that asks for user and password."""
        with registry.registry(tmp_path_factory.mktemp("registry")) as place:
            yield place

    @pytest.fixture(scope="module")
    def with_realm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Web]]:
        """A registry that asks for tokens, and its realm."""
        with registry.registry_with_realm(tmp_path_factory.mktemp("registry")) as served:
            yield served

    @pytest.mark.parametrize(
        ("password", "image", "outcome", "said"),
        [
            (registry.PASSWORD, "", "accepted", "robot with this password may log in"),
            (registry.PASSWORD, "team/app:1.0", "accepted", "and may pull team/app, 1.0"),
            (registry.PASSWORD, "team/app:2.0", "accepted, not for this", "has no team/app, 2.0, or does not show it"),
            ("wrong", "team/app:1.0", "refused", "127.0.0.1 refuses robot with this password"),
        ],
    )
    async def test_a_registry_that_asks_for_a_password(
        place: str, password: str, image: str, outcome: str, said: str
    ) -> None:
        found = await on(place, password, image)
        assert found.only[0] == outcome
        assert said in found.only[1]
        assert {to.question for to in found.asked} == {f"User and password of {place} will be sent to {place}."}

    @pytest.mark.parametrize(
        ("password", "image", "outcome", "said"),
        [
            (registry.PASSWORD, "", "accepted", "robot with this password may log in"),
            (registry.PASSWORD, "team/app:1.0", "accepted", "and may pull team/app, 1.0"),
            (registry.PASSWORD, "team/hidden:1.0", "accepted, not for this", "but may not pull team/hidden, 1.0"),
            ("wrong", "", "refused", "127.0.0.1 refuses robot with this password"),
        ],
    )
    async def test_a_registry_that_asks_for_a_token_of_a_realm(
        with_realm: tuple[str, Web], password: str, image: str, outcome: str, said: str
    ) -> None:
        place, realm = with_realm
        realm.asked.clear()
        found = await on(place, password, image)
        assert found.only[0] == outcome
        assert said in found.only[1]
        (question,) = {to.question for to in found.asked}
        assert question == (
            f"User and password of {place} will be sent to {realm.place}.\n{place} asks for the login at {realm.place}."
        )
        logins = [asked.headers["authorization"] for asked in realm.asked]
        assert logins[0] == f"Basic {b64encode(f'{registry.USER}:{password}'.encode()).decode()}"
        assert len(set(logins)) == len(logins) == (1 if outcome == "refused" else 2)
        assert not [asked for asked in realm.asked if password in asked.target]

    @pytest.mark.parametrize(("token", "outcome"), [(registry.IDENTITY_TOKEN, "accepted"), ("another", "refused")])
    async def test_an_identity_token_goes_to_the_realm_in_the_body(
        with_realm: tuple[str, Web], token: str, outcome: str
    ) -> None:
        place, realm = with_realm
        realm.asked.clear()
        nobody = b64encode(b"00000000-0000-0000-0000-000000000000:").decode()
        found = await on_config({place: {"auth": nobody, "identitytoken": token}})
        assert found.only[0] == outcome
        assert "image pulls use no such tokens" in found.only[1] or outcome == "refused"
        (asked,) = realm.asked
        assert (asked.method, asked.target, asked.query["refresh_token"]) == ("POST", "/token", [token])

    async def test_who_has_a_password_and_a_token_logs_in_with_what_image_pulls_use(
        with_realm: tuple[str, Web],
    ) -> None:
        place, realm = with_realm
        realm.asked.clear()
        auth = b64encode(f"{registry.USER}:{registry.PASSWORD}".encode()).decode()
        found = await on_config({place: {"auth": auth, "identitytoken": "another"}})
        assert found.only == ("accepted", "robot with this password may log in")
        assert {asked.method for asked in realm.asked} == {"GET"}

    async def test_a_token_is_not_sent_as_a_password(place: str) -> None:
        found = await on_config({place: {"identitytoken": registry.IDENTITY_TOKEN}})
        assert found.only[1] == "the registry wants a user and a password, and there is only a token"
        assert found.asked == []

    async def test_a_realm_that_answers_anybody_proves_nothing(tmp_path: Path) -> None:
        with registry.registry_with_realm(tmp_path) as (_, realm):
            pass
        with web(lambda _: Answer(200, b'{"token": "x"}')) as realm:
            challenge = {"WWW-Authenticate": f'Bearer realm="{realm.url}/token",service="x"'}
            with web(lambda _: Answer(401, b"{}", challenge)) as served:
                found = await on(served.place)
        assert found.only == (
            "cannot tell from here",
            "127.0.0.1 gives a token to anybody, whatever the password",
        )

    async def test_a_registry_that_asks_nobody_proves_nothing(tmp_path: Path) -> None:
        with registry.open_registry(tmp_path) as place:
            found = await on(place)
        assert found.only[1] == "127.0.0.1 answers anybody, so it does not tell who may pull what"
        assert found.asked == []

    async def test_every_login_of_a_configuration_has_a_verdict(place: str) -> None:
        right, wrong = (
            {"auth": b64encode(f"{registry.USER}:{password}".encode()).decode()}
            for password in (registry.PASSWORD, "no")
        )
        inside = {"username": "u", "password": "p"}
        auths = {place: right, f"http://{place}/v2/": wrong, "registry.tools.svc:5000": inside, "quay.io": {}}
        found = await on_config(auths, f"{place}/team/app:1.0")
        assert [(verdict.about, verdict.outcome.value) for verdict in found.verdicts] == [
            (place, "accepted"),
            (f"http://{place}/v2/", "refused"),
            ("registry.tools.svc:5000", "cannot tell from here"),
            ("quay.io", "cannot tell from here"),
        ]
        assert "may pull team/app, 1.0" in found.verdicts[0].text

    async def test_it_is_said_where_no_login_is_for_the_image(place: str) -> None:
        row = {"server": place, "username": registry.USER, "password": registry.PASSWORD}
        found = await tried(credential("ImagePullSecret", row), "ghcr.io/org/app:1")
        assert [(verdict.about, verdict.text) for verdict in found.verdicts] == [
            (place, "robot with this password may log in"),
            ("ghcr.io/org/app:1", "none of these logins is for ghcr.io"),
        ]


@pytest.mark.parametrize(
    ("realm", "said"),
    [
        ("http://192.0.2.1/token", "nothing was sent to 192.0.2.1:80, as you chose"),
        ("https://169.254.169.254/latest", "nothing was sent to 169.254.169.254:443, as you chose"),
        ("https://auth.tools.svc/token", "auth.tools.svc is a name inside the cluster"),
        ("https://[x/token", "the address to ask is not one that begins with https:// and names a host"),
        ("https://u:p@a.example/token", "the address to ask has a login in it"),
        ("file:///etc/passwd", "the address to ask is not one that begins with https:// and names a host"),
        ("", "the address to ask is not one that begins with https:// and names a host"),
    ],
)
async def test_a_realm_elsewhere_gets_nothing_unasked(realm: str, said: str) -> None:
    challenge = {"WWW-Authenticate": f'Bearer realm="{realm}",service="x"'}
    with web(lambda _: Answer(401, b"{}", challenge)) as served:
        row = {"server": served.place, "username": "u", "password": "p4ssw0rd"}
        found = await tried(credential("ImagePullSecret", row), agrees=False)
        assert [asked.headers.get("authorization") for asked in served.asked] == [None]
    assert found.only == ("cannot tell from here", said)
    assert all(f"{served.place} asks for the login at" in to.question for to in found.asked)


@pytest.mark.parametrize(
    ("entered", "url"),
    [
        ("ghcr.io", "https://ghcr.io"),
        ("https://ghcr.io/v2/", "https://ghcr.io"),
        ("docker.io", "https://registry-1.docker.io"),
        ("https://index.docker.io/v1/", "https://registry-1.docker.io"),
        ("registry.example:5000/team", "https://registry.example:5000"),
        ("http://registry.example:5000", "http://registry.example:5000"),
        ("localhost:5000", "http://localhost:5000"),
        ("[::1]:5000", "http://[::1]:5000"),
    ],
)
def test_the_names_of_registries_lead_to_where_docker_goes(entered: str, url: str) -> None:
    assert RegistryLogin(entered).url == url


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("", None),
        ("nginx", Image("registry-1.docker.io", "library/nginx", "latest")),
        ("org/app:1.2", Image("registry-1.docker.io", "org/app", "1.2")),
        ("docker.io/org/app", Image("registry-1.docker.io", "org/app", "latest")),
        ("ghcr.io/a/b/c:x", Image("ghcr.io", "a/b/c", "x")),
        ("localhost/app", Image("localhost", "app", "latest")),
        ("h.example:5000/app:1@sha256:" + "ab" * 32, Image("h.example:5000", "app", "sha256:" + "ab" * 32)),
    ],
)
def test_the_names_of_images_are_read_as_docker_does(name: str, image: Image | None) -> None:
    assert image_of(name) == image


@pytest.mark.parametrize("name", ["ghcr.io/Org/App", "ghcr.io/../x", "ghcr.io/a b", "ghcr.io/a:b:c"])
def test_what_is_no_name_of_an_image_is_said(name: str) -> None:
    with pytest.raises(CannotTell, match="like ghcr"):
        image_of(name)


@pytest.mark.parametrize("config", ["{", "[]", '{"auths": 3}', '{"auths": {}}'])
async def test_what_has_no_login_is_not_tried(config: str) -> None:
    with pytest.raises(CannotTell):
        await tried(credential("ImagePullSecret", {"config": config}, way=1))

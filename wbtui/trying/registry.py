"""Try the logins of registries, each as its registry asks for it; and with an image, where one is named."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import partial
from secrets import token_hex
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from wbtui.domain.docker_config import login_in_auth, members
from wbtui.domain.problems import parsed_json
from wbtui.domain.proxies import is_this_machine
from wbtui.trying.http import TrialRequest, TrialResponse, place_of, send, unclear
from wbtui.trying.model import Entered, Trial, Values
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import Wire

_SERVICE = "a registry"
_DOCKER_HUB = "registry-1.docker.io"
_NAMES_OF_DOCKER_HUB = frozenset({"docker.io", "index.docker.io", "registry.hub.docker.com", _DOCKER_HUB})
_OK, _BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 400, 401, 403, 404
_DENIED = frozenset({_UNAUTHORIZED, _FORBIDDEN})
_MANIFESTS = (
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json,"
    " application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json"
)


class RegistryLogin(NamedTuple):
    """The login of one registry, whose name is as it was entered."""

    registry: str
    username: str = ""
    password: str = ""
    identity_token: str = ""
    registry_token: str = ""

    @property
    def url(self) -> str:
        """Return the URL of the registry's API."""
        scheme, _, rest = self.registry.rpartition("://")
        host = re.split(r"[/?#]", rest, maxsplit=1)[0].lower()
        if host in _NAMES_OF_DOCKER_HUB:
            host = _DOCKER_HUB
        is_local = is_this_machine(re.sub(r":[0-9]*\Z", "", host).strip("[]"))
        return f"{scheme.lower() or ('http' if is_local else 'https')}://{host}"

    @property
    def has_password(self) -> bool:
        """Return whether it has a user and a password, which the kubelet needs."""
        return bool(self.username and self.password)

    @property
    def carries(self) -> str:
        """Return what would be sent, in words."""
        return f"{'User and password' if self.has_password else 'The token'} of {self.registry}"

    @property
    def named(self) -> str:
        """Return what is tried, in words."""
        return f"{self.username} with this password" if self.has_password else "this token"

    @property
    def hidden(self) -> tuple[bytes, ...]:
        """Return the values that a verdict must not show."""
        return tuple(value.encode() for value in (self.password, self.identity_token, self.registry_token) if value)


class Image(NamedTuple):
    """An image: its registry, its repository there, and its tag or digest."""

    host: str
    repository: str
    reference: str


class _Challenge(NamedTuple):
    """A way to log in that a registry asks for."""

    scheme: str
    fields: Mapping[str, str]


def trials(entered: Entered) -> list[Trial]:
    """Return a trial for each login, with the image where it is in that registry. Raises `CannotTell`."""
    logins = [login for row in entered.rows for login in _logins(row)]
    if not logins:
        raise CannotTell("no login of a registry is entered")
    image = image_of(entered.target)
    found = [
        Trial(partial(_try, login, image if image and image.host == urlsplit(login.url).netloc else None), login.hidden)
        for login in logins
    ]
    names = [login.registry for login in logins]
    found = [trial._replace(about=name) for trial, name in zip(found, names, strict=True)]
    if image and image.host not in {urlsplit(login.url).netloc for login in logins}:
        found.append(Trial(partial(_say, f"none of these logins is for {image.host}"), (), entered.target.strip()))
    return found


def image_of(name: str) -> Image | None:
    """Return the parts of the name of an image; None where none is named. Raises `CannotTell`."""
    name = name.strip().removeprefix("docker://")
    if not name:
        return None
    first, slash, rest = name.partition("/")
    if not slash or not re.search(r"[.:]|\Alocalhost\Z", first):
        first, rest = _DOCKER_HUB, name if slash else f"library/{name}"
    parts = re.fullmatch(r"([a-z0-9._/-]+?)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?", rest, re.ASCII)
    if not parts or ".." in rest:
        raise CannotTell("the name of an image is like ghcr.io/org/app:tag")
    host = _DOCKER_HUB if first.lower() in _NAMES_OF_DOCKER_HUB else first.lower()
    return Image(host, parts[1], parts[3] or parts[2] or "latest")


def _logins(row: Values) -> Iterator[RegistryLogin]:
    if "config" in row:
        yield from _logins_in(row["config"])
    elif "server" in row:
        yield RegistryLogin(row["server"].strip(), row.get("username", ""), row.get("password", ""))


def _logins_in(config: str) -> Iterator[RegistryLogin]:
    try:
        auths = members(parsed_json(config)).get("auths")
    except (ValueError, RecursionError):
        raise CannotTell("what was entered is no docker configuration") from None
    for registry, entry in auths.items() if isinstance(auths, dict) else ():
        texts = {name: text for name, text in members(entry).items() if isinstance(text, str)}
        in_auth = login_in_auth(texts["auth"]) if texts.get("auth") else None
        username, password = in_auth or (texts.get("username", ""), texts.get("password", ""))
        yield RegistryLogin(
            registry, username, password, texts.get("identitytoken", ""), texts.get("registrytoken", "")
        )


def _say(text: str, _: Wire) -> TrialVerdict:
    return TrialVerdict(TrialOutcome.UNKNOWN, text)


class _Access(NamedTuple):
    """The header that a registry accepts after a login; `carries` names the credential in it, empty where none is."""

    authorization: str
    carries: str = ""


def _try(login: RegistryLogin, image: Image | None, wire: Wire) -> TrialVerdict:
    if not (login.has_password or login.identity_token or login.registry_token):
        raise CannotTell("the user or the password is not entered")
    first = send(wire, TrialRequest(f"{login.url}/v2/"))
    if first.status == _OK:
        return TrialVerdict(
            TrialOutcome.UNKNOWN, f"{first.host} answers anybody, so it does not tell who may pull what"
        )
    challenges = {challenge.scheme: challenge for challenge in _challenges(first)}
    if first.status != _UNAUTHORIZED or not challenges:
        return unclear(first, _SERVICE)
    access = _access(login, challenges, image, wire)
    return access if isinstance(access, TrialVerdict) else _use(login, image, access, wire)


def _access(
    login: RegistryLogin, challenges: Mapping[str, _Challenge], image: Image | None, wire: Wire
) -> "_Access | TrialVerdict":
    if login.registry_token and not login.has_password:
        return _Access(f"Bearer {login.registry_token}", login.carries)
    if "bearer" in challenges:
        return _token(login, challenges["bearer"], image, wire)
    if not login.has_password:
        raise CannotTell("the registry wants a user and a password, and there is only a token")
    return _Access(_basic(login), login.carries)


def _use(login: RegistryLogin, image: Image | None, access: _Access, wire: Wire) -> TrialVerdict:
    """Return whether the registry accepts the login, and lets it pull the image."""
    headers = {"Authorization": access.authorization}
    answer = send(wire, TrialRequest(f"{login.url}/v2/", headers, carries=access.carries))
    if answer.status in _DENIED:
        return TrialVerdict(TrialOutcome.REFUSED, f"{answer.host} refuses {login.named}")
    if answer.status != _OK:
        return unclear(answer, _SERVICE)
    known = f"{login.named} may log in" + ("" if login.has_password else ", but image pulls use no such tokens")
    return _try_image(login, image, access, wire, known) if image else TrialVerdict(TrialOutcome.ACCEPTED, known)


def _try_image(login: RegistryLogin, image: Image, access: _Access, wire: Wire, known: str) -> TrialVerdict:
    url = f"{login.url}/v2/{image.repository}/manifests/{image.reference}"
    headers = {"Authorization": access.authorization, "Accept": _MANIFESTS}
    answer = send(wire, TrialRequest(url, headers, method="HEAD", carries=access.carries))
    name = f"{image.repository}, {image.reference}"
    if answer.status == _OK:
        return TrialVerdict(TrialOutcome.ACCEPTED, f"{known}, and may pull {name}")
    if answer.status in _DENIED:
        return TrialVerdict(TrialOutcome.NOT_FOR_THIS, f"{known}, but may not pull {name}")
    if answer.status == _NOT_FOUND:
        return TrialVerdict(TrialOutcome.NOT_FOR_THIS, f"{known}, but {answer.host} has no {name}, or does not show it")
    verdict = unclear(answer, _SERVICE)
    return verdict._replace(text=f"{known}; about {name}, {verdict.text}")


def _token(login: RegistryLogin, challenge: _Challenge, image: Image | None, wire: Wire) -> "_Access | TrialVerdict":
    """Return the access with the token that the realm gives for a login, or a verdict where it gives none."""
    realm = challenge.fields.get("realm", "")
    query = {"service": challenge.fields.get("service", "")}
    if image:
        query["scope"] = f"repository:{image.repository}:pull"
    why = f"{urlsplit(login.url).netloc} asks for the login at {place_of(realm)}"
    request = (_log_in if login.has_password else _refresh)(login, realm, query)
    answer = send(wire, request._replace(carries=login.carries, why=why))
    if answer.status in _DENIED or (answer.status == _BAD_REQUEST and not login.has_password):
        return TrialVerdict(TrialOutcome.REFUSED, f"{answer.host} refuses {login.named}")
    token = _token_in(answer)
    if not token:
        return unclear(answer, _SERVICE)
    # An invented user: a second wrong password could lock out a real one.
    nobody = RegistryLogin(login.registry, f"wbtui-{token_hex(8)}", token_hex(8))
    if login.has_password and _token_in(send(wire, _log_in(nobody, realm, query)._replace(why=why))):
        return TrialVerdict(TrialOutcome.UNKNOWN, f"{answer.host} gives a token to anybody, whatever the password")
    return _Access(f"Bearer {token}")


def _log_in(login: RegistryLogin, realm: str, query: Mapping[str, str]) -> TrialRequest:
    joined = "&" if "?" in realm else "?"
    return TrialRequest(f"{realm}{joined}{urlencode(query)}", {"Authorization": _basic(login)})


def _refresh(login: RegistryLogin, realm: str, query: Mapping[str, str]) -> TrialRequest:
    form = {"grant_type": "refresh_token", "client_id": "wbtui", **query, "refresh_token": login.identity_token}
    return TrialRequest(realm, {"Content-Type": "application/x-www-form-urlencoded"}, "POST", urlencode(form).encode())


def _token_in(answer: TrialResponse) -> str:
    body: Any = answer.json if answer.status == _OK else None
    found = body.get("token") or body.get("access_token") if isinstance(body, dict) else ""
    return found if isinstance(found, str) else ""


def _challenges(answer: TrialResponse) -> Iterator[_Challenge]:
    text = answer.headers.get("www-authenticate", "")
    for scheme, rest in re.findall(r"\b(Bearer|Basic)\s+((?:(?!\b(?:Bearer|Basic)\s).)*)", text, re.IGNORECASE):
        yield _Challenge(scheme.lower(), dict(re.findall(r'(\w+)="([^"]*)"', rest)))


def _basic(login: RegistryLogin) -> str:
    return f"Basic {b64encode(f'{login.username}:{login.password}'.encode()).decode()}"

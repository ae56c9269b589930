"""The fields of a kubeconfig that kubectl knows, and what is wrong with a field of another type."""

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct, ValidationError, convert, field

from wbtui.domain.text import plain

_NO_BASE64 = "is not base64"
_PROBLEMS = {
    "str": "must be text: put it in quotes",
    "bool": "must be true or false",
    "array": "must be a list",
    "object": "must be a mapping of names to values",
    _NO_BASE64: _NO_BASE64,
}
"""What is wrong with a field, by the type that it should have; msgspec's own message comes with it."""
_MESSAGE = re.compile(r"(?:Expected `(?P<type>\w+).*?|(?P<said>.*?))(?: - at `\$(?P<path>.*)`)?")
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<position>\d+|\.\.\.)\]")
_AS_IT_IS = "extension"
"""A field of which everything is passed on to plugins."""


class Data(bytes):
    """A value in base64."""


class Fields(Struct, frozen=True, rename=lambda name: name.rstrip("_").replace("_", "-")):
    """A mapping of a kubeconfig: null counts as missing, and unknown fields are ignored, as by kubectl."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"  # it may hold a credential

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


class Extension(Fields, frozen=True):
    """An extension, which kubectl passes on to plugins."""

    name: str = ""
    extension: Any = None


class ServerFields(Fields, frozen=True):
    """An entry's `cluster`: the API server's address, and how it is reached and trusted."""

    server: str = ""
    tls_server_name: str = ""
    insecure_skip_tls_verify: bool = False
    certificate_authority: str = ""
    certificate_authority_data: Data = Data()
    proxy_url: str = ""
    disable_compression: bool = False
    extensions: list[Extension] = []


class PluginVariable(Fields, frozen=True):
    """An environment variable of a credential plugin."""

    name: str = ""
    value: str = ""


class Plugin(Fields, frozen=True):
    """A user's `exec`."""

    command: str = ""
    args: list[str] = []
    env: list[PluginVariable] = []
    api_version: str = field(default="", name="apiVersion")
    install_hint: str = field(default="", name="installHint")
    provide_cluster_info: bool = field(default=False, name="provideClusterInfo")
    interactive_mode: str = field(default="", name="interactiveMode")


class AuthProvider(Fields, frozen=True):
    """A user's `auth-provider`."""

    name: str = ""
    config: dict[str, str] = {}


class UserFields(Fields, frozen=True):
    """An entry's `user`: the credentials, and the user to act as. None is what is not there, unlike what is empty."""

    client_certificate: str | None = None
    client_certificate_data: Data | None = None
    client_key: str = ""
    client_key_data: Data = Data()
    token: str | None = None
    token_file: str | None = field(default=None, name="tokenFile")
    as_: str = ""
    as_uid: str = ""
    as_groups: list[str] = []
    as_user_extra: dict[str, list[str]] = {}
    username: str | None = None
    password: str = ""
    auth_provider: AuthProvider | None = None
    exec: Plugin | None = None


class ContextFields(Fields, frozen=True):
    """An entry's `context`."""

    cluster: str = ""
    user: str = ""
    namespace: str = ""


class NamedServer(Fields, frozen=True):
    """An entry of `clusters`."""

    name: str = ""
    cluster: ServerFields = ServerFields()


class NamedUser(Fields, frozen=True):
    """An entry of `users`."""

    name: str = ""
    user: UserFields = UserFields()


class NamedContext(Fields, frozen=True):
    """An entry of `contexts`."""

    name: str = ""
    context: ContextFields = ContextFields()


class KubeconfigFile(Fields, frozen=True):
    """The content of one file."""

    api_version: str = field(default="", name="apiVersion")
    kind: str = ""
    current_context: str = ""
    clusters: list[NamedServer] = []
    users: list[NamedUser] = []
    contexts: list[NamedContext] = []


P = TypeVar("P", bound=Fields)


def parsed(shape: type[P], content: Any) -> P:
    """Return parsed YAML as `shape`. Raises `ValueError`, which names the first field that is wrong."""
    content = _without_nulls({} if content is None else content)
    try:
        return convert(content, shape, dec_hook=_decoded)
    except ValidationError as error:
        found = _MESSAGE.fullmatch(str(error))
        words, path = "has a wrong value", ""
        if found:
            words = _PROBLEMS.get(found["type"] or found["said"], words)
            path = _path(found["path"] or "", content)
        raise ValueError(f"{path} {words}" if path else f"it {words}") from None  # the cause may quote a value


def _without_nulls(content: Any) -> Any:
    if isinstance(content, list):
        return [_without_nulls({} if item is None else item) for item in content]
    if not isinstance(content, Mapping):
        return content
    there = {str(name): value for name, value in content.items() if value is not None}
    return {name: value if name == _AS_IT_IS else _without_nulls(value) for name, value in there.items()}


def _decoded(_: type[Data], content: object) -> Data:
    try:
        return Data(b64decode("".join(str(content).splitlines()), validate=True))
    except ValueError:
        raise ValueError(_NO_BASE64) from None  # the cause could quote a key


def _path(steps: str, content: Any) -> str:
    path = ""
    for step in _STEP.finditer(steps):
        name, position = step["name"], step["position"]
        if position == "...":
            name = next((key for key, value in content.items() if not isinstance(value, str)), "")
        content = _member(content, name or int(position))
        if name:
            path += f".{name}" if path else name
        else:
            called = content.get("name") if isinstance(content, Mapping) else None
            path += f"[{called if isinstance(called, str) else position}]"
    return plain(path)


def _member(content: Any, step: int | str) -> Any:
    try:
        return content[step]
    except (LookupError, TypeError):
        return None

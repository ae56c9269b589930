"""The fields of a kubeconfig that kubectl knows, and what is wrong with a field of another type."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from wbtui.domain.text import plain

_PROBLEMS = {
    "string_type": "must be text: put it in quotes",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of names to values",
    "base64": "is not base64",
}
"""What is wrong with a field, by the type of pydantic's error; its own messages may quote the value."""


def _decoded(content: object) -> bytes:
    try:
        return b64decode("".join(str(content).splitlines()), validate=True)
    except ValueError:
        raise PydanticCustomError("base64", "not base64") from None  # the cause could quote a key


Data = Annotated[bytes, BeforeValidator(_decoded), Field(repr=False)]
"""A value in base64."""
Hidden = Annotated[str, Field(repr=False)]


class Fields(BaseModel):
    """A mapping of a kubeconfig: null counts as missing, and unknown fields are ignored, as by kubectl."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, content: Any) -> Any:
        if isinstance(content, dict):
            return {name: value for name, value in content.items() if value is not None}
        return {} if content is None else content


class Extension(Fields):
    """An extension, which kubectl passes on to plugins."""

    name: str = ""
    extension: Any = None


class Server(Fields):
    """An entry's `cluster`: the API server's address, and how it is reached and trusted."""

    server: str = ""
    tls_server_name: str = ""
    insecure_skip_tls_verify: bool = False
    certificate_authority: str = ""
    certificate_authority_data: Data = b""
    proxy_url: Hidden = ""
    disable_compression: bool = False
    extensions: list[Extension] = []


class Variable(Fields):
    """An environment variable of a credential plugin."""

    name: str = ""
    value: Hidden = ""


class Plugin(Fields):
    """A user's `exec`."""

    command: str = ""
    args: list[str] = []
    env: list[Variable] = []
    api_version: str = Field(default="", alias="apiVersion")
    install_hint: str = Field(default="", alias="installHint")
    provide_cluster_info: bool = Field(default=False, alias="provideClusterInfo")
    interactive_mode: str = Field(default="", alias="interactiveMode")


class AuthProvider(Fields):
    """A user's `auth-provider`."""

    name: str = ""
    config: dict[str, str] = Field(default={}, repr=False)


class User(Fields):
    """An entry's `user`: the credentials, and the user to act as."""

    client_certificate: str = ""
    client_certificate_data: Data = b""
    client_key: str = ""
    client_key_data: Data = b""
    token: Hidden = ""
    token_file: str = Field(default="", alias="tokenFile")
    as_: str = ""
    as_uid: str = ""
    as_groups: list[str] = []
    as_user_extra: dict[str, list[str]] = {}
    username: str = ""
    password: Hidden = ""
    auth_provider: AuthProvider | None = None
    exec: Plugin | None = None


class ContextFields(Fields):
    """An entry's `context`."""

    cluster: str = ""
    user: str = ""
    namespace: str = ""


class NamedServer(Fields):
    """An entry of `clusters`."""

    name: str = ""
    cluster: Server = Server()


class NamedUser(Fields):
    """An entry of `users`."""

    name: str = ""
    user: User = User()


class NamedContext(Fields):
    """An entry of `contexts`."""

    name: str = ""
    context: ContextFields = ContextFields()


class KubeconfigFile(Fields):
    """The content of one file."""

    api_version: str = Field(default="", alias="apiVersion")
    kind: str = ""
    current_context: str = ""
    clusters: list[NamedServer] = []
    users: list[NamedUser] = []
    contexts: list[NamedContext] = []


P = TypeVar("P", bound=Fields)


def parsed(shape: type[P], content: Any) -> P:
    """Return parsed YAML as `shape`. Raises `ValueError`, which names the first field that is wrong."""
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        words = _PROBLEMS.get(first["type"], "has a wrong value")
        path = _path(first["loc"], content)
        raise ValueError(f"{path} {words}" if path else f"it {words}") from None  # the cause holds the file


def _path(location: tuple[int | str, ...], content: Any) -> str:
    path = ""
    for step in location:
        content = _member(content, step)
        if isinstance(step, int):
            name = content.get("name") if isinstance(content, Mapping) else None
            path += f"[{name if isinstance(name, str) else step}]"
        else:
            path += f".{step}" if path else step
    return plain(path)


def _member(content: Any, step: int | str) -> Any:
    try:
        return content[step]
    except (LookupError, TypeError):
        return None

"""Check Docker configurations by the kubelet's rules (pkg/credentialprovider in Kubernetes)."""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import Any

from wbtui.domain.problems import Problem, parsed_json

_NOT_JSON = Problem("it is not JSON")
_LONGEST = 1024 * 1024 * 4 // 3 + 1024
"""The most base64 characters that fit into a secret."""


def check_registry(value: str) -> Problem | None:
    """Return a problem where `value` is not the address of a registry, a warning where it contains a path."""
    host, _, path = re.sub(r"\Ahttps?://", "", value).partition("/")
    if re.search(r"\s", value):
        return Problem("a registry's address has no white space")
    if not host:
        return Problem("a registry's address names a host, as in ghcr.io")
    if not _can_match_images(value):
        return Problem("image pulls cannot use it: a registry's address is a host, as in ghcr.io, or host:port")
    if path and host != "index.docker.io":
        return Problem("image pulls match a registry with a path for that path only", blocks=False)
    return None


def check_registry_user(value: str) -> Problem | None:
    """Return a problem where the user contains a colon, which separates the user from the password."""
    return Problem("a registry's user has no colon in it") if ":" in value else None


def check_docker_config(value: str) -> Problem | None:
    """Return what is wrong with a Docker configuration; a warning where the kubelet would ignore a part of it."""
    try:
        config = parsed_json(value)
    except RecursionError:
        return Problem("it is nested too deeply to be a docker configuration")
    except ValueError:
        return encoded_config_problem(value) or _NOT_JSON
    if not isinstance(config, dict):
        return Problem("it is JSON, but not an object")
    auths = members(config).get("auths")
    if not isinstance(auths, dict) or not auths:
        return _without_registries(config)
    return _logins_problem(config, auths)


def encoded_config_problem(value: str) -> Problem | None:
    """Return a problem where the text is a Docker configuration in base64, as in the manifest of a secret."""
    decoded = _decoded(value)
    if not decoded.lstrip().startswith(b"{"):
        return None
    try:
        config = parsed_json(decoded.decode())
    except (ValueError, RecursionError):
        return None
    if "auths" not in members(config) and not _is_dockercfg(config):
        return None
    text = "it is the base64 of a docker configuration, and has to be decoded"
    return Problem(text, fix=lambda raw: _decoded(raw.decode()))


def check_not_encoded_config(value: str) -> Problem | None:
    """Return a warning where the text is a Docker configuration in base64."""
    problem = encoded_config_problem(value)
    return problem and problem._replace(blocks=False)


def _decoded(text: str) -> bytes:
    named = re.sub(r"""\A\s*["']?\.dockerconfigjson["']?\s*:""", "", text)
    compact = re.sub(r"\s+", "", named).strip("\"'")
    if not re.fullmatch(r"[A-Za-z0-9+/]{8,}={0,2}", compact[:_LONGEST]):
        return b""
    try:
        return b64decode(compact.rstrip("=") + "=" * (-len(compact.rstrip("=")) % 4))
    except ValueError:
        return b""


def _without_registries(config: Mapping[str, Any]) -> Problem:
    if any(config.get(name) for name in ("credsStore", "credHelpers")):
        return Problem(
            "it names a credential helper, which keeps the credentials: log in without one, or enter them here"
        )
    if _is_dockercfg(config):
        text = 'it has the format of an old .dockercfg, which belongs into "auths" here'
        return Problem(text, fix=lambda raw: b'{"auths":' + raw.strip() + b"}")
    return Problem('it has no "auths" with a registry in it')


def _is_dockercfg(config: object) -> bool:
    return isinstance(config, dict) and bool(config) and all(_is_entry(entry) for entry in config.values())


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and bool(members(entry).keys() & {"auth", "username", "password"})


class LoginUse(Enum):
    """Whether the kubelet can use the login of a registry."""

    USABLE = auto()
    MISSING = auto()
    TOKEN_ONLY = auto()
    UNREADABLE = auto()
    NO_IMAGES = auto()
    """The name of the registry matches no image."""


def login_of(entry: object) -> LoginUse:
    """Return whether the kubelet can use one entry of "auths"."""
    found = members(entry)
    texts = [found.get(name) for name in ("username", "password", "email", "auth")]
    if not isinstance(entry, dict | None) or not all(isinstance(text, str | None) for text in texts):
        return LoginUse.UNREADABLE
    username, password, _, auth = (text or "" for text in texts)
    login = login_in_auth(auth) if auth else (username, password)  # auth wins over the others
    if login is None:
        return LoginUse.UNREADABLE
    if all(login):
        return LoginUse.USABLE
    return LoginUse.TOKEN_ONLY if found.keys() & {"identitytoken", "registrytoken"} else LoginUse.MISSING


def login_in_auth(auth: str) -> tuple[str, str] | None:
    """Return the user and the password in the "auth" of a registry; None where it cannot be read."""
    # Go accepts base64 with or without padding, and ignores line ends.
    compact = re.sub(r"[\r\n]", "", auth)
    padded = compact if compact.strip().endswith("=") else compact + "=" * (-len(compact) % 4)
    try:
        login = b64decode(padded, validate=True).decode(errors="replace")
    except ValueError:
        return None
    if len(padded) % 4:
        return None
    username, colon, password = login.partition(":")
    return (username, password) if colon else None


def _logins_problem(config: Mapping[str, Any], auths: Mapping[str, object]) -> Problem | None:
    logins = [_login_for(name, entry) for name, entry in auths.items()]
    if set(logins) <= {LoginUse.MISSING, LoginUse.NO_IMAGES} and LoginUse.NO_IMAGES in logins:
        return Problem("image pulls can use none of it: its registries have no login, or a name that matches no image")
    if set(logins) == {LoginUse.MISSING}:
        helper = any(config.get(name) for name in ("credsStore", "credHelpers"))
        return Problem(
            "its credentials are kept by a credential helper: log in without one, or enter them here"
            if helper
            else "none of its registries has a login"
        )
    warnings = "; ".join(_warnings(logins))
    return Problem(warnings, blocks=False) if warnings else None


def _login_for(registry_name: str, entry: object) -> LoginUse:
    login = login_of(entry)
    return login if login is LoginUse.UNREADABLE or _can_match_images(registry_name) else LoginUse.NO_IMAGES


def _can_match_images(registry_name: str) -> bool:
    """Return whether the kubelet can match the name of a registry to images: it needs a host that Go can parse."""
    host = re.split(r"[/?#]", re.sub(r"\Ahttps?://", "", registry_name), maxsplit=1)[0].rpartition("@")[2]
    return re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^][\s\x00-\x1f\x7f:\\^`{|}%]+)(:[0-9]*)?", host) is not None


def _warnings(logins: list[LoginUse]) -> Iterator[str]:
    if LoginUse.UNREADABLE in logins:
        count = logins.count(LoginUse.UNREADABLE)
        yield f"image pulls can use nothing of it: the login of {count} of its {len(logins)} registries cannot be read"
    if LoginUse.TOKEN_ONLY in logins:
        count = logins.count(LoginUse.TOKEN_ONLY)
        yield f"image pulls ignore identity tokens: there is nothing else for {count} of its {len(logins)} registries"
    if LoginUse.NO_IMAGES in logins:
        count = logins.count(LoginUse.NO_IMAGES)
        yield f"image pulls ignore {count} of its {len(logins)} registries, whose name is empty or not a host"
    if LoginUse.MISSING in logins:
        yield f"it has no login for {logins.count(LoginUse.MISSING)} of its {len(logins)} registries"


def members(value: object) -> dict[str, Any]:
    """Return the members of a JSON object by their names in small letters; none of what is no object."""
    # Go ignores the case of the names of members.
    return {name.casefold(): member for name, member in value.items()} if isinstance(value, dict) else {}

"""Docker configurations: what is wrong with one, or with the login of one registry."""

import re
from base64 import b64decode

from wbtui.domain.problems import Problem, parsed_json


def registry(value: str) -> Problem | None:
    """Refuse what is no address of a registry, and question a path."""
    host, _, path = re.sub(r"\Ahttps?://", "", value).partition("/")
    if re.search(r"\s", value):
        return Problem("a registry's address has no white space")
    if not host:
        return Problem("a registry's address names a host, as in ghcr.io")
    if path and host != "index.docker.io":
        return Problem("image pulls match a registry with a path for that path only", blocks=False)
    return None


def registry_user(value: str) -> Problem | None:
    """Refuse a user that could not be told from the password."""
    return Problem("a registry's user has no colon in it") if ":" in value else None


def docker_config(value: str) -> Problem | None:
    """Return what is wrong with a whole docker configuration."""
    try:
        said = parsed_json(value)
    except RecursionError:
        return Problem("it is nested too deeply to be a docker configuration")
    except ValueError:
        return Problem("it is not JSON")
    if not isinstance(said, dict):
        return Problem("it is JSON, but not an object")
    auths = said.get("auths")
    if not isinstance(auths, dict) or not auths:
        helper = any(said.get(name) for name in ("credsStore", "credHelpers"))
        return Problem(
            "it names a credential helper, which keeps the credentials: log in without one, or enter them here"
            if helper
            else 'it has no "auths" with a registry in it'
        )
    unusable = [name for name, entry in auths.items() if not _usable(entry)]
    if unusable and (said.get("credsStore") or said.get("credHelpers")):
        return Problem("its credentials are kept by a credential helper: log in without one, or enter them here")
    return Problem(f"{len(unusable)} of its {len(auths)} registries have no usable credentials") if unusable else None


def _usable(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    given = {name for name, part in entry.items() if isinstance(part, str) and part}
    token = bool(given & {"identitytoken", "registrytoken"})
    return token or given >= {"username", "password"} or _is_login(entry.get("auth"))


def _is_login(auth: object) -> bool:
    try:
        text = b64decode(auth, validate=True).decode() if isinstance(auth, str) else ""
    except ValueError:
        return False
    user, _, password = text.partition(":")
    return bool(user and password)

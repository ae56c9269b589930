"""What proves who we are: by the fields of a kubeconfig's user, in kubectl's order."""

import json
from base64 import b64encode, urlsafe_b64decode
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import time

from wbtui.cluster.identity import IdentityProvider, keep_tokens
from wbtui.cluster.kubeconfig import Target
from wbtui.cluster.kubeconfig_fields import AuthProvider, User
from wbtui.cluster.kubeconfig_files import Entry
from wbtui.cluster.plugins import Tell, run_plugin
from wbtui.domain.text import plain
from wbtui.errors import CredentialsError, KubeconfigError
from wbtui.storage.files import StorageError, read_input

LARGEST = 2**20
"""Bytes that a file with a token, a certificate or a key may have."""
_EARLY = 10
"""Seconds before its end that a token of an identity provider counts as expired, as for kubectl."""


@dataclass(frozen=True, slots=True)
class Credential:
    """The value of the header Authorization, a certificate with its key, both, or nothing.

    It is good until `expires`, in seconds since 1970, and for as long as `token_file` holds the same.
    """

    authorization: str = field(default="", repr=False)
    certificate: bytes = b""
    key: bytes = field(default=b"", repr=False)
    expires: float | None = None
    token_file: Path | None = None

    @property
    def has_aged(self) -> bool:
        """Tell whether another is to be loaded."""
        if self.expires is not None and self.expires <= time():
            return True
        if not self.token_file or not self.token_file.is_file():
            return False  # where it has gone, what it held may still be good, as for kubectl
        try:
            return self.authorization != _bearer(_text_of(self.token_file))
        except StorageError:
            return False


async def load_credential(target: Target, cluster_info: dict[str, object], tell: Tell) -> Credential:
    """Load what proves that we are the user of a context. Raises `KubeconfigError` and `CredentialsError`.

    `cluster_info` is what a credential plugin may be told of the cluster, `tell` gets news of one that runs.
    """
    credential = await _load(target, cluster_info, tell)
    if not credential.authorization.isprintable():
        raise CredentialsError("the token, or the password, has a character that cannot be sent")
    if credential.has_aged:  # until it is refused, and not again for each request
        return replace(credential, expires=None)
    return credential


async def _load(target: Target, cluster_info: dict[str, object], tell: Tell) -> Credential:
    user = target.user.fields
    mine = _of_certificate(target)
    if user.token or user.token_file:
        token, path = _token(target)
        return replace(mine, authorization=_bearer(token), token_file=path)
    if user.username or user.password:
        login = b64encode(f"{user.username}:{user.password}".encode()).decode()
        return replace(mine, authorization=f"Basic {login}")
    if user.exec:
        answer = await run_plugin(user.exec, target.user.file.parent, cluster_info, tell)
        certificate, key = answer.certificate or mine.certificate, answer.key or mine.key
        return Credential(_bearer(answer.token), certificate, key, answer.expires)
    if user.auth_provider:
        token = await _id_token(target.user, user.auth_provider, target.user_name)
        return replace(mine, authorization=_bearer(token), expires=_end_of(token))
    return mine


def _of_certificate(target: Target) -> Credential:
    user = target.user.fields
    if not (user.client_certificate or user.client_certificate_data):
        return Credential()
    return Credential(
        certificate=user.client_certificate_data or _read_file(target, "client-certificate", user.client_certificate),
        key=user.client_key_data or _read_file(target, "client-key", user.client_key),
    )


def _token(target: Target) -> tuple[str, Path | None]:
    """Return the token, and the file that it is from: that one goes before a token in the kubeconfig."""
    user = target.user.fields
    if not user.token_file:
        return user.token, None
    path = target.user.path(user.token_file)
    try:
        return _text_of(path), path
    except StorageError as error:
        if user.token:
            return user.token, None
        raise _unreadable(target.user_name, "tokenFile", error) from error


def _read_file(target: Target, field: str, name: str) -> bytes:
    """Return the contents of the file that a field of the user names. Raises `KubeconfigError`."""
    path = target.user.path(name)
    try:
        return read_input(path, LARGEST)
    except StorageError as error:
        raise _unreadable(target.user_name, field, error) from error


def _unreadable(user: str, field: str, error: StorageError) -> KubeconfigError:
    return KubeconfigError(f"the kubeconfig does not work: users[{plain(user)}].user.{field}: {plain(str(error))}")


def _text_of(path: Path) -> str:
    return read_input(path, LARGEST).decode(errors="replace")


def _bearer(token: str) -> str:
    # What was written to a file, or printed, usually ends its line.
    return f"Bearer {token.strip()}" if token.strip() else ""


async def _id_token(entry: Entry[User], provider: AuthProvider, user: str) -> str:
    config = provider.config
    held = config.get("id-token", "")
    if not _has_expired(held):
        return held
    if not config.get("refresh-token"):
        raise CredentialsError("the token of the identity provider has expired, and there is none to renew it with")
    tokens = await IdentityProvider.of(entry, config).renew(config["refresh-token"])
    kept = {"id-token": tokens["id_token"], "refresh-token": tokens.get("refresh_token") or config["refresh-token"]}
    keep_tokens(entry.file, user, kept)
    return tokens["id_token"]


def _has_expired(token: str) -> bool:
    if token.count(".") != 2:  # noqa: PLR2004  the parts of a JWT
        return True
    end = _end_of(token)
    return end is not None and end <= time()


def _end_of(token: str) -> float | None:
    """Return when a token is to be renewed; None where it does not say."""
    try:
        expires = json.loads(urlsafe_b64decode(token.split(".")[1] + "==")).get("exp")
    except (ValueError, AttributeError, LookupError):
        return 0.0
    return float(expires) - _EARLY if isinstance(expires, int | float) else None

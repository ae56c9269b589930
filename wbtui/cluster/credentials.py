"""Load the credential of a kubeconfig's user from its fields, in kubectl's order."""

import json
from base64 import b64encode, urlsafe_b64decode
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from wbtui.cluster.client_certificates import check_pair
from wbtui.cluster.kubeconfig import ContextEntries
from wbtui.cluster.kubeconfig_fields import AuthProvider, UserFields
from wbtui.cluster.kubeconfig_files import KubeconfigEntry
from wbtui.cluster.kubeconfig_rules import has_other_login
from wbtui.domain.decoding import has_byte_order_mark
from wbtui.domain.text import plain
from wbtui.errors import CredentialsError, KubeconfigError
from wbtui.storage.files import StorageError, read_input

if TYPE_CHECKING:
    from wbtui.cluster.plugins import ReportWait

LARGEST_FILE = 2**20
"""The most bytes of a file with a token, a certificate or a key."""
_EARLY = 10
"""Seconds before its expiry that the token of an identity provider is renewed, as by kubectl."""


@dataclass(frozen=True, slots=True)
class LoginCredential:
    """The value of the header Authorization, a certificate with its key, both, or nothing.

    It is valid until `expires`, in seconds since 1970, and until `token_file` holds another token.
    """

    authorization: str = field(default="", repr=False)
    certificate: bytes = b""
    key: bytes = field(default=b"", repr=False)
    expires: float | None = None
    token_file: Path | None = None

    @property
    def is_outdated(self) -> bool:
        """Return whether it has to be loaded again."""
        if self.expires is not None and self.expires <= time():
            return True
        if not self.token_file or not self.token_file.is_file():
            return False  # the last token stays in use, as for kubectl
        try:
            return self.authorization != _bearer(_token_in(self.token_file))
        except StorageError:  # as while it is written
            return False


async def load_credential(
    target: ContextEntries, cluster_info: dict[str, object], report_wait: "ReportWait"
) -> LoginCredential:
    """Return the credential of a context's user. Raises `KubeconfigError` and `CredentialsError`.

    `cluster_info` is for a credential plugin that asks for it; `report_wait` is called while one runs.
    """
    credential = await _load(target, cluster_info, report_wait)
    if credential.is_outdated:  # use it until the server refuses it, and do not load it again for each request
        return replace(credential, expires=None)
    return credential


async def _load(target: ContextEntries, cluster_info: dict[str, object], report_wait: "ReportWait") -> LoginCredential:
    user = target.user.fields
    certified = _certificate_of(target)
    if user.token or user.token_file:
        return replace(certified, authorization=_token_header(target), token_file=_token_file(target))
    if user.username:
        login = b64encode(f"{user.username}:{user.password}".encode()).decode()
        return replace(certified, authorization=f"Basic {login}")
    if user.exec:
        from wbtui.cluster.plugins import run_plugin  # noqa: PLC0415  loaded by those who have one

        answer = await run_plugin(user.exec, target.user.file.parent, cluster_info, report_wait)
        certificate, key = answer.certificate or certified.certificate, answer.key or certified.key
        authorization = _bearer(answer.token.encode()) if answer.token else ""
        return LoginCredential(authorization, certificate, key, answer.expires)
    if user.auth_provider:
        token = await _id_token(target.user, user.auth_provider, target.user_name)
        authorization = _checked_bearer(token.encode(), f"{_path_of(target)}.auth-provider.config.id-token")
        return replace(certified, authorization=authorization, expires=_renewal_of(token))
    return certified


def _certificate_of(target: ContextEntries) -> LoginCredential:
    user = target.user.fields
    if not (user.client_certificate or user.client_certificate_data):
        return LoginCredential()
    certificate = user.client_certificate_data or _read_file(
        target, "client-certificate", user.client_certificate or ""
    )
    key = user.client_key_data or _read_file(target, "client-key", user.client_key)
    if not (certificate and key) and has_other_login(user):
        return LoginCredential()  # as kubectl, for which an empty file is none
    try:
        check_pair(certificate, key)
    except ValueError as error:
        fields = f"{_path_of(target)}.client-certificate and .client-key"
        raise KubeconfigError(f"the kubeconfig does not work: {fields}: {error}") from error
    return LoginCredential(certificate=certificate, key=key)


def _token_file(target: ContextEntries) -> Path | None:
    name = target.user.fields.token_file
    return target.user.path(name) if name else None


def _token_header(target: ContextEntries) -> str:
    """Return the header for the token in the user's file, or else for the one in the kubeconfig, as kubectl does."""
    token, path = (target.user.fields.token or "").strip().encode(), _token_file(target)
    if not path:
        return _checked_bearer(token, f"{_path_of(target)}.token")
    try:
        return _checked_bearer(_token_in(path), f"{_path_of(target)}.tokenFile: {plain(str(path))}")
    except StorageError as error:
        if token:
            return _checked_bearer(token, f"{_path_of(target)}.token")
        raise _field_error(target, "tokenFile", error) from error


def _read_file(target: ContextEntries, field: str, name: str) -> bytes:
    """Return the contents of the file that a field of the user names. Raises `KubeconfigError`."""
    path = target.user.path(name)
    try:
        return read_input(path, LARGEST_FILE)
    except StorageError as error:
        raise _field_error(target, field, error) from error


def _field_error(target: ContextEntries, field: str, error: StorageError) -> KubeconfigError:
    return KubeconfigError(f"the kubeconfig does not work: {_path_of(target)}.{field}: {plain(str(error))}")


def _path_of(target: ContextEntries) -> str:
    return f"users[{plain(target.user_name)}].user"


def _token_in(path: Path) -> bytes:
    """Return the token in a file, without the line end. Raises `StorageError` where there is none."""
    token = read_input(path, LARGEST_FILE).strip()
    if not token:
        raise StorageError(f"{path} is empty")
    return token


def _bearer(token: bytes) -> str:
    return f"Bearer {token.decode(errors='replace')}"


def _checked_bearer(token: bytes, field: str) -> str:
    """Return the header for a token. Raises `KubeconfigError` where it cannot be sent."""
    header = _bearer(token)
    if has_byte_order_mark(token):
        words = "begins with a byte order mark: save it without one"
    elif not header.isprintable():
        words = "has a character that cannot be sent"
    elif not token:
        words = "is blank"
    else:
        return header
    raise KubeconfigError(f"the kubeconfig does not work: {field} {words}")


async def _id_token(entry: KubeconfigEntry[UserFields], provider: AuthProvider, user: str) -> str:
    config = provider.config
    token = config.get("id-token", "")
    if not _has_expired(token):
        return token
    if not config.get("refresh-token"):
        raise CredentialsError("the token of the identity provider has expired, and there is none to renew it with")
    from wbtui.cluster.identity import IdentityProvider, keep_tokens  # noqa: PLC0415  loaded by those who have one

    tokens = await IdentityProvider.of(entry, config).renew(config["refresh-token"])
    kept = {"id-token": tokens["id_token"], "refresh-token": tokens.get("refresh_token") or config["refresh-token"]}
    keep_tokens(entry.file, user, kept)
    return tokens["id_token"]


def _has_expired(token: str) -> bool:
    if token.count(".") != 2:  # noqa: PLR2004  the parts of a JWT
        return True
    end = _renewal_of(token)
    return end is not None and end <= time()


def _renewal_of(token: str) -> float | None:
    """Return when a token has to be renewed, in seconds since 1970; None where it has no expiry."""
    try:
        expires = json.loads(urlsafe_b64decode(token.split(".")[1] + "==")).get("exp")
    except (ValueError, AttributeError, LookupError):
        return 0.0
    return float(expires) - _EARLY if isinstance(expires, int | float) else None

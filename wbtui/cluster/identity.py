"""Renew tokens at an OpenID Connect identity provider, whose certificate is verified."""

import os
import ssl
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict
from urllib.parse import quote, urlencode, urlsplit

import yaml
from msgspec.json import Decoder

from wbtui.cluster.errors import as_unreachable
from wbtui.cluster.kubeconfig_fields import UserFields
from wbtui.cluster.kubeconfig_files import KubeconfigEntry, decoded
from wbtui.cluster.proxies import environment_proxy
from wbtui.cluster.wire import T, parse
from wbtui.domain.text import plain
from wbtui.errors import CredentialsError, KubeconfigError, UnexpectedAnswer
from wbtui.http.client import Client, Limits, Request
from wbtui.http.route import Route

_LIMITS = Limits(total=30.0)


class Tokens(TypedDict):
    """A provider's answer; without a refresh token in it, the old one stays valid."""

    id_token: str
    refresh_token: NotRequired[str | None]


class _Discovery(TypedDict):
    token_endpoint: str


_TOKENS = Decoder(Tokens)
_DISCOVERY = Decoder(_Discovery)


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """An identity provider and the client that we are there; `trust` verifies its certificate."""

    issuer: str
    client: str
    client_secret: str
    trust: ssl.SSLContext

    @classmethod
    def of(cls, entry: KubeconfigEntry[UserFields], config: Mapping[str, str]) -> "IdentityProvider":
        """Return the provider that a user's `auth-provider.config` describes. Raises `KubeconfigError`."""
        return cls(
            config["idp-issuer-url"], config["client-id"], config.get("client-secret", ""), _trust(entry, config)
        )

    async def renew(self, refresh_token: str) -> Tokens:
        """Return new tokens for a refresh token. Raises `Unreachable` and `CredentialsError`."""
        name = f"the identity provider {plain(urlsplit(self.issuer).netloc.rpartition('@')[2])}"
        with as_unreachable(name):
            try:
                return await self._renew(refresh_token)
            except UnexpectedAnswer:
                raise CredentialsError(f"{name} did not renew the token") from None  # the answer may hold one

    async def _renew(self, refresh_token: str) -> Tokens:
        discovery = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        endpoint = (await self._request("GET", discovery, _DISCOVERY))["token_endpoint"]
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.client_secret:
            login = f"{quote(self.client, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
        else:
            form["client_id"] = self.client
        return await self._request("POST", endpoint, _TOKENS, urlencode(form).encode(), headers)

    async def _request(
        self, method: str, url: str, shape: Decoder[T], body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> T:
        split = urlsplit(url)
        server = f"{split.scheme}://{split.netloc}"
        target = f"{split.path or '/'}{f'?{split.query}' if split.query else ''}"
        trust = self.trust if split.scheme == "https" else None
        client = Client(Route(server, trust, proxy=environment_proxy(server)))
        try:
            response = await client.send(Request(method, target, headers or {}, body), _LIMITS)
            return parse(shape, b"".join([chunk async for chunk in response.chunks()]))
        finally:
            await client.close()


def _trust(entry: KubeconfigEntry[UserFields], config: Mapping[str, str]) -> ssl.SSLContext:
    field = "idp-certificate-authority"
    try:
        if data := config.get(f"{field}-data"):
            return ssl.create_default_context(cadata=b64decode(data).decode())
        return ssl.create_default_context(cafile=str(entry.path(config[field])) if config.get(field) else None)
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "it is not a certificate in base64"
        raise KubeconfigError(
            f"the kubeconfig does not work: auth-provider.config.{field} cannot be used: {words}"
        ) from error


def keep_tokens(file: Path, user: str, tokens: Mapping[str, str]) -> None:
    """Write renewed tokens to the kubeconfig that the old ones came from. Raises `CredentialsError`."""
    try:
        kubeconfig = decoded(file.read_bytes())
        for entry in kubeconfig["users"]:
            if entry["name"] == user:
                entry["user"]["auth-provider"]["config"].update(tokens)
        _write(file.resolve(), yaml.safe_dump(kubeconfig, sort_keys=False, allow_unicode=True))
    except (OSError, ValueError, LookupError, TypeError) as error:
        words = getattr(error, "strerror", None) or "it has changed"
        message = f"the renewed token of the identity provider cannot be kept in {plain(str(file))}: {words}"
        raise CredentialsError(message) from None  # the cause may hold a token


def _write(file: Path, text: str) -> None:
    # A new file is renamed into place: other readers get the whole old file or the whole new one.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(text)
        Path(name).chmod(file.stat().st_mode & 0o777)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

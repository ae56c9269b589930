"""The client library's reading of kubeconfigs, where it must be as careful as kubectl."""

import json
import os
from base64 import urlsafe_b64decode
from pathlib import Path
from time import time
from typing import Any

import yaml
from kubernetes.aio.config import ConfigException
from kubernetes.aio.config.kube_config import ConfigNode, FileOrData, KubeConfigLoader, KubeConfigMerger

from wbtui.cluster.identity import IdentityProvider
from wbtui.cluster.plugins import run_plugin
from wbtui.repository import CredentialsError

_EARLY = 300
"""Seconds before its end that a token counts as expired."""
_PARTS = ("clusters", "contexts", "users")
_Merger: Any = KubeConfigMerger
_Loader: Any = KubeConfigLoader
"""The library's own, which carry no types."""


class Merger(_Merger):  # type: ignore[misc]
    """Several files as one: what stands first wins, and an empty file says nothing."""

    config_merged: Any

    def load_config(self, path: str) -> None:
        """Add a file."""
        said = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
        if self.config_merged is None:
            self.config_merged = ConfigNode(path, {part: [] for part in _PARTS}, path)
        for part in _PARTS:
            self._merge(part, said.get(part) or [], path)
        if said.get("current-context"):
            self.config_merged.value.setdefault("current-context", str(said["current-context"]))
        self.config_files[path] = said


class Loader(_Loader):  # type: ignore[misc]
    """The server and the credentials of one context."""

    _user: Any

    def set_active_context(self, context_name: str | None = None) -> None:
        """Find the entries of a context; without a user, one is nobody."""
        super().set_active_context(context_name)
        user = self._current_context["context"].safe_get("user")
        if user and self._user is None:
            raise ConfigException(f"there is no user {user}")
        self._user = self._user or ConfigNode("user", {})

    async def load_from_exec_plugin(self) -> bool:
        """Ask a credential plugin."""
        credential = await run_plugin(self._user["exec"].value, self._folder)
        if token := credential.get("token"):
            self.token = f"Bearer {token}"
        if credential.get("clientCertificateData") and credential.get("clientKeyData"):
            self.cert_file = self._file(credential, "clientCertificateData")
            self.key_file = self._file(credential, "clientKeyData")
        return True

    @property
    def _folder(self) -> str:
        return os.path.abspath(os.path.dirname(self._user.path or ""))  # noqa: PTH100, PTH120  as the library does

    @staticmethod
    def _file(said: Any, name: str) -> Any:
        return FileOrData(said, None, data_key_name=name, base64_file_content=False).as_file()

    async def _load_oid_token(self) -> None:
        config = self._user["auth-provider"]["config"]
        if _expired(config.safe_get("id-token")):
            await self._refresh(config)
        self.token = f"Bearer {config['id-token']}"

    async def _refresh(self, config: Any) -> None:
        if not config.safe_get("refresh-token"):
            raise CredentialsError("the token of the identity provider has expired, and there is none to renew it with")
        authority = FileOrData(config, "idp-certificate-authority", file_base_path=self._folder).as_file()
        secret = str(config.safe_get("client-secret") or "")
        provider = IdentityProvider(str(config["idp-issuer-url"]), str(config["client-id"]), secret, authority)
        tokens = await provider.renew(str(config["refresh-token"]))
        kept = {"id-token": tokens["id_token"], "refresh-token": tokens.get("refresh_token") or config["refresh-token"]}
        config.value.update(kept)
        self._config_persister(self._config.value)


def _expired(token: Any) -> bool:
    try:
        _, body, _ = str(token).split(".")
        expires = json.loads(urlsafe_b64decode(body + "==")).get("exp")
    except (ValueError, AttributeError):
        return True
    return isinstance(expires, int | float) and expires - _EARLY <= time()

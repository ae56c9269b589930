"""From kubeconfig files, or the service account of a pod, to a configured client, by the client library's loader."""

import asyncio
import logging
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from kubernetes.aio.client.api_client import ApiClient
from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.config import ConfigException, kube_config, load_incluster_config
from kubernetes.aio.config.kube_config import KubeConfigLoader, KubeConfigMerger
from kubernetes.aio.config.openid import OpenIDRequestor

from wbtui.cluster.errors import told
from wbtui.domain.text import plain, shortened
from wbtui.repository import Context, CredentialsError, KubeconfigError, NoKubeconfig

IN_CLUSTER = "in-cluster"
_SERVICE_ACCOUNT_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
_MALFORMED = (
    ConfigException,
    yaml.YAMLError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
)
"""What the loader raises for a file that is YAML but no kubeconfig, or not even that."""

logging.getLogger("kubernetes").addHandler(logging.NullHandler())


class _VerifiedRequestor(OpenIDRequestor):
    """Refreshes OIDC tokens from the identity provider that the certificate proves.

    The library's own sends the refresh token to whoever answers where the kubeconfig names no certificate
    authority, and cannot use the one that it names.
    """

    def _get_connector(self) -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=self._ssl_ca_cert))


vars(kube_config)["OpenIDRequestor"] = _VerifiedRequestor


@dataclass(frozen=True, slots=True)
class Login:
    """A client that is ready to talk, and the user that the kubeconfig says to act as."""

    client: ApiClient
    impersonate: str


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """The configuration that a person's kubeconfig files make together, read anew each time."""

    paths: str
    """Separated as in KUBECONFIG."""

    @classmethod
    def of(cls, flag: str | None) -> "Kubeconfig":
        """Return the kubeconfig that kubectl would take: the flag's, KUBECONFIG's, or the one in the home."""
        default = str(Path.home() / ".kube" / "config")
        return cls(flag or os.environ.get("KUBECONFIG") or default)

    def contexts(self) -> tuple[Context, ...]:
        """Return all contexts, or the one of the pod that this runs in. Raises `KubeconfigError`."""
        if not self._files():
            self._require_pod()
            namespace = _SERVICE_ACCOUNT_NAMESPACE
            return (Context(IN_CLUSTER, "", "", namespace.read_text().strip() if namespace.exists() else ""),)
        with _told_as_kubeconfig(self.paths):
            merged = KubeConfigMerger(self.paths).config
            return tuple(_context(entry.value) for entry in merged.value["contexts"])

    def current(self) -> str:
        """Return the current context: as for kubectl, that of the first file which names one."""
        files = self._files()
        if not files:
            return IN_CLUSTER
        for path in files:
            with _told_as_kubeconfig(str(path)):
                said = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
                if said.get("current-context"):
                    return str(said["current-context"])
        raise KubeconfigError(
            "the kubeconfig has no current context", advice="Choose one with :ctx, or start with --context."
        )

    def select(self, name: str | None) -> Context:
        """Return the context of this name, or the current one. Raises `KubeconfigError` where there is none such."""
        contexts = self.contexts()
        wanted = name or self.current()
        for context in contexts:
            if context.name == wanted:
                return context
        known = ", ".join(plain(context.name) for context in contexts) or "none"
        message = f"the kubeconfig has no context {plain(wanted)}"
        raise KubeconfigError(message, advice=f"It has: {shortened(known, 200)}. Choose one with :ctx or --context.")

    async def login(self, context: Context) -> Login:
        """Load the credentials of a context: files, certificates, credential plugins, identity providers."""
        configuration = Configuration()
        # Certificates that kubectl accepts lack extensions which OpenSSL's strict mode asks for; chain and
        # host name are verified all the same.
        configuration.disable_strict_ssl_verification = True
        impersonate = ""
        if context.name == IN_CLUSTER:
            with _told_as_kubeconfig("the pod's service account"):
                load_incluster_config(client_configuration=configuration)
        else:
            impersonate = await self._load(context.name, configuration)
        with _told_as_kubeconfig(self.paths):
            return Login(await asyncio.to_thread(ApiClient, configuration), impersonate)

    async def _load(self, context: str, configuration: Configuration) -> str:
        with _told_as_kubeconfig(self.paths), told("the identity provider"), _plugin_failures():
            merger = await asyncio.to_thread(KubeConfigMerger, self.paths)
            loader = KubeConfigLoader(
                merger.config,
                context,
                config_base_path=None,
                config_persister=lambda _: merger.save_changes(),
            )
            await loader.load_and_set(configuration)
            return _acts_as(merger.config.value, context)

    def _files(self) -> list[Path]:
        paths = [Path(path).expanduser() for path in self.paths.split(os.pathsep) if path]
        return [path for path in paths if path.exists()]

    def _require_pod(self) -> None:
        if "KUBERNETES_SERVICE_HOST" not in os.environ:
            raise NoKubeconfig(f"there is no kubeconfig at {plain(self.paths)}")


def _context(entry: dict[str, Any]) -> Context:
    said = entry.get("context") or {}
    return Context(str(entry["name"]), said.get("cluster") or "", said.get("user") or "", said.get("namespace") or "")


def _acts_as(config: dict[str, Any], context: str) -> str:
    user = next(entry.value for entry in config["contexts"] if entry.value["name"] == context)["context"].get("user")
    users = (entry.value for entry in config["users"])
    return next(((entry.get("user") or {}).get("as") or "" for entry in users if entry["name"] == user), "")


@contextmanager
def _told_as_kubeconfig(where: str) -> Iterator[None]:
    try:
        yield
    except yaml.YAMLError as error:
        # The text of a YAML error quotes the line, which may hold a token.
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise KubeconfigError(f"the kubeconfig {plain(where)} is not valid YAML{line}") from None
    except OSError as error:
        raise KubeconfigError(
            f"the kubeconfig {plain(where)} cannot be read: {error.strerror or type(error).__name__}"
        ) from None
    except ConfigException as error:
        # Past the first brace the library quotes whole entries, tokens and all.
        words = shortened(plain(str(error).partition("{")[0]), 300)
        raise KubeconfigError(f"the kubeconfig does not work: {words}") from None
    except _MALFORMED:
        raise KubeconfigError(f"the kubeconfig {plain(where)} is malformed") from None


class _Complaints(logging.Handler):
    """Keeps what the loader logs: it says so, and goes on, where a credential plugin has failed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _plugin_failures() -> Iterator[None]:
    logger = logging.getLogger("kubernetes.aio.config.kube_config")
    complaints = _Complaints()
    logger.addHandler(complaints)
    try:
        yield
    finally:
        logger.removeHandler(complaints)
    if complaints.said:
        raise CredentialsError(
            f"the credential plugin failed: {shortened(plain(complaints.said[0]), 300)}",
            advice="Run its command by hand to see why, then press ctrl+r.",
        )

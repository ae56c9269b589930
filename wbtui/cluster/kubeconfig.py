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

import yaml
from kubernetes.aio.client.api_client import ApiClient
from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.config import ConfigException, load_incluster_config

from wbtui.cluster.credentials import Loader, Merger
from wbtui.cluster.proxies import environment_proxy
from wbtui.domain.text import plain, shortened
from wbtui.repository import Context, KubeconfigError, NoKubeconfig

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
    RecursionError,
)
"""What the loader raises for a file that is YAML but no kubeconfig, or not even that."""

logging.getLogger("kubernetes").addHandler(logging.NullHandler())


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
    explicit: bool = False
    """Asked for by a flag: nothing else will do in its place."""

    @classmethod
    def of(cls, flag: str | None) -> "Kubeconfig":
        """Return the kubeconfig that kubectl would take: the flag's, KUBECONFIG's, or the one in the home."""
        default = str(Path.home() / ".kube" / "config")
        return cls(flag or os.environ.get("KUBECONFIG") or default, explicit=bool(flag))

    def contexts(self) -> tuple[Context, ...]:
        """Return all contexts, or the one of the pod that this runs in. Raises `KubeconfigError`."""
        return self._read()[0]

    def select(self, name: str | None) -> Context:
        """Return the context of this name, or the current one. Raises `KubeconfigError` where there is none such."""
        contexts, current = self._read()
        wanted = name or current
        if not wanted:
            advice = "Choose one with :ctx, or start with --context."
            raise KubeconfigError("the kubeconfig has no current context", advice=advice)
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
            _refuse_locked_key(configuration.key_file)
            configuration.proxy = configuration.proxy or environment_proxy(configuration.host)
            return Login(await asyncio.to_thread(ApiClient, configuration), impersonate)

    async def _load(self, context: str, configuration: Configuration) -> str:
        with _told_as_kubeconfig(self.paths):
            merger = await asyncio.to_thread(Merger, self.paths)
            loader = Loader(
                merger.config,
                context,
                config_base_path=None,
                config_persister=lambda _: merger.save_changes(),
            )
            await loader.load_and_set(configuration)
            if token := configuration.api_key.get("BearerToken"):
                # A file that holds a token usually ends its line.
                configuration.api_key["BearerToken"] = token.strip()
            return _acts_as(merger.config.value, context)

    def _read(self) -> tuple[tuple[Context, ...], str]:
        with _told_as_kubeconfig(self.paths):
            merged = Merger(self.paths).config
            if merged is not None:
                contexts = tuple(_context(entry.value) for entry in merged.value["contexts"])
                return contexts, merged.value.get("current-context", "")
            if self.explicit or "KUBERNETES_SERVICE_HOST" not in os.environ:
                raise NoKubeconfig(f"there is no kubeconfig at {plain(self.paths)}")
            namespace = _SERVICE_ACCOUNT_NAMESPACE
            return (_in_pod(namespace.read_text().strip() if namespace.exists() else ""),), IN_CLUSTER


def _in_pod(namespace: str) -> Context:
    return Context(IN_CLUSTER, "", "", namespace)


def _context(entry: dict[str, Any]) -> Context:
    said = entry.get("context") or {}
    return Context(str(entry["name"]), *(str(said.get(part) or "") for part in ("cluster", "user", "namespace")))


def _refuse_locked_key(path: str | None) -> None:
    # OpenSSL would ask for the password on the terminal, which is the screen's.
    if path and b"ENCRYPTED" in Path(path).read_bytes():
        raise ConfigException("the key of the client certificate is encrypted")


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
    except ssl.SSLError as error:
        words = (error.reason or "unreadable").replace("_", " ").lower()
        raise KubeconfigError(f"a certificate or key in the kubeconfig does not work: {words}") from None
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

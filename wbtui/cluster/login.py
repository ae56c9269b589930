"""Log in to a context: from its kubeconfig to a client for its API server."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from wbtui.cluster.clients import new_client, plugin_info, read_authority
from wbtui.cluster.credentials import LoginCredential, load_credential
from wbtui.cluster.endpoint import Endpoint
from wbtui.cluster.kubeconfig import ContextEntries, Kubeconfig
from wbtui.cluster.kubeconfig_fields import UserFields
from wbtui.cluster.kubeconfig_rules import check, server_url
from wbtui.domain.projects import Context
from wbtui.domain.proxies import is_this_machine
from wbtui.http.client import Client

if TYPE_CHECKING:
    from wbtui.cluster.plugins import ReportWait

_HEADER_NAME = "!#$&'*+-.^_`|~"
"""Characters of a header's name apart from letters and digits; others, and %, are percent-encoded."""


@dataclass(frozen=True, eq=False, slots=True)
class Login:
    """A client for `endpoint` with its credential; `impersonates` is the user that it acts as, or empty."""

    endpoint: Endpoint
    client: Client
    credential: LoginCredential
    impersonates: str

    @property
    def server(self) -> str:
        """Return the server's name and port."""
        return self.endpoint.host

    async def close(self) -> None:
        """Close its connections."""
        await self.client.close()


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """The context to log in to, and the user to act as."""

    kubeconfig: Kubeconfig
    context: Context
    impersonate: str = ""


async def log_in(options: LoginOptions, report_wait: "ReportWait") -> Login:
    """Log in to a context: read the kubeconfig, load the credentials. Raises `KubeconfigError`, `CredentialsError`."""
    target = await asyncio.to_thread(options.kubeconfig.target, options.context.name)
    check(target, impersonate=options.impersonate)
    authority = await asyncio.to_thread(read_authority, target)
    credential = LoginCredential()
    if _may_carry_credentials(target):
        credential = await load_credential(target, plugin_info(target, authority), report_wait)
    acts_as = options.impersonate or target.user.fields.as_
    headers = _impersonation(target.user.fields, acts_as) if acts_as else []
    client = await asyncio.to_thread(new_client, target, authority, credential, headers)
    return Login(Endpoint.of(target, authority), client, credential, acts_as)


def _may_carry_credentials(target: ContextEntries) -> bool:
    # kubectl sends none without TLS. The embedded cluster on this machine has no TLS.
    url = urlsplit(server_url(target.server.fields))
    return url.scheme == "https" or is_this_machine(url.hostname or "")


def _impersonation(user: UserFields, acts_as: str) -> list[tuple[str, str]]:
    extra = [(quote(key, safe=_HEADER_NAME), value) for key, values in user.as_user_extra.items() for value in values]
    return [
        ("Impersonate-User", acts_as),
        *([("Impersonate-Uid", user.as_uid)] if user.as_uid else []),
        *(("Impersonate-Group", group) for group in user.as_groups),
        *((f"Impersonate-Extra-{key}", value) for key, value in extra),
    ]

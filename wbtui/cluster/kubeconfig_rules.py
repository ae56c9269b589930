"""The table of a kubeconfig's rules: a field, when it is wrong, and what is wrong with it.

These are kubectl's rules, with two exceptions: a certificate may be given as data and as a file, where the data counts,
and a plugin needs no `interactiveMode`.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from wbtui.cluster.kubeconfig import ContextEntries
from wbtui.cluster.kubeconfig_fields import AuthProvider, Plugin, ServerFields, UserFields
from wbtui.domain.text import plain
from wbtui.errors import KubeconfigError

PLUGIN_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
_NO_PLUGIN = Plugin(command="none", api_version=PLUGIN_VERSIONS[0])
_REMOVED = {
    "azure": "azure was removed in Kubernetes 1.26: use kubelogin (kubelogin convert-kubeconfig)",
    "gcp": "gcp was removed in Kubernetes 1.26: use gke-gcloud-auth-plugin (gcloud container clusters get-credentials)",
}
"""Providers that older versions of kubectl had built in."""


class _ServerRule(NamedTuple):
    field: str
    is_broken: Callable[[ServerFields], object]
    words: Callable[[ServerFields], str]


class _UserRule(NamedTuple):
    field: str
    is_broken: Callable[[UserFields], object]
    words: Callable[[UserFields], str]


def server_url(server: ServerFields) -> str:
    """Return a server's address as kubectl reads it: plain HTTP without a scheme, and without what follows ? or #."""
    scheme, separator, rest = re.split(r"[?#]", server.server, maxsplit=1)[0].partition("://")
    return (f"{scheme.lower()}://{rest}" if separator else f"http://{scheme}").rstrip("/")


def _is_no_address(server: ServerFields) -> bool:
    try:
        url = urlsplit(server_url(server))
        port = url.port
    except ValueError:
        return True
    bad = any(character.isspace() or not character.isprintable() for character in server.server)
    return bad or not url.hostname or port == 0 or ("://" not in server.server and bool(url.path))


def _is_named(attribute: str, user: UserFields) -> bool:
    return getattr(user, attribute) is not None


def _provider(user: UserFields) -> AuthProvider:
    return user.auth_provider or AuthProvider(name="oidc", config={"idp-issuer-url": "-", "client-id": "-"})


def _plugin(user: UserFields) -> Plugin:
    return user.exec or _NO_PLUGIN


def _provider_words(user: UserFields) -> str:
    name = _provider(user).name
    return _REMOVED.get(name) or f"{plain(name) or 'without a name'} is not known: only oidc is"


_SERVER_RULES = (
    _ServerRule("server", lambda s: not s.server, lambda _: "is missing"),
    _ServerRule("server", _is_no_address, lambda s: f"{_shown(s.server)} is not an address such as https://host:6443"),
    _ServerRule(
        "server",
        lambda s: server_url(s).partition("://")[0] not in {"http", "https"},
        lambda s: f"begins with {plain(s.server.partition(':')[0])}, and not with https",
    ),
    _ServerRule(
        "insecure-skip-tls-verify",
        lambda s: s.insecure_skip_tls_verify and (s.certificate_authority or s.certificate_authority_data),
        lambda _: "cannot be combined with certificate-authority: remove one of them",
    ),
    _ServerRule(
        "proxy-url",
        lambda s: s.proxy_url and s.proxy_url.partition("://")[0].lower() not in PROXY_SCHEMES,
        lambda _: f"must begin with one of {', '.join(PROXY_SCHEMES)}",
    ),
    _ServerRule("proxy-url", lambda s: s.proxy_url and _has_no_host(s.proxy_url), lambda _: "names no host"),
)
_USER_RULES = (
    _UserRule("auth-provider", lambda u: u.auth_provider and u.exec, lambda _: "cannot be combined with exec"),
    _UserRule("auth-provider.name", lambda u: _provider(u).name != "oidc", _provider_words),
    _UserRule(
        "auth-provider.config.idp-issuer-url",
        lambda u: not _provider(u).config.get("idp-issuer-url"),
        lambda _: "is missing",
    ),
    _UserRule(
        "auth-provider.config.client-id", lambda u: not _provider(u).config.get("client-id"), lambda _: "is missing"
    ),
    _UserRule(
        "token", lambda u: (u.token or u.token_file) and u.username, lambda _: "cannot be combined with username"
    ),
    _UserRule(
        "client-key",
        lambda u: (u.client_certificate or u.client_certificate_data) and not (u.client_key or u.client_key_data),
        lambda _: "is missing: client-certificate cannot be used without it",
    ),
    _UserRule(
        "as",
        lambda u: (u.as_uid or u.as_groups or u.as_user_extra) and not u.as_,
        lambda _: "is missing: as-uid, as-groups and as-user-extra need it",
    ),
    _UserRule("exec.command", lambda u: not _plugin(u).command, lambda _: "is missing"),
    _UserRule(
        "exec.apiVersion",
        lambda u: _plugin(u).api_version not in PLUGIN_VERSIONS,
        lambda u: f"{plain(_plugin(u).api_version) or 'is missing: it'} must be one of {', '.join(PLUGIN_VERSIONS)}",
    ),
    _UserRule(
        "exec.env", lambda u: any(not one.name for one in _plugin(u).env), lambda _: "has a variable without a name"
    ),
    _UserRule(
        "exec.interactiveMode",
        lambda u: _plugin(u).interactive_mode == "Always",
        lambda _: "Always needs the keyboard, which wbtui uses: log in with kubectl first, or set IfAvailable",
    ),
)
_WITHOUT_LOGIN_RULES = (
    _UserRule(
        "client-certificate",
        lambda u: u.client_key or u.client_key_data,
        lambda _: "is missing: client-key cannot be used without it",
    ),
    _UserRule("username", lambda u: u.password, lambda _: "is missing: password cannot be used without it"),
    *(
        _UserRule(field, partial(_is_named, attribute), lambda _: "is empty")
        for field, attribute in (
            ("token", "token"),
            ("tokenFile", "token_file"),
            ("client-certificate", "client_certificate"),
            ("client-certificate-data", "client_certificate_data"),
            ("username", "username"),
        )
    ),
)
"""Rules for a user without any credential; one without any of these fields is anonymous."""


def has_other_login(user: UserFields) -> bool:
    """Return whether a user has something to log in with beside a client certificate."""
    return bool(user.token or user.token_file or user.username or user.exec or user.auth_provider)


def _has_login(user: UserFields) -> bool:
    return bool(user.client_certificate or user.client_certificate_data) or has_other_login(user)


def check(target: ContextEntries, *, impersonate: str) -> None:
    """Raise `KubeconfigError` that names the first field of the server, or of the user, that cannot be used.

    `impersonate` is the flag that replaces the user's `as`.
    """
    server, user = target.server.fields, target.user.fields
    user = replace(user, as_=impersonate or user.as_)
    for server_rule in _SERVER_RULES:
        if server_rule.is_broken(server):
            raise _broken("clusters", target.server_name, f"cluster.{server_rule.field} {server_rule.words(server)}")
    is_secure = server_url(server).startswith("https:")  # kubectl logs in to no other
    for rule in _USER_RULES if _has_login(user) or not is_secure else (*_USER_RULES, *_WITHOUT_LOGIN_RULES):
        if rule.is_broken(user):
            raise _broken("users", target.user_name, f"user.{rule.field} {rule.words(user)}")


def _broken(part: str, name: str, words: str) -> KubeconfigError:
    return KubeconfigError(f"the kubeconfig does not work: {part}[{plain(name)}].{words}")


def _has_no_host(url: str) -> bool:
    try:
        return not urlsplit(url).hostname or urlsplit(url).port == 0
    except ValueError:
        return True


def _shown(server: str) -> str:
    return plain(server.rpartition("@")[2])

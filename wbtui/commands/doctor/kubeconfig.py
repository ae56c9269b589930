"""The kubeconfig: its files, the context in use, and how it logs in, without credentials."""

import os
import stat
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

from wbtui.cluster.kubeconfig import ContextEntries, Kubeconfig
from wbtui.cluster.kubeconfig_fields import Plugin, UserFields
from wbtui.cluster.kubeconfig_rules import check, server_url
from wbtui.cluster.proxies import environment_proxy
from wbtui.commands.advice import advice_of
from wbtui.commands.doctor.report import RETRY, DoctorReport, SectionFacts, shown_path
from wbtui.domain.projects import Context
from wbtui.errors import KubeconfigError


def describe_kubeconfig(
    report: DoctorReport, kubeconfig: Kubeconfig, context: str | None, impersonate: str
) -> Context | None:
    """Add the files and the context, and return the context; None where it cannot be used."""
    facts = report.section("kubeconfig")
    for number, name in enumerate(filter(None, kubeconfig.paths.split(os.pathsep)), 1):
        facts[f"file {number}"] = _file_in_words(report, Path(os.path.expanduser(name)))  # noqa: PTH111
    try:
        contexts = kubeconfig.contexts()
        facts["contexts"] = str(len(contexts))
        chosen = kubeconfig.select(context)
        facts["context"] = chosen.name
        facts["project"] = chosen.namespace or "default (the context names none)"
        target = kubeconfig.target(chosen.name)
        _describe_target(report, facts, target)
        check(target, impersonate=impersonate)
    except KubeconfigError as error:
        report.find(str(error), advice_of(error, RETRY))
        return None
    return chosen


def _file_in_words(report: DoctorReport, path: Path) -> str:
    shown = shown_path(path)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"{shown} ({(error.strerror or 'not there').lower()})"
    if stat.S_ISREG(mode) and mode & (stat.S_IROTH | stat.S_IWOTH):
        may = "change" if mode & stat.S_IWOTH else "read"
        report.find(f"every user of this machine may {may} {shown}, which holds credentials", f"Run chmod 600 {shown}")
    return f"{shown}, mode {stat.S_IMODE(mode):04o}"


def _describe_target(report: DoctorReport, facts: SectionFacts, target: ContextEntries) -> None:
    server = target.server.fields
    facts["server"] = address(server_url(server))
    facts["certificate"] = _trust(target)
    facts["proxy"] = address(server.proxy_url or environment_proxy(server_url(server))) or "none"
    facts["login"] = login_in_words(target.user.fields)
    if target.user.fields.as_:
        facts["acts as"] = target.user.fields.as_
    if (plugin := target.user.fields.exec) and not _is_there(plugin, target.user.file.parent):
        report.find(
            f"the credential plugin {plugin.command} is not installed, or is not in PATH",
            " ".join(plugin.install_hint.split()) or "Install it, or correct exec.command in the kubeconfig",
        )


def _trust(target: ContextEntries) -> str:
    server = target.server.fields
    if server.insecure_skip_tls_verify:
        return "not verified (insecure-skip-tls-verify)"
    named = server.certificate_authority_data or server.certificate_authority
    return "verified by the kubeconfig's authority" if named else "verified by the system's authorities"


def address(url: str) -> str:
    """Return the scheme, the host and the path of a URL, without a user and a password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if url else ""


def login_in_words(user: UserFields) -> str:
    """Return what a user logs in with, by the names of the kubeconfig's fields."""
    fields = {
        "client certificate": user.client_certificate or user.client_certificate_data,
        "token file": user.token_file,
        "token": user.token,
        "user name and password": user.username,
        f"credential plugin {user.exec.command if user.exec else ''}": user.exec,
        f"auth-provider {user.auth_provider.name if user.auth_provider else ''}": user.auth_provider,
    }
    return ", ".join(name for name, field in fields.items() if field) or "nothing"


def _is_there(plugin: Plugin, folder: Path) -> bool:
    return bool(which(str(folder / plugin.command) if "/" in plugin.command else plugin.command))

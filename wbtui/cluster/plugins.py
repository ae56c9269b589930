"""Run credential plugins: programs that a kubeconfig names, which print a token or a client certificate."""

import json
import os
import re
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which
from time import monotonic
from typing import NamedTuple, TypeAlias

from msgspec import field

from wbtui.cluster.client_certificates import check_pair
from wbtui.cluster.event_log import ended_with, log
from wbtui.cluster.kubeconfig_fields import Fields, Plugin, parsed
from wbtui.cluster.kubeconfig_files import decoded
from wbtui.cluster.programs import Pipe, TooMuchOutput, run
from wbtui.domain.clock import utc_moment
from wbtui.domain.text import plain, shortened
from wbtui.errors import CredentialsError
from wbtui.news import PluginWait

ReportWait: TypeAlias = Callable[[PluginWait | None], None]
"""Called when a plugin starts and when it writes to standard error; with None when it has ended."""
_LARGEST_OUTPUT = 1 << 20
"""The most bytes that a plugin may print: a credential has a few thousand."""
_LARGEST_LOG = 16 << 20
"""The most bytes that a plugin may write to standard error, enough for a detailed log."""
_LOG_USED = 1 << 14
"""The last bytes of standard error that are used in messages."""
_LONGEST_QUOTE = 300
"""The most characters of standard error that an error quotes."""
_INSTALL_IT = "Install it, or correct exec.command in the kubeconfig, then press {retry}."
_LINES_SHOWN = 8
"""The last lines of standard error that are shown while a plugin runs."""
_ESCAPE_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")


class PluginCredential(NamedTuple):
    """What a plugin printed: a token, a certificate with its key, or both; `expires` is in seconds since 1970."""

    token: str
    certificate: bytes
    key: bytes
    expires: float | None


class _Status(Fields, frozen=True):
    token: str = ""
    certificate: str = field(default="", name="clientCertificateData")
    key: str = field(default="", name="clientKeyData")
    expires: str = field(default="", name="expirationTimestamp")


class _ExecCredential(Fields, frozen=True):
    api_version: str = field(default="", name="apiVersion")
    kind: str = ""
    status: _Status = _Status()


async def run_plugin(
    plugin: Plugin, folder: Path, cluster: Mapping[str, object], report_wait: ReportWait
) -> PluginCredential:
    """Run the plugin of a user's `exec` in a kubeconfig in `folder`. Raises `CredentialsError`.

    The plugin gets no keyboard input, which belongs to the screen. It is ended when this is cancelled.
    """
    name = plain(plugin.command)
    spec = {"interactive": False, **({"cluster": cluster} if plugin.provide_cluster_info else {})}
    information = {"kind": "ExecCredential", "apiVersion": plugin.api_version, "spec": spec}
    variables = {variable.name: variable.value for variable in plugin.env}
    environment = {**os.environ, **variables, "KUBERNETES_EXEC_INFO": json.dumps(information)}
    command = [_program(plugin.command, folder), *plugin.args]
    since = monotonic()
    async with (
        Pipe.opened(_LARGEST_OUTPUT, lambda _: None) as output,
        Pipe.opened(_LARGEST_LOG, _log_reporter(name, since, report_wait)) as errors,
    ):
        report_wait(PluginWait(name, since, ""))
        try:
            status = await _run(name, command, environment, output, errors)
            printed, logged = output.read(), errors.read() if status else b""
        except TooMuchOutput as error:
            raise _failed(name, "it printed more output than a credential can have, and was stopped") from error
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or str(error)
            advice = plain(" ".join(plugin.install_hint.split())) or _INSTALL_IT
            raise CredentialsError(f"the credential plugin {name} cannot be started: {words}", advice=advice) from error
        finally:
            report_wait(None)
        if status:
            raise _failed(name, _ending(status, " ".join(_lines(logged))))
        return _parsed(name, printed, plugin.api_version)


async def _run(name: str, command: list[str], environment: dict[str, str], output: Pipe, errors: Pipe) -> int:
    began = monotonic()
    ended = "stopped"
    try:
        status = await run(command, environment, output, errors)
        ended = f"exit status {status}"
    except Exception as error:
        ended = ended_with(error)
        raise
    finally:
        log(f"credential plugin {name}: {ended} after {monotonic() - began:.1f} s")
    return status


def _ending(status: int, log: str) -> str:
    """Return how a program failed; a negative status is the signal that ended it."""
    if status > 0:
        return log or f"it ended with exit code {status}"
    name = next((f" ({one.name})" for one in signal.Signals if one == -status), "")
    killed = f"it was killed by signal {-status}{name}"
    return f"{killed}; it wrote: {log}" if log else killed


def _program(command: str, folder: Path) -> str:
    # Like kubectl, look in our own PATH, not in one from the entry's `env`.
    return str(folder / command) if "/" in command else which(command) or command


def _log_reporter(name: str, since: float, report_wait: ReportWait) -> Callable[[bytearray], None]:
    return lambda log: report_wait(PluginWait(name, since, "\n".join(_lines(log)[-_LINES_SHOWN:])))


def _lines(log: bytes | bytearray) -> list[str]:
    text = _ESCAPE_SEQUENCE.sub("", log[-_LOG_USED:].decode(errors="replace"))
    return [plain(line.expandtabs().strip()) for line in re.split(r"[\r\n]+", text) if line.strip()]


def _parsed(name: str, output: bytes, version: str) -> PluginCredential:
    if not output.strip():
        raise _failed(name, "it printed nothing")
    try:
        answer = parsed(_ExecCredential, decoded(output))
        expires = _timestamp(answer.status.expires)
    except ValueError as error:
        raise _failed(name, f"it printed no credential: {error}") from error
    if answer.kind not in {"", "ExecCredential"}:
        raise _failed(name, "it printed no credential")
    if answer.api_version != version:
        raise _failed(name, f"it printed {answer.api_version or 'no apiVersion'} in place of {version}")
    if problem := _problem(answer.status):
        raise _failed(name, problem)
    status = answer.status
    return PluginCredential(status.token.strip(), status.certificate.encode(), status.key.encode(), expires)


def _problem(status: _Status) -> str:
    """Return what is wrong with a credential; empty where it can be sent."""
    token = status.token.strip()
    if bool(status.certificate) != bool(status.key) or not (token or status.key):
        return "it printed neither a token nor a certificate with its key"
    if not token.isprintable():
        return "status.token has a character that cannot be sent"
    try:
        if status.key:
            check_pair(status.certificate.encode(), status.key.encode())
    except ValueError as error:
        return f"status.clientCertificateData and .clientKeyData: {error}"
    return ""


def _timestamp(text: str) -> float | None:
    if not text:
        return None
    try:
        return utc_moment(text).timestamp()
    except (ValueError, OverflowError):
        # The cause quotes the text, which may be a token in the wrong place.
        raise ValueError("status.expirationTimestamp is not a time such as 2026-01-31T12:00:00Z") from None


def _failed(name: str, words: str) -> CredentialsError:
    return CredentialsError(
        f"the credential plugin {name} failed: {shortened(plain(words), _LONGEST_QUOTE)}",
        advice="Run its command by hand to see why, then press {retry}.",
    )

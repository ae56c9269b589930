"""Credential plugins: programs that a kubeconfig names, and that print a token or a certificate."""

import json
import os
import re
import signal
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from time import monotonic
from typing import NamedTuple, TypeAlias

from pydantic import Field

from wbtui.cluster.client_certificates import check_pair
from wbtui.cluster.kubeconfig_fields import Fields, Hidden, Plugin, parsed
from wbtui.cluster.kubeconfig_files import decoded
from wbtui.cluster.programs import Pipe, TooMuchOutput, run
from wbtui.domain.text import plain, shortened
from wbtui.errors import CredentialsError
from wbtui.news import PluginWait

Tell: TypeAlias = Callable[[PluginWait | None], None]
"""Gets news of a plugin that is being waited for; None when it is no longer."""
_LARGEST_OUTPUT = 1 << 20
"""Bytes that a plugin may print: a credential is a few thousand."""
_LARGEST_COMPLAINT = 16 << 20
"""Bytes that a plugin may write to standard error, also where it logs in detail."""
_SHOWN = 1 << 14
"""The last bytes of what it writes there that are looked at."""
_LONGEST = 300
"""Characters of a plugin's own words that a sentence quotes."""
_NOT_THERE = "Install it, or correct exec.command in the kubeconfig, then press {retry}."
_LINES = 8
"""Lines of what a plugin has last said that are shown while it is waited for."""
_ESCAPE_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")


class Credential(NamedTuple):
    """What a plugin gave: one of a token, and a certificate with its key; `expires` is in seconds since 1970."""

    token: str
    certificate: bytes
    key: bytes
    expires: float | None


class _Status(Fields):
    token: Hidden = ""
    certificate: str = Field(default="", alias="clientCertificateData")
    key: Hidden = Field(default="", alias="clientKeyData")
    expires: str = Field(default="", alias="expirationTimestamp")


class _ExecCredential(Fields):
    api_version: str = Field(default="", alias="apiVersion")
    kind: str = ""
    status: _Status = _Status()


async def run_plugin(plugin: Plugin, folder: Path, cluster: Mapping[str, object], tell: Tell) -> Credential:
    """Run the plugin of a user's `exec`, in a kubeconfig in `folder`. Raises `CredentialsError`.

    It has no keyboard, since the screen has it, and ends when nobody waits for it any more.
    """
    name = plain(plugin.command)
    spec = {"interactive": False, **({"cluster": cluster} if plugin.provide_cluster_info else {})}
    information = {"kind": "ExecCredential", "apiVersion": plugin.api_version, "spec": spec}
    given = {variable.name: variable.value for variable in plugin.env}
    environment = {**os.environ, **given, "KUBERNETES_EXEC_INFO": json.dumps(information)}
    command = [_program(plugin.command, folder), *plugin.args]
    since = monotonic()
    async with (
        Pipe.opened(_LARGEST_OUTPUT, lambda _: None) as output,
        Pipe.opened(_LARGEST_COMPLAINT, _complaints(name, since, tell)) as complaint,
    ):
        tell(PluginWait(name, since, ""))
        try:
            status = await run(command, environment, output, complaint)
            printed, complained = output.read(), complaint.read() if status else b""
        except TooMuchOutput as error:
            raise _failed(name, "it printed more than any credential has, and was ended") from error
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or str(error)
            advice = plain(" ".join(plugin.install_hint.split())) or _NOT_THERE
            raise CredentialsError(f"the credential plugin {name} cannot be started: {words}", advice=advice) from error
        finally:
            tell(None)
        if status:
            raise _failed(name, _ending(status, " ".join(_lines(complained))))
        return _read(name, printed, plugin.api_version)


def _ending(status: int, complaint: str) -> str:
    """Return how a program failed; asyncio gives the signal that ended it as a negative status."""
    if status > 0:
        return complaint or f"it ended with exit code {status}"
    name = next((f" ({one.name})" for one in signal.Signals if one == -status), "")
    killed = f"it was killed by signal {-status}{name}"
    return f"{killed}; it said: {complaint}" if complaint else killed


def _program(command: str, folder: Path) -> str:
    # As kubectl, which looks in its own PATH, and not in one that the entry's `env` names.
    return str(folder / command) if "/" in command else which(command) or command


def _complaints(name: str, since: float, tell: Tell) -> Callable[[bytearray], None]:
    return lambda said: tell(PluginWait(name, since, "\n".join(_lines(said)[-_LINES:])))


def _lines(said: bytes | bytearray) -> list[str]:
    text = _ESCAPE_SEQUENCE.sub("", said[-_SHOWN:].decode(errors="replace"))
    return [plain(line.expandtabs().strip()) for line in re.split(r"[\r\n]+", text) if line.strip()]


def _read(name: str, output: bytes, version: str) -> Credential:
    if not output.strip():
        raise _failed(name, "it printed nothing")
    try:
        answer = parsed(_ExecCredential, decoded(output))
        expires = _moment(answer.status.expires)
    except ValueError as error:
        raise _failed(name, f"it printed no credential: {error}") from error
    if answer.kind not in {"", "ExecCredential"}:
        raise _failed(name, "it printed no credential")
    if answer.api_version != version:
        raise _failed(name, f"it printed {answer.api_version or 'no apiVersion'} in place of {version}")
    if problem := _problem(answer.status):
        raise _failed(name, problem)
    status = answer.status
    return Credential(status.token.strip(), status.certificate.encode(), status.key.encode(), expires)


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


def _moment(text: str) -> float | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        # The cause quotes the text, which may be a token in the wrong place.
        raise ValueError("status.expirationTimestamp is no time, as in 2026-01-31T12:00:00Z") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _failed(name: str, words: str) -> CredentialsError:
    return CredentialsError(
        f"the credential plugin {name} failed: {shortened(plain(words), _LONGEST)}",
        advice="Run its command by hand to see why, then press {retry}.",
    )

"""Credential plugins: programs that a kubeconfig names, and that print a token or a certificate."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from wbtui.domain.text import plain, shortened
from wbtui.repository import CredentialsError

_LONGEST = 300
"""Characters of a plugin's own words that a sentence quotes."""


class Credential(TypedDict, total=False):
    """What a plugin prints: one of a token, and a certificate with its key."""

    token: str | None
    clientCertificateData: str | None
    clientKeyData: str | None


class _Answer(TypedDict):
    apiVersion: str
    status: Credential


_ANSWER = TypeAdapter(_Answer)


async def run_plugin(entry: Mapping[str, Any], folder: str) -> Credential:
    """Run the plugin of a user's `exec` entry, in a kubeconfig in `folder`. Raises `CredentialsError`.

    It has no keyboard, since the screen has it, and ends when nobody waits for it any more.
    """
    name = plain(str(entry["command"]))
    information = {"apiVersion": entry["apiVersion"], "kind": "ExecCredential", "spec": {"interactive": False}}
    given = {variable["name"]: variable["value"] for variable in entry.get("env") or ()}
    environment = {**os.environ, **given, "KUBERNETES_EXEC_INFO": json.dumps(information)}
    command = [_program(str(entry["command"]), folder), *(entry.get("args") or ())]
    try:
        process = await _start(command, environment)
    except OSError as error:
        words = f"the credential plugin {name} cannot be started: {error.strerror}"
        raise CredentialsError(words, advice=plain(" ".join(str(entry.get("installHint") or "").split()))) from None
    output, complaint = await _finish(process)
    if process.returncode:
        raise _failed(name, complaint.decode(errors="replace").strip() or f"it ended with {process.returncode}")
    return _read(name, output, entry["apiVersion"])


def _program(command: str, folder: str) -> str:
    return str(Path(folder) / command) if "/" in command else command


async def _start(command: list[str], environment: dict[str, str]) -> Process:
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *command, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await _end(await starting)
        raise


async def _finish(process: Process) -> tuple[bytes, bytes]:
    try:
        return await process.communicate()
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _read(name: str, output: bytes, version: str) -> Credential:
    try:
        answer = _ANSWER.validate_json(output)
    except ValidationError:
        raise _failed(name, "it printed no credential") from None
    if answer["apiVersion"] != version:
        raise _failed(name, f"it speaks {answer['apiVersion']} and not {version}")
    credential = answer["status"]
    if credential.get("token") or (credential.get("clientCertificateData") and credential.get("clientKeyData")):
        return credential
    raise _failed(name, "it printed neither a token nor a certificate with its key")


def _failed(name: str, words: str) -> CredentialsError:
    return CredentialsError(
        f"the credential plugin {name} failed: {shortened(plain(words), _LONGEST)}",
        advice="Run its command by hand to see why, then press ctrl+r.",
    )

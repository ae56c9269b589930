"""Try a Hugging Face token: whose it is, what it may do, and whether it may download a model."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from wbtui.trying.http import TrialRequest, TrialResponse, send, unclear
from wbtui.trying.model import Entered, Trial
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import Wire

_SERVICE = "Hugging Face"
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 401, 403, 404
_KINDS = {"fineGrained": "a fine-grained token"}
_MODEL = r"[\w.-]+(/[\w.-]+)?"


def trials(entered: Entered) -> list[Trial]:
    """Return the trial of the token, with the model where one is named. Raises `CannotTell`."""
    (token,) = entered.required("token")
    model = entered.target.strip().removeprefix("hf://")
    if model and (not re.fullmatch(_MODEL, model, re.ASCII) or ".." in model):
        raise CannotTell("the name of a model is like org/name")
    endpoint = entered.options.hugging_face.rstrip("/")
    return [Trial(partial(_try, endpoint, token, model), (token.encode(),))]


def _try(endpoint: str, token: str, model: str, wire: Wire) -> TrialVerdict:
    answer = _ask(wire, f"{endpoint}/api/whoami-v2", token)
    if answer.status == _UNAUTHORIZED:
        return TrialVerdict(TrialOutcome.REFUSED, f"{answer.host} does not know this token, or it has expired")
    account = answer.json
    if answer.status != _OK or not isinstance(account, dict) or not isinstance(account.get("name"), str):
        return unclear(answer, _SERVICE)
    access = _members(_members(account.get("auth")).get("accessToken"))
    known = f"{account['name']}, {_described(access)}"
    return (
        _try_model(endpoint, token, model, wire, known, access) if model else TrialVerdict(TrialOutcome.ACCEPTED, known)
    )


def _ask(wire: Wire, url: str, token: str) -> TrialResponse:
    return send(wire, TrialRequest(url, {"Authorization": f"Bearer {token}"}, carries="The token"))


def _try_model(
    endpoint: str, token: str, model: str, wire: Wire, known: str, access: Mapping[str, Any]
) -> TrialVerdict:
    answer = _ask(wire, f"{endpoint}/api/models/{model}/auth-check", token)
    if answer.status == _OK:
        return TrialVerdict(TrialOutcome.ACCEPTED, f"{known}. It may download {model}")
    if answer.headers.get("x-error-code") == "GatedRepo" or answer.status == _FORBIDDEN:
        return TrialVerdict(TrialOutcome.NOT_FOR_THIS, f"{known}. {_gate(endpoint, model, access)}")
    if answer.status in {_UNAUTHORIZED, _NOT_FOUND}:
        return TrialVerdict(TrialOutcome.NOT_FOR_THIS, f"{known}. {model} does not exist, or this token may not see it")
    verdict = unclear(answer, _SERVICE)
    return verdict._replace(text=f"{known}, is accepted; about {model}, {verdict.text}")


def _gate(endpoint: str, model: str, access: Mapping[str, Any]) -> str:
    fine_grained = access.get("fineGrained")
    if isinstance(fine_grained, dict) and fine_grained.get("canReadGatedRepos") is False:
        return f"Its settings do not allow it to read gated models, and {model} is one"
    return f"Not for {model}: accept its licence at {endpoint}/{model}"


def _described(access: Mapping[str, Any]) -> str:
    role = access.get("role")
    if role == "write" or any(".write" in right for right in _rights(_members(access.get("fineGrained")))):
        return f"{_KINDS.get(str(role), 'a token')} that may write; one that may only read is enough"
    return "a token that may read" if role == "read" else _KINDS.get(str(role), "a token")


def _rights(fine_grained: Mapping[str, Any]) -> Iterator[str]:
    scopes = fine_grained.get("scoped")
    for scope in scopes if isinstance(scopes, list) else ():
        permissions = _members(scope).get("permissions")
        yield from (right for right in permissions if isinstance(right, str)) if isinstance(permissions, list) else ()


def _members(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

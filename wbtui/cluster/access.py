"""Ask the cluster for the user and the user's rights."""

from contextlib import suppress
from typing import TYPE_CHECKING, TypedDict

from msgspec.json import Decoder

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.login import Login
from wbtui.cluster.wire import parse
from wbtui.domain.account import Account, creator_of, projects_of
from wbtui.domain.rights import AccessRule, Rights, needed
from wbtui.errors import ClusterError, Forbidden, NotFound, NotServed

if TYPE_CHECKING:
    from wbtui.cluster.discovery import Discovery


class _UserInfo(TypedDict, total=False):
    username: str
    groups: list[str] | None


class _ResourceRule(TypedDict, total=False):
    verbs: list[str]
    apiGroups: list[str] | None
    resources: list[str] | None
    resourceNames: list[str] | None


class _Status(TypedDict, total=False):
    userInfo: _UserInfo
    resourceRules: list[_ResourceRule] | None
    incomplete: bool
    allowed: bool


class _Review(TypedDict):
    status: _Status


class _Version(TypedDict):
    gitVersion: str


_REVIEW = Decoder(_Review)
_VERSION = Decoder(_Version)


_SELF_REVIEWS = ("v1", "v1beta1", "v1alpha1")
"""Versions of SelfSubjectReview, newest first: Kubernetes 1.28, 1.27, 1.26."""


async def account_of(connection: Connection, email: str) -> tuple[Account, Login]:
    """Return the user that the cluster sees, and the login of that user.

    `email`, where it is not empty, becomes the creator. The username is empty where the cluster cannot tell.
    """
    user = await _user_info(connection)
    login = await connection.logins.current()
    username = user.get("username") or login.impersonates
    creator, projects = email or creator_of(username), projects_of(user.get("groups") or ())
    return Account(username, creator, impersonated=bool(login.impersonates), projects=projects), login


async def _user_info(connection: Connection) -> _UserInfo:
    for version in _SELF_REVIEWS:
        api = f"authentication.k8s.io/{version}"
        with suppress(NotFound, NotServed, Forbidden):
            body = await connection.post_review(
                f"/apis/{api}/selfsubjectreviews", {"apiVersion": api, "kind": "SelfSubjectReview"}
            )
            return parse(_REVIEW, body)["status"].get("userInfo", _UserInfo())
    with suppress(Forbidden):
        parse(_VERSION, await connection.get("/version", accept=JSON))  # raises where this is no API server
    return _UserInfo()


async def rights_in(connection: Connection, discovery: "Discovery", namespace: str) -> Rights:
    """Return the user's rights in a namespace, and the API groups that the cluster does not have."""
    from wbtui.domain.models import AIM_GROUP  # noqa: PLC0415  the first rows do not wait for it

    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    body = await connection.post_review("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", review)
    status = parse(_REVIEW, body)["status"]
    rules = tuple(map(_rule, status.get("resourceRules") or ()))
    discovery.forget()  # rights are asked for again where something may be different, and so may be what is served
    lacking = {AIM_GROUP: "AIM Engine"} if await _lacks(discovery, AIM_GROUP) else {}
    return Rights(namespace, rules, complete=not status.get("incomplete", False), lacking=lacking)


async def _lacks(discovery: "Discovery", group: str) -> bool:
    try:
        return (await discovery.kinds()).lacks(group)
    except ClusterError:
        return False  # a user who may not ask may still have the right


async def refusal_of(connection: Connection, verb: str, namespace: str, name: str) -> str:
    """Return the missing right to a verb on the secret of this name, or on any secret; empty where the user has it."""
    attributes = {"namespace": namespace, "verb": verb, "resource": "secrets", "version": "v1", "name": name}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    body = await connection.post_review("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review)
    return "" if parse(_REVIEW, body)["status"].get("allowed") else needed(verb, namespace)


def _rule(rule: _ResourceRule) -> AccessRule:
    return AccessRule(
        frozenset(rule.get("verbs", ())),
        frozenset(rule.get("resourceNames") or ()),
        frozenset(rule.get("apiGroups") or ()),
        frozenset(rule.get("resources") or ()),
    )

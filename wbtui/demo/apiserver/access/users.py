"""Users, their roles, and what these allow."""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from wbtui.demo.apiserver.shapes import Attributes
from wbtui.demo.apiserver.wire import Json

ANY = ("*",)


@dataclass(frozen=True)
class Rule:
    """One access rule: verbs on resources, or on paths that are not resources."""

    verbs: tuple[str, ...]
    resources: tuple[str, ...] = ()
    groups: tuple[str, ...] = ("",)
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def json(self) -> Json:
        """Return the rule in the format of a SelfSubjectRulesReview."""
        if self.paths:
            return {"verbs": list(self.verbs), "nonResourceURLs": list(self.paths)}
        rule: Json = {"verbs": list(self.verbs), "apiGroups": list(self.groups), "resources": list(self.resources)}
        return rule | ({"resourceNames": list(self.names)} if self.names else {})

    def covers(self, wanted: Attributes) -> bool:
        """Return whether the rule allows a request."""
        if wanted.verb not in self.verbs and self.verbs != ANY:
            return False
        if wanted.path:
            return any(_path_matches(path, wanted.path) for path in self.paths)
        whole = f"{wanted.resource}/{wanted.subresource}" if wanted.subresource else wanted.resource
        return (
            bool({whole, "*"} & set(self.resources))
            and bool({wanted.group, "*"} & set(self.groups))
            and (not self.names or wanted.name in self.names)
        )


def _path_matches(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


@dataclass(frozen=True)
class Role:
    """Rules for one namespace, or for all."""

    name: str
    rules: tuple[Rule, ...]
    namespace: str = ""


@dataclass(frozen=True)
class User:
    """A user with a token."""

    username: str
    token: str
    roles: tuple[Role, ...] = ()
    groups: tuple[str, ...] = ("system:authenticated",)
    uid: str = ""

    @property
    def info(self) -> Json:
        """Return the answer to: who am I?"""
        uid = {"uid": self.uid} if self.uid else {}
        return {"username": self.username, **uid, "groups": list(self.groups)}


AUTHORIZATION, AUTHENTICATION = "authorization.k8s.io", "authentication.k8s.io"
_HEALTH = ("/healthz", "/livez", "/readyz", "/version", "/version/")
_DISCOVERY = ("/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*")
EVERYONE = (
    Role(
        "system:basic-user",
        (
            Rule(("create",), ("selfsubjectaccessreviews", "selfsubjectrulesreviews"), (AUTHORIZATION,)),
            Rule(("create",), ("selfsubjectreviews",), (AUTHENTICATION,)),
        ),
    ),
    Role("system:service-account-issuer-discovery", (Rule(("get",), paths=("/.well-known", "/.well-known/*")),)),
    Role("system:discovery", (Rule(("get",), paths=(*_DISCOVERY, "/readyz", "/version", "/version/")),)),
    Role("system:public-info-viewer", (Rule(("get",), paths=_HEALTH),)),
)
CLUSTER_ADMIN = Role("cluster-admin", (Rule(ANY, ANY, ANY), Rule(ANY, paths=ANY)))


def demo_users(project: str) -> dict[str, User]:
    """Return an administrator and a user with few rights by the names of their contexts, with new tokens."""
    may = (
        Rule(("get", "list", "watch", "create"), ("secrets",)),
        Rule(("delete",), ("secrets",), names=("hf-token-llama",)),
        Rule(("get", "list", "watch"), ("pods",)),
        Rule(("get", "list", "watch"), ("deployments",), ("apps",)),
    )
    restricted = Role("secrets-viewer", may, project)
    groups = ("system:masters", "system:authenticated")
    return {
        "demo": User("demo@example.com", secrets.token_urlsafe(), (CLUSTER_ADMIN,), groups, "demo"),
        "demo-restricted": User(
            "restricted@example.com", secrets.token_urlsafe(), (restricted,), uid="demo-restricted"
        ),
    }


@dataclass
class Access:
    """The users of a cluster."""

    users: dict[str, User]
    revoked: set[str] = field(default_factory=set)

    def by_token(self, token: str) -> User | None:
        """Return the user of a token; None where it is unknown or revoked."""
        valid = (user for name, user in self.users.items() if name not in self.revoked)
        return next((user for user in valid if hmac.compare_digest(user.token.encode(), token.encode())), None)

    def by_username(self, username: str) -> User:
        """Return the user of a name; an unknown one has no roles."""
        matching = (user for user in self.users.values() if user.username == username)
        return next(matching, User(username, ""))


def rules(user: User, namespace: str) -> Iterator[tuple[Role, Rule]]:
    """Yield what a user may do in a namespace (empty: across the cluster)."""
    for role in (*EVERYONE, *user.roles):
        if role.namespace in {"", namespace}:
            for rule in role.rules:
                yield role, rule


def allowed(user: User, wanted: Attributes) -> str | None:
    """Return why a user may do it, or None where nothing allows it."""
    for role, rule in rules(user, wanted.namespace):
        if rule.covers(wanted):
            kind = "Role" if role.namespace else "ClusterRole"
            binding = f"{role.name}/{role.namespace}" if role.namespace else role.name
            return f'RBAC: allowed by {kind}Binding "{binding}" of {kind} "{role.name}" to User "{user.username}"'
    return None

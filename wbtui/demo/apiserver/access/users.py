"""Users, their roles, and what these allow."""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from wbtui.demo.apiserver.shapes import Attributes
from wbtui.demo.apiserver.wire import Json

ANY = ("*",)


@dataclass(frozen=True)
class RoleRule:
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
    rules: tuple[RoleRule, ...]
    namespace: str = ""


@dataclass(frozen=True)
class TokenUser:
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
            RoleRule(("create",), ("selfsubjectaccessreviews", "selfsubjectrulesreviews"), (AUTHORIZATION,)),
            RoleRule(("create",), ("selfsubjectreviews",), (AUTHENTICATION,)),
        ),
    ),
    Role("system:service-account-issuer-discovery", (RoleRule(("get",), paths=("/.well-known", "/.well-known/*")),)),
    Role("system:discovery", (RoleRule(("get",), paths=(*_DISCOVERY, "/readyz", "/version", "/version/")),)),
    Role("system:public-info-viewer", (RoleRule(("get",), paths=_HEALTH),)),
)
_READ = ("get", "list", "watch")
_READ_DELETE = (*_READ, "delete")
_AIM, _KAIWO, _EXTERNAL = "aim.eai.amd.com", "kaiwo.silogen.ai", "external-secrets.io"
_AIM_OF_PROJECTS = (
    *("aimservices", "aimmodels", "aimmodelcaches"),
    *("aimservicetemplates", "aimruntimeconfigs", "aimtemplatecaches"),
)
_AIM_OF_CLUSTERS = (
    *("aimclustermodels", "aimclusterservicetemplates"),
    *("aimclusterruntimeconfigs", "aimclustermodelsources"),
)
_IN_PODS = tuple(f"pods/{part}" for part in ("log", "exec", "attach", "portforward"))
_APPS = ("deployments", "replicasets", "statefulsets", "daemonsets")
_RBAC = ("roles", "clusterroles", "rolebindings", "clusterrolebindings")
_VOLUMES = ("persistentvolumes", "persistentvolumeclaims")


def _of_workloads(verbs: tuple[str, ...], *more: str) -> tuple[RoleRule, ...]:
    """Return the same verbs on everything that runs in a project."""
    return (
        RoleRule(verbs, (*_APPS, *more), ("apps",)),
        RoleRule(verbs, ("jobs", "cronjobs"), ("batch",)),
        RoleRule(verbs, ("ingresses", "networkpolicies"), ("networking.k8s.io",)),
        RoleRule(verbs, ("kaiwojobs", "kaiwoservices", "gpuworkloads"), (_KAIWO,)),
        RoleRule(verbs, _AIM_OF_PROJECTS, (_AIM,)),
        RoleRule(verbs, ("httproutes", "gateways"), ("gateway.networking.k8s.io",)),
    )


_READ_BY_BOTH = (
    RoleRule(_READ, ("nodes",)),
    RoleRule(_READ, _RBAC, ("rbac.authorization.k8s.io",)),
    RoleRule(_READ, ("storageclasses",), ("storage.k8s.io",)),
)
PROJECT_MEMBER = (
    RoleRule(ANY, ("pods", *_IN_PODS, "events", "services", "services/portforward", "configmaps", *_VOLUMES)),
    *_of_workloads(ANY),
    RoleRule(("list", "watch", "create"), ("secrets",)),
    RoleRule(_READ, ("clustersecretstores", "externalsecrets"), (_EXTERNAL,)),
    *_READ_BY_BOTH,
)
"""The ClusterRole airm-project-member of the platform, which a RoleBinding grants in each project."""
PLATFORM_ADMIN = (
    RoleRule(
        _READ_DELETE,
        ("pods", "events", "services", "configmaps", *_VOLUMES, "namespaces", "serviceaccounts"),
    ),
    RoleRule(ANY, _IN_PODS),
    *_of_workloads(_READ_DELETE, "deployments/scale"),
    RoleRule(ANY, ("kaiwoconfigs",), (f"config.{_KAIWO}",)),
    RoleRule(ANY, ("kaiwoqueueconfigs",), (_KAIWO,)),
    RoleRule(ANY, _AIM_OF_CLUSTERS, (_AIM,)),
    RoleRule((*_READ, "create", "update", "patch", "delete"), ("secrets",)),
    RoleRule((*_READ, "create", "update", "patch", "delete"), ("externalsecrets",), (_EXTERNAL,)),
    RoleRule(_READ, ("clustersecretstores",), (_EXTERNAL,)),
    RoleRule(
        _READ, ("clusterqueues", "resourceflavors", "localqueues", "workloadpriorityclasses"), ("kueue.x-k8s.io",)
    ),
    RoleRule(("get", "list"), ("customresourcedefinitions",), ("apiextensions.k8s.io",)),
    *_READ_BY_BOTH,
)
"""The ClusterRole airm-platform-admin of the platform."""
CLUSTER_ADMIN = Role("cluster-admin", (RoleRule(ANY, ANY, ANY), RoleRule(ANY, paths=ANY)))


def demo_users(project: str) -> dict[str, TokenUser]:
    """Return the users by the names of their contexts, with new tokens.

    They are an administrator, a user with few rights, and one for each role of the platform.
    """
    may = (
        RoleRule(("get", "list", "watch", "create"), ("secrets",)),
        RoleRule(("delete",), ("secrets",), names=("hf-token-llama",)),
        RoleRule(("get", "list", "watch"), ("pods",)),
        RoleRule(("get", "list", "watch"), ("deployments",), ("apps",)),
    )
    restricted = Role("secrets-viewer", may, project)
    member = Role("airm-project-member", PROJECT_MEMBER, project)
    admin = Role("airm-platform-admin", PLATFORM_ADMIN)
    groups = ("system:masters", "system:authenticated")
    return {
        "demo": TokenUser("demo@example.com", secrets.token_urlsafe(), (CLUSTER_ADMIN,), groups, "demo"),
        "demo-restricted": TokenUser(
            "restricted@example.com", secrets.token_urlsafe(), (restricted,), uid="demo-restricted"
        ),
        "demo-member": _of_platform("member@example.com", member, project),
        "demo-platform-admin": _of_platform("admin@example.com", admin, "airm-role:Platform Administrator"),
    }


def _of_platform(email: str, role: Role, group: str) -> TokenUser:
    return TokenUser(f"oidc:{email}", secrets.token_urlsafe(), (role,), (f"oidc:{group}", "system:authenticated"))


@dataclass
class Access:
    """The users of a cluster."""

    users: dict[str, TokenUser]
    revoked: set[str] = field(default_factory=set)

    def by_token(self, token: str) -> TokenUser | None:
        """Return the user of a token; None where it is unknown or revoked."""
        valid = (user for name, user in self.users.items() if name not in self.revoked)
        return next((user for user in valid if hmac.compare_digest(user.token.encode(), token.encode())), None)

    def by_username(self, username: str) -> TokenUser:
        """Return the user of a name; an unknown one has no roles."""
        matching = (user for user in self.users.values() if user.username == username)
        return next(matching, TokenUser(username, ""))


def rules(user: TokenUser, namespace: str) -> Iterator[tuple[Role, RoleRule]]:
    """Yield what a user may do in a namespace (empty: across the cluster)."""
    for role in (*EVERYONE, *user.roles):
        if role.namespace in {"", namespace}:
            for rule in role.rules:
                yield role, rule


def allowed(user: TokenUser, wanted: Attributes) -> str | None:
    """Return why a user may do it, or None where nothing allows it."""
    for role, rule in rules(user, wanted.namespace):
        if rule.covers(wanted):
            kind = "Role" if role.namespace else "ClusterRole"
            binding = f"{role.name}/{role.namespace}" if role.namespace else role.name
            return f'RBAC: allowed by {kind}Binding "{binding}" of {kind} "{role.name}" to User "{user.username}"'
    return None

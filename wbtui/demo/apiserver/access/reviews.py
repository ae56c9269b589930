"""The SelfSubject reviews, by which users ask about themselves."""

from wbtui.demo.apiserver.access.users import AUTHENTICATION, AUTHORIZATION, TokenUser, allowed, rules
from wbtui.demo.apiserver.objects.managed_fields import Author, fields_of
from wbtui.demo.apiserver.shapes import Attributes
from wbtui.demo.apiserver.wire import Json


def review(resource: str, user: TokenUser, body: Json, author: Author) -> Json:
    """Return the answer to a SelfSubject review."""
    return _REVIEWS[resource](user, body.get("spec", {}), author)


def _self(user: TokenUser, _: Json, author: Author) -> Json:
    metadata = {"creationTimestamp": author.time}
    return _answer("SelfSubjectReview", AUTHENTICATION, metadata, status={"userInfo": user.info})


def _rules(user: TokenUser, spec: Json, _: Author) -> Json:
    allowed = [rule for _, rule in rules(user, spec.get("namespace", ""))]
    status = {
        "resourceRules": [rule.json for rule in allowed if rule.resources],
        "nonResourceRules": [rule.json for rule in allowed if rule.paths],
        "incomplete": False,
    }
    return _answer("SelfSubjectRulesReview", AUTHORIZATION, {}, spec={}, status=status)


def _access(user: TokenUser, spec: Json, author: Author) -> Json:
    spec = {key: {name: value for name, value in part.items() if value} for key, part in spec.items()}
    wanted = spec.get("resourceAttributes") or spec.get("nonResourceAttributes", {})
    known = {key: wanted[key] for key in Attributes._fields if key in wanted}
    why = allowed(user, Attributes(**known))
    status: Json = {"allowed": why is not None}
    if why:
        status["reason"] = why
    own = {"manager": author.manager, "operation": "Update", "apiVersion": f"{AUTHORIZATION}/v1", "time": author.time}
    entry = own | {"fieldsType": "FieldsV1", "fieldsV1": fields_of({"spec": {}}, {"spec": spec})}
    return _answer("SelfSubjectAccessReview", AUTHORIZATION, {"managedFields": [entry]}, spec=spec, status=status)


def _answer(kind: str, group: str, metadata: Json, **parts: Json) -> Json:
    return {"kind": kind, "apiVersion": f"{group}/v1", "metadata": metadata, **parts}


_REVIEWS = {
    "selfsubjectreviews": _self,
    "selfsubjectrulesreviews": _rules,
    "selfsubjectaccessreviews": _access,
}

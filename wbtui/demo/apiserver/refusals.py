"""The refusals of the API server: one function for each kind, with its messages."""

from collections.abc import Sequence

from wbtui.demo.apiserver.causes import invalid_value
from wbtui.demo.apiserver.shapes import Attributes, Cause, Refusal, ServedResource
from wbtui.demo.apiserver.wire import Json, encode


def _details(name: str, group: str, kind: str) -> Json:
    """Return the details that are not empty, in the server's order."""
    return {key: value for key, value in (("name", name), ("group", group), ("kind", kind)) if value}


def bad_host() -> Refusal:
    """Refuse a request whose Host header has another name: a web page may have sent it (DNS rebinding)."""
    return Refusal(403, "Forbidden", "this server is reached by 127.0.0.1 or localhost only")


def unauthorized() -> Refusal:
    """Refuse a request without a valid token."""
    return Refusal(401, "Unauthorized", "Unauthorized")


def forbidden(username: str, attributes: Attributes) -> Refusal:
    """Refuse a request that the access rules do not allow."""
    a = attributes
    if a.path:
        return Refusal(403, "Forbidden", f'forbidden: User "{username}" cannot {a.verb} path "{a.path}"', {})
    scope = f'in the namespace "{a.namespace}"' if a.namespace else "at the cluster scope"
    resource = f"{a.resource}.{a.group}" if a.group else a.resource
    what = f'{resource} "{a.name}"' if a.name else resource
    whole = f"{a.resource}/{a.subresource}" if a.subresource else a.resource
    message = (
        f'{what} is forbidden: User "{username}" cannot {a.verb} resource "{whole}" in API group "{a.group}" {scope}'
    )
    return Refusal(403, "Forbidden", message, _details(a.name, a.group, a.resource))


def refused(resource: ServedResource, name: str, why: str, causes: Sequence[Cause] = ()) -> Refusal:
    """Refuse an object that admission does not allow."""
    details = _details(name, resource.group, resource.plural)
    if causes:
        details["causes"] = [cause.json for cause in causes]
    return Refusal(403, "Forbidden", f'{resource.qualified} "{name}" is forbidden: {why}', details)


def terminating(resource: ServedResource, name: str, namespace: str) -> Refusal:
    """Refuse a new object in a namespace that is being deleted."""
    cause = Cause("NamespaceTerminating", "metadata.namespace", f"namespace {namespace} is being terminated")
    why = f"unable to create new content in namespace {namespace} because it is being terminated"
    return refused(resource, name, why, [cause])


def exceeded_quota(resource: ServedResource, name: str, used: int, limit: int) -> Refusal:
    """Refuse a new object that exceeds the quota."""
    count = f"{resource.plural}="
    why = f"exceeded quota: project-quota, requested: {count}1, used: {count}{used}, limited: {count}{limit}"
    return refused(resource, name, why)


def webhook_unreachable() -> Refusal:
    """Refuse a write because its admission webhook does not answer."""
    why = (
        'failed calling webhook "msecret.airm.silogen.ai": failed to call webhook: '
        'Post "https://airm-webhook.airm.svc:443/mutate--v1-secret?timeout=10s": '
        "dial tcp 10.96.0.42:443: connect: connection refused"
    )
    details = {"causes": [{"message": why}]}
    return Refusal(500, "InternalError", f"Internal error occurred: {why}", details)


def not_found(resource: ServedResource, name: str) -> Refusal:
    """Refuse a request for an object that does not exist."""
    details = _details(name, resource.group, resource.plural)
    return Refusal(404, "NotFound", f'{resource.qualified} "{name}" not found', details)


def unknown_resource() -> Refusal:
    """Refuse a request for a resource that the API group does not have."""
    return Refusal(404, "NotFound", "the server could not find the requested resource", {})


def method_not_allowed() -> Refusal:
    """Refuse a verb that the kind does not have."""
    message = "the server does not allow this method on the requested resource"
    return Refusal(405, "MethodNotAllowed", message, {})


def not_acceptable(message: str) -> Refusal:
    """Refuse a request that accepts none of the available representations."""
    return Refusal(406, "NotAcceptable", message)


def already_exists(resource: ServedResource, name: str) -> Refusal:
    """Refuse a new object whose name exists."""
    details = _details(name, resource.group, resource.plural)
    return Refusal(409, "AlreadyExists", f'{resource.qualified} "{name}" already exists', details)


def conflict(resource: ServedResource, name: str) -> Refusal:
    """Refuse a change of a version that is not the latest."""
    message = (
        f'Operation cannot be fulfilled on {resource.qualified} "{name}": the object has been modified; '
        "please apply your changes to the latest version and try again"
    )
    return Refusal(409, "Conflict", message, _details(name, resource.group, resource.plural))


def apply_conflict(conflicts: Sequence[tuple[Json, str]]) -> Refusal:
    """Refuse an apply that changes fields of other managers; `conflicts` has the entry of the manager and the field."""
    owners = [(f'conflict with "{entry["manager"]}"{_using(entry)}', field) for entry, field in conflicts]
    listed = ", ".join(f"{owner}: {field}" for owner, field in owners)
    several = "s" if len(owners) > 1 else ""
    message = f"Apply failed with {len(owners)} conflict{several}: {listed}"
    causes = [Cause("FieldManagerConflict", field, owner).json for owner, field in owners]
    return Refusal(409, "Conflict", message, {"causes": causes})


def no_field_manager() -> Refusal:
    """Refuse an apply without a field manager."""
    cause = Cause("FieldValueRequired", "fieldManager", "Required value: is required for apply patch")
    message = f'PatchOptions.meta.k8s.io "" is invalid: {cause.field}: {cause.message}'
    details = {"group": "meta.k8s.io", "kind": "PatchOptions", "causes": [cause.json]}
    return Refusal(422, "Invalid", message, details)


def _using(entry: Json) -> str:
    if entry["operation"] == "Apply":
        return ""
    subresource = f' with subresource "{entry["subresource"]}"' if "subresource" in entry else ""
    return f"{subresource} using {entry['apiVersion']}"


def precondition_failed(resource: ServedResource, name: str, why: str) -> Refusal:
    """Refuse a deletion whose precondition (uid or resourceVersion) does not hold."""
    message = f'Operation cannot be fulfilled on {resource.qualified_kind} "{name}": {why}'
    return Refusal(409, "Conflict", message, _details(name, resource.group, resource.kind))


def expired_continue(token: str) -> Refusal:
    """Refuse a continue token that is too old; `token` is one for the current state."""
    message = (
        "The provided continue parameter is too old to display a consistent list result. "
        "You can start a new list without the continue parameter, or use the continue token in this "
        "response to retrieve the remainder of the results. Continuing with the provided token results in "
        "an inconsistent list - objects that were created, modified, or deleted between the time the first "
        "chunk was returned and now may show up in the list."
    )
    refusal = Refusal(410, "Expired", message)
    refusal.metadata = {"continue": token}
    return refusal


def too_old(revision: int, oldest: int) -> Refusal:
    """Refuse a watch from a revision that is no longer kept."""
    return Refusal(410, "Expired", f"too old resource version: {revision} ({oldest})")


def bad_request(message: str) -> Refusal:
    """Refuse a malformed request."""
    return Refusal(400, "BadRequest", message)


def unrecognized(resource: ServedResource) -> Refusal:
    """Refuse a custom resource without a kind."""
    return bad_request(
        f"the object provided is unrecognized (must be of type {resource.kind}): Object 'Kind' is missing"
    )


class Undecodable(Refusal):
    """A body that is not an object of the kind."""

    def __init__(self, resource: ServedResource, why: str) -> None:
        prefix = f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}'
        super().__init__(400, "BadRequest", f"{prefix}: {why}")
        self.why = why


def unpatchable(body: object, why: str) -> Refusal:
    """Refuse a patch whose result is no object of its kind; the message quotes the whole result."""
    cause = invalid_value("patch", encode(body).decode(), why)
    message = f' "" is invalid: {cause.field}: {cause.message}'
    return Refusal(422, "Invalid", message, {"causes": [cause.json]})


def unsupported_media_type(accepted: Sequence[str]) -> Refusal:
    """Refuse a body in an unsupported format."""
    message = f"the body of the request was in an unknown format - accepted media types include: {', '.join(accepted)}"
    return Refusal(415, "UnsupportedMediaType", message)


def invalid(resource: ServedResource, name: str, causes: Sequence[Cause]) -> Refusal:
    """Refuse an object that breaks the rules of its kind."""
    messages = [f"{cause.field}: {cause.message}" for cause in causes]
    text = messages[0] if len(messages) == 1 else f"[{', '.join(messages)}]"
    details = _details(name, resource.group, resource.kind) | {"causes": [cause.json for cause in causes]}
    return Refusal(422, "Invalid", f'{resource.qualified_kind} "{name}" is invalid: {text}', details)


def inapplicable_patch() -> Refusal:
    """Refuse a JSON patch whose operations do not apply to the object."""
    return Refusal(422, "Invalid", "the server rejected our request due to an error in our request", {})


def malformed_resource_version(text: str) -> Refusal:
    """Refuse a resourceVersion that is not a number."""
    value = encode(text).decode()
    return Refusal(
        500, "", f"resourceVersion: Invalid value: {value}: strconv.ParseUint: parsing {value}: invalid syntax"
    )


def no_initial_events() -> Refusal:
    """Refuse a watch with sendInitialEvents, as a server without that feature does."""
    message = (
        "a watch stream was requested by the client but the required storage feature RequestWatchProgress is disabled"
    )
    return Refusal(500, "InternalError", message)

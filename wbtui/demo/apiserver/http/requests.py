"""Parse requests: the resource in the path, and the representation in the Accept header."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wbtui.demo.apiserver.objects.selectors import field_terms
from wbtui.demo.apiserver.objects.views import Representation
from wbtui.demo.apiserver.refusals import not_acceptable
from wbtui.demo.apiserver.shapes import Attributes

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_TRUE = {"1", "true", "True"}


@dataclass(frozen=True)
class RequestTarget:
    """The parts of the path of a request."""

    attributes: Attributes
    version: str = ""

    @property
    def is_resource(self) -> bool:
        """Return whether the path names objects, not information about the server."""
        return not self.attributes.path


def target(method: str, path: str, query: Mapping[str, str]) -> RequestTarget:
    """Parse the path of a request by the API server's rules; the kind need not exist."""
    match path.strip("/").split("/"):
        case ["api", version, *rest] if rest:
            group = ""
        case ["apis", group, version, *rest] if rest:
            pass
        case _:
            return RequestTarget(Attributes(method.lower(), path=path))
    namespace = ""
    match rest:
        case ["namespaces", namespace] | ["namespaces", namespace, "status" | "finalize"]:
            pass
        case ["namespaces", namespace, *inner]:
            rest = inner
    resource, name, subresource = [*rest, "", "", ""][:3]
    name = name or _named_by_field(method, query)
    verb = _verb(method, query, single=len(rest) > 1)
    return RequestTarget(Attributes(verb, group, resource, namespace, name, subresource), version)


def _named_by_field(method: str, query: Mapping[str, str]) -> str:
    """Return the name that a field selector asks for: access rules treat such a list as a request for that object."""
    terms = field_terms(query.get("fieldSelector", "")) if method == "GET" else []
    return next((value for path, value, equal in terms if path == "metadata.name" and equal), "")


def _verb(method: str, query: Mapping[str, str], *, single: bool) -> str:
    if method == "GET":
        if query.get("watch") in _TRUE:
            return "watch"
        return "get" if single else "list"
    if method == "DELETE" and not single:
        return "deletecollection"
    return _VERBS.get(method, method.lower())


_REPRESENTATIONS = {form.value: form for form in Representation}


def accepted(header: str, verb: str) -> Representation:
    """Return the first representation of an Accept header that the server has."""
    for media_type, parameters in _alternatives(header):
        if media_type not in {"application/json", "application/*", "*/*"}:
            continue
        form = _REPRESENTATIONS.get(parameters.get("as", ""))
        if form is not None and parameters.get("v", "v1") == "v1":
            return _checked(form, verb)
    offered = "application/json, application/json;as=Table, application/json;as=PartialObjectMetadata"
    msg = f"only the following media types are accepted: {offered}"
    raise not_acceptable(msg)


def _checked(form: Representation, verb: str) -> Representation:
    if form is Representation.METADATA and verb == "list":
        msg = "you requested PartialObjectMetadata, but the requested object is a list"
        raise not_acceptable(msg)
    if form is Representation.METADATA_LIST and verb != "list":
        msg = "you requested PartialObjectMetadataList, but the requested object is not a list"
        raise not_acceptable(msg)
    return form


def _alternatives(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    for alternative in (header or "*/*").split(","):
        media_type, *parameters = alternative.split(";")
        yield media_type.strip(), dict(_pair(parameter) for parameter in parameters)


def _pair(parameter: str) -> tuple[str, str]:
    key, _, value = parameter.partition("=")
    return key.strip(), value.strip()

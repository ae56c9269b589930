"""The HTTP server: it authenticates and authorizes requests, and passes them to the part that answers."""

import gzip
from collections.abc import Callable, Collection
from contextlib import aclosing, suppress
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import BasicAuth, web

from wbtui.demo.apiserver import refusals
from wbtui.demo.apiserver.access.reviews import review
from wbtui.demo.apiserver.access.users import Access, TokenUser, allowed
from wbtui.demo.apiserver.http import gnostic, protobuf
from wbtui.demo.apiserver.http.discovery import AGGREGATED, REVIEWS, DiscoveryAnswers
from wbtui.demo.apiserver.http.openapi import OpenApi
from wbtui.demo.apiserver.http.requests import RequestTarget, accepted, target
from wbtui.demo.apiserver.objects.calls import Call, WriteAnswer
from wbtui.demo.apiserver.objects.conforming import from_yaml, parse_object
from wbtui.demo.apiserver.objects.managed_fields import Author
from wbtui.demo.apiserver.objects.reads import Watch, page
from wbtui.demo.apiserver.objects.store import ObjectStore, Stored
from wbtui.demo.apiserver.objects.views import ObjectView
from wbtui.demo.apiserver.objects.writes import Writes
from wbtui.demo.apiserver.shapes import Attributes, Refusal, ServedResource
from wbtui.demo.apiserver.wire import encode, timestamp

BODY_LIMIT = 3 << 20
_LARGE = 128 << 10  # bytes of an answer from which on it is compressed, where the client takes that
_HEALTH = {"/healthz", "/livez", "/readyz"}
_HOSTS = {"127.0.0.1", "localhost"}  # a browser that was led here by another name sends that name
_READ = ("application/json", "application/yaml", protobuf.CONTENT_TYPE)
_OPENAPI = "/openapi/v3"


class ApiServer:
    """Answers requests from a store."""

    def __init__(
        self,
        store: ObjectStore,
        resources: Collection[ServedResource],
        access: Access,
        writes: Writes,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._access = access
        self._now = now
        self._writes = writes
        self._resources = {(r.group, r.version, r.plural): r for r in resources}
        self._discovery = DiscoveryAnswers(resources)
        self._openapi = OpenApi(resources)

    def application(self) -> web.Application:
        """Return the application that aiohttp serves."""
        application = web.Application(client_max_size=BODY_LIMIT)
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            return _packed(request, await self._dispatch(request))
        except Refusal as refusal:
            return _json(encode(refusal.body), refusal.code)
        except web.HTTPRequestEntityTooLarge:
            message = f"Request entity too large: limit is {BODY_LIMIT}"
            return _json(encode(Refusal(413, "RequestEntityTooLarge", message, {}).body), 413)

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        if urlsplit(f"//{request.host}").hostname not in _HOSTS:
            raise refusals.bad_host()
        user = self._authenticate(request)
        wanted = target(request.method, request.path, request.query)
        _authorize(user, wanted.attributes)
        if not wanted.is_resource:
            return self._about(request.path.rstrip("/"), request.headers.get("Accept", ""))
        if wanted.attributes.resource in _reviews(wanted.attributes.group):
            return await self._review(request, user, wanted)
        return await self._call(request, user, wanted)

    def _authenticate(self, request: web.Request) -> TokenUser:
        user = self._access.by_token(_token(request.headers.get("Authorization", "")))
        if user is None:
            raise refusals.unauthorized()
        name = request.headers.get("Impersonate-User")
        if name is None:
            return user
        _authorize(user, Attributes("impersonate", resource="users", name=name))
        return self._access.by_username(name)

    def _about(self, path: str, accept: str) -> web.Response:
        """Answer requests for health, groups, kinds and schemas."""
        if path in _HEALTH:
            return web.Response(text="ok")
        if path.startswith("/openapi"):
            return self._schemas(path, accept)
        if path in self._discovery.aggregated and AGGREGATED in accept:
            return _json(encode(self._discovery.aggregated[path]), content_type=AGGREGATED)
        answer = self._discovery.answers.get(path)
        return _no_page() if answer is None else _json(encode(answer))

    def _schemas(self, path: str, accept: str) -> web.Response:
        """Answer with OpenAPI documents."""
        if path == "/openapi/v2":
            if "proto-openapi.spec.v2" in accept:
                return _json(gnostic.document(self._openapi.version_2), content_type=gnostic.CONTENT_TYPE)
            return _json(encode(self._openapi.version_2))
        if path == _OPENAPI:
            return _json(encode(self._openapi.index))
        document = self._openapi.document(path.removeprefix(f"{_OPENAPI}/"))
        return _no_page() if document is None else _json(document)

    async def _review(self, request: web.Request, user: TokenUser, wanted: RequestTarget) -> web.Response:
        author = Author(_manager(request), timestamp(self._now()))
        answer = review(wanted.attributes.resource, user, parse_object(await _body(request)), author)
        return _json(encode(answer), 201)

    async def _call(self, request: web.Request, user: TokenUser, wanted: RequestTarget) -> web.StreamResponse:
        """Answer a request with a verb for a kind."""
        a = wanted.attributes
        resource = self._resources.get((a.group, wanted.version, a.resource))
        if resource is None:
            if self._discovery.has(a.group, wanted.version):
                raise refusals.unknown_resource()
            return _no_page()
        _check_verb(resource, a)
        form = accepted(request.headers.get("Accept", ""), a.verb)
        include = request.query.get("includeObject", "Metadata")
        view = ObjectView(resource, form, include, self._now)
        call = await _read(request, resource, a)
        if a.verb == "watch":
            return await self._watch(request, Watch(self._store, call, view, user.username))
        answer = self._answers[a.verb](self, call, view)
        if resource.deprecation:
            others = answer.headers.popall("Warning", [])
            _warn(answer, resource.deprecation)
            answer.headers.extend(("Warning", other) for other in others)
        return answer

    def _get(self, call: Call, view: ObjectView) -> web.Response:
        return _json(view.one(self._writes.existing(call)))

    def _list(self, call: Call, view: ObjectView) -> web.Response:
        listed = page(self._store, call)
        return _json(view.many(listed.items, listed.metadata))

    def _create(self, call: Call, view: ObjectView) -> web.Response:
        return _outcome(self._writes.create(call), view)

    def _update(self, call: Call, view: ObjectView) -> web.Response:
        return _outcome(self._writes.update(call), view)

    def _patch(self, call: Call, view: ObjectView) -> web.Response:
        return _outcome(self._writes.patch(call), view)

    def _delete(self, call: Call, view: ObjectView) -> web.Response:
        return _outcome(self._writes.delete(call), view)

    def _delete_all(self, call: Call, view: ObjectView) -> web.Response:
        listed = page(self._store, call)
        for stored in listed.items:
            self._writes.delete(call.about(stored.body["metadata"]))
        return _json(view.many(listed.items, listed.metadata))

    _answers = {  # noqa: RUF012 - a table, never changed
        "get": _get,
        "list": _list,
        "create": _create,
        "update": _update,
        "patch": _patch,
        "delete": _delete,
        "deletecollection": _delete_all,
    }

    async def _watch(self, request: web.Request, watch: Watch) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        with suppress(ConnectionError):  # the client is gone
            await response.prepare(request)
            async with aclosing(watch.stream()) as stream:
                async for text in stream:
                    await response.write(text)
                await response.write_eof()
        return response


def _packed(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """Compress a large answer, as API servers do."""
    taken = "gzip" in request.headers.get("Accept-Encoding", "")
    if taken and isinstance(answer, web.Response) and isinstance(answer.body, bytes) and len(answer.body) >= _LARGE:
        answer.body = gzip.compress(answer.body, 1)
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _token(header: str) -> str:
    """Return the bearer token, or the password of a URL with a user in it."""
    scheme, _, value = header.partition(" ")
    if scheme == "Bearer":
        return value
    with suppress(ValueError):
        return str(BasicAuth.decode(header).password)
    return ""


def _authorize(user: TokenUser, wanted: Attributes) -> None:
    if allowed(user, wanted) is None:
        raise refusals.forbidden(user.username, wanted)


def _reviews(group: str) -> set[str]:
    return {f"{kind.lower()}s" for kind in REVIEWS.get(group, ())}


def _check_verb(resource: ServedResource, wanted: Attributes) -> None:
    """Check that the kind has the verb, and the subresource."""
    if wanted.subresource not in {"", "status"} or (wanted.subresource and not resource.has_status):
        raise refusals.unknown_resource()
    if wanted.verb not in resource.verbs or (wanted.verb in {"update", "patch"} and not wanted.name):
        raise refusals.method_not_allowed()


async def _body(request: web.Request) -> bytes:
    """Return the body as JSON. A page in a browser can send another content type, or none, without being asked."""
    body = await request.read()
    if not body or request.method == "PATCH":
        return body
    if request.content_type not in _READ:
        raise refusals.unsupported_media_type(_READ)
    if request.content_type == protobuf.CONTENT_TYPE:
        return protobuf.to_json(body)
    return encode(from_yaml(body)) if request.content_type == "application/yaml" else body


async def _read(request: web.Request, resource: ServedResource, wanted: Attributes) -> Call:
    name = wanted.name if wanted.verb not in {"list", "watch"} else ""
    namespace = wanted.namespace if resource.namespaced else ""
    body = await _body(request)
    return Call(
        resource, namespace, name, wanted.subresource, request.query, body, request.content_type, _manager(request)
    )


def _manager(request: web.Request) -> str:
    """Return the field manager of a request."""
    agent = request.headers.get("User-Agent", "unknown").partition("/")[0]
    return request.query.get("fieldManager") or agent


def _json(body: bytes, code: int = 200, content_type: str = "application/json") -> web.Response:
    return web.Response(body=body, status=code, headers={"Content-Type": content_type})


def _no_page() -> web.Response:
    return web.Response(text="404 page not found\n", status=404)


def _outcome(outcome: WriteAnswer, view: ObjectView) -> web.Response:
    result = outcome.result
    response = _json(view.one(result) if isinstance(result, Stored) else encode(result), outcome.code)
    for warning in outcome.warnings:
        _warn(response, warning)
    return response


def _warn(response: web.StreamResponse, text: str) -> None:
    response.headers.add("Warning", f"299 - {encode(text).decode()}")

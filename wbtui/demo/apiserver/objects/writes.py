"""Create, update, patch, apply and delete objects in the store."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from wbtui.demo.apiserver import refusals
from wbtui.demo.apiserver.kinds.table import NAMESPACES, SECRETS
from wbtui.demo.apiserver.objects import applying, managed_fields, patching
from wbtui.demo.apiserver.objects.calls import Call, WriteAnswer
from wbtui.demo.apiserver.objects.conforming import broken, complete, conform, from_yaml, parse, parse_object
from wbtui.demo.apiserver.objects.managed_fields import Author
from wbtui.demo.apiserver.objects.store import ObjectStore, Stored
from wbtui.demo.apiserver.shapes import ServedResource
from wbtui.demo.apiserver.wire import Json, timestamp

APPLY = "application/apply-patch+yaml"
_STRATEGIC = "application/strategic-merge-patch+json"
_PATCHES: dict[str, Callable[[Json, Json, Any], Any]] = {
    "application/json-patch+json": lambda _, body, patch: patching.json_patch(body, patch),
    "application/merge-patch+json": lambda _, body, patch: patching.merge_patch(body, patch),
    _STRATEGIC: patching.strategic_merge_patch,
}
_KEPT = (  # metadata that a client cannot change
    *("name", "namespace", "uid", "creationTimestamp", "generation"),
    *("deletionTimestamp", "deletionGracePeriodSeconds"),
)
_Sign = Callable[[Json | None, Json], list[Json]]


class Switches(Protocol):
    """Switches that make writes fail: the webhook for secrets, and the limit of secrets by namespace."""

    webhook_down: bool
    quota: dict[str, int]


class Writes:
    """The operations that change the store."""

    def __init__(self, store: ObjectStore, switches: Switches, now: Callable[[], datetime]) -> None:
        self._store = store
        self._switches = switches
        self._now = now

    def existing(self, call: Call) -> Stored:
        """Return the object that a call names."""
        stored = self._store.get(call.resource, call.namespace, call.name)
        if stored is None:
            raise refusals.not_found(call.resource, call.name)
        return stored

    def _existing(self, call: Call) -> Stored:
        """Return the object that a call names, in the version of the call."""
        stored = self.existing(call)
        return Stored(stored.key, stored.body | {"apiVersion": call.resource.api_version})

    def create(self, call: Call) -> WriteAnswer:
        """Create an object (POST)."""
        body, warnings = conform(call.resource, parse(call.body), call.strictness)
        return self._create(call, body, warnings, self._updates(call))

    def _create(self, call: Call, body: Json, warnings: list[str], sign: _Sign) -> WriteAnswer:
        self._place(call, body["metadata"])
        name = body["metadata"]["name"]
        self._admit(call, name)
        if call.resource.has_status:
            body.pop("status", None)
        complete(call.resource, body)
        body["metadata"]["managedFields"] = sign(None, body)
        call.resource.prepare(body)
        self._validate(call.resource, body, None)
        if self._store.get(call.resource, call.namespace, name):
            raise refusals.already_exists(call.resource, name)
        self._check_quota(call, name)
        stored = Stored(name, body) if call.dry_run else self._store.write(call.resource, body)
        return WriteAnswer(stored, tuple(warnings), 201)

    def _place(self, call: Call, metadata: Json) -> None:
        """Set namespace, name, uid and creation time of a new object."""
        if metadata.setdefault("namespace", call.namespace) != call.namespace:
            msg = "the namespace of the provided object does not match the namespace sent on the request"
            raise refusals.bad_request(msg)
        if not call.namespace:
            del metadata["namespace"]
        if not metadata.get("name"):
            prefix = metadata.get("generateName", "")
            metadata["name"] = prefix and prefix + secrets.token_hex(3)[:5]
        for key in ("resourceVersion", "managedFields", "deletionTimestamp", "deletionGracePeriodSeconds"):
            metadata.pop(key, None)
        metadata |= {"uid": str(uuid4()), "creationTimestamp": timestamp(self._now())}
        if call.resource.has_generation:
            metadata["generation"] = 1

    def _admit(self, call: Call, name: str) -> None:
        """Check that the namespace accepts new objects."""
        if call.resource.namespaced:
            namespace = self._store.get(NAMESPACES, "", call.namespace)
            if namespace is None:
                raise refusals.not_found(NAMESPACES, call.namespace)
            if "deletionTimestamp" in namespace.body["metadata"]:
                raise refusals.terminating(call.resource, name, call.namespace)
        self._call_webhook(call)

    def _call_webhook(self, call: Call) -> None:
        if call.resource is SECRETS and self._switches.webhook_down:
            raise refusals.webhook_unreachable()

    def _check_quota(self, call: Call, name: str) -> None:
        limit = self._switches.quota.get(call.namespace)
        if call.resource is not SECRETS or limit is None:
            return
        first, end = self._store.collections[SECRETS].snapshot(self._store.revision).range(f"{call.namespace}/")
        if end - first >= limit:
            raise refusals.exceeded_quota(call.resource, name, end - first, limit)

    def _updates(self, call: Call) -> _Sign:
        """Return a function that updates managedFields for a call."""
        author = Author(call.manager, timestamp(self._now()), call.subresource)
        return lambda old, body: managed_fields.update(call.resource, old, body, author)

    @staticmethod
    def _validate(resource: ServedResource, body: Json, old: Json | None) -> None:
        if causes := broken(resource, body, old):
            raise refusals.invalid(resource, body["metadata"]["name"], causes)

    def update(self, call: Call) -> WriteAnswer:
        """Replace an object (PUT)."""
        return self._replace(call, self._existing(call), parse(call.body), self._updates(call))

    def patch(self, call: Call) -> WriteAnswer:
        """Change an object (PATCH), by one of the four kinds of patch."""
        known = [kind for kind in (*_PATCHES, APPLY) if not (call.resource.custom and kind == _STRATEGIC)]
        if call.content_type not in known:
            raise refusals.unsupported_media_type(known)
        if call.content_type == APPLY:
            return self._apply(call)
        old = self._existing(call)
        body = _PATCHES[call.content_type](call.resource.schema, old.body, parse(call.body))
        try:
            return self._replace(call, old, body, self._updates(call))
        except refusals.Undecodable as error:
            raise refusals.unpatchable(body, error.why) from error

    def _apply(self, call: Call) -> WriteAnswer:
        """Apply on the server: set all fields that a manager wants; the object may be new."""
        if "fieldManager" not in call.query:
            raise refusals.no_field_manager()
        author = Author(call.manager, timestamp(self._now()), call.subresource, "Apply")
        wanted, warnings = conform(call.resource, from_yaml(call.body), call.strictness)
        if self._store.get(call.resource, call.namespace, call.name) is None:
            wanted["metadata"].setdefault("name", call.name)
            mine = managed_fields.leaves(call.resource, wanted)
            return self._create(call, wanted, warnings, lambda _, __: [author.entry(call.resource, mine)])
        old = self._existing(call)
        force = call.query.get("force") == "true"
        merged, entries = applying.apply(call.resource, old.body, wanted, author, force=force)
        return self._replace(call, old, merged, lambda _, __: entries)

    def _replace(self, call: Call, old: Stored, wanted: Json, sign: _Sign) -> WriteAnswer:
        """Replace an object with a new version."""
        body, warnings = conform(call.resource, wanted, call.strictness)
        self._check_identity(call, old.body["metadata"], body["metadata"])
        self._call_webhook(call)
        _keep_system_fields(call, old.body, body)
        complete(call.resource, body)
        self._validate(call.resource, body, old.body)
        entries = sign(old.body, body)
        if _content(body) == _content(old.body) and _owners(entries) == _owners(old.body["metadata"]["managedFields"]):
            return WriteAnswer(self.existing(call), tuple(warnings))
        if "generation" in body["metadata"] and body.get("spec") != old.body.get("spec"):
            body["metadata"]["generation"] += 1
        body["metadata"]["managedFields"] = entries
        return WriteAnswer(self._store_update(call, old, body), tuple(warnings))

    @staticmethod
    def _check_identity(call: Call, old: Json, new: Json) -> None:
        """Check that a change names this object, and its latest version."""
        if new.get("name") != call.name:
            msg = f"the name of the object ({new.get('name', '')}) does not match the name on the URL ({call.name})"
            raise refusals.bad_request(msg)
        if new.get("uid", old["uid"]) != old["uid"]:
            why = f"Precondition failed: UID in precondition: {new['uid']}, UID in object meta: {old['uid']}"
            raise refusals.precondition_failed(call.resource, call.name, why)
        if new.get("resourceVersion", old["resourceVersion"]) != old["resourceVersion"]:
            raise refusals.conflict(call.resource, call.name)

    def _store_update(self, call: Call, old: Stored, body: Json) -> Stored:
        if call.dry_run:
            return Stored(old.key, body)
        going = "deletionTimestamp" in body["metadata"] and call.resource is not NAMESPACES
        if going and not body["metadata"].get("finalizers"):
            return self._store.remove(call.resource, Stored(old.key, body))
        return self._store.write(call.resource, body)

    def delete(self, call: Call) -> WriteAnswer:
        """Delete an object (DELETE); with options in the body, those of the query are ignored."""
        old = self.existing(call)
        options: Json = parse_object(call.body) if call.body else {"dryRun": call.query.get("dryRun")}
        self._check_preconditions(call, old.body["metadata"], options.get("preconditions") or {})
        metadata = old.body["metadata"]
        if call.resource is NAMESPACES or metadata.get("finalizers"):
            return WriteAnswer(self._mark_deleted(call, old, dry_run=bool(options.get("dryRun"))))
        if not options.get("dryRun"):
            self._store.remove(call.resource, old)
        details = {"name": call.name, "group": call.resource.group, "kind": call.resource.plural}
        details = {key: value for key, value in details.items() if value} | {"uid": metadata["uid"]}
        success = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
        return WriteAnswer(success)

    @staticmethod
    def _check_preconditions(call: Call, metadata: Json, wanted: Json) -> None:
        uid, revision = wanted.get("uid"), wanted.get("resourceVersion")
        if uid and uid != metadata["uid"]:
            why = (
                f"the UID in the precondition ({uid}) does not match the UID in record ({metadata['uid']}). "
                "The object might have been deleted and then recreated"
            )
            raise refusals.precondition_failed(call.resource, call.name, why)
        if revision and revision != metadata["resourceVersion"]:
            why = (
                f"the ResourceVersion in the precondition ({revision}) does not match the ResourceVersion in record "
                f"({metadata['resourceVersion']}). The object might have been modified"
            )
            raise refusals.precondition_failed(call.resource, call.name, why)

    def _mark_deleted(self, call: Call, old: Stored, *, dry_run: bool) -> Stored:
        """Mark an object as being deleted: it stays until its last finalizer is removed."""
        if "deletionTimestamp" in old.body["metadata"]:
            return old
        metadata = old.body["metadata"] | {"deletionTimestamp": timestamp(self._now())}
        body = old.body | {"metadata": metadata}
        if call.resource is NAMESPACES:
            body["status"] = {"phase": "Terminating"}
        else:
            metadata["deletionGracePeriodSeconds"] = 0
        return Stored(old.key, body) if dry_run else self._store.write(call.resource, body)


def _keep_system_fields(call: Call, old: Json, body: Json) -> None:
    """Restore what a client cannot change."""
    for key in (*_KEPT, "managedFields"):
        body["metadata"].pop(key, None)
        if key in old["metadata"]:
            body["metadata"][key] = old["metadata"][key]
    body["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"]
    if call.subresource == "status":
        status = {key: body[key] for key in ("metadata", "status") if key in body}
        body.clear()
        body |= {key: value for key, value in old.items() if key != "status"} | status
    elif call.resource.has_status:
        body.pop("status", None)
        body |= {"status": old["status"]} if "status" in old else {}


def _content(body: Json) -> Json:
    """Return an object without managedFields."""
    return body | {"metadata": {key: value for key, value in body["metadata"].items() if key != "managedFields"}}


def _owners(entries: list[Json]) -> list[Json]:
    """Return managedFields without the times."""
    return [{key: value for key, value in entry.items() if key != "time"} for entry in entries]

"""The rules for pod specifications: containers, variables, volumes and mounts."""

import re
from collections.abc import Callable, Iterator

from wbtui.demo.apiserver.causes import duplicate, forbidden_field, invalid_value, not_there, required
from wbtui.demo.apiserver.kinds.names import KEY, KEY_TEXT, LABEL_LIMIT, LABEL_NAME, LABEL_NAME_TEXT
from wbtui.demo.apiserver.shapes import Cause
from wbtui.demo.apiserver.wire import Json, at

_VARIABLE = r"[ -<>-~]+"
_VARIABLE_TEXT = "a valid environment variable name must consist only of printable ASCII characters other than '='"
_SOURCES = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
_KEYED = ("secretKeyRef", "configMapKeyRef")
_FREE = ("activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations")
_FIXED = (
    "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, "
    "`spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations), "
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def pod_spec(spec: Json, path: str) -> Iterator[Cause]:
    """Check the specification of a pod."""
    yield from _named(spec.get("volumes", ()), f"{path}.volumes", _volume)
    volumes = {volume.get("name") for volume in spec.get("volumes", ())}
    if not spec.get("containers"):
        yield required(f"{path}.containers")
    for kind in ("containers", "initContainers"):
        yield from _named(spec.get(kind, ()), f"{path}.{kind}", _container)
        for number, container in enumerate(spec.get(kind, ())):
            yield from _mounts(container.get("volumeMounts", ()), volumes, f"{path}.{kind}[{number}].volumeMounts")


def fixed_pod(body: Json, old: Json) -> Iterator[Cause]:
    """Check that only the mutable fields of a pod changed."""
    if _lasting(body.get("spec", {})) != _lasting(old.get("spec", {})):
        yield forbidden_field("spec", _FIXED)


def _lasting(spec: Json) -> Json:
    kept = {key: value for key, value in spec.items() if key not in _FREE}
    for kind in ("containers", "initContainers"):
        kept[kind] = [item | {"image": ""} for item in spec.get(kind, ())]
    return kept


def _named(items: list[Json], path: str, check: Callable[[Json, str], Iterator[Cause]]) -> Iterator[Cause]:
    """Check items that each have a unique name, which is a label."""
    seen = set()
    for number, item in enumerate(items):
        here, name = f"{path}[{number}]", item.get("name", "")
        yield from _label(name, f"{here}.name")
        if name and name in seen:
            yield duplicate(f"{here}.name", name)
        seen.add(name)
        yield from check(item, here)


def _label(name: str, path: str) -> Iterator[Cause]:
    if not name:
        yield required(path)
        return
    if len(name) > LABEL_LIMIT:
        yield invalid_value(path, name, f"must be no more than {LABEL_LIMIT} characters")
    if not re.fullmatch(LABEL_NAME, name):
        yield invalid_value(path, name, LABEL_NAME_TEXT)


def _volume(volume: Json, path: str) -> Iterator[Cause]:
    sources = [source for source in volume if source != "name"]
    for source in sources[1:]:
        yield forbidden_field(f"{path}.{source}", "may not specify more than 1 volume type")
    secret = volume.get("secret")
    if secret is not None:
        yield from _secret_files(secret, "secretName", f"{path}.secret")
    for number, source in enumerate(at(volume, "projected.sources", ())):
        if "secret" in source:
            yield from _secret_files(source["secret"], "name", f"{path}.projected.sources[{number}].secret")


def _secret_files(source: Json, name: str, path: str) -> Iterator[Cause]:
    if not source.get(name):
        yield required(f"{path}.{name}")
    yield from _files(source.get("items", ()), f"{path}.items")


def _files(items: list[Json], path: str) -> Iterator[Cause]:
    """Check the items of a volume: which key becomes which file."""
    for number, item in enumerate(items):
        here, file = f"{path}[{number}]", item.get("path", "")
        if not item.get("key"):
            yield required(f"{here}.key")
        if not file:
            yield required(f"{here}.path")
        if file.startswith("/"):
            yield invalid_value(f"{here}.path", file, "must be a relative path")
        if ".." in file.split("/"):
            yield invalid_value(f"{here}.path", file, "must not contain '..'")


def _container(container: Json, path: str) -> Iterator[Cause]:
    if not container.get("image"):
        yield required(f"{path}.image")
    for number, variable in enumerate(container.get("env", ())):
        yield from _variable(variable, f"{path}.env[{number}]")
    for number, source in enumerate(container.get("envFrom", ())):
        yield from _all_keys(source, f"{path}.envFrom", f"[{number}]")


def _variable(variable: Json, path: str) -> Iterator[Cause]:
    name = variable.get("name", "")
    if not name:
        yield required(f"{path}.name")
    elif not re.fullmatch(_VARIABLE, name):
        yield invalid_value(f"{path}.name", name, _VARIABLE_TEXT)
    if "valueFrom" in variable:
        yield from _source(variable["valueFrom"], variable.get("value", ""), f"{path}.valueFrom")


def _source(source: Json, value: str, path: str) -> Iterator[Cause]:
    for kind in _KEYED:
        if kind in source:
            yield from _key(source[kind], f"{path}.{kind}")
    if not source:
        yield invalid_value(path, "", _SOURCES)
    elif value:
        yield invalid_value(path, "", "may not be specified when `value` is not empty")
    elif len(source) > 1:
        yield invalid_value(path, "", "may not have more than one field specified at a time")


def _key(reference: Json, path: str) -> Iterator[Cause]:
    key = reference.get("key", "")
    if not reference.get("name"):
        yield required(f"{path}.name")
    if not key:
        yield required(f"{path}.key")
    elif not re.fullmatch(KEY, key):
        yield invalid_value(f"{path}.key", key, KEY_TEXT)


def _all_keys(source: Json, path: str, place: str) -> Iterator[Cause]:
    """Check an entry of envFrom."""
    prefix = source.get("prefix", "")
    if prefix and not re.fullmatch(_VARIABLE, prefix):
        yield invalid_value(f"{path}{place}.prefix", prefix, _VARIABLE_TEXT)
    kinds = [kind for kind in ("configMapRef", "secretRef") if kind in source]
    for kind in kinds:
        if not source[kind].get("name"):
            yield required(f"{path}{place}.{kind}.name")
    if not kinds:
        yield invalid_value(path, "", "must specify one of: `configMapRef` or `secretRef`")
    elif len(kinds) > 1:
        yield invalid_value(path, "", "may not have more than one field specified at a time")


def _mounts(mounts: list[Json], volumes: set[str | None], path: str) -> Iterator[Cause]:
    places = set()
    for number, mount in enumerate(mounts):
        here, name, place = f"{path}[{number}]", mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            yield required(f"{here}.name")
        if name not in volumes:
            yield not_there(f"{here}.name", name)
        if not place:
            yield required(f"{here}.mountPath")
        if place in places:
            yield invalid_value(f"{here}.mountPath", place, "must be unique")
        places.add(place)

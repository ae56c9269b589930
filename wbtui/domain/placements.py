"""THE table of placements: the ways to attach a secret to a workload, and what each would overwrite."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Any

from wbtui.domain.form_matches import use_case_of
from wbtui.domain.models import runs_by_profile
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import references_in
from wbtui.domain.secret import Secret
from wbtui.domain.secret_types import DOCKER_CONFIG
from wbtui.domain.targets import TargetKind
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import HUGGING_FACE

_LONGEST_VOLUME = 63
_SYSTEM_FOLDERS = frozenset(
    "/bin /boot /dev /etc /home /lib /lib64 /opt /proc /root /run /sbin /sys /tmp /usr /var".split()  # noqa: SIM905
)
"""Folders in which a volume would hide files of the image."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """How to attach a secret. Fields outside `placement.asks` are ignored.

    `containers` are the names of the containers that get it. `variables` maps names of variables to keys of the
    secret; `prefix` is put before the name of each variable that is made from a key; `folder` is the mount path.
    """

    secret: str
    placement: "Placement"
    containers: Collection[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """One way to attach a secret. `asks` has the names of the fields of `Attachment` that it uses.

    With `clashes_block`, it cannot replace what is there already.
    """

    name: str
    title: str
    asks: frozenset[str]
    put: Callable[[TargetKind, Any, Attachment], None]
    clashes: Callable[[TargetKind, Any, Attachment], Iterator[str]]
    clashes_block: bool = False


def attached(target: TargetKind, manifest: Json, attachment: Attachment) -> Json:
    """Return a copy of an object with the secret attached; what is attached already is not repeated."""
    after = deepcopy(manifest)
    attachment.placement.put(target, after, attachment)
    return after


def clashes(target: TargetKind, manifest: Json, attachment: Attachment) -> list[str]:
    """Return a sentence for everything that attaching the secret would overwrite or hide."""
    return list(attachment.placement.clashes(target, deepcopy(manifest), attachment))


def detached(target: TargetKind, manifest: Json, secret: str) -> Json:
    """Return a copy of an object with the secret removed from every place that a placement can put it in."""
    after = deepcopy(manifest)
    spec = target.of(after)
    _keep(spec, "imagePullSecrets", lambda item: item.get("name") != secret)
    gone = _without_volumes(spec, secret)
    for _, holder in target.holders(after):
        _keep(holder, "env", lambda item: _key_reference(item).get("name") != secret)
        _keep(holder, "envFrom", lambda item: (item.get("secretRef") or {}).get("name") != secret)
        _keep(holder, "volumeMounts", lambda item: item.get("name") not in gone)
    if isinstance(caching := spec.get("caching"), dict):
        _keep(caching, "env", lambda item: _key_reference(item).get("name") != secret)
    return after


def still_named(target: TargetKind, manifest: Json, secret: str) -> list[str]:
    """Return the paths at which an object refers to a secret."""
    return [reference.path for reference in references_in(target.kind, manifest) if reference.secret == secret]


def placements_for(secret: Secret) -> tuple[Placement, ...]:
    """Return the placements for the use case of a secret, the usual one first."""
    return tuple(PLACEMENTS[name] for name in use_case_of(secret).placements)


def placements_on(secret: Secret, target: TargetKind, manifest: Json) -> tuple[Placement, ...]:
    """Return the placements for a secret on an object, the usual one first.

    Where the download of a model has an environment of its own, that comes before the server's.
    """
    found = tuple(placement for placement in placements_for(secret) if placement.name in target.placements)
    has_download = target.downloads and runs_by_profile(manifest)
    return tuple(
        entry
        for placement in found
        for entry in ((_DOWNLOAD, placement) if has_download and placement.name == "variables" else (placement,))
    )


def variables_for(secret: Secret) -> dict[str, str]:
    """Return the usual environment variable for each key of a secret.

    Where its keys are not known, the usual keys of its use case are taken.
    """
    use_case = use_case_of(secret)
    known = dict(_conventions(use_case))
    keys = secret.keys if secret.keys is not None else _usual_keys(use_case)
    return {key: known.get(key) or _variable(key) for key in keys}


def token_key(secret: Secret | None) -> str:
    """Return the key of a secret that holds its Hugging Face token; the usual key where the secret is None."""
    usual = HUGGING_FACE.entry_forms[0].fields[0].key
    keys = (secret.keys if secret else None) or (usual,)
    return usual if usual in keys else keys[0]


def is_for(use_case: UseCase, secret: Secret) -> bool:
    """Return whether a secret can be used where one of this use case is needed."""
    special = use_case.type == DOCKER_CONFIG == secret.type
    return secret.use_case == use_case.value or special


def variable_problem(name: str) -> str:
    """Return what is wrong with the name of a variable; empty where it is valid."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return ""
    return f"{name}: a variable's name has letters, digits and _ only, and begins with no digit"


def folder_problem(folder: str) -> str:
    """Return what is wrong with the folder to mount a secret in; empty where it is valid."""
    if not folder.startswith("/") or folder.rstrip("/") == "":
        return "a folder is a whole path, as in /etc/secrets/name"
    if ":" in folder or ".." in folder.split("/"):
        return "a folder's path has no colon in it, and no .."
    place = normpath(f"/{folder.strip('/')}")
    return f"a volume in {place} would hide what programs need there" if place in _SYSTEM_FOLDERS else ""


def _conventions(use_case: UseCase) -> Iterator[tuple[str, str]]:
    for form in use_case.entry_forms:
        for preset in form.presets or (None,):
            keys = form.keys(preset)
            yield from ((keys[field.name], field.variable) for field in form.fields if field.variable)


def _usual_keys(use_case: UseCase) -> tuple[str, ...]:
    return tuple(field.key for field in use_case.entry_forms[0].fields if field.required and field.key)


def _variable(key: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", key).upper()
    return f"_{name}" if name[:1].isdigit() else name


def _key_reference(variable: Json) -> Json:
    reference: Json = (variable.get("valueFrom") or {}).get("secretKeyRef") or {}
    return reference


def _keep(holder: Any, name: str, keeps: Callable[[Any], bool]) -> None:
    before = holder.get(name) or []
    after = [item for item in before if keeps(item)]
    if after:
        holder[name] = after
    elif before:
        del holder[name]


def _list(holder: Any, name: str) -> list[Any]:
    if not holder.get(name):
        holder[name] = []
    items: list[Any] = holder[name]
    return items


def _chosen(target: TargetKind, manifest: Any, attachment: Attachment) -> Iterator[tuple[str, Any]]:
    for name, holder in target.holders(manifest):
        if name in attachment.containers or not target.containers:
            yield name, holder


def _put_variables(target: TargetKind, manifest: Any, attachment: Attachment) -> None:
    for _, holder in _chosen(target, manifest, attachment):
        _put_in(holder, attachment)


def _put_download_variables(target: TargetKind, manifest: Any, attachment: Attachment) -> None:
    _put_in(target.of(manifest).setdefault("caching", {}), attachment)


def _put_in(holder: Any, attachment: Attachment) -> None:
    if not attachment.variables:
        return
    variables = _list(holder, "env")
    last = {item.get("name"): position for position, item in enumerate(variables)}  # of several, Kubernetes uses it
    for name, key in attachment.variables.items():
        wanted = {"name": name, "valueFrom": {"secretKeyRef": {"name": attachment.secret, "key": key}}}
        position = last.get(name)
        if position is None:
            variables.append(wanted)
        elif not _is(variables[position], attachment.secret, key):
            variables[position] = wanted


def _is(variable: Json, secret: str, key: str) -> bool:
    reference = _key_reference(variable)
    return (reference.get("name"), reference.get("key")) == (secret, key)


def _variable_clashes(target: TargetKind, manifest: Any, attachment: Attachment) -> Iterator[str]:
    for name, holder in _chosen(target, manifest, attachment):
        yield from _clashes_in(holder, f" in container {name}" if name else "", attachment)


def _download_clashes(target: TargetKind, manifest: Any, attachment: Attachment) -> Iterator[str]:
    yield from _clashes_in(target.of(manifest).get("caching") or {}, " for the download", attachment)


def _clashes_in(holder: Json, where: str, attachment: Attachment) -> Iterator[str]:
    for item in holder.get("env") or ():
        key = attachment.variables.get(item.get("name", ""))
        if key is not None and not _is(item, attachment.secret, key):
            yield f"{item['name']} is set{where} already, to {_origin(item)}"


_ORIGINS: dict[str, Callable[[Json], str]] = {
    "secretKeyRef": lambda source: f"key {source.get('key')} of secret {source.get('name')}",
    "configMapKeyRef": lambda source: f"key {source.get('key')} of config map {source.get('name')}",
    "fieldRef": lambda source: f"the pod's {source.get('fieldPath')}",
}


def _origin(variable: Json) -> str:
    for kind, source in (variable.get("valueFrom") or {}).items():
        return _ORIGINS[kind](source) if kind in _ORIGINS else "something else"
    return "a plain value (not shown)"


def _put_all_keys(target: TargetKind, manifest: Any, attachment: Attachment) -> None:
    wanted = {"secretRef": {"name": attachment.secret}}
    if attachment.prefix:
        wanted = {"prefix": attachment.prefix, **wanted}  # type: ignore[dict-item]
    for _, holder in _chosen(target, manifest, attachment):
        sources = _list(holder, "envFrom")
        if (attachment.secret, attachment.prefix) not in map(_source, sources):
            sources.append(wanted)


def _source(item: Json) -> tuple[str, str]:
    return ((item.get("secretRef") or {}).get("name", ""), item.get("prefix") or "")


def _key_clashes(target: TargetKind, manifest: Any, attachment: Attachment) -> Iterator[str]:
    for name, holder in _chosen(target, manifest, attachment):
        sources = holder.get("envFrom") or ()
        if (attachment.secret, attachment.prefix) in map(_source, sources):
            continue
        for item in sources:
            for source, kind in (("secretRef", "secret"), ("configMapRef", "config map")):
                if item.get(source) and (item.get("prefix") or "") == attachment.prefix:
                    where = f"container {name} has all keys of {kind} {item[source].get('name')}"
                    yield f"{where}: those with the same name would not count any more"


def _put_files(target: TargetKind, manifest: Any, attachment: Attachment) -> None:
    volume = _volume(_list(target.of(manifest), "volumes"), attachment.secret)
    for _, holder in _chosen(target, manifest, attachment):
        mounts = _list(holder, "volumeMounts")
        if not any(mount.get("mountPath") == attachment.folder for mount in mounts):
            mounts.append({"name": volume, "mountPath": attachment.folder, "readOnly": True})


def _volume(volumes: list[Any], secret: str) -> str:
    for volume in volumes:
        source = volume.get("secret") or {}
        if source.get("secretName") == secret and not source.get("items"):
            return str(volume["name"])
    stem = re.sub(r"[^a-z0-9-]", "-", f"secret-{secret}")[: _LONGEST_VOLUME - 4].rstrip("-")
    taken = {volume.get("name") for volume in volumes}
    names = (stem, *(f"{stem}-{number}" for number in range(2, 100)))
    name = next(name for name in names if name not in taken)
    volumes.append({"name": name, "secret": {"secretName": secret}})
    return name


def _folder_clashes(target: TargetKind, manifest: Any, attachment: Attachment) -> Iterator[str]:
    mine = _volume(_list(target.of(manifest), "volumes"), attachment.secret)
    for name, holder in _chosen(target, manifest, attachment):
        for mount in holder.get("volumeMounts") or ():
            if mount.get("mountPath") == attachment.folder and mount.get("name") != mine:
                yield f"container {name} has volume {mount.get('name')} in {attachment.folder} already"


def _without_volumes(spec: Any, secret: str) -> set[str]:
    gone: set[str] = set()
    for volume in spec.get("volumes") or ():
        projected = volume.get("projected") or {}
        before = projected.get("sources")
        _keep(projected, "sources", lambda source: (source.get("secret") or {}).get("name") != secret)
        emptied = bool(before) and not projected.get("sources")
        if emptied or (volume.get("secret") or {}).get("secretName") == secret:
            gone.add(volume.get("name", ""))
    _keep(spec, "volumes", lambda volume: volume.get("name") not in gone)
    return gone


def _put_pull_secret(target: TargetKind, manifest: Any, attachment: Attachment) -> None:
    pull_secrets = _list(target.of(manifest), "imagePullSecrets")
    if not any(item.get("name") == attachment.secret for item in pull_secrets):
        pull_secrets.append({"name": attachment.secret})


def _no_clashes(*_: object) -> Iterator[str]:
    return iter(())


PLACEMENTS: dict[str, Placement] = {
    placement.name: placement
    for placement in (
        Placement("variables", "variables", frozenset({"containers", "variables"}), _put_variables, _variable_clashes),
        Placement(
            "all keys", "all keys as variables", frozenset({"containers", "prefix"}), _put_all_keys, _key_clashes
        ),
        Placement(
            "files", "files", frozenset({"containers", "folder"}), _put_files, _folder_clashes, clashes_block=True
        ),
        Placement("pull secret", "pull secret", frozenset(), _put_pull_secret, _no_clashes),
    )
}

_DOWNLOAD = Placement(
    "download variables",
    "variables of the download",
    frozenset({"variables"}),
    _put_download_variables,
    _download_clashes,
)

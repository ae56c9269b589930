"""Record what the demo's API server knows of kinds: their schemas, without prose, from a real API server.

    python -m tools.record_schemas KUBECONFIG PROTO_FOLDER

The cluster must have the custom resources of AMD's platform. PROTO_FOLDER is a checkout of kubernetes (or Go's module
cache) with the `generated.proto` files of k8s.io/api and k8s.io/apimachinery.
"""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "wbtui" / "demo" / "apiserver" / "schemas" / "data"
API, META = "io.k8s.api", "io.k8s.apimachinery.pkg.apis.meta.v1"
KINDS = {
    "core.v1": ("Namespace", "Secret", "ServiceAccount", "ConfigMap", "Pod", "Event"),
    "apps.v1": ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
    "batch.v1": ("Job", "CronJob"),
    "authentication.v1": ("SelfSubjectReview",),
    "authorization.v1": ("SelfSubjectAccessReview", "SelfSubjectRulesReview"),
}
PATHS = ("api/v1", "apis/apps/v1", "apis/batch/v1", "apis/authentication.k8s.io/v1", "apis/authorization.k8s.io/v1")
CUSTOM = {
    "aim": r"aim.*\.aim\.eai\.amd\.com",
    "external-secrets": r"externalsecrets\.external-secrets\.io",
}
_FIELD = re.compile(r"^  (optional|repeated|map<string, ([\w.]+)>) ?([\w.]*) (\w+) = (\d+);")
_SCALARS = {"string", "bytes", "bool", "int32", "int64", "double"}


def main(kubeconfig: str, protos: str) -> None:
    """Write the data files of the demo's API server."""
    schemas = _used(_published(kubeconfig))
    _write("builtin", {"schemas": schemas, "fields": _fields(Path(protos), schemas)})
    found = _kubectl(kubeconfig, "get", "crd", "-o", "json")["items"]
    for name, pattern in CUSTOM.items():
        chosen = [one for one in found if re.fullmatch(pattern, one["metadata"]["name"])]
        _write(name, [_definition(one["spec"]) for one in chosen])


def _kubectl(kubeconfig: str, *arguments: str) -> Any:
    command = ["kubectl", "--kubeconfig", kubeconfig, *arguments]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def _published(kubeconfig: str) -> dict[str, Any]:
    """Return every schema of the groups that the demo serves."""
    documents = (_kubectl(kubeconfig, "get", "--raw", f"/openapi/v3/{path}") for path in PATHS)
    return {name: node for document in documents for name, node in document["components"]["schemas"].items()}


def _used(published: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas of the served kinds, with all that these refer to."""
    kinds = [f"{API}.{group}.{kind}" for group, kinds in KINDS.items() for kind in kinds]
    wanted = [*kinds, *(f"{kind}List" for kind in kinds), *(f"{META}.{name}" for name in ("DeleteOptions", "Status"))]
    used: dict[str, Any] = {}
    while wanted:
        name = wanted.pop()
        if name in published and name not in used:
            used[name] = _without_zeros(_plain(published[name]))
            wanted += re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(used[name]))
    return dict(sorted(used.items()))


def _plain(node: Any) -> Any:
    """Return a schema without prose, and with `$ref` in the place of an `allOf` of one."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if not (key == "description" and isinstance(value, str))}
    if len(kept.get("allOf", ())) == 1:
        kept |= kept.pop("allOf")[0]
    return {
        key: {name: _plain(member) for name, member in value.items()} if key == "properties" else _plain(value)
        for key, value in kept.items()
    }


def _without_zeros(node: Any) -> Any:
    """Return a built-in schema without the defaults that Go has where nothing was set: the server fills none in."""
    if isinstance(node, list):
        return [_without_zeros(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _without_zeros(value) for key, value in node.items() if key != "default" or value not in ("", 0)}


def _definition(spec: dict[str, Any]) -> dict[str, Any]:
    versions = [version for version in spec["versions"] if version["served"]]
    kept = {key: spec[key] for key in ("group", "names", "scope")}
    return {"spec": kept | {"versions": [_plain(version) for version in versions]}}


def _fields(folder: Path, schemas: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Return name and type of the fields of each message by number; a field without a name is part of its owner."""
    messages = {name: fields for path in folder.rglob("generated.proto") for name, fields in _messages(path)}
    wanted, used = list(schemas), dict[str, dict[str, list[str]]]()
    while wanted:
        name = wanted.pop()
        if name not in messages or name in used:
            continue
        known = schemas.get(name, {}).get("properties")
        used[name] = {
            number: ["" if known is not None and field not in known else field, type_]
            for number, (field, type_) in messages[name].items()
        }
        wanted += [type_.removeprefix("[]").removeprefix("{}") for _, type_ in used[name].values()]
    return dict(sorted(used.items()))


def _messages(path: Path) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    text = path.read_text(encoding="utf-8")
    found = re.search(r"^package (.+);", text, re.MULTILINE)
    package = _reversed(found[1]) if found else ""
    for message in re.finditer(r"^message (\w+) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        fields = {}
        for line in message[2].splitlines():
            if field := _FIELD.match(line):
                mark = {"optional": "", "repeated": "[]"}.get(field[1], "{}")
                fields[field[5]] = (field[4], mark + _type(field[2] or field[3], package))
        yield f"{package}.{message[1]}", fields


def _type(name: str, package: str) -> str:
    if name in _SCALARS:
        return name
    return _reversed(name) if name.startswith(".") else f"{package}.{name}"


def _reversed(name: str) -> str:
    """Return a name of protocol buffers as OpenAPI has it: k8s.io.api... is io.k8s.api..."""
    return re.sub(r"^\.?k8s\.io\.", "io.k8s.", name)


def _write(name: str, content: Any) -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 9, mtime=0)
    (DATA / f"{name}.json.gz").write_bytes(packed)
    sys.stdout.write(f"{name}: {len(packed)} bytes\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

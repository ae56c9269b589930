"""Where the objects of a kind can name secrets, by the kind's OpenAPI schema; and the same rules for what has none.

The rules look at the names and the shapes of fields. They cannot see a secret that is named in free text, such as a
chart's values in a string.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from wbtui.domain.reference_paths import Path

Schema: TypeAlias = Mapping[str, Any]

_SECRET = "Secret"  # noqa: S105  the name of a kind
_MOST_PATHS = 20_000
_DEEPEST = 60
"""Fields below each other, after which an object is searched as if there were no schema."""
_SPECIFIES_NOTHING = frozenset({"apiVersion", "kind", "metadata", "status"})
"""Fields of an object that do not say what it needs."""
_BESIDE_NAME = frozenset(
    {
        *("name", "namespace", "key", "keys", "optional", "items", "defaultMode", "selector"),
        *("kind", "group", "apiGroup", "apiVersion", "fieldPath", "resourceVersion", "uid"),
    }
)
_UNTIL_RESTART = re.compile(r"(?:.*\.)?(?:\w*[eE]nv\[\]\.valueFrom\.\w+|envFrom\[\]\.\w+)")
"""What a container is started with."""
_LAYERS_TO_PODS = 7
"""A CronJob's specification of pods is five fields deep."""
_STORAGE_ANNOTATION = ("metadata", "annotations", "serving.kserve.io/storageSecretName")
_SEARCHED = Path("", searched=True)
_NAMED = Path("", key="key", namespace="namespace")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What a field that names a secret looks like, and the path from there to the name.

    `fits` takes the schema of the field, or of its items where it is a list or a map. A rule for `text` is about
    fields that are the name itself, one for `texts` about lists of names, any other about objects that have a name.
    A rule that is not `certain` is only used where a schema says that a field is there.
    """

    example: str
    field: re.Pattern[str]
    fits: Callable[[Schema], bool]
    path: Path = _NAMED
    containers: str = ""
    certain: bool = True


def _is_text(schema: Schema) -> bool:
    return schema.get("type") == "string"


def _is_reference(schema: Schema) -> bool:
    """Return whether an object has a name, and nothing but what a reference to a secret has beside it."""
    fields = _fields(schema)
    beside = {field for field in fields if field not in _BESIDE_NAME and not field.endswith("Key")}
    return "name" in fields and (not beside or (beside == {"parameter"} and "key" in fields))


def _is_key_selector(schema: Schema) -> bool:
    return {"name", "key"} <= _fields(schema).keys() <= {"name", "key", "optional", "namespace"}


def _says_secret(schema: Schema, field: str) -> bool | None:
    """Return whether what `field` says of a named object can be, or is by default, a Secret; None where it is open."""
    fields = _fields(schema)
    if "name" not in fields or field not in fields:
        return False
    said = _mapping(fields[field])
    if isinstance(choices := said.get("enum"), list):
        return _SECRET in choices
    return said["default"] == _SECRET if said.get("default") else None


RULES: tuple[FieldRule, ...] = (
    FieldRule(
        "Ingress: spec.tls[].secretName",
        re.compile(r"(?!external|push).*secretName", re.IGNORECASE),
        _is_text,
        Path("", keys=("secretKey",), namespace="secretNamespace"),
        containers="none",
    ),
    FieldRule(
        "Cluster: spec.certificates.serverTLSSecret",
        re.compile(r".*(?:CA|TLS|config|existing|pull|credentials?)Secret", re.IGNORECASE),
        _is_text,
        containers="none",
    ),
    FieldRule(
        "Policy: spec.rules[].context[].imageRegistry.imageRegistryCredentials.secrets[]",
        re.compile(r"secrets|.*secretNames|.*pullSecrets", re.IGNORECASE),
        _is_text,
        Path("", name=""),
        containers="[]",
    ),
    FieldRule(
        "Gateway: spec.listeners[].tls.certificateRefs[]",
        re.compile(r".*"),
        lambda schema: _says_secret(schema, "kind") is True,
        Path("", key="key", kind="kind", namespace="namespace"),
    ),
    FieldRule(
        "Backend: spec.tls.caCertificateRefs[]",
        re.compile(r".*(?:secret|certificate|credential|value|password|token).*", re.IGNORECASE),
        lambda schema: _says_secret(schema, "kind") is None,
        Path("", key="key", kind="kind", namespace="namespace"),
        certain=False,
    ),
    FieldRule(
        "SecretStore: spec.provider.vault.caProvider",
        re.compile(r".*"),
        lambda schema: "key" in _fields(schema) and _says_secret(schema, "type") is True,
        Path("", key="key", kind="type", namespace="namespace"),
    ),
    FieldRule(
        "Pod: spec.containers[].env[].valueFrom.secretKeyRef",
        re.compile(r".*secrets?(?:AccessKey|Key)?(?:Target)?(?:Refs?|References?|Selector)?", re.IGNORECASE),
        lambda schema: _is_reference(schema) and "kind" not in _fields(schema),
    ),
    FieldRule(
        "InferenceService: spec.predictor.model.storage",
        re.compile(r"storage"),
        lambda schema: {"key", "path", "parameters"} <= _fields(schema).keys(),
        Path("", name="", key="key", default=_STORAGE_ANNOTATION, implied="storage-config"),
    ),
    FieldRule(
        "PodMonitor: spec.podMetricsEndpoints[].basicAuth.password",
        re.compile(r"(?!.*config_?map).*", re.IGNORECASE),
        _is_key_selector,
        certain=False,
    ),
)
"""How fields that name secrets look; the first rule that fits counts."""


def paths_in_schema(schema: Schema, schemas: Mapping[str, Schema] | None = None) -> tuple[Path, ...]:
    """Return the paths to everything that can name a secret in the objects of a kind.

    `schemas` are the components that `schema` refers to, by name. Where a schema keeps unknown fields, refers to
    itself or is too large, the path leads to a part that has to be searched.
    """
    compiler = _Compiler(schemas or {}, RULES)
    fields = _fields(compiler.resolved(schema))
    specifying = {field: fields[field] for field in fields if field not in _SPECIFIES_NOTHING}
    paths = set(compiler.paths({"properties": specifying}, 0))
    return tuple(sorted(paths, key=lambda path: path.steps)) if len(paths) <= _MOST_PATHS else (_SEARCHED,)


def paths_in_value(value: Any) -> tuple[Path, ...]:
    """Return the paths to what surely names a secret, in a part of an object that has no schema."""
    return tuple(_Compiler({}, tuple(rule for rule in RULES if rule.certain)).paths(_schema_of(value, _DEEPEST), 0))


def account_in_schema(schema: Schema, schemas: Mapping[str, Schema] | None = None) -> str:
    """Return the dotted path to the first specification of pods that names a service account; empty for none."""
    resolved = _Compiler(schemas or {}, ()).resolved
    level: list[tuple[tuple[str, ...], Schema]] = [((), resolved(schema))]
    for _ in range(_LAYERS_TO_PODS):
        for steps, part in level:
            if {"serviceAccountName", "containers"} <= _fields(part).keys():
                return ".".join(steps)
        level = [
            ((*steps, field), resolved(_mapping(below)))
            for steps, part in level
            for field, below in _fields(part).items()
            if steps or field not in _SPECIFIES_NOTHING
        ]
    return ""


class _Compiler:
    """Works out the paths below schemas that refer to each other, once for each."""

    def __init__(self, schemas: Mapping[str, Schema], rules: tuple[FieldRule, ...]) -> None:
        self._schemas = schemas
        self._rules = rules
        self._known: dict[str, tuple[Path, ...]] = {}

    def paths(self, schema: Schema, depth: int) -> tuple[Path, ...]:
        """Return the paths from a part with this schema to everything in it that can name a secret."""
        if name := self._name_of(schema):
            if name not in self._known:
                self._known[name] = (_SEARCHED,)  # what it is for the parts that it has below itself
                self._known[name] = tuple(self._below(self.resolved(schema), depth))
            return self._known[name]
        return tuple(self._below(self.resolved(schema), depth))

    def _below(self, schema: Schema, depth: int) -> Iterator[Path]:
        if depth > _DEEPEST or schema.get("x-kubernetes-preserve-unknown-fields") is True:
            yield _SEARCHED
        if depth > _DEEPEST:
            return
        for container, inner in _contents(schema):
            for path in self.paths(inner, depth + 1):
                yield _under(container, path)
        for field, inner in _fields(schema).items():
            yield from self._of_field(field, _mapping(inner), depth)

    def _of_field(self, field: str, schema: Schema, depth: int) -> Iterator[Path]:
        containers, item = self._item(schema)
        for rule in self._rules:
            if rule.containers in {"", containers or "none"} and rule.field.fullmatch(field) and rule.fits(item):
                yield _path_by(rule, f"{field}{containers}", field, item)
                return
        for path in self.paths(schema, depth + 1):
            yield _under(field, path)

    def _item(self, schema: Schema) -> tuple[str, Schema]:
        """Return the lists and maps that a schema goes through, and the schema of what is in them."""
        containers, schema = "", self.resolved(schema)
        while contents := _contents(schema) if len(containers) < _DEEPEST else ():
            container, inner = contents[0]
            containers, schema = f"{containers}{container}", self.resolved(inner)
        return containers, schema

    def resolved(self, schema: Schema) -> Schema:
        """Return a schema with the reference, or the only layer, at its top replaced by what is meant."""
        for _ in range(_DEEPEST):
            name, layers = _reference(schema), schema.get("allOf")
            if name:
                schema = _mapping(self._schemas.get(name))
            elif isinstance(layers, list) and len(layers) == 1 and not _fields(schema):
                schema = {**schema, "allOf": None, **_mapping(layers[0])}
            else:
                return schema
        return {}

    def _name_of(self, schema: Schema) -> str:
        layers = schema.get("allOf")
        only = _mapping(layers[0]) if isinstance(layers, list) and len(layers) == 1 else {}
        return _reference(schema) or _reference(only)


def _path_by(rule: FieldRule, steps: str, field: str, schema: Schema) -> Path:
    if rule.containers == "none":
        return replace(rule.path, name=field)
    fields = _fields(schema)
    keys = () if "key" in fields else tuple(name for name in fields if name.endswith("Key"))
    selector = "selector" if "matchLabels" in _fields(_mapping(fields.get("selector"))) else ""
    return replace(rule.path, steps=steps, keys=keys, selector=selector, restart=False)


def _under(step: str, path: Path) -> Path:
    """Return a path from one step higher up."""
    joint = "." if path.steps and not path.steps.startswith(("[]", "{}")) else ""
    steps = f"{step}{joint}{path.steps}"
    return replace(path, steps=steps, restart=path.restart or bool(_UNTIL_RESTART.fullmatch(steps)))


def _contents(schema: Schema) -> tuple[tuple[str, Schema], ...]:
    """Return what a list or a map has in it."""
    found = (("[]", schema.get("items")), ("{}", schema.get("additionalProperties")))
    return tuple((container, inner) for container, inner in found if isinstance(inner, dict))


def _fields(schema: Schema) -> Mapping[str, Schema]:
    return _mapping(schema.get("properties"))


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, dict) else {}


def _reference(schema: Schema) -> str:
    said = schema.get("$ref")
    return said.rpartition("/")[2] if isinstance(said, str) else ""


def _schema_of(value: Any, depth: int) -> Schema:
    """Return a schema that describes a value, as far as the rules look at it."""
    if isinstance(value, str):
        return {"type": "string", "enum": [value]}
    if isinstance(value, dict) and depth:
        return {"properties": {field: _schema_of(below, depth - 1) for field, below in value.items()}}
    if isinstance(value, list) and depth:
        items = [_schema_of(item, depth - 1) for item in value]
        fields = {field: below for item in items for field, below in _fields(item).items()}
        return {"type": "array", "items": {"properties": fields} if fields else next(iter(items), {})}
    return {}

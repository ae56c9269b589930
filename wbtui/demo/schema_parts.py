"""What schemas are made of, and the parts that several kinds have."""

from typing import Any

from wbtui.demo.schema import Rule, Schema

ANY = Schema()
TEXT = Schema("string")
NUMBER = Schema("integer")
TRUTH = Schema("boolean")
_QUANTITY = (
    r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"
)
QUANTITY = Schema("integer,string", pattern=_QUANTITY)
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"


def record(*demands: str | Rule, **fields: Schema) -> Schema:
    """An object: the fields that it must have and the rules for all of it, and the fields that it can have."""
    required = tuple(demand for demand in demands if isinstance(demand, str))
    rules = tuple(demand for demand in demands if isinstance(demand, Rule))
    return Schema("object", fields=fields, required=required, rules=rules)


def many(items: Schema, **more: Any) -> Schema:
    """A list of such items."""
    return Schema("array", items=items, **more)


def mapping(values: Schema) -> Schema:
    """An object with free keys."""
    return Schema("object", values=values)


def text(**more: Any) -> Schema:
    """A text within bounds."""
    return Schema("string", **more)


def number(**more: Any) -> Schema:
    """A whole number within bounds."""
    return Schema("integer", **more)


def one_of(*enum: str, **more: Any) -> Schema:
    """One of these texts."""
    return Schema("string", enum=enum, **more)


def one_of_twice(*enum: str, **more: Any) -> Schema:
    """The same, where the definition says so twice."""
    return Schema("string", enum=enum, repeated_enum=True, **more)


_NAME = text(default="")
_KEY = record("key", key=TEXT, name=_NAME, optional=TRUTH)
VALUE_FROM = record(
    configMapKeyRef=_KEY,
    secretKeyRef=_KEY,
    fieldRef=record("fieldPath", apiVersion=TEXT, fieldPath=TEXT),
    fileKeyRef=record(
        *("key", "path", "volumeName"),
        key=TEXT,
        optional=Schema("boolean", default=False),
        path=TEXT,
        volumeName=TEXT,
    ),
    resourceFieldRef=record("resource", containerName=TEXT, divisor=QUANTITY, resource=TEXT),
)
VARIABLE = record("name", name=TEXT, value=TEXT, valueFrom=VALUE_FROM)
ENV = many(VARIABLE, key="name")
PULL_SECRETS = many(record(name=_NAME))
RESOURCES = record(
    claims=many(record("name", name=TEXT, request=TEXT), key="name"),
    limits=mapping(QUANTITY),
    requests=mapping(QUANTITY),
)
MODEL_ID = text(pattern="^[a-zA-Z0-9_-]+/[a-zA-Z0-9._-]+$")
SOURCE_URI = r"^(hf|s3)://[^ \t\r\n]+$"
SOURCE = record(*("modelId", "sourceUri"), env=ENV, modelId=MODEL_ID, size=QUANTITY, sourceUri=text(pattern=SOURCE_URI))

_SOME_HARDWARE = Rule(
    lambda value, _: bool(value.keys() & {"gpu", "cpu"}), "at least one of gpu or cpu must be specified"
)
_ONE_GPU_RULE = Rule(
    lambda value, _: not (value.get("model") and "minVram" in value),
    "model and minVram are mutually exclusive; specify either a specific GPU model OR a minimum VRAM requirement, "
    "not both",
)


def hardware(*rules: Rule) -> Schema:
    """What a model needs to run."""
    gpu = record(
        _ONE_GPU_RULE,
        minVram=QUANTITY,
        model=text(longest=64),
        requests=number(minimum=0),
        resourceName=text(default="amd.com/gpu"),
    )
    cpu = record("requests", limits=QUANTITY, requests=QUANTITY)
    return record(*rules, _SOME_HARDWARE, cpu=cpu, gpu=gpu)


_GATEWAY = record(
    "name",
    group=text(longest=253, pattern=f"^$|^{_SUBDOMAIN}$", default="gateway.networking.k8s.io"),
    kind=text(shortest=1, longest=63, pattern="^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$", default="Gateway"),
    name=text(shortest=1, longest=253),
    namespace=text(shortest=1, longest=63, pattern=f"^{_LABEL}$"),
    port=number(minimum=1, maximum=65535),
    sectionName=text(shortest=1, longest=253, pattern=f"^{_SUBDOMAIN}$"),
)
_ROUTING = record(annotations=mapping(TEXT), enabled=TRUTH, gatewayRef=_GATEWAY, pathTemplate=TEXT, requestTimeout=TEXT)
_STORAGE = record(defaultStorageClassName=TEXT, pvcHeadroomPercent=number(minimum=0, default=10))
RUNTIME: dict[str, Schema] = {"env": ENV, "routing": _ROUTING, "storage": _STORAGE}

CONDITIONS = many(
    record(
        *("lastTransitionTime", "message", "reason", "status", "type"),
        lastTransitionTime=TEXT,
        message=text(longest=32768),
        observedGeneration=number(minimum=0),
        reason=text(shortest=1, longest=1024, pattern="^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"),
        status=one_of("True", "False", "Unknown"),
        type=text(longest=316),
    ),
    key="type",
)
REFERENCE = record(
    kind=TEXT, name=TEXT, namespace=TEXT, scope=one_of("Namespace", "Cluster", "Merged", "Unknown"), uid=TEXT
)

METADATA = record(
    model=record(
        **dict.fromkeys(("canonicalName", "descriptionFull", "releaseNotes", "source", "title"), TEXT),
        **dict.fromkeys(("tags", "variants", "versions"), many(TEXT)),
        hfTokenRequired=TRUTH,
        recommendedDeployments=many(
            record(
                **dict.fromkeys(("description", "gpuModel", "metric", "precision", "profileId"), TEXT), gpuCount=NUMBER
            )
        ),
    ),
    oci=mapping(TEXT),
    originalLabels=mapping(TEXT),
)

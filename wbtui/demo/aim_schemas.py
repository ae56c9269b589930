"""THE table of the AIM Engine's kinds: their fields, as the engine's CustomResourceDefinitions have them."""

from typing import Any

from wbtui.demo.schema import Rule, Schema, immutable

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


def _record(*demands: str | Rule, **fields: Schema) -> Schema:
    """An object: the fields that it must have and the rules for all of it, and the fields that it can have."""
    required = tuple(demand for demand in demands if isinstance(demand, str))
    rules = tuple(demand for demand in demands if isinstance(demand, Rule))
    return Schema("object", fields=fields, required=required, rules=rules)


def _many(items: Schema, **more: Any) -> Schema:
    return Schema("array", items=items, **more)


def _map(values: Schema) -> Schema:
    return Schema("object", values=values)


def _text(**more: Any) -> Schema:
    return Schema("string", **more)


def _number(**more: Any) -> Schema:
    return Schema("integer", **more)


def _one_of(*enum: str, **more: Any) -> Schema:
    return Schema("string", enum=enum, **more)


def _twice(*enum: str, **more: Any) -> Schema:
    return Schema("string", enum=enum, repeated_enum=True, **more)


_NAME = _text(default="")
_KEY = _record("key", key=TEXT, name=_NAME, optional=TRUTH)
_FROM = _record(
    configMapKeyRef=_KEY,
    secretKeyRef=_KEY,
    fieldRef=_record("fieldPath", apiVersion=TEXT, fieldPath=TEXT),
    fileKeyRef=_record(
        *("key", "path", "volumeName"),
        key=TEXT,
        optional=Schema("boolean", default=False),
        path=TEXT,
        volumeName=TEXT,
    ),
    resourceFieldRef=_record("resource", containerName=TEXT, divisor=QUANTITY, resource=TEXT),
)
_VARIABLE = _record("name", name=TEXT, value=TEXT, valueFrom=_FROM)
ENV = _many(_VARIABLE, key="name")
PULL_SECRETS = _many(_record(name=_NAME))
RESOURCES = _record(
    claims=_many(_record("name", name=TEXT, request=TEXT), key="name"), limits=_map(QUANTITY), requests=_map(QUANTITY)
)
_MODEL_ID = _text(pattern="^[a-zA-Z0-9_-]+/[a-zA-Z0-9._-]+$")
_SOURCE = r"^(hf|s3)://[^ \t\r\n]+$"
SOURCE = _record(*("modelId", "sourceUri"), env=ENV, modelId=_MODEL_ID, size=QUANTITY, sourceUri=_text(pattern=_SOURCE))

_SOME_HARDWARE = Rule(
    lambda value, _: bool(value.keys() & {"gpu", "cpu"}), "at least one of gpu or cpu must be specified"
)
_ONE_GPU_RULE = Rule(
    lambda value, _: not (value.get("model") and "minVram" in value),
    "model and minVram are mutually exclusive; specify either a specific GPU model OR a minimum VRAM requirement, "
    "not both",
)


def _hardware(*rules: Rule) -> Schema:
    gpu = _record(
        _ONE_GPU_RULE,
        minVram=QUANTITY,
        model=_text(longest=64),
        requests=_number(minimum=0),
        resourceName=_text(default="amd.com/gpu"),
    )
    cpu = _record("requests", limits=QUANTITY, requests=QUANTITY)
    return _record(*rules, _SOME_HARDWARE, cpu=cpu, gpu=gpu)


_METRICS = ("latency", "throughput")
_PRECISIONS = ("auto", "fp4", "fp8", "fp16", "fp32", "bf16", "int4", "int8")
_GRADE = ("optimized", "preview", "unoptimized")
_TUNING = {
    "hardware": _hardware(immutable("hardware is immutable")),
    "metric": _twice(*_METRICS, rules=(immutable("metric is immutable"),)),
    "precision": _twice(*_PRECISIONS, rules=(immutable("precision is immutable"),)),
}
_GATEWAY = _record(
    "name",
    group=_text(longest=253, pattern=f"^$|^{_SUBDOMAIN}$", default="gateway.networking.k8s.io"),
    kind=_text(shortest=1, longest=63, pattern="^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$", default="Gateway"),
    name=_text(shortest=1, longest=253),
    namespace=_text(shortest=1, longest=63, pattern=f"^{_LABEL}$"),
    port=_number(minimum=1, maximum=65535),
    sectionName=_text(shortest=1, longest=253, pattern=f"^{_SUBDOMAIN}$"),
)
_ROUTING = _record(annotations=_map(TEXT), enabled=TRUTH, gatewayRef=_GATEWAY, pathTemplate=TEXT, requestTimeout=TEXT)
_STORAGE = _record(defaultStorageClassName=TEXT, pvcHeadroomPercent=_number(minimum=0, default=10))
_RUNTIME: dict[str, Schema] = {"env": ENV, "routing": _ROUTING, "storage": _STORAGE}

_CONDITIONS = _many(
    _record(
        *("lastTransitionTime", "message", "reason", "status", "type"),
        lastTransitionTime=TEXT,
        message=_text(longest=32768),
        observedGeneration=_number(minimum=0),
        reason=_text(shortest=1, longest=1024, pattern="^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"),
        status=_one_of("True", "False", "Unknown"),
        type=_text(longest=316),
    ),
    key="type",
)
_REFERENCE = _record(
    kind=TEXT, name=TEXT, namespace=TEXT, scope=_one_of("Namespace", "Cluster", "Merged", "Unknown"), uid=TEXT
)

_METADATA = _record(
    model=_record(
        **dict.fromkeys(("canonicalName", "descriptionFull", "releaseNotes", "source", "title"), TEXT),
        **dict.fromkeys(("tags", "variants", "versions"), _many(TEXT)),
        hfTokenRequired=TRUTH,
        recommendedDeployments=_many(
            _record(
                **dict.fromkeys(("description", "gpuModel", "metric", "precision", "profileId"), TEXT), gpuCount=NUMBER
            )
        ),
    ),
    oci=_map(TEXT),
    originalLabels=_map(TEXT),
)


def _whole(spec: Schema, status: Schema = ANY, *required: str) -> Schema:
    return _record(*required, spec=spec, status=status)


_SERVICE = _record(
    "model",
    **_RUNTIME,
    autoScaling=_record(
        metrics=_many(
            _record(
                "type",
                podmetric=_record(
                    *("metric", "target"),
                    metric=_record(
                        backend=_one_of("opentelemetry", default="opentelemetry"),
                        metricNames=_many(TEXT),
                        operationOverTime=TEXT,
                        query=TEXT,
                        serverAddress=TEXT,
                    ),
                    target=_record(
                        "type",
                        averageUtilization=NUMBER,
                        averageValue=TEXT,
                        type=_one_of("Value", "AverageValue", "Utilization"),
                        value=TEXT,
                    ),
                ),
                type=_one_of("PodMetric"),
            )
        )
    ),
    cacheModel=TRUTH,
    caching=_record(
        immutable("caching mode is immutable after creation"),
        mode=_one_of("Dedicated", "Shared", "Auto", "Always", "Never", default="Shared"),
    ),
    imagePullSecrets=PULL_SECRETS,
    maxReplicas=_number(minimum=1),
    minReplicas=_number(minimum=1),
    model=_record(
        Rule(
            lambda value, _: len(value.keys() & {"name", "image", "custom"}) == 1,
            "exactly one of name, image, or custom must be specified",
        ),
        immutable("model selection is immutable after creation"),
        custom=_record(
            *("baseImage", "hardware", "modelSources"),
            baseImage=TEXT,
            hardware=_hardware(),
            modelSources=_many(SOURCE, fewest=1, most=1),
        ),
        image=TEXT,
        name=TEXT,
    ),
    overrides=_record(**_TUNING),
    replicas=_number(default=1),
    resources=RESOURCES,
    runtimeConfigName=TEXT,
    serviceAccountName=TEXT,
    template=_record(immutable("template selection is immutable after creation"), allowUnoptimized=TRUTH, name=TEXT),
)
_SERVICE_STATUS = _record(
    cache=_record(retryAttempts=NUMBER, templateCacheRef=_REFERENCE),
    conditions=_CONDITIONS,
    observedGeneration=NUMBER,
    resolvedModel=_REFERENCE,
    resolvedRuntimeConfig=_REFERENCE,
    resolvedTemplate=_REFERENCE,
    routing=_record(path=TEXT),
    runtime=_record(
        **dict.fromkeys(("currentReplicas", "desiredReplicas", "minReplicas", "maxReplicas"), NUMBER), replicas=TEXT
    ),
    status=_one_of("Pending", "Starting", "Running", "Degraded", "Failed", default="Pending"),
)


def _hardware_is_known(spec: Any, _: Any) -> bool:
    own = "hardware" in spec.get("custom", {})
    return not spec.get("modelSources") or own or all("hardware" in one for one in spec.get("customTemplates", ()))


_MODEL = _record(
    "image",
    Rule(
        _hardware_is_known,
        "when using modelSources, hardware must be specified: set custom.hardware (inherited by all templates) or "
        "set hardware on each template individually",
    ),
    custom=_record(hardware=_hardware(), type=_twice(*_GRADE)),
    customTemplates=_many(
        _record(
            env=_many(_VARIABLE, key="name", most=64),
            hardware=_hardware(),
            name=_text(longest=63),
            profile=_record(metric=_twice(*_METRICS), precision=_twice(*_PRECISIONS)),
            type=_twice(*_GRADE, default="unoptimized"),
        ),
        most=16,
    ),
    defaultServiceTemplate=TEXT,
    discovery=_record(
        createServiceTemplates=Schema("boolean", default=True), extractMetadata=Schema("boolean", default=True)
    ),
    env=ENV,
    image=_text(shortest=1),
    imageMetadata=_METADATA,
    imagePullSecrets=PULL_SECRETS,
    modelSources=_many(SOURCE, most=1),
    resources=RESOURCES,
    runtimeConfigName=TEXT,
    serviceAccountName=TEXT,
)
_MODEL_STATUS = _record(
    conditions=_CONDITIONS,
    imageMetadata=_METADATA,
    observedGeneration=NUMBER,
    resolvedRuntimeConfig=_REFERENCE,
    sourceType=_one_of("Image", "Custom"),
    status=_one_of(*("Pending", "Progressing", "Ready", "Degraded", "Failed", "NotAvailable"), default="Pending"),
)
_TEMPLATE: dict[str, Schema] = {
    **_TUNING,
    "env": ENV,
    "imagePullSecrets": PULL_SECRETS,
    "modelName": _text(shortest=1, rules=(immutable("model name is immutable"),)),
    "modelSources": _many(SOURCE),
    "profileId": TEXT,
    "resources": RESOURCES,
    "runtimeConfigName": TEXT,
    "serviceAccountName": TEXT,
    "type": _twice(*_GRADE),
}
_RUNTIME_CONFIG = _record(
    **_RUNTIME,
    defaultStorageClassName=TEXT,
    labelPropagation=_record(enabled=Schema("boolean", default=False), match=_many(TEXT)),
    model=_record(autoDiscovery=TRUTH),
    pvcHeadroomPercent=NUMBER,
)

AIM_SCHEMAS = {
    "AIMService": _whole(_SERVICE, _SERVICE_STATUS),
    "AIMModel": _whole(_MODEL, _MODEL_STATUS),
    "AIMClusterModel": _whole(_MODEL, _MODEL_STATUS),
    "AIMClusterModelSource": _whole(
        _record(
            "filters",
            filters=_many(
                _record("image", exclude=_many(TEXT), image=_text(longest=512), versions=_many(TEXT)),
                fewest=1,
                most=100,
            ),
            imagePullSecrets=PULL_SECRETS,
            maxModels=_number(minimum=1, maximum=10000, default=100),
            registry=_text(default="docker.io"),
            syncInterval=_text(default="1h"),
            versions=_many(TEXT),
        )
    ),
    "AIMServiceTemplate": _whole(
        _record("modelName", **_TEMPLATE, caching=_record(enabled=Schema("boolean", default=False), env=ENV))
    ),
    "AIMClusterServiceTemplate": _whole(_record("modelName", **_TEMPLATE)),
    "AIMTemplateCache": _whole(
        _record(
            *("templateName", "templateScope"),
            downloadImage=TEXT,
            env=ENV,
            imagePullSecrets=PULL_SECRETS,
            mode=_one_of("Dedicated", "Shared", default="Shared"),
            modelSources=_many(SOURCE),
            runtimeConfigName=TEXT,
            storageClassName=TEXT,
            templateName=_text(shortest=1),
            templateScope=_one_of("Namespace", "Cluster", "Unknown"),
        )
    ),
    "AIMArtifact": _whole(
        _record(
            "sourceUri",
            env=ENV,
            imagePullSecrets=PULL_SECRETS,
            modelDownloadImage=_text(default="ghcr.io/silogen/aim-artifact-downloader:0.2.0"),
            modelId=_MODEL_ID,
            runtimeConfigName=TEXT,
            size=QUANTITY,
            sourceUri=_text(shortest=1, pattern=_SOURCE, rules=(immutable("sourceUri is immutable"),)),
            storageClassName=TEXT,
        )
    ),
    "AIMRuntimeConfig": _whole(_RUNTIME_CONFIG),
    "AIMClusterRuntimeConfig": _whole(_RUNTIME_CONFIG),
}

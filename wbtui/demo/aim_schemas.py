"""THE table of the AIM Engine's kinds: their fields, as the engine's CustomResourceDefinitions have them."""

from typing import Any

from wbtui.demo.schema import Rule, Schema, immutable
from wbtui.demo.schema_parts import (
    ANY,
    CONDITIONS,
    ENV,
    METADATA,
    MODEL_ID,
    NUMBER,
    PULL_SECRETS,
    QUANTITY,
    REFERENCE,
    RESOURCES,
    RUNTIME,
    SOURCE,
    SOURCE_URI,
    TEXT,
    TRUTH,
    VARIABLE,
    hardware,
    many,
    number,
    one_of,
    one_of_twice,
    record,
    text,
)

_METRICS = ("latency", "throughput")
_PRECISIONS = ("auto", "fp4", "fp8", "fp16", "fp32", "bf16", "int4", "int8")
_GRADE = ("optimized", "preview", "unoptimized")
_TUNING = {
    "hardware": hardware(immutable("hardware is immutable")),
    "metric": one_of_twice(*_METRICS, rules=(immutable("metric is immutable"),)),
    "precision": one_of_twice(*_PRECISIONS, rules=(immutable("precision is immutable"),)),
}


def _whole(spec: Schema, status: Schema = ANY, *required: str) -> Schema:
    return record(*required, spec=spec, status=status)


_SERVICE = record(
    "model",
    **RUNTIME,
    autoScaling=record(
        metrics=many(
            record(
                "type",
                podmetric=record(
                    *("metric", "target"),
                    metric=record(
                        backend=one_of("opentelemetry", default="opentelemetry"),
                        metricNames=many(TEXT),
                        operationOverTime=TEXT,
                        query=TEXT,
                        serverAddress=TEXT,
                    ),
                    target=record(
                        "type",
                        averageUtilization=NUMBER,
                        averageValue=TEXT,
                        type=one_of("Value", "AverageValue", "Utilization"),
                        value=TEXT,
                    ),
                ),
                type=one_of("PodMetric"),
            )
        )
    ),
    cacheModel=TRUTH,
    caching=record(
        immutable("caching mode is immutable after creation"),
        mode=one_of("Dedicated", "Shared", "Auto", "Always", "Never", default="Shared"),
    ),
    imagePullSecrets=PULL_SECRETS,
    maxReplicas=number(minimum=1),
    minReplicas=number(minimum=1),
    model=record(
        Rule(
            lambda value, _: len(value.keys() & {"name", "image", "custom"}) == 1,
            "exactly one of name, image, or custom must be specified",
        ),
        immutable("model selection is immutable after creation"),
        custom=record(
            *("baseImage", "hardware", "modelSources"),
            baseImage=TEXT,
            hardware=hardware(),
            modelSources=many(SOURCE, fewest=1, most=1),
        ),
        image=TEXT,
        name=TEXT,
    ),
    overrides=record(**_TUNING),
    replicas=number(default=1),
    resources=RESOURCES,
    runtimeConfigName=TEXT,
    serviceAccountName=TEXT,
    template=record(immutable("template selection is immutable after creation"), allowUnoptimized=TRUTH, name=TEXT),
)
_SERVICE_STATUS = record(
    cache=record(retryAttempts=NUMBER, templateCacheRef=REFERENCE),
    conditions=CONDITIONS,
    observedGeneration=NUMBER,
    resolvedModel=REFERENCE,
    resolvedRuntimeConfig=REFERENCE,
    resolvedTemplate=REFERENCE,
    routing=record(path=TEXT),
    runtime=record(
        **dict.fromkeys(("currentReplicas", "desiredReplicas", "minReplicas", "maxReplicas"), NUMBER), replicas=TEXT
    ),
    status=one_of("Pending", "Starting", "Running", "Degraded", "Failed", default="Pending"),
)


def _hardware_is_known(spec: Any, _: Any) -> bool:
    own = "hardware" in spec.get("custom", {})
    return not spec.get("modelSources") or own or all("hardware" in one for one in spec.get("customTemplates", ()))


_MODEL = record(
    "image",
    Rule(
        _hardware_is_known,
        "when using modelSources, hardware must be specified: set custom.hardware (inherited by all templates) or "
        "set hardware on each template individually",
    ),
    custom=record(hardware=hardware(), type=one_of_twice(*_GRADE)),
    customTemplates=many(
        record(
            env=many(VARIABLE, key="name", most=64),
            hardware=hardware(),
            name=text(longest=63),
            profile=record(metric=one_of_twice(*_METRICS), precision=one_of_twice(*_PRECISIONS)),
            type=one_of_twice(*_GRADE, default="unoptimized"),
        ),
        most=16,
    ),
    defaultServiceTemplate=TEXT,
    discovery=record(
        createServiceTemplates=Schema("boolean", default=True), extractMetadata=Schema("boolean", default=True)
    ),
    env=ENV,
    image=text(shortest=1),
    imageMetadata=METADATA,
    imagePullSecrets=PULL_SECRETS,
    modelSources=many(SOURCE, most=1),
    resources=RESOURCES,
    runtimeConfigName=TEXT,
    serviceAccountName=TEXT,
)
_MODEL_STATUS = record(
    conditions=CONDITIONS,
    imageMetadata=METADATA,
    observedGeneration=NUMBER,
    resolvedRuntimeConfig=REFERENCE,
    sourceType=one_of("Image", "Custom"),
    status=one_of(*("Pending", "Progressing", "Ready", "Degraded", "Failed", "NotAvailable"), default="Pending"),
)
_TEMPLATE: dict[str, Schema] = {
    **_TUNING,
    "env": ENV,
    "imagePullSecrets": PULL_SECRETS,
    "modelName": text(shortest=1, rules=(immutable("model name is immutable"),)),
    "modelSources": many(SOURCE),
    "profileId": TEXT,
    "resources": RESOURCES,
    "runtimeConfigName": TEXT,
    "serviceAccountName": TEXT,
    "type": one_of_twice(*_GRADE),
}
_RUNTIME_CONFIG = record(
    **RUNTIME,
    defaultStorageClassName=TEXT,
    labelPropagation=record(enabled=Schema("boolean", default=False), match=many(TEXT)),
    model=record(autoDiscovery=TRUTH),
    pvcHeadroomPercent=NUMBER,
)

AIM_SCHEMAS = {
    "AIMService": _whole(_SERVICE, _SERVICE_STATUS),
    "AIMModel": _whole(_MODEL, _MODEL_STATUS),
    "AIMClusterModel": _whole(_MODEL, _MODEL_STATUS),
    "AIMClusterModelSource": _whole(
        record(
            "filters",
            filters=many(
                record("image", exclude=many(TEXT), image=text(longest=512), versions=many(TEXT)),
                fewest=1,
                most=100,
            ),
            imagePullSecrets=PULL_SECRETS,
            maxModels=number(minimum=1, maximum=10000, default=100),
            registry=text(default="docker.io"),
            syncInterval=text(default="1h"),
            versions=many(TEXT),
        )
    ),
    "AIMServiceTemplate": _whole(
        record("modelName", **_TEMPLATE, caching=record(enabled=Schema("boolean", default=False), env=ENV))
    ),
    "AIMClusterServiceTemplate": _whole(record("modelName", **_TEMPLATE)),
    "AIMTemplateCache": _whole(
        record(
            *("templateName", "templateScope"),
            downloadImage=TEXT,
            env=ENV,
            imagePullSecrets=PULL_SECRETS,
            mode=one_of("Dedicated", "Shared", default="Shared"),
            modelSources=many(SOURCE),
            runtimeConfigName=TEXT,
            storageClassName=TEXT,
            templateName=text(shortest=1),
            templateScope=one_of("Namespace", "Cluster", "Unknown"),
        )
    ),
    "AIMArtifact": _whole(
        record(
            "sourceUri",
            env=ENV,
            imagePullSecrets=PULL_SECRETS,
            modelDownloadImage=text(default="ghcr.io/silogen/aim-artifact-downloader:0.2.0"),
            modelId=MODEL_ID,
            runtimeConfigName=TEXT,
            size=QUANTITY,
            sourceUri=text(shortest=1, pattern=SOURCE_URI, rules=(immutable("sourceUri is immutable"),)),
            storageClassName=TEXT,
        )
    ),
    "AIMRuntimeConfig": _whole(_RUNTIME_CONFIG),
    "AIMClusterRuntimeConfig": _whole(_RUNTIME_CONFIG),
}

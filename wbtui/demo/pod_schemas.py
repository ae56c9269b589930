"""As much of a pod's specification as refers to secrets: the fields of these parts, and their types."""

from dataclasses import replace

from wbtui.demo.schema import Schema
from wbtui.demo.schema_parts import ANY, ENV, NUMBER, PULL_SECRETS, TEXT, TRUTH, many, record

_NAMED = record(name=TEXT, optional=TRUTH)
_FILES = many(record(key=TEXT, mode=NUMBER, path=TEXT))


def _open(**fields: Schema) -> Schema:
    """An object of which these fields matter."""
    return replace(record(**fields), open=True)


_CONTAINER = _open(
    name=TEXT,
    image=TEXT,
    env=ENV,
    envFrom=many(record(prefix=TEXT, configMapRef=_NAMED, secretRef=_NAMED)),
    volumeMounts=many(
        record(
            **dict.fromkeys(("mountPath", "mountPropagation", "name", "recursiveReadOnly", "subPath"), TEXT),
            readOnly=TRUTH,
            subPathExpr=TEXT,
        )
    ),
)
_VOLUME = _open(
    name=TEXT,
    secret=record(defaultMode=NUMBER, items=_FILES, optional=TRUTH, secretName=TEXT),
    projected=record(defaultMode=NUMBER, sources=many(_open(secret=record(items=_FILES, name=TEXT, optional=TRUTH)))),
)
_POD = _open(
    containers=many(_CONTAINER),
    initContainers=many(_CONTAINER),
    volumes=many(_VOLUME),
    imagePullSecrets=PULL_SECRETS,
    serviceAccountName=TEXT,
)
_TEMPLATE = _open(
    template=_open(metadata=_open(), spec=_POD), selector=_open(matchLabels=Schema("object", values=TEXT))
)

POD = _open(spec=_POD)
WORKLOAD = _open(spec=_TEMPLATE)
CRON_JOB = _open(spec=_open(schedule=TEXT, jobTemplate=_open(metadata=_open(), spec=_TEMPLATE)))
SERVICE_ACCOUNT = _open(imagePullSecrets=PULL_SECRETS, secrets=many(ANY), automountServiceAccountToken=TRUTH)

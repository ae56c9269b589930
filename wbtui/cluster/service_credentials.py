"""The secrets that a service names, and that its runtime configs and its profile or template name for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from msgspec import convert

from wbtui.cluster.wire import Metadata
from wbtui.domain.models import runs_by_profile
from wbtui.domain.reference_paths import Json
from wbtui.domain.service_credentials import DOWNLOAD, PULL, SERVER, ServiceCredential


class _KeyReference(TypedDict, total=False):
    name: str
    key: str
    optional: bool | None


class _Source(TypedDict, total=False):
    secretKeyRef: _KeyReference | None


class _Variable(TypedDict, total=False):
    name: str
    valueFrom: _Source | None


class _Environment(TypedDict, total=False):
    env: list[_Variable] | None


class _Overrides(TypedDict, total=False):
    containerEnv: list[_Variable] | None
    modelSources: list[_Environment] | None


class _Named(TypedDict, total=False):
    name: str


class _KeysReference(_Named, total=False):
    accessKeyIdKey: str
    secretAccessKeyKey: str
    sessionTokenKey: str


class _Bundle(_Named, total=False):
    kind: str
    key: str


class _Login(TypedDict, total=False):
    credentialsSecretRef: _KeysReference | None


class _Tls(TypedDict, total=False):
    caBundleRef: _Bundle | None


class _S3(TypedDict, total=False):
    auth: _Login | None
    tls: _Tls | None


class _Artifact(TypedDict, total=False):
    s3: _S3 | None


class _Spec(_Overrides, _Environment, total=False):
    caching: _Environment | None
    profileOverrides: _Overrides | None
    imagePullSecrets: list[_Named] | None
    artifact: _Artifact | None


class _Object(TypedDict, total=False):
    metadata: Metadata
    spec: _Spec | None


@dataclass(frozen=True, slots=True)
class Named:
    """What an object names: for its model sources, which win over what any other object says, and for the rest.

    `storage` is what it names for S3, which replaces all that other objects say of that; None where it says nothing.
    """

    sources: tuple[ServiceCredential, ...] = ()
    rest: tuple[ServiceCredential, ...] = ()
    storage: tuple[ServiceCredential, ...] | None = None


def named_in(kind: str, manifest: Json) -> Named:
    """Return the variables that an object sets for a service, and the pull secrets; what wins comes first."""
    fields = convert(manifest, _Object)
    spec, overrides = fields.get("spec") or _Spec(), (fields.get("spec") or _Spec()).get("profileOverrides")
    is_service = kind == "AIMService"
    named_by = "" if is_service else f"{kind} {fields.get('metadata', Metadata()).get('name', '')}"
    by_profile = is_service and runs_by_profile(manifest)
    cached = (DOWNLOAD,), (spec.get("caching") or _Environment()).get("env")
    common = ((SERVER,) if by_profile else (DOWNLOAD, SERVER)), spec.get("env")
    lists = (
        # By a template, a service's own variables win in the download, too.
        *((common, cached) if is_service and not by_profile else (cached, common)),
        *(((SERVER,), part.get("containerEnv")) for part in (overrides or _Overrides(), spec)),
    )
    sources = [source for part in (overrides or _Overrides(), spec) for source in part.get("modelSources") or ()]
    return Named(
        tuple(one for source in sources for one in _variables(source.get("env"), (DOWNLOAD,), named_by)),
        (
            *(one for readers, variables in lists for one in _variables(variables, readers, named_by)),
            *_pull_secrets(spec, named_by),
        ),
        tuple(_storage(s3, named_by)) if (s3 := (spec.get("artifact") or _Artifact()).get("s3")) else None,
    )


def _variables(
    variables: list[_Variable] | None, readers: tuple[str, ...], named_by: str
) -> Iterator[ServiceCredential]:
    """Yield the variables; one that does not read a secret has none."""
    for variable in variables or ():
        reference = (variable.get("valueFrom") or _Source()).get("secretKeyRef") or _KeyReference()
        secret, key = reference.get("name", ""), reference.get("key", "")
        yield ServiceCredential(
            secret, key, variable.get("name", ""), readers, bool(reference.get("optional")), named_by
        )


def _storage(s3: _S3, named_by: str) -> Iterator[ServiceCredential]:
    login = (s3.get("auth") or _Login()).get("credentialsSecretRef")
    bundle = (s3.get("tls") or _Tls()).get("caBundleRef")
    if login:
        for key in (login.get("accessKeyIdKey"), login.get("secretAccessKeyKey"), login.get("sessionTokenKey")):
            if key:
                yield ServiceCredential(login.get("name", ""), key, "", (DOWNLOAD,), named_by=named_by)
    if bundle and bundle.get("kind") == "Secret":
        yield ServiceCredential(bundle.get("name", ""), bundle.get("key", ""), "", (DOWNLOAD,), named_by=named_by)


def _pull_secrets(spec: _Spec, named_by: str) -> Iterator[ServiceCredential]:
    for reference in spec.get("imagePullSecrets") or ():
        if name := reference.get("name"):
            yield ServiceCredential(name, "", "", (PULL,), named_by=named_by)

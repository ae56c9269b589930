"""Secrets that AMD's platform finds by their names, without a reference in the cluster."""

from collections.abc import Mapping
from types import MappingProxyType

MINIO = "minio-credentials"
"""The secret with the keys of the platform's own object store."""
WITHOUT_MINIO = f"no {MINIO}: workspaces, fine-tuning and custom models will not run"
_THE_WORKBENCH = "The Workbench itself"
_READERS: Mapping[str, str] = MappingProxyType(
    {
        MINIO: "Workspaces, fine-tuning and the downloads of custom models",
        "dockerhub-regcred": "The AIM Engine's model sources",
        "hf-credentials": "Runtime configurations that were made by the AIM Engine's guide",
        "s3-credentials": "Runtime configurations that were made by the AIM Engine's guide",
        "aiwb-cnpg-user": _THE_WORKBENCH,
        "aiwb-cnpg-superuser": _THE_WORKBENCH,
        "aiwb-nextauth-secret": _THE_WORKBENCH,
        "aiwb-ui-keycloak-secret": _THE_WORKBENCH,
        "cluster-auth-admin-token": _THE_WORKBENCH,
    }
)


def is_well_known(name: str) -> bool:
    """Return whether something may use a secret of this name without naming it in the cluster."""
    return name in _READERS


def readers_of(name: str) -> str:
    """Return a sentence about what finds the secret by its name; empty where nothing is known to."""
    return f"{readers} may read it by its name, without a reference." if (readers := _READERS.get(name)) else ""

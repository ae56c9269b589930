"""The Kubernetes types of secrets that mean something here."""

OPAQUE = "Opaque"
DOCKER_CONFIG = "kubernetes.io/dockerconfigjson"
HELM_RELEASE = "helm.sh/release.v1"

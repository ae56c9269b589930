"""The Kubernetes types of secrets that wbtui treats specially."""

OPAQUE = "Opaque"
DOCKER_CONFIG = "kubernetes.io/dockerconfigjson"
HELM_RELEASE = "helm.sh/release.v1"

"""THE table of use cases: what a Workbench secret is for, and all that follows from it."""

from dataclasses import dataclass

OPAQUE = "Opaque"
DOCKER_CONFIG = "kubernetes.io/dockerconfigjson"
HELM_RELEASE = "helm.sh/release.v1"


@dataclass(frozen=True, slots=True)
class UseCase:
    """One use case of the Workbench guide.

    `value` is what the label holds, `title` what a person reads, `type` the Kubernetes type of its secrets,
    `aliases` further words that the filter's `use:` understands, `serves` the workloads that such a secret is for.
    """

    value: str
    title: str
    type: str
    serves: str
    aliases: tuple[str, ...] = ()


USE_CASES: tuple[UseCase, ...] = (
    UseCase(
        "HuggingFace",
        "Hugging Face",
        OPAQUE,
        serves="models and workloads that download gated or private models from Hugging Face",
        aliases=("hf", "hugging face"),
    ),
    UseCase(
        "S3",
        "S3",
        OPAQUE,
        serves="workloads that read and write buckets of an object store",
        aliases=("object store", "storage"),
    ),
    UseCase(
        "ImagePullSecret",
        "Image pull",
        DOCKER_CONFIG,
        serves="workloads whose images come from a private registry",
        aliases=("docker", "registry", "pull"),
    ),
    UseCase(
        "Database",
        "Database",
        OPAQUE,
        serves="workloads that log in to a database",
        aliases=("db",),
    ),
    UseCase(
        "Generic",
        "Generic",
        OPAQUE,
        serves="workloads that need anything else: API keys, certificates, webhooks",
        aliases=(),
    ),
)
"""In the order of their digits: the first is 1."""

_BY_VALUE = {use_case.value.casefold(): use_case for use_case in USE_CASES}


def find_use_case(label: str) -> UseCase | None:
    """Return the use case that a label's value names, in any case; None where the Workbench knows none such."""
    return _BY_VALUE.get(label.casefold())


def named_by(word: str) -> frozenset[str]:
    """Return the values of the use cases that `word` names: part of a value or title, or a whole alias."""
    word = word.casefold()
    return frozenset(
        use_case.value
        for use_case in USE_CASES
        if word in use_case.value.casefold() or word in use_case.title.casefold() or word in use_case.aliases
    )

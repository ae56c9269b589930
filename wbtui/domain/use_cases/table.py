"""THE table of the Workbench's use cases: one entry for each."""

from functools import lru_cache
from typing import Any

from wbtui.domain import problems
from wbtui.domain.connection_string import check_connection_string, shown_connection
from wbtui.domain.databases import check_database_kind, check_host, check_port, kind_of
from wbtui.domain.dated_values import session_token_note
from wbtui.domain.docker_config import (
    check_docker_config,
    check_not_encoded_config,
    check_registry,
    check_registry_user,
)
from wbtui.domain.secret_types import DOCKER_CONFIG, OPAQUE
from wbtui.domain.use_cases.encoders import database_parts, docker_auths, named_rows
from wbtui.domain.use_cases.model import EntryForm, Field, Follow, Preset, UseCase


def _s3(access_key: str, secret_key: str, **optional: str) -> dict[str, str]:
    return {"access_key": access_key, "secret_key": secret_key, **optional}


def _part(name: str, title: str, **more: Any) -> Field:
    return Field(name, title, key=name, follows=Follow("kind", _for_database_kind), **more)


def _for_database_kind(field: Field, kind: str) -> Field:
    database = kind_of(kind)
    default = database.port if field.name == "port" else field.default
    return field._replace(required=field.name in database.needs, default=default)


_PARTS = ("username", "password", "host", "port", "dbname", "uri")

HUGGING_FACE = UseCase(
    "HuggingFace",
    "Hugging Face",
    OPAQUE,
    serves="models and workloads that download gated or private models from Hugging Face",
    stem="hf-token",
    advice="A fine-grained token that may read, and only the models it is for, is enough.",
    link="https://huggingface.co/settings/tokens",
    aliases=("hf", "hugging face"),
    entry_forms=(
        EntryForm(
            "Token",
            (
                Field(
                    "token",
                    "Token",
                    key="token",
                    hint="as in hf_…",
                    check=problems.check_hugging_face_token,
                    variable="HF_TOKEN",
                ),
            ),
        ),
    ),
)

S3 = UseCase(
    "S3",
    "S3",
    OPAQUE,
    serves="workloads that read and write buckets of an object store",
    stem="s3-credentials",
    advice="Create separate keys for each project, with access to its buckets only.",
    link="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    aliases=("object store", "storage"),
    entry_forms=(
        EntryForm(
            "Keys",
            (
                Field(
                    "access_key",
                    "Access key",
                    key="access-key",
                    check=problems.check_one_word,
                    variable="AWS_ACCESS_KEY_ID",
                ),
                Field(
                    "secret_key",
                    "Secret key",
                    key="secret-key",
                    check=problems.check_one_word,
                    variable="AWS_SECRET_ACCESS_KEY",
                ),
                Field(
                    "endpoint",
                    "Endpoint",
                    key="endpoint",
                    required=False,
                    masked=False,
                    hint="as in https://…",
                    check=problems.check_endpoint,
                    variable="AWS_ENDPOINT_URL",
                ),
                Field(
                    "region",
                    "Region",
                    key="region",
                    required=False,
                    masked=False,
                    check=problems.check_one_word,
                    variable="AWS_REGION",
                ),
                Field(
                    "bucket",
                    "Bucket",
                    key="bucket",
                    required=False,
                    masked=False,
                    check=problems.check_one_word,
                    variable="AWS_BUCKET",
                ),
                Field(
                    "session_token",
                    "Session token",
                    key="session-token",
                    required=False,
                    describe=session_token_note,
                    variable="AWS_SESSION_TOKEN",
                ),
            ),
            presets=(
                Preset("AIM guide", _s3("access-key", "secret-key")),
                Preset(
                    "Workbench",
                    _s3(
                        "minio-access-key",
                        "minio-secret-key",
                        endpoint="minio-endpoint",
                        region="minio-region",
                        bucket="minio-bucket",
                        session_token="minio-session-token",  # noqa: S106  a key's name
                    ),
                ),
                Preset(
                    "Resource Manager",
                    _s3(
                        "ACCESS_KEY_ID",
                        "SECRET_ACCESS_KEY",
                        endpoint="ENDPOINT_URL",
                        region="REGION",
                        bucket="BUCKET",
                        session_token="SESSION_TOKEN",  # noqa: S106  a key's name
                    ),
                ),
                Preset(
                    "AWS SDK",
                    _s3(
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY",
                        endpoint="AWS_ENDPOINT_URL",
                        region="AWS_REGION",
                        bucket="AWS_BUCKET",
                        session_token="AWS_SESSION_TOKEN",  # noqa: S106  a key's name
                    ),
                ),
            ),
        ),
    ),
)

IMAGE_PULL = UseCase(
    "ImagePullSecret",
    "Image pull",
    DOCKER_CONFIG,
    serves="workloads whose images come from a private registry",
    stem="image-pull",
    advice="A token or robot account that may pull, and nothing else, is enough.",
    link="https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/",
    aliases=("docker", "registry", "pull"),
    placements=("pull secret",),
    entry_forms=(
        EntryForm(
            "Registries",
            (
                Field(
                    "server",
                    "Registry",
                    key=".dockerconfigjson",
                    masked=False,
                    hint="as in ghcr.io",
                    check=check_registry,
                ),
                Field("username", "User", masked=False, check=check_registry_user),
                Field("password", "Password"),
                Field("email", "E-mail", required=False, masked=False),
            ),
            encode=docker_auths,
            repeats=True,
            one_value=True,
        ),
        EntryForm(
            "Docker configuration",
            (
                Field(
                    "config",
                    "Configuration",
                    key=".dockerconfigjson",
                    multiline=True,
                    hint="paste it, or {value.file} reads ~/.docker/config.json",
                    file_offer="~/.docker/config.json",
                    check=check_docker_config,
                ),
            ),
        ),
    ),
)

DATABASE = UseCase(
    "Database",
    "Database",
    OPAQUE,
    serves="workloads that log in to a database",
    stem="database",
    advice="Create a separate login for each workload, with only the rights that it needs.",
    link="https://www.postgresql.org/docs/current/libpq-connect.html",
    aliases=("db",),
    entry_forms=(
        EntryForm(
            "Connection string",
            (
                Field(
                    "uri",
                    "Connection string",
                    key="uri",
                    hint="as in postgresql://user:password@host:5432/name",
                    check=check_connection_string,
                    describe=shown_connection,
                    variable="DATABASE_URL",
                ),
            ),
            presets=(
                Preset("CloudNativePG", {"uri": "uri"}),
                Preset("Plain", {"uri": "DATABASE_URL"}),
            ),
        ),
        EntryForm(
            "Parts",
            (
                Field("kind", "Kind", masked=False, default="postgresql", check=check_database_kind),
                _part("host", "Host", masked=False, check=check_host),
                _part("port", "Port", masked=False, default="5432", check=check_port),
                _part("username", "User", masked=False),
                _part("password", "Password"),
                _part("dbname", "Database", masked=False),
            ),
            encode=database_parts,
            presets=(
                Preset("CloudNativePG", dict(zip(_PARTS, _PARTS, strict=True))),
                Preset("Plain", {**dict(zip(_PARTS, _PARTS, strict=True)), "username": "user", "dbname": "database"}),
            ),
            made_keys={"uri": "uri"},
        ),
    ),
)

GENERIC = UseCase(
    "Generic",
    "Generic",
    OPAQUE,
    serves="workloads that need anything else: API keys, certificates, webhooks",
    stem="secret",
    advice="Keep together what changes together: each workload should get no more than it needs.",
    link="https://kubernetes.io/docs/concepts/configuration/secret/",
    fallback=True,
    entry_forms=(
        EntryForm(
            "Keys and values",
            (
                Field("key", "Key", masked=False, hint="as in api-key", check=problems.check_key),
                Field(
                    "value",
                    "Value",
                    required=False,
                    multiline=True,
                    binary=True,
                    may_be_empty=True,
                    check=check_not_encoded_config,
                ),
            ),
            encode=named_rows,
            repeats=True,
            rows_name_keys=True,
        ),
    ),
)

USE_CASES: tuple[UseCase, ...] = (HUGGING_FACE, S3, IMAGE_PULL, DATABASE, GENERIC)
"""In the order of their number keys: the first is 1."""


@lru_cache(maxsize=1024)
def find_use_case(label: str) -> UseCase | None:
    """Return the use case for the value of a label, ignoring case; None where there is none."""
    return next((use_case for use_case in USE_CASES if use_case.value.casefold() == label.casefold()), None)


def use_case_values_matching(word: str) -> frozenset[str]:
    """Return the values of the use cases that `word` matches: a part of the value or the title, or a whole alias."""
    word = word.casefold()
    return frozenset(
        use_case.value
        for use_case in USE_CASES
        if word in use_case.value.casefold() or word in use_case.title.casefold() or word in use_case.aliases
    )

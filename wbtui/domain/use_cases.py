"""THE table of use cases: what a Workbench secret is for, how it is entered, and all that follows from it."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from wbtui.domain import problems

OPAQUE = "Opaque"
DOCKER_CONFIG = "kubernetes.io/dockerconfigjson"
HELM_RELEASE = "helm.sh/release.v1"

Entry: TypeAlias = Mapping[str, bytes]
"""What was entered, by the names of the fields; empty where nothing was."""
Encode: TypeAlias = Callable[[Sequence[Entry], Mapping[str, str]], dict[str, bytes]]
"""Makes a secret's data of entries, and of the key that each field goes to."""


class Field(NamedTuple):
    """One thing to enter.

    `masked` is never shown while it is typed; `multiline` wants lines, `binary` takes what is no text. `key` is where
    it goes by default, empty where it goes into something made of several. `file_offer` is a file that is often it.
    `check` sees text only. `describe` says what may be shown of a masked value that is complete. `variable` is the
    environment variable that programs look for it in, where there is such a convention.
    """

    name: str
    title: str
    key: str = ""
    required: bool = True
    masked: bool = True
    multiline: bool = False
    binary: bool = False
    default: str = ""
    hint: str = ""
    file_offer: str = ""
    check: problems.Check | None = None
    describe: Callable[[str], str] | None = None
    variable: str = ""

    @property
    def prompt(self) -> str:
        """Return what stands in the field while it is empty."""
        words = ("" if self.required else "optional", self.hint or ("not shown while you type" if self.masked else ""))
        return ", ".join(word for word in words if word)

    def problem(self, value: bytes) -> problems.Problem | None:
        """Return what is wrong or odd with a value that was entered here."""
        return problems.value_problem(value, multiline=self.multiline, binary=self.binary, check=self.check)


class Preset(NamedTuple):
    """One convention for naming the keys: by the names of the fields."""

    title: str
    keys: Mapping[str, str]


def one_key_a_field(entries: Sequence[Entry], keys: Mapping[str, str]) -> dict[str, bytes]:
    """Give every field that was entered its key."""
    return {keys[name]: value for entry in entries for name, value in entry.items() if value and keys.get(name)}


def named_rows(entries: Sequence[Entry], _keys: Mapping[str, str]) -> dict[str, bytes]:
    """Give every row the key that it names."""
    return {entry["key"].decode(): entry["value"] for entry in entries if entry["key"]}


_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""What Go's JSON, and so kubectl's, escapes as well."""


def docker_auths(entries: Sequence[Entry], keys: Mapping[str, str]) -> dict[str, bytes]:
    """Make a docker configuration as `kubectl create secret docker-registry` does."""
    auths = {}
    for entry in entries:
        text = {name: value.decode() for name, value in entry.items() if value}
        server = text.pop("server")
        login = f"{text.get('username', '')}:{text.get('password', '')}"
        auths[server] = {**text, "auth": b64encode(login.encode()).decode()}
    config = json.dumps({"auths": auths}, separators=(",", ":"), ensure_ascii=False)
    return {keys["server"]: config.translate(_ESCAPED).encode()}


def database_parts(entries: Sequence[Entry], keys: Mapping[str, str]) -> dict[str, bytes]:
    """Give every part its key, and the connection string made of them another."""
    data = one_key_a_field(entries, keys)
    text = {name: value.decode() for name, value in entries[0].items()}
    if keys.get("uri"):
        parts = (text[name] for name in ("scheme", "username", "password", "host", "port", "dbname"))
        data[keys["uri"]] = problems.made_connection_string(*parts).encode()
    return data


class Way(NamedTuple):
    """One way to enter the values of a use case; with `repeats`, its fields come in as many rows as one wants."""

    title: str
    fields: tuple[Field, ...]
    encode: Encode = one_key_a_field
    presets: tuple[Preset, ...] = ()
    made_keys: Mapping[str, str] = MappingProxyType({})
    repeats: bool = False

    def keys(self, preset: Preset | None = None) -> dict[str, str]:
        """Return the key of each field, and of what is made of several, by a preset or by default."""
        return {**{entry.name: entry.key for entry in self.fields}, **self.made_keys, **(preset.keys if preset else {})}


class UseCase(NamedTuple):
    """One use case of the Workbench guide.

    `value` is what the label holds, `title` what a person reads, `type` the Kubernetes type of its secrets, `aliases`
    further words that the filter's `use:` understands, `serves` the workloads that such a secret is for, `stem` what
    a new one is called, `advice` and `link` how the guide wants the credential made. `placements` are the ways in which
    a workload takes it, by their names in `placements.PLACEMENTS`, the usual one first.
    """

    value: str
    title: str
    type: str
    serves: str
    stem: str
    advice: str
    ways: tuple[Way, ...]
    link: str = ""
    aliases: tuple[str, ...] = ()
    placements: tuple[str, ...] = ("variables", "all keys", "files")


def _s3(access_key: str, secret_key: str, **optional: str) -> dict[str, str]:
    return {"access_key": access_key, "secret_key": secret_key, **optional}


_PARTS = ("username", "password", "host", "port", "dbname", "uri")

USE_CASES: tuple[UseCase, ...] = (
    UseCase(
        "HuggingFace",
        "Hugging Face",
        OPAQUE,
        serves="models and workloads that download gated or private models from Hugging Face",
        stem="hf-token",
        advice="A fine-grained token that may read, and only the models it is for, is enough.",
        link="https://huggingface.co/settings/tokens",
        aliases=("hf", "hugging face"),
        ways=(
            Way(
                "Token",
                (
                    Field(
                        "token",
                        "Token",
                        key="token",
                        hint="as in hf_…",
                        check=problems.hugging_face_token,
                        variable="HF_TOKEN",
                    ),
                ),
            ),
        ),
    ),
    UseCase(
        "S3",
        "S3",
        OPAQUE,
        serves="workloads that read and write buckets of an object store",
        stem="s3-credentials",
        advice="Make keys of their own for each project, with no more rights than its buckets need.",
        link="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        aliases=("object store", "storage"),
        ways=(
            Way(
                "Keys",
                (
                    Field(
                        "access_key",
                        "Access key",
                        key="access-key",
                        check=problems.one_word,
                        variable="AWS_ACCESS_KEY_ID",
                    ),
                    Field(
                        "secret_key",
                        "Secret key",
                        key="secret-key",
                        check=problems.one_word,
                        variable="AWS_SECRET_ACCESS_KEY",
                    ),
                    Field(
                        "endpoint",
                        "Endpoint",
                        key="endpoint",
                        required=False,
                        masked=False,
                        hint="as in https://…",
                        check=problems.endpoint,
                        variable="AWS_ENDPOINT_URL",
                    ),
                    Field(
                        "region",
                        "Region",
                        key="region",
                        required=False,
                        masked=False,
                        check=problems.one_word,
                        variable="AWS_REGION",
                    ),
                    Field(
                        "bucket",
                        "Bucket",
                        key="bucket",
                        required=False,
                        masked=False,
                        check=problems.one_word,
                        variable="AWS_BUCKET",
                    ),
                    Field(
                        "session_token",
                        "Session token",
                        key="session-token",
                        required=False,
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
    ),
    UseCase(
        "ImagePullSecret",
        "Image pull",
        DOCKER_CONFIG,
        serves="workloads whose images come from a private registry",
        stem="image-pull",
        advice="A token or robot account that may pull, and nothing else, is enough.",
        link="https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/",
        aliases=("docker", "registry", "pull"),
        placements=("pull secret",),
        ways=(
            Way(
                "Registries",
                (
                    Field(
                        "server",
                        "Registry",
                        key=".dockerconfigjson",
                        masked=False,
                        hint="as in ghcr.io",
                        check=problems.registry,
                    ),
                    Field("username", "User", masked=False, check=problems.registry_user),
                    Field("password", "Password"),
                    Field("email", "E-mail", required=False, masked=False),
                ),
                encode=docker_auths,
                repeats=True,
            ),
            Way(
                "Docker configuration",
                (
                    Field(
                        "config",
                        "Configuration",
                        key=".dockerconfigjson",
                        multiline=True,
                        hint="paste it, or ctrl+o reads ~/.docker/config.json",
                        file_offer="~/.docker/config.json",
                        check=problems.docker_config,
                    ),
                ),
            ),
        ),
    ),
    UseCase(
        "Database",
        "Database",
        OPAQUE,
        serves="workloads that log in to a database",
        stem="database",
        advice="Make a login of its own for each workload, with no more rights than it needs.",
        link="https://www.postgresql.org/docs/current/libpq-connect.html",
        aliases=("db",),
        ways=(
            Way(
                "Connection string",
                (
                    Field(
                        "uri",
                        "Connection string",
                        key="uri",
                        hint="as in postgresql://user:password@host:5432/name",
                        check=problems.connection_string,
                        describe=problems.shown_connection,
                        variable="DATABASE_URL",
                    ),
                ),
                presets=(
                    Preset("CloudNativePG", {"uri": "uri"}),
                    Preset("Plain", {"uri": "DATABASE_URL"}),
                ),
            ),
            Way(
                "Parts",
                (
                    Field("scheme", "Kind", masked=False, default="postgresql", check=problems.kind),
                    Field("host", "Host", key="host", masked=False, check=problems.host),
                    Field("port", "Port", key="port", masked=False, default="5432", check=problems.port),
                    Field("username", "User", key="username", masked=False),
                    Field("password", "Password", key="password"),
                    Field("dbname", "Database", key="dbname", masked=False),
                ),
                encode=database_parts,
                presets=(
                    Preset("CloudNativePG", dict(zip(_PARTS, _PARTS, strict=True))),
                    Preset(
                        "Plain", {**dict(zip(_PARTS, _PARTS, strict=True)), "username": "user", "dbname": "database"}
                    ),
                ),
                made_keys={"uri": "uri"},
            ),
        ),
    ),
    UseCase(
        "Generic",
        "Generic",
        OPAQUE,
        serves="workloads that need anything else: API keys, certificates, webhooks",
        stem="secret",
        advice="Keep together what changes together: each workload should get no more than it needs.",
        link="https://kubernetes.io/docs/concepts/configuration/secret/",
        ways=(
            Way(
                "Keys and values",
                (
                    Field("key", "Key", masked=False, hint="as in api-key", check=problems.key),
                    Field("value", "Value", multiline=True, binary=True),
                ),
                encode=named_rows,
                repeats=True,
            ),
        ),
    ),
)
"""In the order of their digits: the first is 1."""


@lru_cache(maxsize=1024)
def find_use_case(label: str) -> UseCase | None:
    """Return the use case that a label's value names, in any case; None where the Workbench knows none such."""
    return next((use_case for use_case in USE_CASES if use_case.value.casefold() == label.casefold()), None)


def named_by(word: str) -> frozenset[str]:
    """Return the values of the use cases that `word` names: part of a value or title, or a whole alias."""
    word = word.casefold()
    return frozenset(
        use_case.value
        for use_case in USE_CASES
        if word in use_case.value.casefold() or word in use_case.title.casefold() or word in use_case.aliases
    )

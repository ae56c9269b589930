"""Read and merge kubeconfig files, as kubectl does."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import yaml
from yaml.composer import Composer

from wbtui.cluster.kubeconfig_fields import ContextFields, KubeconfigFile, ServerFields, UserFields, parsed
from wbtui.domain.decoding import decoded_text
from wbtui.domain.text import plain
from wbtui.errors import KubeconfigError
from wbtui.storage.files import StorageError, read_input

T = TypeVar("T")
_LARGEST = 2**24


if yaml.__with_libyaml__:

    class _SafeLoader(Composer, yaml.CSafeLoader):
        """libyaml's parser with PyYAML's composer: four times as fast, and deep nesting does not crash the process."""

        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

else:  # as PyYAML is built where there is no libyaml
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]


class _Loader(_SafeLoader):
    """Loads YAML like kubectl: a date is text."""

    yaml_implicit_resolvers = {  # noqa: RUF012  as its base has it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class KubeconfigEntry(NamedTuple, Generic[T]):
    """A named entry of a file; its relative paths are relative to the folder of that file."""

    fields: T
    file: Path

    def path(self, name: str) -> Path:
        """Return the path of a file that the entry names."""
        return Path(os.path.abspath(self.file.parent / name))  # noqa: PTH100  it must not follow links


class KubeconfigEntries(NamedTuple):
    """The merged entries of all files."""

    current_context: str
    contexts: Mapping[str, KubeconfigEntry[ContextFields]]
    clusters: Mapping[str, KubeconfigEntry[ServerFields]]
    users: Mapping[str, KubeconfigEntry[UserFields]]


def read_entries(paths: str) -> KubeconfigEntries | None:
    """Return the merged entries of the files at `paths`, separated as in KUBECONFIG; None where no file exists.

    The first entry of a name counts. Raises `KubeconfigError`.
    """
    files = {path: read_file(path) for path in _existing(paths)}
    if not files:
        return None
    entries = KubeconfigEntries(
        next((file.current_context for file in files.values() if file.current_context), ""), {}, {}, {}
    )
    for path, file in files.items():
        _add(entries.contexts, path, "contexts", ((entry.name, entry.context) for entry in file.contexts))
        _add(entries.clusters, path, "clusters", ((entry.name, entry.cluster) for entry in file.clusters))
        _add(entries.users, path, "users", ((entry.name, entry.user) for entry in file.users))
    return entries


def _existing(paths: str) -> Iterator[Path]:
    for name in filter(None, paths.split(os.pathsep)):
        path = os.path.expanduser(name)  # noqa: PTH111  Path's own raises where there is no home
        if os.path.lexists(path):
            yield Path(path)


def _add(entries: Any, path: Path, part: str, named: Iterator[tuple[str, Any]]) -> None:
    of_file: dict[str, KubeconfigEntry[Any]] = {}
    for name, fields in named:
        if name in of_file:
            raise KubeconfigError(f"the kubeconfig {plain(str(path))} has two {part} of the name {plain(name)}")
        of_file[name] = KubeconfigEntry(fields, path)
    for name, entry in of_file.items():
        entries.setdefault(name, entry)


def read_file(path: Path) -> KubeconfigFile:
    """Return the content of one file. Raises `KubeconfigError`."""
    where = f"the kubeconfig {plain(str(path))}"
    try:
        content = decoded(read_input(path, _LARGEST))
    except StorageError as error:
        raise KubeconfigError(f"the kubeconfig {plain(str(error))}") from error
    except ValueError as error:
        raise KubeconfigError(f"{where} cannot be read: {error}") from error
    try:
        file = parsed(KubeconfigFile, content)
    except ValueError as error:
        raise KubeconfigError(f"{where} does not work: {error}") from error
    if file.kind not in {"", "Config"} or file.api_version not in {"", "v1"}:
        kind = plain(f"{file.api_version} {file.kind}".strip())
        raise KubeconfigError(f"{where} is not a kubeconfig of v1: it says that it is {kind}")
    return file


def decoded(text: bytes) -> Any:
    """Return the first document of a YAML or JSON text, as plain Python. Raises `ValueError`, which quotes nothing."""
    try:
        decoded = decoded_text(text)
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8 or UTF-16") from None  # the cause holds the file
    if decoded.lstrip().startswith("{"):
        try:
            return json.loads(decoded)  # YAML allows no tabs between the parts
        except (ValueError, RecursionError):
            pass  # then it is one of YAML's mappings in braces, or neither
    return _yaml(decoded)


def _yaml(text: str) -> Any:
    # Errors of YAML and of its numbers quote the line, which may hold a token: they are not chained.
    try:
        return next(yaml.load_all(text, _Loader), None)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise ValueError(f"it is not valid YAML{line}") from None
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except ValueError:
        raise ValueError("it is not valid YAML: a number is too long") from None

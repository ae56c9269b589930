"""Where the kinds of a cluster can name secrets, found in the schemas that it serves."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path as File
from typing import Any, NamedTuple, TypedDict
from urllib.parse import parse_qsl, urlsplit

from msgspec import DecodeError
from msgspec.json import Decoder, encode

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.wire import parse
from wbtui.domain.reference_paths import Path
from wbtui.domain.secret_fields import RULES, account_in_schema, paths_in_schema
from wbtui.errors import Silent, UnexpectedAnswer
from wbtui.storage.files import PrivateFile, StorageError

_SECONDS = 30.0
"""Seconds for receiving a schema: the largest ones have some megabytes."""
_LARGEST_ENTRY = 16 << 20
_HASH_LETTERS = 32


class KindFields(NamedTuple):
    """The paths to secrets in the objects of a kind, and to the service account of its pods."""

    paths: tuple[Path, ...]
    account: str = ""


Fields = dict[str, KindFields]
"""By kind; those that can name no secret are not in it."""


class _Document(TypedDict, total=False):
    serverRelativeURL: str


class _Index(TypedDict, total=False):
    paths: dict[str, _Document]


class _Components(TypedDict, total=False):
    schemas: dict[str, dict[str, Any]]


class _OpenApi(TypedDict, total=False):
    components: _Components


_INDEX = Decoder(_Index)
_OPEN_API = Decoder(_OpenApi)
_ENTRY = Decoder(Fields)
_RULES = sha256(repr([(rule.field.pattern, rule.path, rule.containers) for rule in RULES]).encode()).hexdigest()
"""What was worked out by other rules does not count."""


@dataclass(frozen=True, slots=True)
class _Schema:
    path: str
    query: Mapping[str, str]

    @property
    def hash(self) -> str:
        """Return what changes with the schema; empty where the server does not say it."""
        return self.query.get("hash", "")


class SchemaFields:
    """The fields of each API version, kept by the hash that the cluster gives its schema.

    What was worked out is kept in the folder `cache` too, if there is one: schemas are large, and change seldom.
    """

    def __init__(self, connection: Connection, cache: File | None) -> None:
        self._connection = connection
        self._cache = cache
        self._known: dict[str, Fields] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def index(self) -> Mapping[str, _Schema]:
        """Return where the schema of each API version is. Raises any `ClusterError`."""
        index = parse(_INDEX, await self._connection.get("/openapi/v3", accept=JSON))
        found = {}
        for path, document in index.get("paths", {}).items():
            url = urlsplit(document.get("serverRelativeURL", ""))
            found[path.removeprefix("apis/").removeprefix("api/")] = _Schema(url.path, dict(parse_qsl(url.query)))
        return found

    async def of(self, api: str, schema: _Schema) -> Fields:
        """Return the fields of the kinds of an API version. Raises any `ClusterError`."""
        key = sha256(f"{api} {schema.hash} {_RULES}".encode()).hexdigest()[:_HASH_LETTERS]
        async with self._locks.setdefault(key, asyncio.Lock()):  # two searches at a time ask for it once
            if key not in self._known:
                fields = await asyncio.to_thread(self._kept, key) if schema.hash else None
                if fields is None:
                    fields = await self._worked_out(api, schema)
                    if schema.hash:
                        await asyncio.to_thread(self._keep, key, fields)
                self._known[key] = fields
            return self._known[key]

    async def _worked_out(self, api: str, schema: _Schema) -> Fields:
        try:
            async with asyncio.timeout(_SECONDS):
                body = await self._connection.get(schema.path, schema.query, accept=JSON)
        except TimeoutError as error:
            raise Silent(f"its schema has not come within {_SECONDS:.0f} s") from error
        return await asyncio.to_thread(_fields_of, api, body)

    def _kept(self, key: str) -> Fields | None:
        if self._cache:
            # A file that is broken, or not ours, is not used.
            with suppress(StorageError, DecodeError, RecursionError):
                content = PrivateFile(self._cache / f"{key}.json").read(_LARGEST_ENTRY)
                return None if content is None else _ENTRY.decode(content)
        return None

    def _keep(self, key: str, fields: Fields) -> None:
        if self._cache:
            with suppress(StorageError):
                PrivateFile(self._cache / f"{key}.json").replace(encode(fields))


def _fields_of(api: str, body: bytes) -> Fields:
    try:
        return dict(_fields_of_kinds(api, parse(_OPEN_API, body).get("components", _Components()).get("schemas", {})))
    except RecursionError as error:
        raise UnexpectedAnswer("its schema is nested too deeply") from error


def _fields_of_kinds(api: str, schemas: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, KindFields]]:
    for schema in schemas.values():
        kinds = schema.get("x-kubernetes-group-version-kind")
        # A schema that many kinds share is of a request, and not of an object.
        if isinstance(kinds, list) and len(kinds) == 1 and isinstance(kinds[0], dict):
            group, version, kind = (str(kinds[0].get(part, "")) for part in ("group", "version", "kind"))
            if "/".join(filter(None, (group, version))) == api and (paths := paths_in_schema(schema, schemas)):
                yield kind, KindFields(paths, account_in_schema(schema, schemas))

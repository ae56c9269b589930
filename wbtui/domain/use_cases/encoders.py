"""How what was entered becomes a secret's data, where it is more than a key for each field."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence

from wbtui.domain.databases import Parts, made_connection_string
from wbtui.domain.use_cases.model import Entry, one_key_a_field


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
    if keys.get("uri"):
        data[keys["uri"]] = made_connection_string(Parts(**{n: v.decode() for n, v in entries[0].items()})).encode()
    return data

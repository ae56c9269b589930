"""The encoders that make a secret's data from entered values, where it is more than one key per field."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence

from wbtui.domain.databases import Parts, made_connection_string
from wbtui.domain.use_cases.model import EnteredRow, one_key_a_field


def named_rows(entries: Sequence[EnteredRow], _keys: Mapping[str, str]) -> dict[str, bytes]:
    """Return the data of rows that each hold a key and its value."""
    return {entry["key"].decode(): entry["value"] for entry in entries if entry["key"]}


_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""The characters that Go, and so kubectl, also escapes in JSON."""


def docker_auths(entries: Sequence[EnteredRow], keys: Mapping[str, str]) -> dict[str, bytes]:
    """Return the same Docker configuration as `kubectl create secret docker-registry`."""
    auths = {}
    for entry in entries:
        text = {name: value.decode() for name, value in entry.items() if value}
        server = text.pop("server")
        login = f"{text.get('username', '')}:{text.get('password', '')}"
        auths[server] = {**text, "auth": b64encode(login.encode()).decode()}
    config = json.dumps({"auths": auths}, separators=(",", ":"), ensure_ascii=False)
    return {keys["server"]: config.translate(_ESCAPED).encode()}


def database_parts(entries: Sequence[EnteredRow], keys: Mapping[str, str]) -> dict[str, bytes]:
    """Return the parts of a connection string, one per key, and under a further key the whole string."""
    data = one_key_a_field(entries, keys)
    if keys.get("uri"):
        data[keys["uri"]] = made_connection_string(Parts(**{n: v.decode() for n, v in entries[0].items()})).encode()
    return data

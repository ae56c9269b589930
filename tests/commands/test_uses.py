"""`wbtui uses` and `wbtui stale`: what refers to secrets, and who holds an old value."""

import json
from typing import Any

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.conftest import Kubectl


def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_uses_are_printed_by_who_is_responsible(command: Command) -> None:
    done = command("uses", "hf-token-llama")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert "AIMService llama-chat" in lines
    place = lines[lines.index("AIMService llama-chat") + 1]
    assert place == "  spec.env[HF_TOKEN].valueFrom.secretKeyRef.name, key token, sees a new value after a restart"


def test_uses_as_json(command: Command) -> None:
    found = document(command("uses", "hf-token-llama", "license-server", "-o", "json").out)
    assert (found["apiVersion"], found["kind"], found["notSearched"]) == ("wbtui/v1", "SecretUses", [])
    used = {one["name"]: one["used"] for one in found["items"]}
    assert used == {"hf-token-llama": True, "license-server": False}
    (token,) = [one for one in found["items"] if one["used"]]
    assert {"AIMService", "AIMModel"} <= {use["kind"] for use in token["uses"]}


def test_no_use_is_not_the_same_as_not_searched(command: Command) -> None:
    done = command("uses", "license-server")
    assert done == (0, "", "No users found. Every kind in the cluster that can name a secret was searched.\n")
    restricted = command("uses", "license-server", "--context", "demo-restricted")
    assert restricted.code == 0
    assert "not every kind could be searched" in restricted.err
    assert "you may not list them" in restricted.err
    found = document(command("uses", "license-server", "--context", "demo-restricted", "-o", "json").out)
    assert found["items"][0]["used"] is None
    assert found["notSearched"]


def test_fail_is_for_scripts(command: Command) -> None:
    codes = [command("uses", name, "--fail").code for name in ("license-server", "hf-token-llama", "nope")]
    assert codes == [0, 3, 1]
    assert command("uses").code == 2


def test_a_container_that_holds_an_old_value_is_stale(command: Command, kubectl: Kubectl) -> None:
    done = command("stale")
    assert (done.code, done.out, done.err) == (0, "", "No running container holds an old value.\n")
    kubectl("patch", "secret", "slack-webhook", "-n", PROJECT, "-p", '{"stringData":{"url":"new"}}')
    done = command("stale", "--fail")
    assert done.code == 3
    head, *rows = done.out.splitlines()
    assert head.split()[:4] == ["PROJECT", "SECRET", "POD", "CONTAINER"]
    assert {tuple(row.split()[:2]) for row in rows} == {(PROJECT, "slack-webhook")}
    found = document(command("stale", "slack-webhook", "-o", "json").out)
    assert len(found["items"]) == len(rows)
    assert command("stale", "license-server", "--fail").code == 0
    assert command("stale", "nope").code == 1

"""The manifest for krew: what its validator and its reviewers ask for."""

import re

import yaml

from tools.krew_manifest import manifest


def test_it_keeps_the_rules_of_krew() -> None:
    text = manifest(b"archive", "x86_64", "https://example.com/wbtui")
    assert "{" not in text
    plugin = yaml.safe_load(text)
    assert (plugin["apiVersion"], plugin["kind"]) == ("krew.googlecontainertools.github.com/v1alpha2", "Plugin")
    name, spec = plugin["metadata"]["name"], plugin["spec"]
    assert re.fullmatch(r"[a-z0-9-]+", name)
    assert "kube" not in name
    assert re.fullmatch(r"v\d+\.\d+\.\d+", spec["version"])
    assert len(spec["shortDescription"]) <= 50
    assert not spec["shortDescription"].endswith(".")
    assert all(len(line) <= 120 for line in spec["description"].splitlines())
    for platform in spec["platforms"]:
        assert platform["selector"]["matchLabels"] == {"os": "linux", "arch": "amd64"}
        assert platform["uri"].endswith(f"{spec['version'][1:]}-linux-x86_64-folder.tar.gz")
        assert re.fullmatch(r"[0-9a-f]{64}", platform["sha256"])
        (files,) = platform["files"]
        assert files["to"] == "."
        assert not files["from"].startswith(("/", ".."))
        assert platform["bin"] == "wbtui"

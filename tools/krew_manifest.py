"""Fill in the manifest for krew: `python -m tools.krew_manifest ARCHIVE ADDRESS`."""

import platform
import sys
from hashlib import sha256
from pathlib import Path

from wbtui import __version__

_TEMPLATE = Path(__file__).parents[1] / "release" / "krew.yaml"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
"""As Go names them, by what the kernel calls the machine."""


def manifest(archive: bytes, machine: str, address: str) -> str:
    """Return the manifest of an archive for a kind of machine, which is published at an address."""
    text = "".join(_TEMPLATE.read_text().splitlines(keepends=True)[1:])
    filled = {
        "VERSION": __version__,
        "MACHINE": machine,
        "ARCH": _ARCHITECTURES[machine],
        "SHA256": sha256(archive).hexdigest(),
        "ADDRESS": address,
    }
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    return text


if __name__ == "__main__":
    sys.stdout.write(manifest(Path(sys.argv[1]).read_bytes(), platform.machine(), sys.argv[2]))

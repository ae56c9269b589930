"""The files that pin what is installed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def pins(lock: Path) -> set[str]:
    return set(re.findall(r"^([\w.-]+==[^ ;\\]+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_has_its_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert len(pins(lock)) > 20
    for entry in re.split(r"\n(?=\w)", text):
        assert re.fullmatch(r"[\w.-]+==[^\\]+\\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n?)+", entry), entry[:200]
    assert "://" not in text


def test_what_is_given_to_others_is_what_was_tested() -> None:
    tested = pins(ROOT / "requirements.lock")
    assert pins(ROOT / "requirements-run.lock") <= tested
    assert pins(ROOT / "requirements-run.lock") <= pins(ROOT / "requirements-single.lock")

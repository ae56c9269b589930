import os
import socket
from pathlib import Path

import pytest

from wbtui.domain.names import LARGEST_SECRET
from wbtui.storage.value_files import FileError, read_value


@pytest.mark.parametrize("value", [b"", b"hf_x\n", bytes(range(256)), b"x" * LARGEST_SECRET])
def test_every_byte_is_read(tmp_path: Path, value: bytes) -> None:
    (tmp_path / "value").write_bytes(value)
    assert read_value(tmp_path / "value") == value


def test_home_and_links_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "value").write_bytes(b"here")
    (tmp_path / "link").symlink_to("value")
    assert read_value(Path("~/link")) == b"here"


def test_a_file_of_no_known_size_is_read_whole() -> None:
    assert read_value(Path("/proc/self/status")).startswith(b"Name:")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("folder", "is not a file but a folder or a device"),
        ("pipe", "is not a file but a folder or a device"),
        ("socket", "cannot be read: No such device or address"),
        ("/dev/zero", "is not a file but a folder or a device"),
        ("/dev/tty-that-is-none", "cannot be read: No such file or directory"),
        ("large", "is larger than a secret may be: 1 MiB"),
        ("large/below", "cannot be read: Not a directory"),
        ("loop", "cannot be read: Too many levels of symbolic links"),
        ("n" * 300, "cannot be read: File name too long"),
        ("nul\0", "cannot be read: not a path"),
        ("~nobody-of-this-name/x", "cannot be read: not a path"),
    ],
)
def test_what_is_no_value_is_said_and_nothing_is_waited_for(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * (LARGEST_SECRET + 1))
    (tmp_path / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        with pytest.raises(FileError, match=why):
            read_value(Path(name) if name[0] in "/~" else tmp_path / name)
        assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_a_path_that_commands_terminals_is_shown_harmless(tmp_path: Path) -> None:
    with pytest.raises(FileError) as raised:
        read_value(tmp_path / "\x1b]52;c;eA==\x07")
    assert "\x1b" not in str(raised.value)

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wbtui.storage.files import PrivateFile, StorageError, open_to_append, read_input, read_regular, read_trusted

LIMIT = 2**20
NOBODY = 65_534


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Umasks that take nothing, what is usual, and everything."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(*paths: Path) -> list[int]:
    return [stat.S_IMODE(path.stat().st_mode) for path in paths]


@pytest.mark.parametrize("write", [PrivateFile.replace, PrivateFile.append_line])
@pytest.mark.usefixtures("umask")
def test_nobody_else_may_read_what_is_kept(tmp_path: Path, write: Callable[[PrivateFile, bytes], None]) -> None:
    path = tmp_path / "a" / "b" / "file"
    write(PrivateFile(path), b"x")
    assert modes(path.parent.parent, path.parent, path) == [0o700, 0o700, 0o600]
    assert [file.name for file in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("write", [PrivateFile.replace, PrivateFile.append_line])
def test_what_others_may_read_is_closed_to_them(tmp_path: Path, write: Callable[[PrivateFile, bytes], None]) -> None:
    path = tmp_path / "folder" / "file"
    path.parent.mkdir(mode=0o755)
    path.touch(mode=0o644)
    write(PrivateFile(path), b"x")
    assert modes(path.parent, path) == [0o700, 0o600]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "file")
    assert file.read(LIMIT) is None
    for content in (b"x" * LIMIT, b"", b"short"):
        file.replace(content)
        assert file.read(LIMIT) == content


def test_a_crash_of_the_machine_leaves_the_old_file_or_the_whole_new_one(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "file")
    called: list[Any] = []
    sys.setprofile(lambda _, event, function: called.append(function) if event == "c_call" else None)
    try:
        file.replace(b"new")
    finally:
        sys.setprofile(None)
    # What is written is on the disk before the name leads to it, and then so is the name.
    steps = [os.write, os.fsync, os.replace, os.fsync]
    assert [function for function in called if function in steps] == steps


@pytest.mark.parametrize(("before", "after"), [(b"", b"new\n"), (b"old\n", b"old\nnew\n"), (b"hal", b"hal\nnew\n")])
def test_a_line_begins_after_a_line_that_was_cut_off(tmp_path: Path, before: bytes, after: bytes) -> None:
    file = PrivateFile(tmp_path / "file")
    file.path.write_bytes(before)
    file.append_line(b"new")
    assert file.path.read_bytes() == after


@pytest.mark.parametrize(
    ("limit", "end"), [(100, b"one\ntwo\nthree\n"), (14, b"one\ntwo\nthree\n"), (13, b"two\nthree\n"), (3, b"")]
)
def test_the_end_is_read_from_a_line_on(tmp_path: Path, limit: int, end: bytes) -> None:
    file = PrivateFile(tmp_path / "file")
    assert file.read_end(limit) == b""
    file.path.write_bytes(b"one\ntwo\nthree\n")
    assert file.read_end(limit) == end


def _link(path: Path) -> None:
    target = path.with_name("target")
    target.write_bytes(b"of another program")
    path.symlink_to(target)


def _loose(path: Path) -> None:
    path.touch()
    path.chmod(0o606)


def _foreign(path: Path) -> None:
    """Make something of another user; only root can give a file away, and only others have root's files."""
    if os.geteuid():
        path.symlink_to("/etc")
    else:
        path.touch()
        os.chown(path, 12345, 12345)


UNSAFE: dict[str, tuple[Callable[[Path], None], str]] = {
    "link": (_link, "it is a symbolic link, not a file"),
    "dangling": (lambda path: path.symlink_to("nowhere"), "it is a symbolic link, not a file"),
    "loop": (lambda path: path.symlink_to(path), "it is a symbolic link, not a file"),
    "folder": (Path.mkdir, "it is a folder, not a file|Is a directory"),
    "pipe": (os.mkfifo, "it is a pipe, not a file"),
    "loose": (_loose, "every user may write to it"),
    "foreign": (_foreign, "it belongs to another user|it is a symbolic link"),
}


@pytest.mark.parametrize("kind", UNSAFE)
@pytest.mark.parametrize(
    "use",
    [
        lambda file: file.read(LIMIT),
        lambda file: file.read_end(LIMIT),
        lambda file: file.append_line(b"x"),
        lambda file: file.replace(b"x"),
    ],
    ids=["read", "read_end", "append_line", "replace"],
)
def test_what_is_not_ours_is_not_touched(tmp_path: Path, kind: str, use: Callable[[PrivateFile], object]) -> None:
    make, why = UNSAFE[kind]
    path = tmp_path / "file"
    make(path)
    before = path.lstat()
    descriptors = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  a number is wanted
    with pytest.raises(StorageError, match=why) as raised:
        use(PrivateFile(path))
    assert str(path) in str(raised.value)
    assert path.lstat()[:7] == before[:7]
    assert not (tmp_path / "nowhere").exists()
    assert not (tmp_path / "target").exists() or (tmp_path / "target").read_bytes() == b"of another program"
    assert len(os.listdir("/proc/self/fd")) == descriptors  # noqa: PTH208


@pytest.mark.parametrize("use", [PrivateFile.append_line, PrivateFile.replace])
def test_a_folder_that_everybody_may_write_to_is_not_used(
    tmp_path: Path, use: Callable[[PrivateFile, bytes], None]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(StorageError, match="folder is not used: every user may write to it"):
        use(PrivateFile(folder / "file"), b"x")
    assert list(folder.iterdir()) == []


def test_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "file")
    file.replace(b"x" * (LIMIT + 1))
    with pytest.raises(StorageError, match="larger than 1 MiB"):
        file.read(LIMIT)


FULL = """
import resource, sys
from pathlib import Path
from wbtui.storage.files import PrivateFile, StorageError

file = PrivateFile(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
for write in (file.append_line, file.replace):
    try:
        write(b"0123456789abcdef")
    except StorageError as error:
        print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
file.append_line(b"later")
"""


def test_what_has_no_room_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{path} cannot be written: File too large"] * 2
    assert path.read_bytes() == b"0123456789\nlater\n"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_file_of_root_is_trusted_by_every_user() -> None:
    before = os.geteuid()
    os.seteuid(before or NOBODY)
    try:
        assert read_trusted(Path("/etc/passwd"), LIMIT)
    finally:
        os.seteuid(before)


def test_a_file_that_a_person_edits_may_be_a_link_to_a_file_of_theirs(tmp_path: Path) -> None:
    assert read_trusted(tmp_path / "link", LIMIT) is None
    (tmp_path / "settings").write_bytes(b"x")
    (tmp_path / "link").symlink_to("settings")
    assert read_trusted(tmp_path / "link", LIMIT) == b"x"
    (tmp_path / "settings").chmod(0o666)
    with pytest.raises(StorageError, match="link is not used: every user may write to it"):
        read_trusted(tmp_path / "link", LIMIT)


@pytest.mark.parametrize("name", ["/dev/zero", "/dev", "pipe", "large"])
def test_what_is_no_file_to_edit_is_refused(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * (LIMIT + 1))
    with pytest.raises(StorageError, match=f"{name} is not used"):
        read_trusted(tmp_path / name, LIMIT)


def test_a_pipe_that_a_person_names_is_read_to_its_end() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 0.2; echo one; sleep 0.2; echo two"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert read_input(Path(f"/dev/fd/{process.stdout.fileno()}"), LIMIT) == b"one\ntwo\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/dev/zero", "is not used: it is a device, not a file"),
        ("/dev/tty", "is not used: it is a device, not a file|cannot be read: No such device"),
        ("/dev", "cannot be read: Is a directory"),
        ("missing", "cannot be read: No such file or directory"),
        ("nul\0", "cannot be read: it is not a path"),
        ("large", "is not used: it is larger than 1 MiB"),
    ],
)
def test_what_cannot_be_an_input_is_refused(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "large").write_bytes(b"x" * (LIMIT + 1))
    with pytest.raises(StorageError, match=why):
        read_input(tmp_path / name, LIMIT)


@pytest.mark.parametrize("value", [b"", b"hf_x\n", bytes(range(256)), b"x" * LIMIT])
def test_every_byte_of_a_file_is_read(tmp_path: Path, value: bytes) -> None:
    (tmp_path / "value").write_bytes(value)
    assert read_regular(tmp_path / "value", LIMIT) == value


def test_home_and_links_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "value").write_bytes(b"here")
    (tmp_path / "link").symlink_to("value")
    assert read_regular(Path("~/link"), LIMIT) == b"here"


def test_a_file_of_no_known_size_is_read_whole() -> None:
    assert read_regular(Path("/proc/self/status"), LIMIT).startswith(b"Name:")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("folder", "is not used: it is a folder, not a file"),
        ("pipe", "is not used: it is a pipe, not a file"),
        ("socket", "cannot be read: No such device or address"),
        ("/dev/zero", "is not used: it is a device, not a file"),
        ("/dev/tty-that-is-none", "cannot be read: No such file or directory"),
        ("large", "is not used: it is larger than 1 MiB"),
        ("large/below", "cannot be read: Not a directory"),
        ("loop", "cannot be read: Too many levels of symbolic links"),
        ("n" * 300, "cannot be read: File name too long"),
        ("nul\0", "cannot be read: it is not a path"),
        ("~nobody-of-this-name/x", "cannot be read: it is not a path"),
    ],
)
def test_what_is_no_regular_file_is_said_and_nothing_is_waited_for(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * (LIMIT + 1))
    (tmp_path / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        with pytest.raises(StorageError, match=why):
            read_regular(Path(name) if name[0] in "/~" else tmp_path / name, LIMIT)
        assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_a_pipe_without_a_writer_is_not_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match=r"pipe cannot be read: nothing came for 0\.1 seconds"):
        read_input(tmp_path / "pipe", LIMIT, patience=0.1)
    with subprocess.Popen(["sh", "-c", f"sleep 0.2; printf later > {tmp_path}/pipe"]):
        assert read_input(tmp_path / "pipe", LIMIT) == b"later"


def test_a_log_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("kept")
    (tmp_path / "log").symlink_to(target)
    with pytest.raises(StorageError, match="it is a symbolic link, not a file"):
        open_to_append(tmp_path / "log")
    assert target.read_text() == "kept"


def test_a_log_of_several_sessions_is_private(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("first\n")
    path.chmod(0o644)
    descriptor = open_to_append(path)
    os.write(descriptor, b"second\n")
    os.close(descriptor)
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("first\nsecond\n", 0o600)


@pytest.mark.parametrize("path", ["/dev/null", "/nowhere/log", "/tmp", "~nobody-here/log"])  # noqa: S108  it is refused
def test_a_log_that_is_no_file_is_refused(path: str) -> None:
    with pytest.raises(StorageError, match=r"is not used|cannot be written"):
        open_to_append(Path(path))

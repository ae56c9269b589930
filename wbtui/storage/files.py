"""Files that are safe from other users of the machine: they cannot read, replace or redirect them.

Symbolic links are not followed and pipes are not waited for. A file or folder that belongs to another user, or that
every user may write to, is not used.
"""

import errno
import os
import select
import stat
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

_FLAGS = os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_ROOT = 0
_PIPE_SECONDS = 10
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class StorageError(Exception):
    """A file cannot be read or written; the text says why."""


class PrivateFile(NamedTuple):
    """A file of the user with mode 0600, in a folder with mode 0700. Every method may raise `StorageError`."""

    path: Path

    def read(self, limit: int) -> bytes | None:
        """Return the content; None where the file does not exist. A file of more than `limit` bytes is an error."""
        with self._errors("read"), suppress(FileNotFoundError), self._opened(os.O_RDONLY) as descriptor:
            return _read_whole(descriptor, limit, self.path)
        return None

    def read_end(self, limit: int) -> bytes:
        """Return the whole lines in the last `limit` bytes of the file."""
        with self._errors("read"), suppress(FileNotFoundError), self._opened(os.O_RDONLY) as descriptor:
            size = os.fstat(descriptor).st_size
            end = os.pread(descriptor, limit, max(0, size - limit))
            return end if size <= limit else end.partition(b"\n")[2]
        return b""

    def append_line(self, line: bytes) -> None:
        """Append a line; where the last line was cut off, end it first."""
        with self._errors("written"):
            make_folders(self.path.parent)
            with self._opened(os.O_RDWR | os.O_APPEND | os.O_CREAT) as descriptor:
                os.fchmod(descriptor, _FILE_MODE)
                size = os.fstat(descriptor).st_size
                cut_off = size and os.pread(descriptor, 1, size - 1) != b"\n"
                _write_all(descriptor, (b"\n" if cut_off else b"") + line + b"\n")

    def replace(self, content: bytes) -> None:
        """Replace the content atomically: after a crash, there is the old file or the new one."""
        with self._errors("written"):
            make_folders(self.path.parent)
            with self._folder() as folder:
                self._check_present(folder)
                draft = f".{self.path.name}.{os.urandom(8).hex()}"
                try:
                    self._write_draft(folder, draft, content)
                    os.replace(draft, self.path.name, src_dir_fd=folder, dst_dir_fd=folder)
                except OSError:
                    with suppress(OSError):
                        os.unlink(draft, dir_fd=folder)
                    raise
                os.fsync(folder)

    def _check_present(self, folder: int) -> None:
        with suppress(FileNotFoundError):
            _check_file(os.stat(self.path.name, dir_fd=folder, follow_symlinks=False), self.path, {os.geteuid()})

    def _write_draft(self, folder: int, draft: str, content: bytes) -> None:
        flags = _FLAGS | os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with _closing(os.open(draft, flags, _FILE_MODE, dir_fd=folder)) as descriptor:
            os.fchmod(descriptor, _FILE_MODE)  # whatever the umask took
            _write_all(descriptor, content)
            os.fsync(descriptor)

    @contextmanager
    def _folder(self) -> Iterator[int]:
        with _closing(os.open(self.path.parent, _FLAGS | os.O_RDONLY | os.O_DIRECTORY)) as folder:
            _check_owner(os.fstat(folder), self.path.parent, {os.geteuid()})
            yield folder

    @contextmanager
    def _opened(self, flags: int) -> Iterator[int]:
        with self._folder() as folder:
            opening = os.open(self.path.name, _FLAGS | os.O_NOFOLLOW | flags, _FILE_MODE, dir_fd=folder)
            with _closing(opening) as descriptor:
                _check_file(os.fstat(descriptor), self.path, {os.geteuid()})
                yield descriptor

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise _not_a_file(self.path, stat.S_IFLNK) from error
            raise StorageError(f"{self.path} cannot be {what}: {error.strerror}") from error


def read_trusted(path: Path, limit: int) -> bytes | None:
    """Return the content of a file that the user edits; None where it does not exist.

    Symbolic links are followed, but their target must belong to the user or to root. Raises `StorageError`, also for
    more than `limit` bytes.
    """
    try:
        with _closing(os.open(path, _FLAGS | os.O_RDONLY)) as descriptor:
            _check_file(os.fstat(descriptor), path, {os.geteuid(), _ROOT})
            return _read_whole(descriptor, limit, path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error


def read_input(path: Path, limit: int, patience: float = _PIPE_SECONDS) -> bytes:
    """Return the content of a file or pipe that the user named; it may belong to anybody.

    A pipe, as in `<(command)`, is waited for, for `patience` seconds: also where nothing writes into it yet, which
    would be read as empty. Raises `StorageError`, also for more than `limit` bytes.
    """
    return _read_named(path, limit, {stat.S_IFCHR, stat.S_IFBLK}, patience)


def read_regular(path: Path, limit: int) -> bytes:
    """Return the content of a regular file that the user named, which may begin with `~`; never waits.

    Raises `StorageError`, also for more than `limit` bytes.
    """
    return _read_named(path, limit, _KINDS.keys(), 0)


def open_to_append(path: Path) -> int:
    """Return a descriptor that appends to a file that the user named; a new one gets mode 0600.

    Symbolic links are not followed, and a file of another user is not used. Raises `StorageError`.
    """
    flags = _FLAGS | os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    try:
        descriptor = os.open(path.expanduser(), flags, _FILE_MODE)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _not_a_file(path, stat.S_IFLNK) from error
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
    except (ValueError, RuntimeError) as error:
        raise StorageError(f"{path} cannot be written: it is not a path") from error
    try:
        _check_file(os.fstat(descriptor), path, {os.geteuid()})
        os.fchmod(descriptor, _FILE_MODE)
    except (OSError, StorageError):
        os.close(descriptor)
        raise
    return descriptor


def _read_named(path: Path, limit: int, refused: Container[int], patience: float) -> bytes:
    try:
        with _closing(os.open(path.expanduser(), _FLAGS | os.O_RDONLY)) as descriptor:
            kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
            if kind in refused:
                raise _not_a_file(path, kind)
            if kind == stat.S_IFIFO:
                _wait_for(descriptor, patience)
            return _read_whole(descriptor, limit, path, patience)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RuntimeError) as error:
        raise StorageError(f"{path} cannot be read: it is not a path") from error


def _read_some(descriptor: int, size: int, patience: float) -> bytes:
    try:
        return os.read(descriptor, size)
    except BlockingIOError:
        if not patience:
            raise
        _wait_for(descriptor, patience)
        return os.read(descriptor, size)


def _wait_for(descriptor: int, patience: float) -> None:
    """Wait until something can be read, or the other end was closed; for a pipe that needs another end first."""
    if not select.select([descriptor], [], [], patience)[0]:
        raise TimeoutError(errno.ETIMEDOUT, f"nothing came for {patience:g} seconds")


def _read_whole(descriptor: int, limit: int, path: Path, patience: float = 0) -> bytes:
    # `patience` is how many seconds to wait for data before `TimeoutError` is raised.
    content = bytearray()
    while part := _read_some(descriptor, limit + 1, patience):
        content += part
        if len(content) > limit:
            raise StorageError(f"{path} is not used: it is larger than {limit // 2**20} MiB")
    return bytes(content)


def _check_file(status: os.stat_result, path: Path, owners: set[int]) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _not_a_file(path, stat.S_IFMT(status.st_mode))
    _check_owner(status, path, owners)


def _not_a_file(path: Path, kind: int) -> StorageError:
    return StorageError(f"{path} is not used: it is {_KINDS.get(kind, 'a device')}, not a file")


def _check_owner(status: os.stat_result, path: Path, owners: set[int]) -> None:
    if status.st_uid not in owners:
        raise StorageError(f"{path} is not used: it belongs to another user")
    if status.st_mode & stat.S_IWOTH:
        raise StorageError(f"{path} is not used: every user may write to it (chmod o-w makes it safe)")


def make_folders(folder: Path) -> None:
    """Make a folder of the user, and those above it that are missing, with mode 0700."""
    for missing in [path for path in (folder, *folder.parents) if not path.exists()][::-1]:
        with suppress(FileExistsError):
            missing.mkdir(_FOLDER_MODE)
            missing.chmod(_FOLDER_MODE)  # whatever the umask took
    status = folder.stat()
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) & 0o077 and not status.st_mode & stat.S_IWOTH:
        folder.chmod(_FOLDER_MODE)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:  # a disk that becomes full writes a part, then raises an error
        rest = rest[os.write(descriptor, rest) :]


@contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)

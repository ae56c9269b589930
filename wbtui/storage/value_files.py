"""Read a value from a file that the user names."""

import os
import stat
from pathlib import Path

from wbtui.domain.names import LARGEST_SECRET
from wbtui.domain.text import plain
from wbtui.storage.files import read_at_most


class FileError(Exception):
    """A file cannot be used as a value; the text says why."""


def read_value(path: Path) -> bytes:
    """Return the bytes of a regular file of at most 1 MiB. Raises `FileError`; never waits for a device or a pipe."""
    name = plain(str(path))
    try:
        # Without O_NONBLOCK, opening a named pipe waits for a writer.
        descriptor = os.open(path.expanduser(), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            value = _read(descriptor, name)
        finally:
            os.close(descriptor)
    except (OSError, ValueError, RuntimeError) as error:
        raise FileError(f"{name} cannot be read: {getattr(error, 'strerror', None) or 'not a path'}") from None
    if len(value) > LARGEST_SECRET:
        raise FileError(f"{name} is larger than a secret may be: 1 MiB")
    return value


def _read(descriptor: int, name: str) -> bytes:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise FileError(f"{name} is not a file but a folder or a device")
    return read_at_most(descriptor, LARGEST_SECRET)

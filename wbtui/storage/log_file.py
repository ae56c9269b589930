"""The log file: what was asked of clusters, one line per event. `cluster/event_log.py` says what is in it."""

import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from wbtui.storage.files import make_folders, open_to_append
from wbtui.storage.folders import state_folder

_LOGGER = "wbtui"


class LogFile(logging.Handler):
    """Writes each event to a descriptor, with its time; stops logging where that fails, as on a full disk."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(logging.INFO)
        self._descriptor = descriptor

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        try:
            os.write(self._descriptor, f"{time} {record.getMessage()}\n".encode(errors="replace"))
        except OSError:
            logging.getLogger(_LOGGER).removeHandler(self)


def log_to_file(path: Path | None, about: str) -> Path:
    """Log to a file, by default `wbtui.log` in the state folder, and return its path; the first line is `about`.

    Raises `StorageError`.
    """
    if not path:
        path = state_folder() / "wbtui.log"
        with suppress(OSError):  # opening the file says what is wrong
            make_folders(path.parent)
    log_to(open_to_append(path), about)
    return path


def log_to(descriptor: int, about: str) -> None:
    """Log to an open file or stream; the first line is `about`."""
    logger = logging.getLogger(_LOGGER)
    logger.addHandler(LogFile(descriptor))
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.info("%s", about)

"""The settings, and the folders of the user: where they are, their sizes, and who may use them."""

import os
import stat
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from wbtui.arguments import settings_in
from wbtui.commands.doctor.report import DoctorReport, shown_path, size_in_words
from wbtui.errors import SettingsError
from wbtui.storage.files import StorageError
from wbtui.storage.folders import cache_folder, settings_file, state_folder

if TYPE_CHECKING:
    from wbtui.storage.settings import Settings

_MOST_FILES = 10_000


def describe_settings(report: DoctorReport, options: Namespace) -> "Settings | None":
    """Add which settings are set, without what they are, and return them; None where they cannot be used."""
    from wbtui.storage.settings import read_settings  # noqa: PLC0415

    facts, path = report.section("settings"), settings_file()
    facts["file"] = _file_in_words(path) if path else "none: HOME is not set"
    facts["variables"] = ", ".join(sorted(name for name in os.environ if name.startswith("WBTUI_"))) or "none"
    flags = settings_in(options)
    try:
        settings = read_settings(flags)
    except SettingsError as error:
        facts["settings"] = "they cannot be used"
        report.find(f"the settings cannot be used: {error}", "Correct them; wbtui does not start before")
        return None
    changed = sorted(name for name in settings.given if name not in flags)
    facts["set"] = ", ".join(changed) or "none"
    facts["theme"] = settings.theme
    return settings


def _file_in_words(path: Path) -> str:
    if not path.exists():
        return f"{shown_path(path)} (not there)"
    return f"{shown_path(path)}, mode {stat.S_IMODE(path.stat().st_mode):04o}"


def describe_folders(report: DoctorReport) -> None:
    """Add the state and the cache folder; one that wbtui cannot use is a finding."""
    facts = report.section("folders")
    try:
        facts["state"] = _folder_in_words(report, state_folder())
    except StorageError as error:
        facts["state"] = "none"
        report.find(str(error), "Set HOME")
    cache = cache_folder()
    facts["cache"] = _folder_in_words(report, cache) if cache else "none"


def _folder_in_words(report: DoctorReport, folder: Path) -> str:
    shown = shown_path(folder)
    try:
        status = folder.stat()
    except FileNotFoundError:
        return f"{shown} (not there yet)"
    except OSError as error:
        report.find(f"{shown} cannot be used: {error.strerror}", "Give it back to yourself, or remove it")
        return f"{shown} (cannot be used)"
    mode = stat.S_IMODE(status.st_mode)
    if problem := _folder_problem(folder, status):
        report.find(f"{shown} is not used: {problem[0]}", problem[1].format(folder=shown))
    count, size = _content(folder)
    return f"{shown}, mode {mode:04o}, {count} files, {size_in_words(size)}"


def _folder_problem(folder: Path, status: os.stat_result) -> tuple[str, str] | None:
    if not stat.S_ISDIR(status.st_mode):
        return "it is not a folder", "Remove {folder}"
    if status.st_uid != os.geteuid():
        return "it belongs to another user", "Run wbtui as that user, or remove {folder}"
    if status.st_mode & stat.S_IWOTH:
        return "every user may write to it", "Run chmod 700 {folder}"
    if not os.access(folder, os.W_OK | os.X_OK):
        return "you may not write to it", "Run chmod 700 {folder}"
    return None


def _content(folder: Path) -> tuple[int, int]:
    """Return how many files are in a folder, and their size in bytes."""
    count = size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            count, size = count + 1, size + os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118  as os.walk
        if count > _MOST_FILES:
            break
    return count, size

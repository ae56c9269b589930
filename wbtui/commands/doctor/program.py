"""The versions of wbtui, of Python and of the packages that matter, and the system."""

import platform
import ssl
import sys
from importlib.metadata import PackageNotFoundError, version

from wbtui import __version__
from wbtui.commands.doctor.report import DoctorReport

PACKAGES = ("textual", "rich", "httptools", "msgspec", "aiohttp")
"""Those whose versions a bug report needs."""


def describe_program(report: DoctorReport) -> None:
    """Add the versions; a package that is missing is a finding."""
    facts = report.section("program")
    facts["wbtui"] = __version__
    facts["Python"] = f"{platform.python_version()} ({platform.python_implementation()})"
    for package in PACKAGES:
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = "not installed"
            report.find(f"the Python package {package} is not installed", "Install wbtui again: pipx reinstall wbtui")
    facts["OpenSSL"] = ssl.OPENSSL_VERSION
    facts["system"] = platform.platform()
    facts["encoding"] = f"{sys.getfilesystemencoding()} for files, {_stream_encoding()} for the terminal"
    if _stream_encoding().replace("-", "").lower() != "utf8":
        report.find(
            f"the encoding of the terminal is {_stream_encoding()}, so lines and names may look wrong",
            "Set LANG or LC_ALL to a locale of UTF-8, such as C.UTF-8",
        )


def _stream_encoding() -> str:
    stream = sys.__stderr__ or sys.__stdout__
    return stream.encoding if stream else "none"

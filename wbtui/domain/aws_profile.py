"""The static credentials of a profile in the files of the AWS command line."""

from collections.abc import Mapping
from configparser import DuplicateOptionError, DuplicateSectionError, Error, MissingSectionHeaderError, RawConfigParser
from typing import NamedTuple

from wbtui.domain.decoding import decoded_text
from wbtui.domain.sealed import Sealed

_FIELDS = {
    "access_key": "aws_access_key_id",
    "secret_key": "aws_secret_access_key",
    "session_token": "aws_session_token",
    "region": "region",
    "endpoint": "endpoint_url",
}
"""The names of the fields of the use case S3, and of the settings of a profile."""
_OTHER_WAYS = ("sso_session", "sso_start_url", "credential_process", "role_arn", "login_session")
"""Settings that say where else credentials come from: something would have to be run, or asked."""


class ProfileError(ValueError):
    """A profile that cannot be used; the text quotes no value."""


class AwsFiles(NamedTuple):
    """The contents of the credentials file and of the configuration file; empty where there is none."""

    credentials: bytes
    config: bytes


def profile_fields(files: AwsFiles, name: str) -> Mapping[str, Sealed]:
    """Return the values of a profile by the names of the fields of the use case S3. Raises `ProfileError`."""
    configured = _section(
        files.config, "the configuration file", ("profile " + name, *([name] if name == "default" else []))
    )
    stored = _section(files.credentials, "the credentials file", (name,))
    if configured is None and stored is None:
        raise ProfileError("there is no such profile")
    settings = {**(configured or {}), **(stored or {})}
    # The keys of a pair belong together: they are taken from one file.
    pair = stored if stored and stored.get("aws_access_key_id") else configured or {}
    found = {
        field: (pair if setting.startswith("aws_") else settings).get(setting, "") for field, setting in _FIELDS.items()
    }
    if not (found["access_key"] and found["secret_key"]):
        other = next((way for way in _OTHER_WAYS if way in settings), "")
        raise ProfileError(
            f"the profile gets its keys by {other}, which is not done here" if other else "the profile has no keys"
        )
    return {field: Sealed(value.encode()) for field, value in found.items() if value}


def _section(content: bytes, file: str, names: tuple[str, ...]) -> Mapping[str, str] | None:
    parser = RawConfigParser(default_section="")
    try:
        parser.read_string(decoded_text(content))
    except UnicodeDecodeError:
        raise ProfileError(f"{file} is not text in UTF-8") from None
    except (DuplicateOptionError, DuplicateSectionError, MissingSectionHeaderError) as error:
        raise ProfileError(f"{file}, line {error.lineno}: {_MISTAKES[type(error)]}") from None  # it quotes the line
    except Error as error:
        line = getattr(error, "errors", ((0, ""),))[0][0]
        raise ProfileError(f"{file}, line {line}: it is not NAME = VALUE") from None
    found = next((parser[name] for name in names if parser.has_section(name)), None)
    return None if found is None else dict(found)


_MISTAKES = {
    DuplicateOptionError: "a setting is there twice",
    DuplicateSectionError: "a profile is there twice",
    MissingSectionHeaderError: "there is no [profile] before it",
}

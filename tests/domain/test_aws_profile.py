"""Profiles of the AWS command line: what is in which file, and that nothing of a file is quoted."""

import pytest

from wbtui.domain.aws_profile import AwsFiles, ProfileError, profile_fields

CREDENTIALS = b"""\
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/secret+key=

[temporary]
aws_access_key_id=ASIATEMPORARY
aws_secret_access_key=temporary%secret
aws_session_token=a/token==
"""
CONFIG = b"""\
[default]
region = eu-central-1

[profile temporary]
region = us-east-1
endpoint_url = https://s3.example.com
s3 =
    max_concurrent_requests = 20

[profile everything]
aws_access_key_id = AKIAEVERYTHING
aws_secret_access_key = everything

[profile sso]
sso_session = work

[profile nothing]
output = json
"""


def fields(name: str, credentials: bytes = CREDENTIALS, config: bytes = CONFIG) -> dict[str, str]:
    found = profile_fields(AwsFiles(credentials, config), name)
    return {field: value.unsealed().decode() for field, value in found.items()}


def test_a_profile_is_put_together_from_both_files() -> None:
    assert fields("default") == {
        "access_key": "AKIADEFAULT",
        "secret_key": "default/secret+key=",
        "region": "eu-central-1",
    }
    assert fields("temporary") == {
        "access_key": "ASIATEMPORARY",
        "secret_key": "temporary%secret",
        "session_token": "a/token==",
        "region": "us-east-1",
        "endpoint": "https://s3.example.com",
    }
    assert fields("everything") == {"access_key": "AKIAEVERYTHING", "secret_key": "everything"}
    assert fields("default", config=b"") == {"access_key": "AKIADEFAULT", "secret_key": "default/secret+key="}


def test_the_keys_of_two_files_are_not_mixed() -> None:
    config = b"[profile a]\naws_access_key_id = one\naws_secret_access_key = one\naws_session_token = one\n"
    found = fields("a", b"[a]\naws_access_key_id = two\naws_secret_access_key = two\n", config)
    assert found == {"access_key": "two", "secret_key": "two"}


def test_files_of_windows_are_read() -> None:
    content = b"\xef\xbb\xbf[a]\r\naws_access_key_id = id\r\naws_secret_access_key = key\r\n"
    assert fields("a", content, b"") == {"access_key": "id", "secret_key": "key"}


@pytest.mark.parametrize(
    ("name", "credentials", "words"),
    [
        ("other", CREDENTIALS, "there is no such profile"),
        ("sso", CREDENTIALS, "the profile gets its keys by sso_session"),
        ("nothing", CREDENTIALS, "the profile has no keys"),
        ("profile sso", CREDENTIALS, "there is no such profile"),
        ("a", b"canary = canary\n", "the credentials file, line 1: there is no [profile] before it"),
        ("a", b"[a]\ncanary\n", "the credentials file, line 2: it is not NAME = VALUE"),
        ("a", b"[a]\ncanary = 1\ncanary = 2\n", "the credentials file, line 3: a setting is there twice"),
        ("a", b"[a]\n[a]\n", "the credentials file, line 2: a profile is there twice"),
        ("a", b"[a]\ncanary = \xff\n", "the credentials file is not text in UTF-8"),
    ],
)
def test_what_cannot_be_used_is_said_without_a_word_of_it(name: str, credentials: bytes, words: str) -> None:
    with pytest.raises(ProfileError) as caught:
        fields(name, credentials)
    assert words in str(caught.value)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None

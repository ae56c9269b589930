"""The format of a value, and what a visible field refuses to take."""

import string
from random import Random

import pytest

from wbtui.domain.content_format import content_format, why_hidden

BASE64 = string.ascii_letters + string.digits + "+/"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b'{"a": [1]}', "valid JSON"),
        (b" [1", "not valid JSON"),
        (b"[NaN]", "not valid JSON"),
        (b"[" * 10_000, "not valid JSON"),
        (b"-----BEGIN A-----\nx\n-----END A-----\n", "PEM"),
        (b"-----BEGIN A-----\nx\n", "PEM without its end"),
        (b"\xff\x00", "binary"),
        (b"hf_x", ""),
    ],
)
def test_the_format_of_a_value_is_told(value: bytes, kind: str) -> None:
    assert content_format(value) == kind


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----\rMIIE\r-----END PRIVATE KEY-----\r",
        "-----BEGIN PRIVATE KEY----- MIIE",
        "user\nword",
        "hf_" + "a1" * 12,
        "ghp_" + "a" * 36,
        "export GITHUB_TOKEN=ghp_" + "a" * 36,
        "sk-proj-" + "a" * 40,
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "postgresql://u:p@h/d",
        "DATABASE_URL=postgresql://u:p@h/d",
        "host=h user=u password=p",
        "d41d8cd98f00b204e9800998ecf8427e",
        '{"auths": {}}',
    ],
)
def test_what_may_be_a_credential_is_not_to_be_seen(text: str) -> None:
    assert why_hidden(text).startswith("Not pasted: ")


def test_random_text_is_taken_for_a_credential() -> None:
    random = Random(1)
    texts = ["".join(random.choices(BASE64, k=40)) for _ in range(1000)]
    assert sum(not why_hidden(text) for text in texts) < 20


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hf-token",
        "ghcr.io\r",
        "api-key",
        "AWS_SECRET_ACCESS_KEY",
        "S3_SECRET_ACCESS_KEY_ID_2",
        "googleServiceAccountKey1",
        "robot$my-project+ci-pull-2024",
        "00000000-0000-0000-0000-000000000000",
        "1f0e3dad-9990-4b8a-a3c1-4d0c3f5a7b21",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
        "https://s3.example.com:9000/path",
        "https://0a1b2c3d4e5f.r2.cloudflarestorage.com",
        "/home/user/.kube/Config2/my-Key4.pem",
        "~/.docker/config.json",
        "team=a stage=test",
        "/^hf-.*-2024$/ use:hf age:>30d",
        "ingress-tls-7f9c8d5b4dkx2p",
        "someone@example.com",
    ],
)
def test_what_belongs_into_a_visible_field_is_taken(text: str) -> None:
    assert why_hidden(text) == ""

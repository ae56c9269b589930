from dataclasses import replace

import pytest

from tests.domain.samples import secret
from wbtui.domain.service_credentials import DOWNLOAD, PULL, SERVER, ServiceCredential, in_effect, missing
from wbtui.domain.service_state import Condition


@pytest.mark.parametrize(
    ("type_", "reason", "message", "part"),
    [
        ("Ready", "CreateContainerConfigError", "couldn't find key hf_token in Secret p/hf", "has no such key"),
        ("ConfigValid", "ReferenceNotFound", 'Secret "hf" not found', "not in the project"),
        ("Ready", "CreateContainerConfigError", 'secret "hf" not found', "not in the project"),
        ("InferenceServicePodsReady", "ImagePullAuthFailure", "401", "registry refused the login"),
        ("Ready", "ImagePullBackOff", "Back-off pulling image", "image cannot be pulled"),
        ("CacheReady", "CacheFailed", "401 Client Error: gated repo", "Hugging Face refused"),
        ("CacheReady", "CacheFailed", "Template cache failed", "could not be downloaded"),
        ("AuthValid", "AuthError", "Authentication or authorization failure", "A login was refused"),
        ("ModelReady", "ModelNotFound", "there is no such model", ""),
    ],
)
def test_what_is_about_secrets_is_explained(type_: str, reason: str, message: str, part: str) -> None:
    said = Condition(type_, holds=False, reason=reason, message=message).explanation()
    assert part in said if part else not said


TOKEN = ServiceCredential("hf", "token", "HF_TOKEN", (DOWNLOAD,))
PULL_SECRET = ServiceCredential("ghcr", "", "", (PULL,))


@pytest.mark.parametrize(
    ("reason", "message", "named"),
    [
        ("AuthError", "401 Client Error: gated", "It reads HF_TOKEN from key token of secret hf."),
        ("CacheFailed", "", "It reads HF_TOKEN from key token of secret hf."),
        ("ImagePullAuthFailure", "denied", "It reads secret ghcr."),
        ("AuthError", "refused", "It reads HF_TOKEN from key token of secret hf; secret ghcr."),
    ],
)
def test_an_explanation_names_the_credentials_that_it_is_about(reason: str, message: str, named: str) -> None:
    condition = Condition("Ready", holds=False, reason=reason, message=message)
    assert condition.explanation((TOKEN, PULL_SECRET)).endswith(named)
    assert condition.explanation().endswith("The service names no credential for it.")


def test_some_conditions_are_bad_when_they_are_true() -> None:
    full = Condition("StorageQuotaExceeded", holds=True, reason="NamespaceQuotaExceeded", message="")
    assert full.well is False
    assert "no room" in full.explanation()
    assert Condition("StorageQuotaExceeded", holds=False, reason="WithinQuota", message="").well


@pytest.mark.parametrize(
    ("keys", "sentences"),
    [
        (("token",), []),
        (None, []),
        (("hf_token",), ["Secret hf has no key token, but hf_token: the download cannot start."]),
        ((), ["Secret hf has no key token, but none at all: the download cannot start."]),
    ],
)
def test_a_key_that_is_missing_is_told_where_keys_are_known(keys: tuple[str, ...] | None, sentences: list[str]) -> None:
    found = secret(name="hf", keys=keys)
    told = list(missing((TOKEN,), lambda _: found))
    assert told == [f"{sentence} The engine does not say so." for sentence in sentences]


def test_a_secret_that_is_optional_is_not_missed() -> None:
    assert not list(missing((replace(TOKEN, optional=True),), lambda _: None))


def test_a_secret_that_is_missing_is_told() -> None:
    told = list(missing((TOKEN, PULL_SECRET), lambda _: None))
    assert told == [
        "There is no secret hf: the download cannot start without it. The engine does not say so.",
        "There is no secret ghcr: images are pulled without a login.",
    ]


def test_what_is_well_needs_no_explanation() -> None:
    assert not Condition("AuthValid", holds=True, reason="AuthenticationValid", message="").explanation()


def test_of_each_variable_a_process_reads_the_first() -> None:
    own = ServiceCredential("hf", "token", "HF_TOKEN", (DOWNLOAD,))
    plain = ServiceCredential("", "", "KEY", (SERVER,))
    config = ServiceCredential("other", "token", "HF_TOKEN", (DOWNLOAD, SERVER), named_by="AIMRuntimeConfig default")
    hidden = ServiceCredential("key", "key", "KEY", (SERVER,), named_by="AIMRuntimeConfig default")
    assert in_effect((own, plain, config, hidden)) == (own, replace(config, readers=(SERVER,)))


def test_pull_secrets_of_the_service_replace_those_of_the_profile() -> None:
    others = replace(PULL_SECRET, named_by="AIMProfile fp8")
    assert in_effect((PULL_SECRET, replace(PULL_SECRET, secret="docker"), others)) == (
        PULL_SECRET,
        replace(PULL_SECRET, secret="docker"),
    )
    assert in_effect((TOKEN, others)) == (TOKEN, others)

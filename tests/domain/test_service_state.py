import pytest

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


def test_what_is_well_needs_no_explanation() -> None:
    assert not Condition("AuthValid", holds=True, reason="AuthenticationValid", message="").explanation()

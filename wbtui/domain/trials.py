"""What the settings say about trying credentials before they are stored."""

from typing import NamedTuple

HUGGING_FACE = "https://huggingface.co"


class TrialOptions(NamedTuple):
    """Whether credentials may be tried, and the address of Hugging Face, or of a mirror."""

    allowed: bool = True
    hugging_face: str = HUGGING_FACE

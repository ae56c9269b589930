"""The prefixes of labels and annotations."""

from typing import NamedTuple

RESOURCE_MANAGER = "airm.silogen.ai"
"""The prefix of most labels of the Resource Manager; it is fixed, whatever the Workbench's are."""
OWN = "wbtui.eai.amd.com"
"""The prefix of the annotations that only wbtui writes and reads."""
OWN_LABELS = frozenset(f"{RESOURCE_MANAGER}/{name}" for name in ("project-secret-id", "secret-scope"))
"""The labels by which the Resource Manager knows a secret: it gives them to each one that is made."""
RESOURCE_MANAGER_USE_CASE = "airm.silogen.com/use-case"
"""The Resource Manager's label with the use case; the Workbench reads it where its own is missing or empty."""


class Prefixes(NamedTuple):
    """The prefixes that an installation of the Workbench is configured with.

    `apps` is EAI_APPS_METADATA_PREFIX, of the use case and the submitter; `workbench` is AIWB_METADATA_PREFIX, of the
    display name.
    """

    apps: str = "airm.silogen.ai"
    workbench: str = "aiwb.apps.eai.amd.com"

"""New values for a secret that exists."""

from dataclasses import dataclass, replace

from wbtui.domain.draft import Draft
from wbtui.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is to become of `secret`, as it was on the screen.

    `whole` replaces all keys at once, else those in the draft alone; `clean` takes away the annotation that repeats
    values. A use case in the draft is one to set the label to.
    """

    secret: Secret
    draft: Draft
    whole: bool
    clean: bool = False

    @property
    def needs_deletion(self) -> str:
        """Return why the secret would have to be deleted and created again; empty where it can be changed."""
        if self.draft.secret_type != self.secret.type:
            return f"its type would change from {self.secret.type or 'one not known'} to {self.draft.secret_type}"
        return "it is immutable" if self.secret.immutable and self.draft.entries else ""

    def label_change(self, prefix: str) -> str:
        """Return in words which label a save would change, where labels begin with `prefix`; empty where none."""
        label = f"{prefix}/use-case"
        before, after = self.secret.labels.get(label), self.draft.use_case.value if self.draft.use_case else None
        if after is None or before == after:
            return ""
        return (
            f"label {label} would change from {before} to {after}" if before else f"would be new: label {label}={after}"
        )

    def successor(self, original: Secret) -> Draft:
        """Return what is to be created in the place of `original`: with its labels and annotations."""
        return replace(self.draft, labels=original.labels, annotations=original.annotations)

"""New values for a secret that exists."""

from dataclasses import dataclass, replace

from wbtui.domain.draft import Draft
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.model import UseCase


@dataclass(frozen=True, slots=True)
class Replacement:
    """New values for `secret`, which is as it was on the screen.

    With `whole`, the draft replaces all keys, else only the keys that it has. With `clean`, the annotation that
    repeats the values is removed. A use case in the draft sets the label.
    """

    secret: Secret
    draft: Draft
    whole: bool
    clean: bool = False

    @property
    def needs_deletion(self) -> str:
        """Return why the secret must be deleted and created again; empty where it can be changed in place."""
        if self.draft.secret_type != self.secret.type:
            return f"its type would change from {self.secret.type or 'one not known'} to {self.draft.secret_type}"
        return "it is immutable" if self.secret.immutable and self.draft.entries else ""

    def label_change(self, prefix: str) -> str:
        """Return a sentence about the label that a save would change; empty where none. `prefix` begins the label."""
        label = f"{prefix}/use-case"
        before, after = self.secret.labels.get(label), self.draft.use_case.value if self.draft.use_case else None
        if after is None or before == after:
            return ""
        return f"label {label} changes from {before} to {after}" if before else f"label {label}={after} is added"

    def successor(self, original: Secret) -> Draft:
        """Return the draft of the secret that replaces `original`, with its labels and annotations."""
        return replace(
            self.draft,
            display_name=original.display_name,
            labels=original.labels,
            annotations=original.annotations,
        )


def relabelled(secret: Secret, use_case: UseCase) -> Replacement:
    """Return a replacement that gives a secret another use case, and leaves its values as they are."""
    draft = Draft(
        namespace=secret.namespace,
        name=secret.name,
        use_case=use_case,
        entry_form=use_case.entry_forms[0],
        entries=(),
        keys={},
        type=secret.type,
    )
    return Replacement(secret, draft, whole=False)

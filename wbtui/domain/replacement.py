"""New values for a secret that exists."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from wbtui.domain.draft import Draft
from wbtui.domain.expiry import EXPIRES, as_annotation
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.model import EntryForm, UseCase


@dataclass(frozen=True, slots=True)
class Replacement:
    """New values for `secret`, which is as it was on the screen.

    With `whole`, the draft replaces all keys, else only the keys that it has. With `clean`, the annotation that
    repeats the values is removed. A use case in the draft sets the label. With `undated`, the date of its expiry is
    removed, unless the draft has one.
    """

    secret: Secret
    draft: Draft
    whole: bool
    clean: bool = False
    undated: bool = False

    @property
    def action(self) -> str:
        """Return what it does to the secret, for the audit log: replace, relabel or date."""
        return "replace" if self.draft.entries else "relabel" if self.draft.use_case else "date"

    @property
    def needs_deletion(self) -> str:
        """Return why the secret must be deleted and created again; empty where it can be changed in place."""
        if self.draft.secret_type != self.secret.type:
            return f"its type would change from {self.secret.type or 'one not known'} to {self.draft.secret_type}"
        return "it is immutable" if self.secret.immutable and self.draft.entries else ""

    def date_change(self, keys: Collection[str]) -> Mapping[str, str | None]:
        """Return the annotation with the date, or with None where it is removed; empty where it stays as it is.

        `keys` are those that get new values. A date belongs to the values, and goes with them where no value stays.
        """
        if self.draft.expires:
            return {EXPIRES: as_annotation(self.draft.expires)}
        secret = self.secret
        none_stays = bool(keys) and (self.whole or set(secret.keys or [""]) <= set(keys))
        return {EXPIRES: None} if EXPIRES in secret.annotations and (self.undated or none_stays) else {}

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
    return Replacement(secret, replace(_unchanged(secret), use_case=use_case), whole=False)


def dated(secret: Secret, expires: datetime | None) -> Replacement:
    """Return a replacement that says when a secret expires, or that this is not known; its values stay as they are."""
    return Replacement(secret, replace(_unchanged(secret), expires=expires), whole=False, undated=True)


def _unchanged(secret: Secret) -> Draft:
    return Draft(
        namespace=secret.namespace,
        name=secret.name,
        use_case=None,
        entry_form=EntryForm("", ()),
        entries=(),
        keys={},
        type=secret.type,
    )

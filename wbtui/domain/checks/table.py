"""THE table of checks: a new check is one entry."""

from wbtui.domain.checks import of_secrets, of_users, of_writers
from wbtui.domain.checks.model import Check, Needs, Severity
from wbtui.domain.expiry import SOON

CHECKS: tuple[Check, ...] = (
    Check(
        "unknown-use-case",
        Severity.ERROR,
        "A secret has a use case that the Workbench does not know: its page of secrets fails for the whole project",
        "Change its use case in wbtui, or its label with kubectl label.",
        of_secrets.unknown_use_cases,
    ),
    Check(
        "expired",
        Severity.ERROR,
        "A credential has expired, by the date that wbtui wrote or by its Certificate",
        "Replace its values, or rotate it. Where a Certificate writes it, see why that was not renewed.",
        of_writers.expired,
        needs=Needs.WRITERS,
    ),
    Check(
        "missing-secret",
        Severity.ERROR,
        "A container needs a secret that does not exist: it does not start",
        "Create the secret, or remove the reference: wbtui detach does that for a workload.",
        of_users.missing_to_start,
        needs=Needs.ABSENCE,
    ),
    Check(
        "missing-key",
        Severity.ERROR,
        "Something needs a key that the secret does not have: a container does not start",
        "Add the key to the secret, or correct the reference.",
        of_users.lacking_keys,
        needs=Needs.USERS,
    ),
    Check(
        "missing-reference",
        Severity.WARNING,
        "An object refers to a secret that does not exist, such as a pull secret, which containers start without",
        "Create the secret, or remove the reference. Some controllers create the secret that they are given the name"
        " of: then see why it was not created.",
        of_users.missing_elsewhere,
        needs=Needs.ABSENCE,
    ),
    Check(
        "expires-soon",
        Severity.WARNING,
        f"A credential expires within {SOON.days} days, by the date that wbtui wrote or by its Certificate",
        "Replace its values before that, or rotate it. See whether its Certificate is renewed in time.",
        of_writers.expiring,
        needs=Needs.WRITERS,
    ),
    Check(
        "failed-sync",
        Severity.WARNING,
        "An ExternalSecret could not update the secret: it has the values of the last time, or none",
        "See the conditions and the events of the ExternalSecret.",
        of_writers.failed_syncs,
        needs=Needs.WRITERS,
    ),
    Check(
        "wrong-type",
        Severity.WARNING,
        "The type of a secret is not that of its use case: it does not work where the Workbench offers it",
        "Create it again with the right type, or change its use case; the type of a secret cannot be changed.",
        of_secrets.wrong_types,
    ),
    Check(
        "values-in-annotation",
        Severity.WARNING,
        "An annotation may hold the values: everyone who may read the metadata can read them. wbtui sees that the"
        " annotation is there, and does not look at what is in it",
        "Remove the annotation, apply with kubectl apply --server-side from then on, and rotate the credential.",
        of_secrets.copies_of_values,
    ),
    Check(
        "hash-in-annotation",
        Severity.WARNING,
        "An annotation or a label looks like a hash without a salt, by its name and by its form: a short value, or one"
        " of a few, can be guessed from its hash",
        "Find out what the hash is of. If it is of a value, have its writer use a salt or leave it out.",
        of_secrets.hashes,
    ),
    Check(
        "shared-id",
        Severity.WARNING,
        "Several secrets have the id by which the Resource Manager knows one secret, as when a manifest is copied with"
        " its labels",
        f"Keep the label {of_secrets.ID_LABEL} on the secret that the Resource Manager created, and remove it from the"
        " others.",
        of_secrets.twins,
    ),
    Check(
        "same-display-name",
        Severity.WARNING,
        "Several secrets of a project are called the same: in the Workbench, nobody can tell which is which",
        "Give one of them another display name.",
        of_secrets.same_names,
    ),
    Check(
        "stuck-deletion",
        Severity.WARNING,
        f"A secret still waits for finalizers {of_secrets.DELETION_TAKES.seconds // 60} minutes after its deletion was"
        " requested",
        "See whether the controller that sets the finalizer runs. Remove the finalizer only where it is gone for good.",
        of_secrets.stuck_deletions,
    ),
    Check(
        "old-value",
        Severity.WARNING,
        "A running container holds an old value of a secret",
        "Restart the workload: in wbtui, where the uses of the secret are shown, or with kubectl rollout restart.",
        of_users.old_values,
        needs=Needs.PODS,
    ),
    Check(
        "unreadable-expiry",
        Severity.NOTE,
        "An annotation should say when a credential expires, and has no date: nothing warns before it expires",
        "Write a date as in 2027-01-31, or as in 2027-01-31T10:00Z.",
        of_writers.unreadable_expiries,
    ),
)
"""In the order of the documentation."""
BY_ID = {check.id: check for check in CHECKS}

"""THE table of trials: which service tries the credentials of which use case."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from wbtui.domain.credential import EnteredCredential
from wbtui.domain.form_matches import field_name_of
from wbtui.domain.sealed import Sealed
from wbtui.domain.trials import TrialOptions
from wbtui.trying.databases import kind_in
from wbtui.trying.model import Entered, Trial, Trials, Values
from wbtui.trying.verdict import CannotTell


class TrialTarget(NamedTuple):
    """What a credential may be tried for: the title of its field, and an example."""

    title: str
    hint: str


class Service(NamedTuple):
    """A service that takes the credentials of a use case, and the module that tries them.

    `target` is what they may be tried for. `kinds` are the databases it is for, where a use case has several services.
    """

    use_case: str
    module: str
    target: TrialTarget | None = None
    kinds: frozenset[str] = frozenset()


SERVICES = (
    Service("HuggingFace", "hugging_face", TrialTarget("Try with model", "org/name")),
    Service("S3", "s3"),
    Service("ImagePullSecret", "registry", TrialTarget("Try with image", "ghcr.io/org/app:tag")),
    Service("Database", "postgresql", kinds=frozenset({"postgresql", "postgres", "cockroachdb"})),
    Service("Database", "mysql", kinds=frozenset({"mysql", "mariadb"})),
    Service("Database", "mongodb", kinds=frozenset({"mongodb", "mongodb+srv"})),
    Service("Database", "redis", kinds=frozenset({"redis", "rediss", "valkey"})),
)


class TrialPlan(NamedTuple):
    """How a credential is tried: by which service, with which values."""

    service: Service
    rows: tuple[Values, ...]

    def trials(self, target: str, options: TrialOptions) -> list[Trial]:
        """Return the trials, with a target where the service has one. Raises `CannotTell`."""
        trials: Trials = import_module(f"wbtui.trying.{self.service.module}").trials
        return trials(Entered(self.rows, target if self.service.target else "", options))


def plan(credential: EnteredCredential) -> TrialPlan:
    """Return how a credential is tried. Raises `CannotTell`."""
    rows = tuple(_rows(credential))
    kind = next(filter(None, map(kind_in, rows)), "")
    for service in SERVICES:
        if service.use_case == credential.use_case.value and (not service.kinds or kind in service.kinds):
            return TrialPlan(service, rows)
    what = f"logins of {kind} databases" if kind else f"{credential.use_case.title} credentials"
    raise CannotTell(f"nothing here can try {what}")


def _rows(credential: EnteredCredential) -> Iterator[Values]:
    rows = [dict(_decoded(entry)) for entry in credential.entries]
    if credential.entry_form.rows_name_keys:
        alone = len(rows) == 1
        names = [field_name_of(credential.use_case, row.get("key", ""), alone=alone) for row in rows]
        yield {name: row["value"] for name, row in zip(names, rows, strict=True) if name and "value" in row}
    else:
        yield from rows


def _decoded(entry: Mapping[str, Sealed]) -> Iterator[tuple[str, str]]:
    for name, value in entry.items():
        if value:
            try:
                yield name, value.unsealed().decode()
            except UnicodeDecodeError:
                raise CannotTell("what was entered is not text") from None

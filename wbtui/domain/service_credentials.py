"""The secrets that a service uses: by which process, from which object, and which of them are not there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from wbtui.domain.secret import Secret

DOWNLOAD, SERVER, PULL = "download", "server", "image pull"
"""The processes that read a credential."""
_SILENCE = "The engine does not say so."


@dataclass(frozen=True, slots=True)
class ServiceCredential:
    """A secret that a service uses, and the processes that read it; pull secrets have no `key` and no `variable`.

    `named_by` is the runtime config, profile or template that names it, empty where the service does. Pods start
    without one that is `optional`. A variable with a value of its own has no `secret`: it only hides others.
    """

    secret: str
    key: str
    variable: str
    readers: tuple[str, ...]
    optional: bool = False
    named_by: str = ""

    def __str__(self) -> str:
        what = f"key {self.key} of secret {self.secret}" if self.key else f"secret {self.secret}"
        what = f"{self.variable} from {what}" if self.variable else what
        return f"{what}, named by {self.named_by}" if self.named_by else what


def in_effect(credentials: Iterable[ServiceCredential]) -> tuple[ServiceCredential, ...]:
    """Return what each process reads in the end: of each variable the first, and the pull secrets of one object."""
    known: set[tuple[str, str]] = set()
    pulls: str | None = None
    found: list[ServiceCredential] = []
    for credential in credentials:
        if credential.readers == (PULL,):
            pulls = credential.named_by if pulls is None else pulls
            found += [credential] if pulls == credential.named_by else []
            continue
        readers = tuple(reader for reader in credential.readers if (credential.variable, reader) not in known)
        if credential.variable:
            known |= {(credential.variable, reader) for reader in readers}
        if credential.secret and readers:
            found.append(replace(credential, readers=readers))
    return tuple(found)


def missing(credentials: Iterable[ServiceCredential], find: Callable[[str], Secret | None]) -> Iterator[str]:
    """Yield a sentence for each secret, and each key of one, that a service uses and that is not there.

    The engine says nothing of these: pods wait for them. `find` returns a secret of the project by name.
    """
    for credential in credentials:
        if credential.optional:
            continue
        by = f" ({credential.named_by} names it)" if credential.named_by else ""
        readers = " and the ".join(credential.readers)
        secret = find(credential.secret)
        if not secret and not credential.key:
            yield f"There is no secret {credential.secret}{by}: images are pulled without a login."
        elif not secret:
            yield f"There is no secret {credential.secret}{by}: the {readers} cannot start without it. {_SILENCE}"
        elif credential.key and secret.keys is not None and credential.key not in secret.keys:
            wanted = f"no key {credential.key}{by}, but {', '.join(secret.keys) or 'none at all'}"
            yield f"Secret {credential.secret} has {wanted}: the {readers} cannot start. {_SILENCE}"

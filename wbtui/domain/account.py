from typing import NamedTuple


class Account(NamedTuple):
    """The user that the cluster sees; `impersonated` where another user acts as this one.

    `creator` is written into new secrets and services: the e-mail address from the settings, or the username.
    """

    username: str
    creator: str
    impersonated: bool = False

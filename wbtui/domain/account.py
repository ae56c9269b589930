from typing import NamedTuple


class Account(NamedTuple):
    """Who the cluster takes us for; `impersonated` where another user acts as this one.

    `creator` is who is named as the creator of what is made: the e-mail address of the settings, or the username.
    """

    username: str
    creator: str
    impersonated: bool = False

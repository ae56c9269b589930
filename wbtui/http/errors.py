"""What can go wrong in an exchange with a server. None of these errors holds the request."""


class HttpError(Exception):
    """An exchange failed; the message says how."""


class NotConnected(HttpError):
    """There is no connection to the server, so nothing was sent; `reason` is why."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


class NotResolved(NotConnected):
    """The name of a host does not resolve."""

    def __init__(self, host: str, reason: Exception) -> None:
        super().__init__(reason)
        self.host = host


class ProxyUnreachable(NotConnected):
    """There is no connection to the proxy at `address`, or none through it."""

    def __init__(self, address: str, reason: Exception) -> None:
        super().__init__(reason)
        self.address = address


class ProxyRefused(NotConnected):
    """A proxy answered that it opens no connection to the server."""


class BrokenOff(HttpError):
    """The connection ended before the answer did."""


class NotHttp(HttpError):
    """What was received is no answer in HTTP/1.1."""


class Redirected(HttpError):
    """The server redirects, which is never followed: a body, or a token, would go to another server."""


class Silence(HttpError, TimeoutError):
    """Nothing was received for as long as was allowed."""

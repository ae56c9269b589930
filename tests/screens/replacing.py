"""Opening the form that replaces values, and what was sent and stored in the end."""

from tests.conftest import Kubectl
from tests.proxy import Proxy
from tests.screens.driving import Session
from tests.stored import values

CANARY = "canary-7f3b1c"


async def open_form(person: Session, name: str) -> None:
    await person.sees("live")
    await person.goes_to(name)
    await person.press("e")
    await person.sees(f"New values for {name}")


def sent(proxy: Proxy) -> list[str]:
    """Return what was sent that changes something."""
    writes = [request for request in proxy.requests if "/secrets" in request.path and request.method != "GET"]
    return [request.method for request in writes if "dryRun" not in request.query]


def license_of(kubectl: Kubectl) -> str:
    return values(kubectl, "license-server")["license"]

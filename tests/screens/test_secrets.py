from tests.conftest import Kubectl
from tests.screens.driving import session
from wbtui.repository import Clusters


async def test_shows_the_secrets_of_the_project(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("hf-token-llama", "27 secrets", "live")


async def test_what_another_person_creates_appears(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        kubectl("create", "secret", "generic", "a-new-one", "--from-literal=key=value")
        await person.sees("a-new-one", "28 secrets")

import re

from tests.conftest import Kubectl
from tests.screens.driving import session
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.storage.session_state import SessionState

IN_TRAINING = SessionState(projects={"demo-restricted": "training"})


async def test_a_login_that_ends_leaves_the_rows_as_of_then(cluster: BackgroundCluster, clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live", "27 secrets")
        cluster.revoke("demo")
        await person.sees("not logged in: trying again in", "27 secrets · as of ", " UTC · Helm", "hf-token-llama")
        cluster.restore("demo")
        await person.press("ctrl+r")
        await person.sees(" live\n", "27 secrets · Helm")


async def test_a_project_that_is_deleted_is_not_shown_as_empty(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "namespace", "brief")
    kubectl("create", "secret", "generic", "only", "-n", "brief")
    async with session(clusters, state=SessionState(projects={"demo": "brief"})) as person:
        await person.sees("live", "1 secret")
        kubectl("delete", "namespace", "brief", "--wait=false")
        kubectl("delete", "secret", "only", "-n", "brief")
        await person.sees("Project being deleted", "Project brief is being deleted.")
        assert "No secrets in" not in person.text()


async def test_forbidden_and_empty_look_different(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation("demo-restricted"), state=IN_TRAINING) as person:
        await person.sees(
            "Forbidden", 'cannot list resource "secrets"', "Ask an administrator of the project", " forbidden: trying"
        )
        assert "secrets ·" not in person.text()
    async with session(clusters, state=SessionState(projects={"demo": "default"})) as person:
        await person.sees("No secrets in default.", "0 secrets", "live")
        assert "orbidden" not in person.text()


async def test_after_forbidden_another_project_shows_its_rows(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation("demo-restricted"), state=IN_TRAINING) as person:
        await person.sees("Forbidden")
        await person.press("colon", *"ns", "space", *"llm-serving", "enter")
        await person.sees("27 secrets", "live")
        assert "orbidden" not in person.text()


async def test_rows_stay_while_the_server_is_away(cluster: BackgroundCluster, clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live", "27 secrets")
        cluster.stop()
        await person.sees("no connection: reconnecting in", "27 secrets", "hf-token-llama")
        assert re.search(r"reconnecting in \d+ s$", person.lines()[0])
        cluster.start()
        await person.sees(" live\n", "27 secrets")


async def test_a_server_that_never_was_there_is_waited_for(cluster: BackgroundCluster, clusters: Clusters) -> None:
    cluster.stop()
    async with session(clusters) as person:
        await person.sees("No connection", "reconnecting in", "Check the network")
        cluster.start()
        await person.sees("27 secrets", " live\n")
        assert "No connection" not in person.text()


async def test_a_forgotten_past_is_read_anew(cluster: BackgroundCluster, clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("hf-token-llama")
        cluster.compact()
        await person.sees("27 secrets", " live\n")
        assert person.current() == "hf-token-llama"

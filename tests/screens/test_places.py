import json
from contextlib import AsyncExitStack
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.demo.background import BackgroundCluster
from wbtui.demo.serve import DemoSession
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.startup.lazy_clusters import LazyClusters
from wbtui.storage.session_state import SessionState


async def test_the_chooser_lists_projects_and_finds_any_namespace(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("p")
        await person.sees("* llm-serving", "research", "training", "all projects")
        assert "kube-system" not in person.text()
        await person.type("kube")
        await person.sees("kube-system", "not a project")
        assert "research" not in person.text()
        await person.press("enter")
        await person.sees("demo › kube-system", "No secrets in kube-system.", "Helm's release secrets are hidden")


async def test_a_project_is_chosen_with_the_arrows(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("p")
        await person.sees("training")
        await person.press("down", "down", "enter")
        await person.sees("demo › training", "11 secrets", "live", "slurm-bridge")


async def test_a_whole_name_is_chosen_where_it_is_part_of_another(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "namespace", "a-training")
    kubectl("label", "namespace", "a-training", "airm.silogen.ai/project-id=1")
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("p")
        await person.sees("a-training")
        await person.type("training")
        await person.loses("research")
        await person.press("enter")
        await person.sees("demo › training", "live")


async def test_marks_stay_in_the_project_that_was_left(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("space")
        await person.sees("1 marked")
        await person.press("colon")
        await person.sees(":ns")
        await person.type("ns training")
        await person.press("enter")
        await person.sees("demo › training", "11 secrets", "live")
        await person.press("ctrl+d")
        await person.sees("for good?")
        assert "after it was marked" not in person.text()


async def test_escape_chooses_nothing(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("p")
        await person.sees("training")
        await person.press("down", "escape")
        await person.loses("Go to a project")
        assert "demo › llm-serving" in person.text()


async def test_who_may_not_list_projects_types_a_name(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation(context="demo-restricted")) as person:
        await person.sees("live")
        await person.press("p")
        await person.sees("Type the name of any namespace.", "* llm-serving", "You may not list namespaces")
        await person.type("research")
        await person.press("enter")
        await person.sees("demo-restricted › research", "Forbidden", 'cannot list resource "secrets"')


async def test_all_projects_have_a_column_for_the_project(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        assert "PROJECT" not in person.text()
        await person.press("p")
        await person.sees("all projects")
        await person.type("all p")
        await person.press("enter")
        await person.sees("demo › all projects", "PROJECT", "43 secrets", "live", "research", "training")
        kubectl("create", "secret", "generic", "aaa", "--namespace=research", "--from-literal=key=value")
        await person.sees("aaa", "44 secrets")
        assert "research" in person.line("aaa")


async def test_commands(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        for command, seen in (
            ("ns", ("Go to a project",)),
            ("ctx", ("Go to a context", "* demo", "demo-restricted")),
            ("help", ("Commands", "Secrets")),
            ("wrong", ("unknown command :wrong",)),
        ):
            await person.press("colon")
            await person.sees(":ns")
            await person.type(command)
            await person.press("enter")
            await person.sees(*seen)
            await person.press("escape")
            await person.loses(*seen)
        for command, seen in (
            ("ns training", ("demo › training", "11 secrets", "live")),
            (":helm", ("12 secrets", "Helm shown")),
            ("all", ("demo › all projects", "50 secrets")),
            ("ctx nowhere", ("invalid kubeconfig", "no context nowhere", "demo › all projects")),
            ("ns nowhere", ("demo › nowhere", "Not found", "There is no project nowhere")),
            ("ctx demo-restricted", ("demo-restricted › llm-serving", "restricted@example.com", "live")),
        ):
            await person.press("colon")
            await person.sees(":ns")
            await person.type(command)
            await person.press("enter")
            await person.sees(*seen)


async def test_no_connection_to_a_context_that_was_left_stays_open(
    cluster: BackgroundCluster, clusters: Clusters
) -> None:
    async with session(clusters) as person:
        await person.sees("live", "llm-serving")
        opened = connections_to(cluster.url)
        assert opened
        await person.press("colon")
        await person.sees(":ns")
        await person.type("ctx demo-restricted")
        await person.press("enter")
        await person.sees("demo-restricted › llm-serving", "live")
        await person.until(
            lambda: all(worker.is_finished for worker in person.app.workers if worker.group == "connect")
        )
        await person.settle()
        assert not opened & connections_to(cluster.url)


def connections_to(url: str) -> set[str]:
    """Return the local ends of the open connections to a server on this machine."""
    port = f"{urlsplit(url).port:04X}"
    ends = (line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return {local for local, remote, state in ends if state == "01" and remote.endswith(f":{port}")}


async def test_q_commands_and_keys_quit(clusters: Clusters) -> None:
    for keys in ("colon q enter", "q", "ctrl+c", "p ctrl+c"):
        async with session(clusters) as person:
            await person.sees("live")
            await person.press(*keys.split())
            await person.until(lambda: not person.app.is_running)


async def test_without_a_kubeconfig_there_are_ways_on(tmp_path: Path) -> None:
    missing = Preferences(str(tmp_path / "missing"))
    clusters = LazyClusters(lambda: KubernetesClusters(missing), _open_demo)
    async with session(clusters) as person:
        await person.sees("No kubeconfig", "There is no kubeconfig at", "missing.", " no kubeconfig\n")
        await person.press("down", "enter")
        await person.sees("Go to a context", "There is no")
        await person.press("escape")
        await person.sees("Look around in the demo")
        await person.press("enter")
        await person.sees("demo › llm-serving", "27 secrets", "live")


async def test_a_key_that_needs_a_cluster_says_that_there_is_none_yet(clusters: Clusters) -> None:
    may_load = Event()

    def load() -> Clusters:
        may_load.wait()
        return clusters

    async with session(LazyClusters(load, _open_demo)) as person:
        try:
            await person.sees("connecting to")
            await person.press("a")
            await person.sees("Not connected to a cluster yet.")
        finally:
            may_load.set()
        await person.sees("live")
        await person.press("a")
        await person.sees("Creates in")


def _open_demo(started: AsyncExitStack) -> Clusters:
    return KubernetesClusters(Preferences(str(started.enter_context(DemoSession()).kubeconfig)))


async def test_an_unknown_context_is_said_with_those_there_are(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation(context="nowhere")) as person:
        await person.sees("Invalid kubeconfig", "has no context nowhere", "Choose one of demo, demo-restricted")
        await person.press("down", "enter")
        await person.sees("Go to a context", "demo-restricted")
        await person.press("enter")
        await person.sees("demo › llm-serving", "live")


async def test_what_was_chosen_is_remembered(clusters: Clusters, tmp_path: Path) -> None:
    state = tmp_path / "state" / "choices.json"
    async with session(clusters, state=SessionState.load(state)) as person:
        await person.sees("live")
        await person.press("A", "A", "h")
        await person.sees("33 secrets", "live")
        await person.press("colon", *"ns", "space", *"research", "enter")
        await person.sees("5 secrets", "live")
        await person.press("colon", *"ns", "space", *"nowhere", "enter")
        await person.sees("Not found")
    async with session(clusters, state=SessionState.load(state)) as person:
        await person.sees("demo › research", "live", "CREATED v", "Helm shown")
        await person.press("colon", *"ctx", "space", *"demo-restricted", "enter")
        await person.sees("demo-restricted › llm-serving", "live")
    assert json.loads(state.read_text())["projects"] == {"demo": "research", "demo-restricted": "llm-serving"}


@pytest.mark.parametrize("start", [StartLocation(), StartLocation("demo")])
async def test_a_flag_or_a_setting_comes_before_what_was_chosen(kubeconfig: Path, start: StartLocation) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), context=start.context, namespace="training"))
    state = SessionState(projects={"demo": "research", "demo-restricted": "research"})
    async with session(clusters, state=state, start=start) as person:
        await person.sees("demo › training", "11 secrets")
        await person.press("colon", *"ns", "space", *"llm-serving", "enter")
        await person.sees("demo › llm-serving", "27 secrets")
        await person.press("colon", *"ctx", "space", *"demo-restricted", "enter")
        await person.sees("demo-restricted › research")
        await person.press("colon", *"ctx", "space", *"demo", "enter")
        await person.sees("demo › llm-serving", "27 secrets")


async def test_what_is_asked_for_holds_for_the_context_to_begin_with(kubeconfig: Path) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), namespace="training"))
    state = SessionState(projects={"demo": "research", "demo-restricted": "llm-serving"})
    async with session(clusters, state=state, start=StartLocation("nowhere")) as person:
        await person.sees("has no context nowhere")
        await person.press("down", "enter")
        await person.sees("Go to a context", "demo-restricted")
        await person.press("enter")
        await person.sees("demo › research")


async def test_a_protected_context_says_so(kubeconfig: Path) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), protected=frozenset({"demo"})))
    async with session(clusters) as person:
        await person.sees("live", "demo@example.com  protected")
        await person.press("colon", *"ctx", "space", *"demo-restricted", "enter")
        await person.sees("demo-restricted", "live")
        await person.loses("protected")


async def test_a_read_only_session_says_so(kubeconfig: Path) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), options=RequestOptions(read_only=True)))
    async with session(clusters) as person:
        await person.sees("live", "read-only")

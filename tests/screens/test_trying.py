"""Trying a credential from a form, by keys: where it goes is said first, and nothing of it is told."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.canaries import everything_said
from tests.screens.driving import Session, session
from tests.screens.forms import enter, form, paste
from tests.screens.replacing import open_form
from tests.services import hub
from tests.services.web import Answer, Web, web
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.trials import TrialOptions
from wbtui.repository import Clusters
from wbtui.screens.secrets import SecretsScreen
from wbtui.widgets.line import Line
from wbtui.widgets.masked_value import MaskedValue
from wbtui.widgets.trial_view import TrialView


@pytest.fixture
def served() -> Iterator[Web]:
    """A hub."""
    with hub.hub() as served:
        yield served


@pytest.fixture
def clusters(kubeconfig: Path, served: Web) -> Clusters:
    """The embedded cluster, with that hub in the place of Hugging Face."""
    return KubernetesClusters(Preferences(str(kubeconfig), trials=TrialOptions(hugging_face=served.url)))


async def agree(person: Session) -> None:
    await person.sees("Send to 127.0.0.1:")
    await person.press("down", "enter")


def records(person: Session) -> list[AuditRecord]:
    screen = person.app.screen_stack[0]
    assert isinstance(screen, SecretsScreen)
    return screen.audit.latest(10).records


async def test_one_key_tries_a_token_and_says_first_where_it_goes(clusters: Clusters, served: Web) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await person.reads(f"Send to {served.place}?", f"The token will be sent to {served.place}.")
        assert served.asked == []
        await person.press("down", "enter")
        await person.sees("Accepted: alice, a token that may read.", "Try with model")
        assert len(served.asked) == 1
        assert "Creates in" in person.text()
        await person.press("escape")
        await person.sees("Leave the form?")


async def test_a_host_is_asked_about_once_in_a_session(clusters: Clusters, served: Web) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await agree(person)
        await person.sees("Accepted:")
        await enter(person, "x")
        await person.sees("Changed since it was tried; ctrl+y tries it again.", "Accepted: alice")
        await person.press("ctrl+y")
        await person.sees("Refused: 127.0.0.1 does not know this token")
        assert "Changed since it was tried" not in person.text()
        assert len(served.asked) == 2
        await person.press("escape")
        await person.sees("Leave the form?")
        await person.press("y")
        await person.sees("27 secrets")
        await person.press("a")
        await person.sees("Creates in")
        await person.press("tab", "tab")
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await person.sees("Accepted: alice")


async def test_what_is_typed_and_taken_back_leaves_the_verdict_as_it_is(clusters: Clusters) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await agree(person)
        await person.sees("Accepted:")
        await enter(person, "x")
        await person.sees("Changed since it was tried")
        await person.press("backspace")
        await person.loses("Changed since it was tried")
        await person.press("shift+tab", "shift+tab")
        await enter(person, "other-name")
        assert "Changed since it was tried" not in person.text()


async def test_a_model_is_tried_with_the_token_and_not_stored(clusters: Clusters, served: Web) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await agree(person)
        await person.sees("Accepted:")
        person.app.screen.query_one("#trial-target", Line).focus()
        await enter(person, hub.GATED_MODEL)
        await person.sees("Changed since it was tried")
        await person.press("ctrl+y")
        await person.reads(f"Accepted, not for this: alice, a token that may read. Not for {hub.GATED_MODEL}: accept")
        await person.press("ctrl+s")
        await person.sees("hf-token was created.")
    assert [asked.path for asked in served.asked][-1] == f"/api/models/{hub.GATED_MODEL}/auth-check"


async def test_who_says_no_sends_nothing_and_is_asked_again(clusters: Clusters, served: Web) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, hub.READ)
        for _ in range(2):
            await person.press("ctrl+y")
            await person.sees("Send to 127.0.0.1:")
            await person.press("enter")
            await person.reads("Cannot tell from here: nothing was sent to")
        assert (served.asked, records(person)) == ([], [])


async def test_escape_ends_a_trial_and_not_the_form(kubeconfig: Path) -> None:
    with web(lambda _: Answer(200, hangs=True)) as hanging:
        options = TrialOptions(hugging_face=hanging.url)
        async with form(KubernetesClusters(Preferences(str(kubeconfig), trials=options)), "HuggingFace") as person:
            await enter(person, hub.READ)
            await person.press("ctrl+y")
            await agree(person)
            await person.until(hanging.received.is_set)
            await person.sees("Trying … esc stops it.")
            await person.press("ctrl+y")
            await person.sees("It is being tried.")
            await person.press("escape")
            await person.sees("Stopped: it is not known whether it would be accepted.", "Creates in")
            await person.press("escape")
            await person.sees("Leave the form?")
            assert [record.result for record in records(person)] == ["stopped"]
            assert len(hanging.asked) == 1


async def test_a_trial_is_no_obstacle_to_saving(kubeconfig: Path) -> None:
    with web(lambda _: Answer(200, hangs=True)) as hanging:
        options = TrialOptions(hugging_face=hanging.url)
        async with form(KubernetesClusters(Preferences(str(kubeconfig), trials=options)), "HuggingFace") as person:
            await enter(person, hub.READ)
            await person.press("ctrl+y")
            await agree(person)
            await person.until(hanging.received.is_set)
            await person.press("ctrl+s")
            await person.sees("hf-token was created.")


async def test_the_audit_log_says_what_was_tried_where(clusters: Clusters, served: Web) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await agree(person)
        await person.sees("Accepted:")
        (record,) = records(person)
        assert (record.action, record.name, record.result) == ("try", served.place, "accepted")
        assert (record.project, record.context, record.user) == ("llm-serving", "demo", "demo@example.com")
        assert hub.READ not in str(record)


async def test_new_values_are_tried_as_they_are_entered(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await open_form(person, "hf-token-eval")
        await person.press("ctrl+y")
        await person.reads("Cannot tell from here: the token is not entered.")
        await enter(person, hub.WRITE)
        await person.press("ctrl+y")
        await agree(person)
        await person.sees("Accepted: alice, a token that may write")


async def test_values_that_are_rotated_are_tried_as_they_are_entered(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("hf-token-eval")
        await person.press("o")
        await person.sees("New values for hf-token-eval")
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await agree(person)
        await person.sees("Accepted: alice, a token that may read")


async def test_a_token_for_a_model_that_is_deployed_is_tried_with_that_model(clusters: Clusters, served: Web) -> None:
    async with session(clusters, size=(120, 60)) as person:
        await person.sees(" live\n")
        await person.press("m")
        await person.sees("Deploy a model")
        await person.type("llama instruct")
        await person.press("enter")
        await person.sees("kind: AIMService")
        await person.press("tab", "tab", "tab", "enter")
        await person.sees("Secrets for Hugging Face")
        await person.type("create a new")
        await person.press("enter")
        await person.sees("Creates in llm-serving")
        await person.press("tab", "tab")
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await agree(person)
        await person.reads("meta-llama/Llama-3.1-8B-Instruct does not exist, or this token may not see it")
    assert served.asked[-1].path == "/api/models/meta-llama/Llama-3.1-8B-Instruct/auth-check"


async def test_what_nothing_is_known_of_is_said(clusters: Clusters) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "api-key", "tab", "x")
        await person.press("ctrl+y")
        await person.sees("Cannot tell from here: nothing here can try Generic credentials.")


@pytest.mark.parametrize(("options", "may_try"), [(TrialOptions(allowed=False), {}), (TrialOptions(), {"demo": False})])
async def test_the_settings_turn_it_off(
    kubeconfig: Path, options: TrialOptions, may_try: dict[str, bool], served: Web
) -> None:
    preferences = Preferences(str(kubeconfig), trials=options._replace(hugging_face=served.url), may_try=may_try)
    async with form(KubernetesClusters(preferences), "HuggingFace") as person:
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await person.reads("Cannot tell from here: the settings do not allow it for this context.")
    assert served.asked == []


async def test_a_verdict_has_room_on_a_small_screen(clusters: Clusters) -> None:
    async with form(clusters, "HuggingFace", size=(80, 24)) as person:
        await enter(person, hub.WRITE)
        await person.press("ctrl+y")
        await agree(person)
        await person.reads("Accepted: alice, a token that may write; one that may only read is enough.")
        assert "••••••••" in person.text()


async def test_verdicts_for_which_there_is_no_room_can_be_scrolled_to(clusters: Clusters) -> None:
    login = {"auth": b64encode(b"robot:s3cr3t").decode()}
    config = json.dumps({"auths": {f"registry-{number}.tools.svc": login for number in range(12)}})
    async with form(clusters, "ImagePullSecret", 1, size=(80, 24)) as person:
        await paste(person, config)
        await person.press("ctrl+y")
        await person.sees("registry-0.tools.svc: cannot tell from here: registry-0.tools.svc is a name")
        view = person.app.screen.query_one(TrialView)
        await person.until(lambda: view.max_scroll_y > 0 and "Trying" not in person.text())
        await person.press("shift+tab", "shift+tab", "shift+tab", "shift+tab")
        while not view.has_focus:
            await person.press("tab")
        await person.press("end")
        await person.sees("registry-11.tools.svc: cannot tell from here")
        await person.press("escape")
        await person.sees("Leave the form?")


async def test_nothing_of_a_credential_is_told_by_a_trial(clusters: Clusters) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, hub.READ)
        await person.press("ctrl+y")
        await person.sees("Send to")
        assert hub.READ[:12] not in "\n".join(everything_said(person))
        await agree(person)
        await person.sees("Accepted:")
        assert hub.READ[:12] not in "\n".join(everything_said(person))
        fields = list(person.app.screen.query(MaskedValue))
        await person.press("escape")
        await person.sees("Leave the form?")
        await person.press("y")
        await person.sees("27 secrets")
        assert not sum(map(len, fields))

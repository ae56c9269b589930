"""Hugging Face tokens, on a hub that answers the real client as huggingface.co does."""

from collections.abc import Iterator

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from tests.services import hub
from tests.services.web import Web
from tests.trying.trials import Tried, credential, tried
from wbtui.domain.trials import TrialOptions
from wbtui.trying.verdict import CannotTell

UNKNOWN_TOKEN = "hf_" + "Zz9" * 8


@pytest.fixture
def served() -> Iterator[Web]:
    with hub.hub() as served:
        yield served


async def on(served: Web, token: str, model: str = "") -> Tried:
    options = TrialOptions(hugging_face=served.url)
    return await tried(credential("HuggingFace", {"token": token}), model, options)


def test_the_hub_answers_the_real_client_as_hugging_face_does(served: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):  # its HTTP library takes no empty one
        monkeypatch.delenv(name)
    client = HfApi(endpoint=served.url)
    account = client.whoami(token=hub.WRITE)
    assert (account["name"], account["auth"]["accessToken"]["role"]) == ("alice", "write")
    client.auth_check(hub.OPEN_MODEL, token=hub.READ)
    with pytest.raises(GatedRepoError):
        client.auth_check(hub.GATED_MODEL, token=hub.READ)
    with pytest.raises(RepositoryNotFoundError):
        client.auth_check("org/missing", token=hub.READ)
    with pytest.raises(HfHubHTTPError):
        client.whoami(token=UNKNOWN_TOKEN)


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (hub.READ, "alice, a token that may read"),
        (hub.WRITE, "alice, a token that may write; one that may only read is enough"),
        (hub.FINE, "alice, a fine-grained token that may write; one that may only read is enough"),
        (hub.FINE_UNGATED, "alice, a fine-grained token"),
    ],
)
async def test_it_is_said_whose_token_it_is_and_where_it_may_write(served: Web, token: str, said: str) -> None:
    assert (await on(served, token)).only == ("accepted", said)


@pytest.mark.parametrize(
    ("token", "model", "outcome", "said"),
    [
        (hub.READ, hub.OPEN_MODEL, "accepted", "may download org/open"),
        (hub.READ, f" hf://{hub.ACCEPTED_MODEL} ", "accepted", "may download org/accepted"),
        (hub.READ, hub.GATED_MODEL, "accepted, not for this", "accept its licence at {url}/org/gated"),
        (hub.FINE_UNGATED, hub.ACCEPTED_MODEL, "accepted, not for this", "do not allow it to read gated models"),
        (hub.READ, "org/missing", "accepted, not for this", "org/missing does not exist, or this token may not see it"),
    ],
)
async def test_a_good_token_need_not_be_one_for_the_model(
    served: Web, token: str, model: str, outcome: str, said: str
) -> None:
    told, text = (await on(served, token, model)).only
    assert told == outcome
    assert said.format(url=served.url) in text


async def test_a_token_that_is_not_known_is_refused_after_one_request(served: Web) -> None:
    found = await on(served, UNKNOWN_TOKEN, hub.OPEN_MODEL)
    assert found.only == ("refused", "127.0.0.1 does not know this token, or it has expired")
    assert [asked.target for asked in served.asked] == ["/api/whoami-v2"]


async def test_it_is_asked_where_the_token_goes(served: Web) -> None:
    (to,) = (await on(served, hub.READ)).asked
    assert to.place == served.place
    assert to.question == f"The token will be sent to {served.place}."


@pytest.mark.parametrize("model", ["../../settings", "a b", "org/name/more", "org/näme", "?x"])
async def test_what_is_no_name_of_a_model_is_sent_nowhere(served: Web, model: str) -> None:
    with pytest.raises(CannotTell, match="like org/name"):
        await on(served, hub.READ, model)
    assert served.asked == []

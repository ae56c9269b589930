"""Saying when values expire as they are entered: typed, or proposed by a value that tells it, and lost with that."""

from datetime import timedelta

import pytest
import trustme

from tests.conftest import NOW, Kubectl
from tests.proxy import Proxy
from tests.screens.canaries import everything_said
from tests.screens.driving import Session, session
from tests.screens.forms import enter, form, paste, save
from tests.screens.replacing import open_form, sent
from tests.stored import stored
from tests.web_tokens import web_token
from wbtui.domain.expiry import EXPIRES
from wbtui.repository import Clusters
from wbtui.widgets.expiry_line import ExpiryLine
from wbtui.widgets.masked_value import MaskedValue

SECRET = "hf-token-eval"
TOKEN = web_token({"exp": int((NOW + timedelta(hours=3)).timestamp()), "sub": "cAnArY-sub"})
LATER = web_token({"exp": int((NOW + timedelta(days=30)).timestamp()), "sub": "cAnArY-sub"})
PROPOSED = "2026-11-01T15:00:00Z"
TRACES = [*TOKEN.split("."), "cAnArY-sub"]


def date(person: Session) -> str:
    """Return what is in the line of the date."""
    return person.app.screen.query_one(ExpiryLine).line.value


def date_of(kubectl: Kubectl, name: str) -> str | None:
    """Return the date that was stored."""
    found: str | None = stored(kubectl, name)["metadata"]["annotations"].get(EXPIRES)
    return found


async def test_a_date_is_entered_with_a_new_secret(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "key", "tab", "value", "tab", "90d")
        await person.sees("2027-01-30 12:00 UTC, in 90d.")
        await person.press("ctrl+u")
        await enter(person, "2027-01-31T10:00+01:00")
        await person.sees("2027-01-31 09:00 UTC, in 90d.")
        await save(person, "secret")
    assert date_of(kubectl, "secret") == "2027-01-31T09:00:00Z"


@pytest.mark.parametrize("text", ["soon", "2027-02-30", "31.1.2027", "3m"])
async def test_what_is_no_date_is_refused_in_plain_words(clusters: Clusters, proxy: Proxy, text: str) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "key", "tab", "value", "tab", text)
        await person.press("ctrl+s")
        await person.reads("Not saved: Expires: ")
        assert isinstance(person.app.focused, type(person.app.screen.query_one(ExpiryLine).line))
        await person.press("ctrl+u")
        await save(person, "secret")
    assert not sent(proxy)


async def test_a_date_in_the_past_is_asked_about(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "key", "tab", "value", "tab", "2026-10-31")
        await person.sees("2026-10-31, 36h ago: that is in the past.")
        await person.press("ctrl+s")
        await person.reads("Expires: 2026-10-31 is in the past. Press ctrl+s again to save anyway.")
        await save(person, "secret")
    assert date_of(kubectl, "secret") == "2026-10-31"


async def test_a_token_proposes_its_date_as_it_is_typed_and_takes_it_back(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "key", "tab", TOKEN[:-15])
        assert date(person) == ""
        await enter(person, TOKEN[-15:])
        await person.sees("2026-11-01 15:00 UTC, in 3h, from the token.")
        assert date(person) == PROPOSED
        await person.press("ctrl+u")
        await person.loses("from the token")
        assert date(person) == ""
        await paste(person, TOKEN)
        await person.sees("in 3h, from the token.")
        await save(person, "secret")
    assert date_of(kubectl, "secret") == PROPOSED


async def test_what_was_entered_by_hand_stays_whatever_a_token_says(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "key", "tab")
        await paste(person, TOKEN)
        await person.sees("from the token.")
        await enter(person, "tab")
        await person.press("ctrl+u")
        await enter(person, "2027-01-31", "shift+tab")
        await person.press("ctrl+u")
        await paste(person, LATER)
        await person.sees("2027-01-31, in 90d.")
        await person.loses("from the token")
        await save(person, "secret")
    assert date_of(kubectl, "secret") == "2027-01-31"


async def test_a_proposed_date_can_be_removed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "Generic") as person:
        await enter(person, "key", "tab")
        await paste(person, TOKEN)
        await person.sees("from the token.")
        await enter(person, "tab")
        await person.press("ctrl+u")
        await person.loses("from the token.")
        await save(person, "secret")
    assert date_of(kubectl, "secret") is None


async def test_a_certificate_proposes_its_date(clusters: Clusters) -> None:
    until = NOW + timedelta(days=40)
    pem = trustme.CA().issue_cert("a.example.com", not_after=until).cert_chain_pems[0].bytes().decode()
    async with form(clusters, "Generic") as person:
        await enter(person, "tls.crt", "tab")
        await paste(person, pem)
        await person.sees("2026-12-11 12:00 UTC, in 40d, from the certificate.")


async def test_a_session_token_of_aws_is_said_to_tell_nothing_and_one_of_minio_tells(clusters: Clusters) -> None:
    async with form(clusters, "S3", size=(120, 50)) as person:
        *_, token = person.app.screen.query(MaskedValue)
        token.focus()
        await paste(person, "IQoJb3JpZ2luX2VjEHwaCXVzLWVhc3QtMSJHMEUCIQD")
        await person.reads("It does not say when it expires. One of AWS lasts 36 hours at most")
        assert date(person) == ""
        await person.press("ctrl+u")
        await paste(person, TOKEN)
        await person.sees("in 3h, from the token.")
        await person.loses("It does not say when it expires")


async def test_the_token_is_nowhere_but_in_the_bodies_that_store_it(proxy: Proxy, proxied: Clusters) -> None:
    async with form(proxied, "Generic") as person:
        await enter(person, "key", "tab", TOKEN)
        await person.sees("from the token.")
        assert not [trace for trace in TRACES if trace in "\n".join(everything_said(person))]
        await save(person, "secret")
        assert not [trace for trace in TRACES if trace in "\n".join(everything_said(person))]
    bodies = [request for request in proxy.requests if request.method == "POST" and request.path.endswith("/secrets")]
    assert len(bodies) == 2
    for request in proxy.requests:
        told = f"{request.target} {request.headers}" + ("" if request in bodies else request.body.decode())
        assert not [trace for trace in TRACES if trace in told]


async def test_new_values_do_not_keep_the_date_of_the_old_ones(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("annotate", "secret", SECRET, f"{EXPIRES}=2026-11-10")
    async with session(clusters) as person:
        await open_form(person, SECRET)
        await person.sees("2026-11-10 until now")
        await enter(person, "new")
        await person.press("ctrl+s")
        await person.reads("Expires: 2026-11-10 is of the old values, and not kept. Press ctrl+s again")
        await person.press("ctrl+s")
        await person.sees(f"{SECRET} has new values")
    assert date_of(kubectl, SECRET) is None


async def test_new_values_have_their_date(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("annotate", "secret", SECRET, f"{EXPIRES}=2026-11-10")
    async with session(clusters) as person:
        await open_form(person, SECRET)
        await paste(person, TOKEN)
        await person.sees("in 3h, from the token.")
        await person.press("ctrl+s")
        await person.reads("Press ctrl+s again")
        await person.press("ctrl+s")
        await person.sees(f"{SECRET} has new values")
    assert date_of(kubectl, SECRET) == PROPOSED


async def test_the_date_stays_where_not_all_values_are_replaced(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("annotate", "secret", "s3-model-weights", f"{EXPIRES}=2026-11-10")
    async with session(clusters, size=(120, 50)) as person:
        await open_form(person, "s3-model-weights")
        person.app.screen.query_one("#extent").focus()
        await person.press("2")
        person.app.screen.query(MaskedValue).first().focus()
        await enter(person, "new")
        await person.press("ctrl+s")
        await person.reads("Expires: 2026-11-10 stays: not all values are replaced. Press ctrl+s again")
        await person.press("ctrl+s")
        await person.sees("s3-model-weights has new values")
    assert date_of(kubectl, "s3-model-weights") == "2026-11-10"

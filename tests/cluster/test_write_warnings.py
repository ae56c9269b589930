"""What the cluster warns of when something is written: told once an answer, in harmless lines, and without values."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.cluster.conftest import PROJECT, kubeconfig_of, written
from tests.proxy import Exchange, Fault, Proxy, answer, with_headers
from tests.refusals import status
from wbtui.cluster.cluster import KubernetesCluster
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.write_warnings import warnings_in
from wbtui.domain.draft import Draft
from wbtui.domain.replacement import Replacement, relabelled
from wbtui.domain.sealed import Sealed
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.table import GENERIC, HUGGING_FACE, S3
from wbtui.errors import PolicyRefused

VALUE = "correct horse battery"
HIDDEN = ["the text of a warning is not shown: it repeats a value, or something that looks like one"]
POD_SECURITY = (
    'would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "nginx" must set'
    " securityContext.allowPrivilegeEscalation=false), seccompProfile (pod or container must set it)"
)


def header(*texts: str) -> str:
    """Return the value of a `Warning` header."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return ", ".join(f'299 - "{text}"' for text in quoted)


def warning(*texts: str) -> Fault:
    """Pass the request on, and warn in the answer."""
    return with_headers(*(f"Warning: {header(text)}" for text in texts))


@pytest.fixture
def told() -> list[str]:
    """The warnings that were told."""
    return []


@pytest.fixture
async def here(proxy: Proxy, tmp_path: Path, told: list[str]) -> AsyncIterator[KubernetesCluster]:
    """The cluster, behind the proxy."""
    here = await KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of(proxy.url)))).connect()
    here.listen_for_warnings(told.append)
    yield here
    await here.close()


def token(value: str = VALUE, name: str = "made") -> Draft:
    """Return a draft of a token."""
    form = HUGGING_FACE.entry_forms[0]
    return Draft(
        namespace=PROJECT,
        name=name,
        use_case=HUGGING_FACE,
        entry_form=form,
        entries=({"token": Sealed(value.encode())},),
        keys=form.keys(),
    )


async def existing(here: KubernetesCluster, name: str = "hf-token-eval") -> Secret:
    """Return a secret of the cluster."""
    secret = await here.named(PROJECT, name)
    assert secret
    return secret


async def create(here: KubernetesCluster) -> None:
    await here.create(token())


async def only_try(here: KubernetesCluster) -> None:
    await here.create(token(), dry_run=True)


async def replace(here: KubernetesCluster) -> None:
    await here.replace(Replacement(await existing(here), token(), whole=False))


async def relabel(here: KubernetesCluster) -> None:
    await here.replace(relabelled(await existing(here), GENERIC))


async def delete(here: KubernetesCluster) -> None:
    await here.delete(await existing(here))


async def annotate(here: KubernetesCluster) -> None:
    """Change a Deployment."""
    found = await here.workloads.find(PROJECT)
    before = await here.workloads.read(next(one for one in found.found if one.kind == "Deployment"))
    after = json.loads(json.dumps(before))
    after["metadata"].setdefault("annotations", {})["example.com/note"] = "new"
    container = after["spec"]["template"]["spec"]["containers"][0]
    container.setdefault("env", []).append({"name": "PASSWORD", "value": VALUE})
    await here.workloads.write(before, after)


Write: TypeAlias = Callable[[KubernetesCluster], Awaitable[None]]
WRITES: dict[str, Write] = {one.__name__: one for one in (create, only_try, replace, relabel, delete, annotate)}
SENDING: dict[str, Write] = {one.__name__: one for one in (create, only_try, replace, annotate)}


async def writes(here: KubernetesCluster, proxy: Proxy, write: Write, fault: Fault) -> None:
    """Write, with a fault for the requests that do; and warn in the answers to all others."""
    read = warning("of a read")

    async def choose(exchange: Exchange) -> None:
        is_write = exchange.request.method != "GET" and "/authorization" not in exchange.request.path
        await (fault if is_write else read)(exchange)

    proxy.default = choose
    await write(here)


@pytest.mark.parametrize("write", WRITES)
async def test_every_write_tells_what_the_cluster_warns_of_and_no_read_does(
    proxy: Proxy, here: KubernetesCluster, told: list[str], write: str
) -> None:
    await writes(here, proxy, WRITES[write], warning('label "team" is missing', POD_SECURITY, "C:\\new\\"))
    assert told == ['label "team" is missing', POD_SECURITY, "C:\\new\\"]


async def test_a_refused_write_tells_what_the_cluster_warns_of(
    proxy: Proxy, here: KubernetesCluster, told: list[str]
) -> None:
    refusal = answer(422, status(422, "denied request: no"), Warning=header("one", "two"))
    with pytest.raises(PolicyRefused):
        await writes(here, proxy, create, refusal)
    assert told == ["one", "two"]


@pytest.mark.parametrize("write", SENDING)
@pytest.mark.parametrize(
    "repeated",
    [
        VALUE,
        b64encode(VALUE.encode()).decode(),
        VALUE[4:16],
        b64encode(VALUE.encode())[:14].decode(),
        json.dumps({"data": {"token": b64encode(VALUE.encode()).decode()}}),
        " ".join(VALUE),
        VALUE.encode().hex(),
    ],
)
async def test_a_warning_that_repeats_a_value_is_not_told(
    proxy: Proxy, here: KubernetesCluster, told: list[str], write: str, repeated: str
) -> None:
    await writes(here, proxy, SENDING[write], warning(f"the token {repeated} is weak"))
    assert told == HIDDEN


@pytest.mark.parametrize("value", ["eu-west-9", "x1"])
async def test_nor_is_one_that_repeats_a_value_that_the_form_shows(
    proxy: Proxy, here: KubernetesCluster, told: list[str], value: str
) -> None:
    form = S3.entry_forms[0]
    entries = {"access_key": b"an-access-key", "secret_key": b"a-secret-key", "region": value.encode()}
    draft = Draft(
        namespace=PROJECT,
        name="made",
        use_case=S3,
        entry_form=form,
        entries=({name: Sealed(entry) for name, entry in entries.items()},),
        keys=form.keys(),
    )
    proxy.default = warning(f"no buckets in {value}", f"no buckets in {b64encode(value.encode()).decode()}")
    await here.create(draft)
    assert told == HIDDEN


@pytest.mark.parametrize("write", [delete, relabel])
async def test_nor_one_that_repeats_what_was_stored_before(
    proxy: Proxy, here: KubernetesCluster, told: list[str], write: Write
) -> None:
    stored = b64encode(b"hf_oldOLDoldOLDoldOLDoldOLDold123456").decode()
    await writes(here, proxy, write, warning(f"it had {stored}"))
    assert told == HIDDEN


def test_what_a_warning_holds_is_one_harmless_short_line() -> None:
    told = warnings_in(header("\x1b[31mred\n[bold]new[/bold]", "x" * 5000, "twice", "twice", " "), None)
    assert told == ["\ufffd[31mred\ufffd[bold]new[/bold]", "x" * 299 + "…", "twice"]


def test_no_answer_makes_more_than_a_few_lines() -> None:
    told = warnings_in(header(*(f"number {count}" for count in range(5000))), None)
    assert told == [*(f"number {count}" for count in range(10)), "the cluster gave 4990 more warnings"]


@pytest.mark.parametrize(
    "value",
    ['199 - "of a cache"', "299", '299 - "no end', "299 - none", '199 - "299 - \\"inside\\""', '299 - ""'],
)
def test_what_is_no_warning_of_an_api_server_is_left_out(value: str) -> None:
    assert warnings_in(value, None) == []


def test_a_date_after_the_text_and_what_follows_are_read() -> None:
    assert warnings_in('299 - "a" "Wed, 21 Oct 2015 07:28:00 GMT", 299 api "b"', None) == ["a", "b"]

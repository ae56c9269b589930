"""Writing when a credential expires: together with values, or alone; a date never outlives the values that it is of."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT, kubeconfig_of, written
from tests.conftest import Kubectl
from tests.proxy import Proxy, drop
from wbtui.cluster.cluster import KubernetesCluster
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.apiserver.access.users import Role, RoleRule, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.draft import Draft
from wbtui.domain.expiry import EXPIRES
from wbtui.domain.handover import renamed
from wbtui.domain.replacement import Replacement, dated
from wbtui.domain.sealed import Sealed
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.errors import Conflict, Uncertain

DATE = datetime(2027, 1, 31, tzinfo=UTC)
MOMENT = datetime(2027, 1, 31, 10, 30, tzinfo=UTC)
S3 = USE_CASES[1]


@pytest.fixture
async def here(proxy: Proxy, tmp_path: Path) -> AsyncIterator[KubernetesCluster]:
    """The cluster, behind the proxy."""
    here = await KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of(proxy.url)))).connect()
    yield here
    await here.close()


def draft(name: str, *fields: str, **more: Any) -> Draft:
    """Return a draft of S3 keys, with new values for some of the fields."""
    form = S3.entry_forms[0]
    entries = ({name: Sealed(b"new") for name in fields},)
    return Draft(namespace=PROJECT, name=name, use_case=S3, entry_form=form, entries=entries, keys=form.keys(), **more)


def annotations(kubectl: Kubectl, name: str) -> dict[str, str]:
    """Return the annotations of a secret as kubectl sees them."""
    found: dict[str, str] = json.loads(kubectl("get", "secret", name, "-o", "json"))["metadata"].get("annotations", {})
    return found


async def known(here: KubernetesCluster, name: str) -> Secret:
    """Return a secret as the list has it."""
    found = await here.named(PROJECT, name)
    assert found
    return found


BOTH = ("access_key", "secret_key")


async def test_a_date_is_written_with_a_new_secret(here: KubernetesCluster, kubectl: Kubectl) -> None:
    made = await here.create(draft("made", *BOTH, expires=MOMENT))
    assert made.expiry
    assert (made.expiry.moment, made.expiry.source) == (MOMENT, "annotation")
    assert annotations(kubectl, "made")[EXPIRES] == "2027-01-31T10:30:00Z"
    await here.create(draft("undated", *BOTH))
    assert EXPIRES not in annotations(kubectl, "undated")


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("had", [{}, {"note": "kept"}, {EXPIRES: "2026-01-01", "note": "kept"}])
async def test_new_values_bring_their_date(
    here: KubernetesCluster, kubectl: Kubectl, had: dict[str, str], *, whole: bool
) -> None:
    kubectl("create", "secret", "generic", "mine", "--from-literal=access-key=a", "--from-literal=secret-key=b")
    for key, value in had.items():
        kubectl("annotate", "secret", "mine", f"{key}={value}")
    done = await here.replace(Replacement(await known(here, "mine"), draft("mine", *BOTH, expires=DATE), whole))
    assert done.expiry
    assert annotations(kubectl, "mine") == {**had, EXPIRES: "2027-01-31"}


@pytest.mark.parametrize(
    ("whole", "fields", "stays"), [(True, BOTH, False), (False, BOTH, False), (False, ("access_key",), True)]
)
async def test_a_date_goes_with_its_values_and_stays_where_one_of_them_stays(
    here: KubernetesCluster, kubectl: Kubectl, fields: tuple[str, ...], *, whole: bool, stays: bool
) -> None:
    kubectl("annotate", "secret", "s3-datasets", f"{EXPIRES}=2026-12-01")
    secret = await known(here, "s3-datasets")
    keys = dict(zip(BOTH, ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), strict=True))
    await here.replace(Replacement(secret, replace(draft("s3-datasets", *fields), keys=keys), whole))
    assert (EXPIRES in annotations(kubectl, "s3-datasets")) is stays


async def test_a_name_beside_the_date_is_not_overwritten(here: KubernetesCluster, kubectl: Kubectl) -> None:
    """The annotation with a display name that is the name is the only one that the list does not tell of."""
    kubectl("create", "secret", "generic", "mine", "--from-literal=access-key=a")
    display_name = f"{here.prefixes.workbench}/display-name"
    kubectl("annotate", "secret", "mine", f"{display_name}=mine")
    await here.replace(Replacement(await known(here, "mine"), draft("mine", *BOTH, expires=DATE), whole=True))
    assert annotations(kubectl, "mine") == {display_name: "mine", EXPIRES: "2027-01-31"}


async def test_a_secret_that_takes_the_place_of_another_one_does_not_take_its_date(
    here: KubernetesCluster, kubectl: Kubectl
) -> None:
    kubectl("annotate", "secret", "s3-datasets", f"{EXPIRES}=2026-12-01", "note=kept")
    old = await known(here, "s3-datasets")
    successor = Replacement(old, draft("next", *BOTH), whole=True).successor(old)
    await here.create(successor)
    await here.create(renamed(draft("other", *BOTH, expires=DATE), old, "other"))
    assert (EXPIRES in annotations(kubectl, "next"), annotations(kubectl, "next")["note"]) == (False, "kept")
    assert annotations(kubectl, "other")[EXPIRES] == "2027-01-31"


async def test_a_date_alone_needs_no_more_than_patch_and_no_values(tmp_path: Path) -> None:
    rules = (RoleRule(("list", "patch"), ("secrets",)),)
    user = TokenUser("ops@example.com", "ops-token", (Role("ops", rules, PROJECT),))
    with BackgroundCluster(users={"ops": user}) as cluster:
        async with Proxy(cluster.url) as proxy:
            path = tmp_path / "ops"
            path.write_text(json.dumps(kubeconfig_of(proxy.url, {"token": "ops-token"})))
            here = await KubernetesClusters(Preferences(str(path))).connect()
            for moment, text in ((MOMENT, "2027-01-31T10:30:00Z"), (None, None)):
                secret = await known(here, "hf-token-llama")
                done = await here.replace(dated(secret, moment))
                assert done.annotations.get(EXPIRES) == text
                assert done.keys == secret.keys
                sent = json.loads(proxy.requests[-1].body)
                change = {"annotations": {EXPIRES: text}, "resourceVersion": secret.resource_version}
                assert sent == {"metadata": change}
            await here.close()


async def test_a_date_is_not_written_over_what_somebody_else_has_changed(
    here: KubernetesCluster, kubectl: Kubectl
) -> None:
    secret = await known(here, "hf-token-llama")
    kubectl("annotate", "secret", "hf-token-llama", "note=new")
    with pytest.raises(Conflict):
        await here.replace(dated(secret, DATE))


async def test_a_date_whose_answer_is_lost_is_said_to_be_uncertain(here: KubernetesCluster, proxy: Proxy) -> None:
    secret = await known(here, "hf-token-llama")
    proxy.next(drop)
    with pytest.raises(Uncertain, match="the date is not replaced so far"):
        await here.replace(dated(secret, DATE))

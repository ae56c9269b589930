from collections.abc import Iterable, Sequence
from math import inf
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.conftest import NOW
from tests.domain.samples import USE_CASE_LABELS, days_ago, secret
from wbtui.domain.expiry import EXPIRES, Certificate, Certificates, as_annotation, expiry_of
from wbtui.domain.filter_fields import UseFacts
from wbtui.domain.filter_language import parse
from wbtui.domain.index import ORDERS, ExistingNames, SecretIndex
from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret

NAMES = st.sampled_from(["a", "aa", "ab", "b", "ba", "c"])
USES = ["is:unused", "!is:unused a", "is:unused|immutable"]
FILTERS = st.sampled_from(
    [
        "",
        "a",
        "aa",
        "!a",
        "use:hf",
        "name:a|c",
        "name:token",
        "b tok",
        "by:alice",
        "/^b/",
        "age:>5d",
        "is:expiring",
        "!is:expired",
        "expires:<3d a",
        "project:one b",
        *USES,
    ]
)
TITLES = st.sampled_from(["", "", "A", "B token", "aa", "我的"])
PEOPLE = st.sampled_from(["alice", "Alice", "bob"])
PLACES = st.sampled_from(["one", "two"])
ORDER_NAMES = st.sampled_from(list(ORDERS))


class NaiveIndex:
    """What an index must say, worked out anew each time."""

    def __init__(self) -> None:
        self.known: dict[str, Secret] = {}
        self.order, self.reverse = "name", False
        self.text = ""
        self.used: dict[str, bool | None] = {}
        self.use_case: str | None = None
        self.certificates = Certificates({})

    def shown(self) -> list[Secret]:
        query = parse(self.text, lambda: NOW, UseFacts(self.uses))
        kept = [secret for secret in self.known.values() if query.matches(secret, SearchTexts.of((secret,)))]
        if self.use_case:
            kept = [secret for secret in kept if secret.use_case == self.use_case]
        if self.order == "expires" and self.reverse:
            return sorted(kept, key=lambda secret: (-self._expires(secret), *self._key(secret)[1:]))
        return sorted(kept, key=self._key, reverse=self.reverse)

    @staticmethod
    def _expires(secret: Secret) -> float:
        return secret.expiry.moment.timestamp() if secret.expiry else -inf

    def uses(self, secrets: Sequence[Secret]) -> list[bool | None]:
        return [self.used.get(secret.name, False) for secret in secrets]

    def _key(self, secret: Secret) -> tuple[object, ...]:
        title = (secret.display_name or secret.name).casefold()
        first = title if self.order == "name" else ORDERS[self.order].read(secret)
        return (first, title, secret.name, secret.namespace, secret.uid)


class IndexMachine(RuleBasedStateMachine):
    """Does to an index and to its model what a list, a watch and a person do."""

    def __init__(self) -> None:
        super().__init__()
        self.index, self.model = SecretIndex(), NaiveIndex()
        self.versions = 0
        self.made: dict[tuple[str, str], str] = {}
        self.settled = True

    def _made(self, name: str, namespace: str, *, anew: bool = False, **more: object) -> Secret:
        self.versions += 1
        if anew or (namespace, name) not in self.made:
            self.made[namespace, name] = f"{name}-{self.versions}"
        uid = self.made[namespace, name]
        return secret(name, namespace=namespace, uid=uid, resource_version=str(self.versions), **more)

    @initialize(count=st.sampled_from([0, 3, 300]))
    def begins_with_a_list(self, count: int) -> None:
        first = [self._made(f"s-{number:03}", "one", use_case="S3") for number in range(count)]
        self.index.load(first)
        self._see(first)

    @rule(
        name=NAMES,
        place=PLACES,
        title=TITLES,
        use_case=USE_CASE_LABELS,
        creator=PEOPLE,
        age=st.none() | st.integers(0, 9),
        expires=st.none() | st.integers(-20, 20),
    )
    def changes(self, name: str, place: str, age: int | None, expires: int | None, **more: Any) -> None:
        created = None if age is None else days_ago(age)
        annotations = {} if expires is None else {EXPIRES: as_annotation(days_ago(expires))}
        more["display_name"] = more.pop("title")
        changed = self._made(name, place, created=created, annotations=annotations, **more)
        self.index.update([changed])
        self._see([changed])

    @precondition(lambda self: self.model.known)
    @rule(data=st.data(), count=st.integers(1, 80), creator=PEOPLE)
    def changes_many_and_loses_some(self, data: st.DataObject, count: int, creator: str) -> None:
        some = sorted(self.model.known)[:count]
        gone = data.draw(st.sets(st.sampled_from(some), max_size=count))
        seen = [self._made(f"n-{number}", "two", creator=creator) for number in range(count)]
        self.index.update(seen, gone)
        self._forget(gone)
        self._see(seen)

    @rule(names=st.sets(NAMES), place=PLACES, anew=st.booleans(), more=st.integers(0, 9))
    def is_listed_again(self, names: set[str], place: str, more: int, *, anew: bool) -> None:
        """Read a list in two pages, perhaps with secrets that were made anew under their old names."""
        listed = [self._made(name, place, anew=anew) for name in sorted(names)]
        listed += [self._made(f"x-{number}", place) for number in range(more)]
        half = len(listed) // 2
        self.index.load(listed[:half])
        self.index.load(listed[half:])
        alive = {secret.uid for secret in listed}
        self.index.sweep(alive)
        self._see(listed)
        self._forget(self.model.known.keys() - alive)

    @rule()
    def is_told_what_it_knows(self) -> None:
        self.index.update(list(self.model.known.values()), ["no-such-uid"])

    @rule(text=FILTERS, use_case=st.none() | USE_CASE_LABELS.filter(bool))
    def filters(self, text: str, use_case: str | None) -> None:
        self.index.filter(parse(text, lambda: NOW, UseFacts(self.model.uses)), use_case)
        self.model.text, self.model.use_case = text, use_case

    @rule(used=st.dictionaries(NAMES, st.none() | st.booleans()))
    def learns_what_is_used(self, used: dict[str, bool | None]) -> None:
        self.model.used = used
        self.index.filter_again()

    @rule(order=ORDER_NAMES, reverse=st.booleans())
    def sorts(self, order: str, *, reverse: bool) -> None:
        self.index.sort(order, reverse=reverse)
        self.model.order, self.model.reverse = order, reverse

    @rule(names=st.sets(NAMES), place=PLACES, days=st.none() | st.integers(-20, 20))
    def learns_of_certificates(self, names: set[str], place: str, days: int | None) -> None:
        issued = Certificate("web", None if days is None else days_ago(days))
        certificates = Certificates({(place, name): issued for name in names})
        self.index.set_certificates(certificates)
        self.model.certificates = certificates
        self._see(list(self.model.known.values()))

    @rule()
    def clears(self) -> None:
        self.index.clear()
        self.model.known.clear()
        self.model.certificates = Certificates({})

    @rule()
    def lays_out(self) -> None:
        self.index.lay_out()

    @invariant()
    def agrees(self) -> None:
        shown = self.model.shown()
        assert [secret.uid for secret in self.index] == [secret.uid for secret in shown]
        assert list(self.index) == shown
        assert [self.index[position] for position in range(len(self.index))] == shown
        assert [self.index.position(secret.uid) for secret in shown] == list(range(len(shown)))

    @invariant()
    def knows_all(self) -> None:
        known = self.model.known
        assert self.index.total == len(known)
        assert all(self.index.get(uid) == secret for uid, secret in known.items())
        hidden = known.keys() - {secret.uid for secret in self.index}
        assert all(self.index.position(uid) is None for uid in hidden)

    def _see(self, secrets: Iterable[Secret]) -> None:
        for one in secrets:
            issued = self.model.certificates.of(one.namespace, one.name, marked=False)
            self.model.known[one.uid] = one._replace(issued=issued, expiry=expiry_of(one.annotations, issued))

    def _forget(self, uids: Iterable[str]) -> None:
        for uid in list(uids):
            self.model.known.pop(uid, None)


class TestIndexAgreesWithANaiveOne(IndexMachine.TestCase):  # type: ignore[misc, valid-type]
    settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_pages_that_follow_each_other_are_there_at_once() -> None:
    index = SecretIndex()
    for start in range(0, 30, 10):
        index.load(secret(f"s-{number:02}") for number in range(start, start + 10))
        assert (index.total, len(index)) == (start + 10, start + 10)


def test_pages_in_no_order_are_there_as_soon_as_they_are_worth_a_sort() -> None:
    index = SecretIndex()
    totals = []
    for name in "dcba":
        index.load([secret(name)])
        totals.append(index.total)
    assert totals == [1, 2, 2, 4]


def test_a_use_case_is_not_looked_for_in_what_another_one_left() -> None:
    index = SecretIndex()
    index.load([secret("a", use_case="S3"), secret("b", use_case="HuggingFace")])
    for use_case, names in (("S3", ["a"]), ("HuggingFace", ["b"]), (None, ["a", "b"]), ("S3", ["a"])):
        index.filter(parse(""), use_case)
        assert [secret.name for secret in index] == names


def test_what_was_found_before_is_not_the_answer_once_other_secrets_are_used() -> None:
    used = {"a": True, "b": False}
    query = parse("is:unused", uses=UseFacts(lambda secrets: [used[secret.name] for secret in secrets]))
    index = SecretIndex()
    index.load([secret("a"), secret("b")])
    index.filter(query)
    used["a"], used["b"] = False, True
    index.filter_again()
    assert [secret.name for secret in index] == ["a"]
    index.filter(query)
    assert [secret.name for secret in index] == ["a"]


def test_pages_of_several_projects_are_all_there_after_the_sweep() -> None:
    index = SecretIndex()
    pages = [[secret(f"s-{n}", namespace=place, uid=f"{place}{n}") for n in range(10)] for place in "abc"]
    for page in pages:
        index.load(page)
    index.sweep({secret.uid for page in pages for secret in page})
    assert [(secret.name, secret.namespace) for secret in index][:4] == [
        ("s-0", "a"),
        ("s-0", "b"),
        ("s-0", "c"),
        ("s-1", "a"),
    ]
    assert index.total == 30


def test_one_made_anew_while_nobody_watched_takes_the_place_of_the_old() -> None:
    index = SecretIndex()
    index.load([secret("a"), secret("b", uid="old"), secret("c")])
    anew = [secret("a"), secret("b", uid="new"), secret("c")]
    index.load(anew)
    index.sweep({secret.uid for secret in anew})
    assert [secret.uid for secret in index] == ["uid-a", "new", "uid-c"]


def test_counts_what_is_gone_or_hidden_among_some() -> None:
    index = SecretIndex()
    index.load([secret("a"), secret("b"), secret("c")])
    uids = ("uid-a", "uid-b", "uid-c", "uid-gone")
    assert (index.hidden(uids), index.hidden(())) == (1, 0)
    index.filter(parse("name:b"), None)
    assert index.hidden(uids) == 3


@pytest.mark.parametrize(
    ("namespace", "name", "taken"), [("team-a", "a", True), ("team-b", "a", False), ("team-a", "b", False)]
)
def test_knows_which_names_are_taken(namespace: str, name: str, *, taken: bool) -> None:
    index = SecretIndex()
    index.load([secret("a")])
    index.filter(parse("nothing-like-it"))
    assert (name in ExistingNames(index, namespace)) is taken


@pytest.mark.parametrize(
    ("name", "taken"),
    [("wb-1", True), ("My token", True), ("my token", False), ("hf-token", True), ("other", False), ("wb-2", True)],
)
def test_a_name_is_taken_where_a_secret_has_it_as_its_display_name_or_in_kubernetes(name: str, *, taken: bool) -> None:
    index = SecretIndex()
    elsewhere = secret("w", display_name="other", namespace="team-b")
    index.load([secret("wb-1", display_name="My token"), secret("hf-token"), elsewhere])
    index.update([secret("wb-2", display_name="hf-token")])
    assert (name in ExistingNames(index, "team-a")) is taken
    index.update(gone=["uid-wb-1", "uid-wb-2"])
    assert (name in ExistingNames(index, "team-a")) is (name == "hf-token")


def test_secrets_are_sorted_by_what_people_call_them() -> None:
    index = SecretIndex()
    index.load([secret("b"), secret("wb-2", display_name="A key"), secret("wb-1", display_name="C"), secret("zz")])
    index.update([secret("wb-0", display_name="a key")])
    assert [one.name for one in index] == ["wb-0", "wb-2", "b", "wb-1", "zz"]


def test_what_does_not_expire_is_last_whichever_way_the_list_is_sorted_by_expiry() -> None:
    index = SecretIndex()
    days = {"a": None, "b": 3, "c": 1, "d": None}
    index.load(
        secret(name, annotations={} if left is None else {EXPIRES: as_annotation(days_ago(-left))})
        for name, left in days.items()
    )
    for reverse, names in ((False, "cbad"), (True, "bcad")):
        index.sort("expires", reverse=reverse)
        assert "".join(one.name for one in index) == names
        assert [index.position(one.uid) for one in index] == [0, 1, 2, 3]
        assert index.reverse is reverse

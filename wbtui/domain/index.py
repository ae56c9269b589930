"""All secrets of a list, kept in order and filtered, so that a keystroke costs one pass over their search texts."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import compress
from operator import lt
from typing import NamedTuple

from wbtui.domain.query import Query
from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret

_FEW = 64
"""Up to so many changes are put in place one by one; more are cheaper sorted in together."""


class Order(NamedTuple):
    """One way to sort: what the key reads, and how the header says it."""

    title: str
    read: Callable[[Secret], object]


def _name(secret: Secret) -> tuple[str, str, str]:
    return (secret.name, secret.namespace, secret.uid)


def _age(secret: Secret) -> float:
    return -secret.created.timestamp() if secret.created else 0.0


ORDERS: dict[str, Order] = {
    "name": Order("name", lambda secret: secret.name),
    "use_case": Order("use case", lambda secret: secret.use_case.casefold()),
    "creator": Order("creator", lambda secret: secret.creator.casefold()),
    "age": Order("age", _age),
}
"""The sort orders; where two are equal, name and then namespace decide."""


class Rows:
    """Secrets in ascending order beside their search texts.

    The texts may come as what makes them: only a narrower filter, or a change, wants them.
    """

    def __init__(self, order: Order, secrets: list[Secret], texts: SearchTexts | Callable[[], SearchTexts]) -> None:
        self._order = order
        self._texts = texts
        self.secrets = secrets

    @property
    def texts(self) -> SearchTexts:
        """Return the search texts; to be asked for before the rows that these were taken from change."""
        if callable(self._texts):
            self._texts = self._texts()
        return self._texts

    def __len__(self) -> int:
        return len(self.secrets)

    def key(self, secret: Secret) -> tuple[object, str, str, str]:
        """Return what a secret is placed by; one that was made anew is here beside its forerunner for a while."""
        return (self._order.read(secret), *_name(secret))

    def place(self, secret: Secret) -> int:
        """Return the position of a secret, or the one it would have."""
        return bisect_left(self.secrets, self.key(secret), key=self.key)

    def add(self, secret: Secret, texts: SearchTexts) -> None:
        """Insert a secret where it belongs; `texts` holds its own alone."""
        position = self.place(secret)
        self.secrets.insert(position, secret)
        self.texts.insert(position, texts)

    def discard(self, secrets: Iterable[Secret]) -> None:
        """Take secrets out, if they are there."""
        for secret in secrets:
            position = self.place(secret)
            if position < len(self.secrets) and self.secrets[position].uid == secret.uid:
                del self.secrets[position]
                self.texts.discard(position)

    def kept(self, keeps: Iterable[object]) -> "Rows":
        """Return the rows for which `keeps` has something true."""
        flags = keeps if isinstance(keeps, list) else list(keeps)
        return Rows(self._order, list(compress(self.secrets, flags)), lambda: self.texts.kept(flags))

    def sorted_by(self, order: Order) -> "Rows":
        """Return these rows in another order; where it has equals, they keep the order they are in."""
        keys = list(map(order.read, self.secrets))
        positions = sorted(range(len(keys)), key=keys.__getitem__)  # type: ignore[arg-type]
        return Rows(order, [self.secrets[i] for i in positions], lambda: self.texts.ordered(positions))

    def lay_out(self) -> None:
        """Make the texts anew in this order."""
        self._texts = self.texts.lay_out()


class _Found(NamedTuple):
    """What a filter left: enough to look at for a narrower one, and the answer again where letters are taken back."""

    query: Query
    use_case: str | None
    rows: Rows

    def holds(self, query: Query, use_case: str | None) -> bool:
        """Tell whether these rows have all that is asked for."""
        return self.use_case in (None, use_case) and query.narrows(self.query)

    def keeps(self, secret: Secret, texts: SearchTexts) -> bool:
        """Tell whether a secret is among what is asked for; `texts` holds its own alone."""
        return self.use_case in (None, secret.use_case) and self.query.matches(secret, texts)

    def answers(self, query: Query, use_case: str | None) -> bool:
        """Tell whether these rows are just what is asked for."""
        return (self.query, self.use_case) == (query, use_case)


class SecretIndex:
    """The secrets of one list by uid, in one order, and the part of them that a filter and a use case leave.

    `len` and indexing speak of that part, in the order of display; `total` counts all.
    """

    def __init__(self) -> None:
        self._by_uid: dict[str, Secret] = {}
        self._arriving: list[Secret] = []
        self._order = ORDERS["name"]
        self._named = self._all = self._visible = Rows(self._order, [], SearchTexts.of(()))
        self._query = Query()
        self._use_case: str | None = None
        self._found: list[_Found] = []
        self.reverse = False

    def __len__(self) -> int:
        return len(self._visible)

    def __getitem__(self, position: int) -> Secret:
        return self._visible.secrets[-1 - position if self.reverse else position]

    def __iter__(self) -> Iterator[Secret]:
        return reversed(self._visible.secrets) if self.reverse else iter(self._visible.secrets)

    @property
    def total(self) -> int:
        """Return how many secrets there are, filtered away or not."""
        return len(self._by_uid)

    def get(self, uid: str) -> Secret | None:
        """Return the secret with this uid, also where the filter hides it."""
        return self._by_uid.get(uid)

    def has(self, namespace: str, name: str) -> bool:
        """Tell whether there is a secret of this name, filtered away or not."""
        secrets = self._named.secrets
        position = bisect_left(secrets, (name, namespace), key=lambda secret: (secret.name, secret.namespace))
        found = secrets[position] if position < len(secrets) else None
        return found is not None and (found.name, found.namespace) == (name, namespace)

    def of(self, namespace: str) -> list[Secret]:
        """Return the secrets of a namespace by name, filtered away or not."""
        return [secret for secret in self._named.secrets if secret.namespace == namespace]

    def position(self, uid: str) -> int | None:
        """Return where a secret is displayed; None where it is gone or hidden."""
        secret = self._by_uid.get(uid)
        if secret is None:
            return None
        position = self._visible.place(secret)
        if position >= len(self._visible) or self._visible.secrets[position].uid != uid:
            return None
        return len(self._visible) - 1 - position if self.reverse else position

    def load(self, page: Iterable[Secret]) -> None:
        """Take in one page of a list.

        Pages that only have to be appended are there at once. Others wait until they are worth a sort, at the latest
        for `sweep`: sorting again for each page would cost the square of their number.
        """
        self._arriving += page
        if len(self._arriving) > self.total // 2 or self._follows(self._arriving):
            self._settle()

    def sweep(self, alive: Collection[str]) -> None:
        """Let go every secret whose uid is not among `alive`: the list has been read to its end."""
        self._settle()
        self.update(gone=[uid for uid in self._by_uid if uid not in alive])

    def update(self, seen: Iterable[Secret] = (), gone: Iterable[str] = ()) -> None:
        """Take in secrets that were added or changed, and let go those whose uids are `gone`."""
        new = {secret.uid: secret for secret in seen if not self._knows(secret)}
        old = {uid: self._by_uid[uid] for uid in (*new, *gone) if uid in self._by_uid}
        for uid in old.keys() - new.keys():
            del self._by_uid[uid]
        self._by_uid.update(new)
        if not old and self._follows(new.values()):
            self._append(list(new.values()))
        elif len(old) + len(new) > _FEW:
            self._weave(old, list(new.values()))
        else:
            self._place(old.values(), new.values())

    def clear(self) -> None:
        """Forget every secret; order and filter stay."""
        self._by_uid.clear()
        self._arriving.clear()
        self._named = Rows(ORDERS["name"], [], SearchTexts.of(()))
        self._reorder()

    def sort(self, order: str, *, reverse: bool = False) -> None:
        """Put all in another order: one of `ORDERS`."""
        self.reverse = reverse
        if self._order is not ORDERS[order]:
            self._order = ORDERS[order]
            self._reorder()

    def filter(self, query: Query, use_case: str | None = None) -> None:
        """Leave the secrets that `query` matches and, where one is given, that are of `use_case`."""
        self._query, self._use_case = query, use_case
        while self._found and not self._found[-1].holds(query, use_case):
            self._found.pop()
        if not self._found or not self._found[-1].answers(query, use_case):
            rows = self._select(self._found[-1].rows if self._found else self._all)
            self._found.append(_Found(query, use_case, rows))
        self._visible = self._found[-1].rows

    def filter_again(self) -> None:
        """Ask the filter anew: something that it looks at beside the secrets has changed."""
        self._reselect()

    def lay_out(self) -> None:
        """Use an idle moment to make the next keystrokes faster."""
        self._all.lay_out()
        self._reselect()

    def _knows(self, secret: Secret) -> bool:
        known = self._by_uid.get(secret.uid)
        return known is not None and known.resource_version == secret.resource_version

    def _settle(self) -> None:
        arrived, self._arriving = self._arriving, []
        self.update(arrived)

    def _follows(self, secrets: Collection[Secret]) -> bool:
        # A cluster lists by namespace and name, so within one namespace pages continue the order by name.
        if self._all is not self._named:
            return False
        keys = list(map(_name, secrets))
        last = self._named.secrets[-1] if self._named.secrets else None
        after = not last or (keys and keys[0] > _name(last))
        return bool(after) and all(map(lt, keys, keys[1:]))

    def _append(self, secrets: list[Secret]) -> None:
        self._found.clear()
        _ = self._visible.texts  # made before the rows change that they are taken from
        texts = SearchTexts.of(secrets)
        page = self._select(Rows(self._order, secrets, texts))
        visible_is_all = self._visible is self._all
        self._all.secrets += secrets
        self._all.texts.extend(texts)
        if not visible_is_all:
            self._visible.secrets += page.secrets
            self._visible.texts.extend(page.texts)

    def _place(self, old: Iterable[Secret], new: Iterable[Secret]) -> None:
        lists = self._lists()
        for part in lists:
            _ = part.rows.texts  # made before the rows change that they are taken from
        for part in lists:
            part.rows.discard(old)
        for secret in new:
            texts = SearchTexts.of((secret,))
            for part in lists:
                if part.keeps(secret, texts):
                    part.rows.add(secret, texts)

    def _lists(self) -> list[_Found]:
        """Return all rows that there are, each once: the whole list, and what filters have left of it."""
        whole = (_Found(Query(), None, rows) for rows in (self._named, self._all))
        found = (*whole, *self._found, _Found(self._query, self._use_case, self._visible))
        return list({id(part.rows): part for part in found}.values())

    def _weave(self, old: Collection[str], new: list[Secret]) -> None:
        stay = self._named.kept([secret.uid not in old for secret in self._named.secrets])
        stay.texts.extend(SearchTexts.of(new))
        rows = Rows(ORDERS["name"], stay.secrets + new, stay.texts)
        # What stays is in order already, so the sort only weaves the new ones in.
        self._named = rows.sorted_by(Order("name", _name))
        self._reorder()

    def _reorder(self) -> None:
        by_name = self._order is ORDERS["name"]
        self._all = self._named if by_name else self._named.sorted_by(self._order)
        self._reselect()

    def _reselect(self) -> None:
        self._found.clear()
        self._visible = self._select(self._all)

    def _select(self, rows: Rows) -> Rows:
        if self._use_case is not None:
            wanted = self._use_case
            rows = rows.kept([secret.use_case == wanted for secret in rows.secrets])
        for condition in self._query.conditions:
            rows = rows.kept(condition.keeps(rows.secrets, rows.texts))
        return rows


class ExistingNames:
    """The names that the secrets of a namespace have, as the index knows them now."""

    def __init__(self, index: SecretIndex, namespace: str) -> None:
        self._index = index
        self._namespace = namespace

    def __contains__(self, name: object) -> bool:
        return self._index.has(self._namespace, str(name))

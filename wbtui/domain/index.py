"""The secrets of a list, sorted and filtered. A keystroke in the filter costs one pass over the search texts."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import compress
from math import inf
from operator import lt
from typing import NamedTuple

from wbtui.domain.expiry import Certificates, expiry_of
from wbtui.domain.query import Query
from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret
from wbtui.domain.syncing import ExternalSources

_FEW = 64
"""Up to this many changes are inserted one by one; with more, sorting the whole list is faster."""


class Order(NamedTuple):
    """One sort order: its name in the header, and the function that reads the sort key.

    `backwards` is the order for the other direction, where what is not known is last in both.
    """

    title: str
    read: Callable[[Secret], object]
    backwards: "Order | None" = None


def _title(secret: Secret) -> str:
    return secret.display_name.casefold() or secret.name


def _name(secret: Secret) -> tuple[str, str, str, str]:
    return (_title(secret), secret.name, secret.namespace, secret.uid)


def _age(secret: Secret) -> float:
    return -secret.created.timestamp() if secret.created else 0.0


def _since_change(secret: Secret) -> float:
    return -secret.values_changed.timestamp() if secret.values_changed else 0.0


def _soonest(secret: Secret) -> float:
    expiry = secret.expiry
    return expiry.moment.timestamp() if expiry else inf


def _latest(secret: Secret) -> float:
    expiry = secret.expiry
    return -expiry.moment.timestamp() if expiry else inf


ORDERS: dict[str, Order] = {
    "name": Order("name", _title),
    "use_case": Order("use case", lambda secret: secret.use_case.casefold()),
    "creator": Order("creator", lambda secret: secret.creator.casefold()),
    "age": Order("age", _age),
    "changed": Order("last change", _since_change),
    "expires": Order("expiry", _soonest, Order("expiry", _latest)),
}
"""The sort orders; equal secrets are sorted by what people call them, then by name, then by namespace."""


class Rows:
    """Secrets in ascending order, and their search texts in the same order.

    `texts` may be a function that makes them: only a narrower filter or a change needs them.
    """

    def __init__(self, order: Order, secrets: list[Secret], texts: SearchTexts | Callable[[], SearchTexts]) -> None:
        self._order = order
        self._texts = texts
        self.secrets = secrets

    @property
    def texts(self) -> SearchTexts:
        """Return the search texts. Call it before the rows change that they are taken from."""
        if callable(self._texts):
            self._texts = self._texts()
        return self._texts

    def __len__(self) -> int:
        return len(self.secrets)

    def key(self, secret: Secret) -> tuple[object, ...]:
        """Return the sort key. It ends with the uid: a deleted secret and its successor may both be in the list."""
        return (self._order.read(secret), *_name(secret))

    def place(self, secret: Secret) -> int:
        """Return the position of a secret, or the position to insert it at."""
        return bisect_left(self.secrets, self.key(secret), key=self.key)

    def add(self, secret: Secret, texts: SearchTexts) -> None:
        """Insert a secret at its position; `texts` holds only its own text."""
        position = self.place(secret)
        self.secrets.insert(position, secret)
        self.texts.insert(position, texts)

    def discard(self, secrets: Iterable[Secret]) -> None:
        """Remove secrets, where they are present."""
        for secret in secrets:
            position = self.place(secret)
            if position < len(self.secrets) and self.secrets[position].uid == secret.uid:
                del self.secrets[position]
                self.texts.discard(position)

    def kept(self, keeps: Iterable[object]) -> "Rows":
        """Return the rows for which `keeps` is true."""
        flags = keeps if isinstance(keeps, list) else list(keeps)
        return Rows(self._order, list(compress(self.secrets, flags)), lambda: self.texts.kept(flags))

    def sorted_by(self, order: Order) -> "Rows":
        """Return these rows in another order; equal rows keep their order (stable sort)."""
        keys = list(map(order.read, self.secrets))
        positions = sorted(range(len(keys)), key=keys.__getitem__)  # type: ignore[arg-type]
        return Rows(order, [self.secrets[i] for i in positions], lambda: self.texts.ordered(positions))

    def lay_out(self) -> None:
        """Copy the texts, so that they are in this order in memory, too."""
        self._texts = self.texts.lay_out()


class _FilteredRows(NamedTuple):
    """The rows of one filter: searched again by a narrower filter, shown again when letters are deleted."""

    query: Query
    use_case: str | None
    rows: Rows

    def holds(self, query: Query, use_case: str | None) -> bool:
        """Return whether these rows contain all rows of another filter."""
        return self.use_case in (None, use_case) and query.narrows(self.query)

    def keeps(self, secret: Secret, texts: SearchTexts) -> bool:
        """Return whether this filter matches a secret; `texts` holds only its own text."""
        return self.use_case in (None, secret.use_case) and self.query.matches(secret, texts)

    def answers(self, query: Query, use_case: str | None) -> bool:
        """Return whether these are exactly the rows of another filter."""
        return (self.query, self.use_case) == (query, use_case)


class SecretIndex:
    """The secrets of one list by uid, sorted, and those of them that match a filter and a use case.

    `len` and indexing cover the matching secrets, in the order of display; `total` and `use_cases` count all.
    """

    def __init__(self) -> None:
        self._by_uid: dict[str, Secret] = {}
        self.use_cases: Counter[str] = Counter()
        self._sources: ExternalSources | None = None
        self._certificates = Certificates({})
        self._other_names: frozenset[tuple[str, str]] | None = frozenset()
        self._arriving: list[Secret] = []
        self._order = ORDERS["name"]
        self._named = self._all = self._visible = Rows(self._order, [], SearchTexts.of(()))
        self._query = Query()
        self._use_case: str | None = None
        self._filtered: list[_FilteredRows] = []
        self.reverse = False
        self._from_end = False

    def __len__(self) -> int:
        return len(self._visible)

    def __getitem__(self, position: int) -> Secret:
        return self._visible.secrets[-1 - position if self._from_end else position]

    def __iter__(self) -> Iterator[Secret]:
        return reversed(self._visible.secrets) if self._from_end else iter(self._visible.secrets)

    @property
    def order(self) -> str:
        """Return the name of the order that it is sorted by."""
        return next(name for name, order in ORDERS.items() if self._order in (order, order.backwards))

    @property
    def total(self) -> int:
        """Return how many secrets there are, filtered away or not."""
        return len(self._by_uid)

    def get(self, uid: str) -> Secret | None:
        """Return the secret with this uid, also where the filter hides it."""
        return self._by_uid.get(uid)

    def latest(self, secret: Secret) -> Secret:
        """Return a secret as it is now, or as it was where it is gone: news may have come since it was shown."""
        return self._by_uid.get(secret.uid, secret)

    @property
    def secrets(self) -> Collection[Secret]:
        """Return all secrets, in no order."""
        return self._by_uid.values()

    def has(self, namespace: str, name: str) -> bool:
        """Return whether a secret has this name or this display name, filtered away or not."""
        secrets = self._named.secrets
        position = bisect_left(secrets, (name, name, namespace), key=lambda secret: _name(secret)[:3])
        secret = secrets[position] if position < len(secrets) else None
        found = secret is not None and (secret.name, secret.namespace) == (name, namespace)
        return found or (namespace, name) in self._names_of_titled()

    def of(self, namespace: str) -> list[Secret]:
        """Return the secrets of a namespace by what people call them, filtered away or not."""
        return [secret for secret in self._named.secrets if secret.namespace == namespace]

    def hides(self, secret: Secret) -> bool:
        """Return whether the filter or the use case does not match a secret, which may be not in the list yet."""
        now = _FilteredRows(self._query, self._use_case, self._visible)
        return not now.keeps(secret, SearchTexts.of((secret,)))

    def position(self, uid: str) -> int | None:
        """Return where a secret is displayed; None where it is gone or hidden."""
        secret = self._by_uid.get(uid)
        if secret is None:
            return None
        position = self._visible.place(secret)
        if position >= len(self._visible) or self._visible.secrets[position].uid != uid:
            return None
        return len(self._visible) - 1 - position if self._from_end else position

    def hidden(self, uids: Iterable[str]) -> int:
        """Return how many of some secrets are gone or hidden."""
        wanted = set(uids)
        return len(wanted.difference(secret.uid for secret in self._visible.secrets)) if wanted else 0

    def load(self, page: Iterable[Secret]) -> None:
        """Add one page of a list.

        A page that continues the order is appended at once. Other pages wait until there are enough to sort, at the
        latest until `sweep`: to sort after every page would take quadratic time.
        """
        self._arriving += page
        if len(self._arriving) > self.total // 2 or self._continues_order(self._arriving):
            self._add_arrived()

    def sweep(self, alive: Collection[str]) -> None:
        """Remove every secret whose uid is not in `alive`, after the list has been read to its end."""
        self._add_arrived()
        self.update(gone=[uid for uid in self._by_uid if uid not in alive])

    def update(self, seen: Iterable[Secret] = (), gone: Iterable[str] = ()) -> None:
        """Add or replace the secrets that were `seen`, and remove those whose uids are in `gone`."""
        seen = map(self._with_writers, seen)
        new = {secret.uid: secret for secret in seen if not self._is_current(secret)}
        old = {uid: self._by_uid[uid] for uid in (*new, *gone) if uid in self._by_uid}
        for uid in old.keys() - new.keys():
            del self._by_uid[uid]
        self._by_uid.update(new)
        self.use_cases.subtract(secret.use_case for secret in old.values())
        self.use_cases.update(secret.use_case for secret in new.values())
        if any(secret.display_name for secret in (*old.values(), *new.values())):
            self._other_names = None
        if not old and self._continues_order(new.values()):
            self._append(list(new.values()))
        elif len(old) + len(new) > _FEW:
            self._merge(old, list(new.values()))
        else:
            self._insert(old.values(), new.values())

    def set_sources(self, sources: ExternalSources) -> None:
        """Have with each secret the ExternalSecrets that write it, from now on."""
        self._sources = sources
        self.update(list(self._by_uid.values()))

    def set_certificates(self, certificates: Certificates) -> None:
        """Have with each secret the Certificate that writes it, from now on."""
        before, self._certificates = self._certificates, certificates
        if certificates != before:
            self.update(list(self._by_uid.values()))

    def clear(self) -> None:
        """Remove all secrets; order and filter stay."""
        self._sources, self._certificates = None, Certificates({})
        self._by_uid.clear()
        self.use_cases.clear()
        self._other_names = frozenset()
        self._arriving.clear()
        self._named = Rows(ORDERS["name"], [], SearchTexts.of(()))
        self._reorder()

    def sort(self, order: str, *, reverse: bool = False) -> None:
        """Sort by one of `ORDERS`."""
        wanted, backwards = ORDERS[order], ORDERS[order].backwards
        self.reverse, self._from_end = reverse, reverse and not backwards
        if reverse and backwards:
            wanted = backwards
        if self._order is not wanted:
            self._order = wanted
            self._reorder()

    def filter(self, query: Query, use_case: str | None = None) -> None:
        """Show only the secrets that match `query` and, unless it is None, `use_case`."""
        self._query, self._use_case = query, use_case
        while self._filtered and not self._filtered[-1].holds(query, use_case):
            self._filtered.pop()
        if not self._filtered or not self._filtered[-1].answers(query, use_case):
            rows = self._select(self._filtered[-1].rows if self._filtered else self._all)
            self._filtered.append(_FilteredRows(query, use_case, rows))
        self._visible = self._filtered[-1].rows

    def filter_again(self) -> None:
        """Apply the filter again, after a change of something outside the secrets: the time, or their uses."""
        self._reselect()

    def lay_out(self) -> None:
        """Rearrange memory in an idle moment, so that the next keystrokes are faster."""
        self._all.lay_out()
        self._reselect()

    def _is_current(self, secret: Secret) -> bool:
        known = self._by_uid.get(secret.uid)
        return known is not None and (known.resource_version, known.written_by, known.issued) == (
            secret.resource_version,
            secret.written_by,
            secret.issued,
        )

    def _with_writers(self, secret: Secret) -> Secret:
        namespace, name, written_by = secret.namespace, secret.name, secret.written_by
        issued = self._certificates.of(namespace, name, marked=secret.is_marked_issued)
        if self._sources is not None:
            written_by = self._sources.of(namespace, name, marked=secret.is_marked_external)
        if (written_by, issued) == (secret.written_by, secret.issued):
            return secret
        expiry = expiry_of(secret.annotations, issued)
        return secret._replace(written_by=written_by, issued=issued, expiry=expiry)

    def _names_of_titled(self) -> frozenset[tuple[str, str]]:
        """Return both names, with the namespaces, of the secrets with a display name."""
        if self._other_names is None:
            titled = [secret for secret in self._by_uid.values() if secret.display_name]
            pairs = ((secret.namespace, name) for secret in titled for name in (secret.name, secret.display_name))
            self._other_names = frozenset(pairs)
        return self._other_names

    def _add_arrived(self) -> None:
        arrived, self._arriving = self._arriving, []
        self.update(arrived)

    def _continues_order(self, secrets: Collection[Secret]) -> bool:
        # A cluster lists by namespace and name: without display names, its pages continue the order by name.
        if self._all is not self._named or not secrets:
            return False
        last = self._named.secrets[-1] if self._named.secrets else None
        if last and _name(next(iter(secrets))) <= _name(last):
            return False
        keys = list(map(_name, secrets))
        return all(map(lt, keys, keys[1:]))

    def _append(self, secrets: list[Secret]) -> None:
        self._filtered.clear()
        _ = self._visible.texts  # must be made before the rows that they are taken from change
        texts = SearchTexts.of(secrets)
        page = self._select(Rows(self._order, secrets, texts))
        visible_is_all = self._visible is self._all
        self._all.secrets += secrets
        self._all.texts.extend(texts)
        if not visible_is_all:
            self._visible.secrets += page.secrets
            self._visible.texts.extend(page.texts)

    def _insert(self, old: Iterable[Secret], new: Iterable[Secret]) -> None:
        lists = self._lists()
        for part in lists:
            _ = part.rows.texts  # must be made before the rows that they are taken from change
        for part in lists:
            part.rows.discard(old)
        for secret in new:
            texts = SearchTexts.of((secret,))
            for part in lists:
                if part.keeps(secret, texts):
                    part.rows.add(secret, texts)

    def _lists(self) -> list[_FilteredRows]:
        """Return all rows, each once: of the whole list, and of each filter."""
        whole = (_FilteredRows(Query(), None, rows) for rows in (self._named, self._all))
        filtered = (*whole, *self._filtered, _FilteredRows(self._query, self._use_case, self._visible))
        return list({id(part.rows): part for part in filtered}.values())

    def _merge(self, old: Collection[str], new: list[Secret]) -> None:
        stay = self._named.kept([secret.uid not in old for secret in self._named.secrets])
        stay.texts.extend(SearchTexts.of(new))
        rows = Rows(ORDERS["name"], stay.secrets + new, stay.texts)
        # Python's sort is fast here: all but the new ones are in order already.
        self._named = rows.sorted_by(Order("name", _name))
        self._reorder()

    def _reorder(self) -> None:
        by_name = self._order is ORDERS["name"]
        self._all = self._named if by_name else self._named.sorted_by(self._order)
        self._reselect()

    def _reselect(self) -> None:
        self._filtered.clear()
        self._visible = self._select(self._all)

    def _select(self, rows: Rows) -> Rows:
        if self._use_case is not None:
            wanted = self._use_case
            rows = rows.kept([secret.use_case == wanted for secret in rows.secrets])
        for condition in self._query.conditions:
            rows = rows.kept(condition.keeps(rows.secrets, rows.texts))
        return rows


class ExistingNames:
    """The names and display names of a namespace's secrets, as they are in the index now."""

    def __init__(self, index: SecretIndex, namespace: str) -> None:
        self._index = index
        self._namespace = namespace

    def __contains__(self, name: object) -> bool:
        return self._index.has(self._namespace, str(name))

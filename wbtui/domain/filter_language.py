"""The filter language: words (all must match), `field:value`, `-` to exclude, `or`, `*`, `/regular expression/`."""

from collections.abc import Callable, Iterable, Sequence

from wbtui.domain.clock import Clock, utc_now
from wbtui.domain.filter_fields import FIELDS, NOT_KNOWN, Sources, UseFacts
from wbtui.domain.filter_terms import QueryError, Term, terms_in
from wbtui.domain.query import FilterCondition, Keeps, Query
from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret
from wbtui.domain.text import composed, plain


def parse(text: str, now: Clock = utc_now, uses: UseFacts | None = None, me: Callable[[], str] = lambda: "") -> Query:
    """Parse a filter.

    `now` returns the current time for ages, `uses` whether secrets are used, and `me` the creator that is meant by
    `by:me`, empty while that is not known. What is not known matches neither a term nor its negation. Raises
    `QueryError` with the position of the mistake.
    """
    sources = Sources(now, uses or UseFacts(), me)
    terms = [term for term in map(_checked, terms_in(composed(text))) if term.field or term.value]
    groups = [tuple(_condition(term, sources) for term in group) for group in _alternatives(terms)]
    return Query(groups[0] if len(groups) == 1 else (_either(groups),) if groups else ())


def _checked(term: Term) -> Term:
    if not term.value and (term.negated or term.field or term.is_regex):
        raise QueryError(_nothing_after(term.field), term.position)
    return term


def _nothing_after(name: str) -> str:
    if name in FIELDS:
        return f"{name}: needs something after it: {FIELDS[name].example}"
    return _unknown_field(name) if name else "this term is empty"


def _unknown_field(name: str) -> str:
    return f"there is no {name}: — there are {' '.join(f'{known}:' for known in FIELDS)}"


def _alternatives(terms: Sequence[Term]) -> list[list[Term]]:
    """Return the terms in groups, split at each `or` between two others; elsewhere it is a word."""
    groups: list[list[Term]] = [[]]
    for position, term in enumerate(terms):
        if term.is_or and groups[-1] and position + 1 < len(terms):
            groups.append([])
        else:
            groups[-1].append(term)
    return groups


def _either(groups: Sequence[tuple[FilterCondition, ...]]) -> FilterCondition:
    """Return the condition that all conditions of one of the groups hold."""

    def keeps(secrets: Sequence[Secret], texts: SearchTexts) -> Iterable[object]:
        kept: Iterable[object] = ()
        for group in groups:
            of_group: Iterable[object] = group[0].keeps(secrets, texts)
            for condition in group[1:]:
                of_group = [all_ and one for all_, one in zip(of_group, condition.keeps(secrets, texts), strict=True)]
            kept = [any_ or one for any_, one in zip(kept, of_group, strict=True)] if kept else list(of_group)
        return kept

    return FilterCondition(
        repr([[condition.written for condition in group] for group in groups]),
        "",
        keeps,
        frozenset().union(*(condition.asks for group in groups for condition in group)),
    )


def _condition(term: Term, sources: Sources) -> FilterCondition:
    keeps = _regex(term) if term.is_regex else _field(term, sources)
    written = f"{term.field}:{term.is_regex}:{term.written}"
    known = FIELDS.get(term.field)
    asks = frozenset(known.asks({choice for choice, _ in term.choices}) if known else ())
    if term.negated:
        return FilterCondition(f"!{written}", "", _none_of(keeps), asks)
    return FilterCondition(written, term.value.casefold() if term.is_word else "", keeps, asks)


def _none_of(keeps: Keeps) -> Keeps:
    return lambda secrets, texts: [not keep and keep is not NOT_KNOWN for keep in keeps(secrets, texts)]


def _any_of(choices: Sequence[Keeps]) -> Keeps:
    def either(kept: Sequence[object]) -> object:
        return any(kept) or (NOT_KNOWN if NOT_KNOWN in kept else False)

    return lambda secrets, texts: map(either, zip(*(keeps(secrets, texts) for keeps in choices), strict=True))


def _regex(term: Term) -> Keeps:
    from wbtui.domain.patterns import PatternError, searcher  # noqa: PLC0415  most filters are words

    try:
        search = searcher(term.value)
    except PatternError as error:
        raise QueryError(f"the regular expression does not work: {plain(str(error))}", term.value_position) from error
    return lambda _, texts: texts.found(search)


def _field(term: Term, sources: Sources) -> Keeps:
    if term.is_pattern:
        return FIELDS["name"].make(term.value.casefold(), term.position, sources)
    if not term.field:
        word = term.value.casefold()
        return lambda _, texts: texts.holding(word)
    if term.field not in FIELDS:
        raise QueryError(_unknown_field(term.field), term.position)
    for choice, position in term.choices:
        if not choice:
            raise QueryError(_nothing_after(term.field), position)
    choices = [FIELDS[term.field].make(choice, position, sources) for choice, position in term.choices]
    return choices[0] if len(choices) == 1 else _any_of(choices)

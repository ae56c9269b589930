from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import SECRETS, secret
from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.table import find_use_case

LETTERS = st.sampled_from(["a", "b", "ss", "é", "opaque", "hug", "-"])


def holds(secret: Secret, word: str) -> bool:
    use_case = find_use_case(secret.use_case)
    fields = [
        secret.name,
        secret.display_name,
        secret.use_case,
        use_case.title if use_case else "",
        secret.type,
        secret.creator,
    ]
    text = "\n".join([*fields, " ".join(secret.keys or ())])
    return word.casefold() in text.casefold().replace("\0", "")


@given(st.lists(SECRETS, max_size=4), st.lists(SECRETS, max_size=4), st.data(), LETTERS)
def test_a_word_is_found_whatever_was_done_with_the_texts(
    secrets: list[Secret], more: list[Secret], data: st.DataObject, word: str
) -> None:
    secrets *= data.draw(st.sampled_from([1, 50]))  # as many have the same rest, or hardly any
    texts = SearchTexts.of(secrets)
    position = data.draw(st.integers(0, len(secrets)))
    secrets[position:position] = more
    texts.insert(position, SearchTexts.of(more))
    assert texts.holding(word) == [holds(secret, word) for secret in secrets]
    order = list(range(len(secrets)))[:: data.draw(st.sampled_from([1, -1]))]
    texts, secrets = texts.ordered(order), [secrets[place] for place in order]
    if secrets:
        gone = data.draw(st.integers(0, len(secrets) - 1))
        texts.discard(gone)
        del secrets[gone]
    period = data.draw(st.integers(1, 5))
    flags = [place % period == 0 for place in range(len(secrets))]
    texts, secrets = texts.kept(flags), [secret for secret, keep in zip(secrets, flags, strict=True) if keep]
    for same in (texts, texts.lay_out()):
        assert same.holding(word) == [holds(secret, word) for secret in secrets]


@given(st.lists(SECRETS, max_size=4), LETTERS)
def test_whole_texts_are_searched(secrets: list[Secret], word: str) -> None:
    found = SearchTexts.of(secrets).found(lambda text: word.casefold() in text)
    assert list(found) == [holds(secret, word) for secret in secrets]


def test_texts_that_have_gone_are_forgotten() -> None:
    texts = SearchTexts.of([secret("first")])
    for number in range(5000):
        texts.insert(1, SearchTexts.of([secret("second", keys=(f"key-{number}",))]))
        texts.discard(1)
    assert len(texts.known) < 2000
    texts.extend(SearchTexts.of([secret("third", keys=("last",))]))
    assert texts.holding("last") == [False, True]

from tests.domain.samples import secret
from wbtui.domain.deletion import Deletion, DeletionOutcome, Result
from wbtui.domain.references import Reference, SecretUser
from wbtui.domain.usage import Usage
from wbtui.widgets.deletion_view import deletion_in_words, results_in_words


def test_of_many_uses_the_first_are_listed_and_the_others_counted() -> None:
    one = secret()
    references = (Reference(one.name, "spec.template.spec.imagePullSecrets[]", ""),)
    users = tuple(SecretUser("Deployment", f"web-{n:02}", one.namespace, f"uid-{n}", (), references) for n in range(20))
    words = deletion_in_words(Deletion((one,), usage=Usage(users, ("Deployment",), ())), hidden=0).plain
    assert "Deployment web-00" in words
    assert "Deployment web-19" not in words
    assert "lines more: u in the list shows them all" in words


def test_of_many_that_wait_some_are_listed_while_it_is_under_way_and_in_the_end_all_are() -> None:
    secrets = tuple(secret(f"hf-{number:03}", uid=f"uid-{number}") for number in range(300))
    results = dict.fromkeys((one.uid for one in secrets), Result(DeletionOutcome.NOT_TRIED, "stopped by you"))
    failed = {secrets[200].uid: Result(DeletionOutcome.NOT_DELETED, "forbidden.")}
    under_way = results | failed | {secrets[0].uid: Result(DeletionOutcome.DELETING)}
    lines = results_in_words(Deletion(secrets), under_way, "").plain.splitlines()
    assert lines[1] == "hf-200: NOT deleted, forbidden."
    assert lines[-1] == "… and 286 more: not tried"
    lines = results_in_words(Deletion(secrets), results | failed, "").plain.splitlines()
    assert len(lines) == 301

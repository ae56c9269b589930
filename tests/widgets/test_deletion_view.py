from tests.domain.samples import secret
from wbtui.domain.deletion import Deletion
from wbtui.domain.references import Reference, SecretUser
from wbtui.domain.usage import Usage
from wbtui.widgets.deletion_view import deletion_in_words


def test_of_many_uses_the_first_are_listed_and_the_others_counted() -> None:
    one = secret()
    references = (Reference(one.name, "spec.template.spec.imagePullSecrets[]", ""),)
    users = tuple(SecretUser("Deployment", f"web-{n:02}", one.namespace, f"uid-{n}", (), references) for n in range(20))
    words = deletion_in_words(Deletion((one,), usage=Usage(users, ("Deployment",), ())), hidden=0).plain
    assert "Deployment web-00" in words
    assert "Deployment web-19" not in words
    assert "lines more: u in the list shows them all" in words

"""How far a rotation under a new name is, in one sentence."""

import pytest

from tests.domain.samples import secret
from wbtui.domain.handover import Pair, Users
from wbtui.domain.references import SecretUser
from wbtui.widgets.handover_view import next_step

PAIR = Pair(secret("token"), secret("token-v2"))
USER = SecretUser("Deployment", "web", "team-a", "1")
NAMED, LEFT = Users((USER,)), Users((), ((USER, "a reason"),))
RUNS, NONE = Users((), (), (SecretUser("Pod", "web-1", "team-a", "2"),)), Users()
BOTH = (True, True)


@pytest.mark.parametrize(
    ("there", "users", "unsearched", "said"),
    [
        (BOTH, (NAMED, NONE), (), "Nothing uses token-v2 yet."),
        (BOTH, (NAMED, NAMED), (), "Some objects still name token."),
        (BOTH, (LEFT, NAMED), (), "What still names token cannot be changed from here."),
        (BOTH, (RUNS, NAMED), (), "Waiting for 1 pod with token to be replaced."),
        (BOTH, (NONE, NAMED), (), "Done: nothing names token, and nothing runs on it."),
        (
            BOTH,
            (NONE, NAMED),
            ("CronJob", "Pod"),
            "Nothing was found that names token, but these could not be searched: CronJob, Pod.",
        ),
        ((False, True), (NONE, NAMED), (), "token was deleted. Nothing is left to do."),
        ((False, True), (NAMED, NAMED), (), "token was deleted. Something still uses it, and cannot start without it"),
        ((True, False), (NAMED, NONE), (), "token-v2 was deleted. Nothing is left to do."),
        ((True, False), (NONE, NAMED), (), "token-v2 was deleted. Something still uses it, and cannot start without"),
    ],
)
def test_the_next_step_is_said(
    there: tuple[bool, bool], users: tuple[Users, Users], unsearched: tuple[str, ...], said: str
) -> None:
    assert next_step(PAIR, there, users, unsearched).startswith(said)


def test_what_lost_its_secret_is_pointed_to_the_one_that_is_there() -> None:
    assert "{handover.go_on}" in next_step(PAIR, (False, True), (NAMED, NAMED), ())
    assert "{handover.undo}" in next_step(PAIR, (True, False), (NONE, NAMED), ())

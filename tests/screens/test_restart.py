from tests.domain.samples import secret
from wbtui.domain.references import Reference, User
from wbtui.domain.usage import Usage
from wbtui.screens.restart import restarts


def test_only_what_sees_new_values_after_a_restart_is_restarted() -> None:
    one = secret()
    users = tuple(
        User(kind, name, one.namespace, name, (), (Reference(one.name, "spec", "token", restart=restart),))
        for kind, name, restart in (
            ("Deployment", "web", True),
            ("Deployment", "reads-a-file", False),
            ("Job", "j", True),
        )
    )
    assert restarts(Usage(users, (), ()).of(one), "team-a") == ["kubectl rollout restart deployment/web -n team-a"]

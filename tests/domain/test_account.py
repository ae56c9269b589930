import pytest

from wbtui.domain.account import creator_of, projects_of


@pytest.mark.parametrize(
    ("username", "creator"),
    [
        ("oidc:bob@example.com", "bob@example.com"),
        ("system:serviceaccount:team-a:robot", "team-a:robot"),
        ("bob@example.com", "bob@example.com"),
        ("system:admin", "system:admin"),
        ("oidc:oidc:x", "oidc:x"),
        ("", ""),
    ],
)
def test_the_creator_is_who_the_workbench_writes(username: str, creator: str) -> None:
    assert creator_of(username) == creator


def test_groups_name_projects() -> None:
    groups = ["oidc:team-b", "oidc:team-a", "oidc:airm-role:Team Member", "oidcteam-c", "system:authenticated"]
    assert projects_of([*groups, "oidc:", "oidc:../x", "oidc:team-b"]) == ("team-b", "team-a")

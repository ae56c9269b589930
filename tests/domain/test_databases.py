from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.domain.connection_string import ConnectionParts, check_connection_string, read_connection_string
from wbtui.domain.databases import Parts, check_database_kind, check_host, check_port, kind_of, made_connection_string
from wbtui.domain.problems import Check

PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
HOSTS = st.from_regex(r"[a-zA-Z0-9]([-a-zA-Z0-9._]{0,10}[a-zA-Z0-9])?", fullmatch=True) | st.ip_addresses(v=6).map(str)


@given(PLAIN | st.just(""), PLAIN, HOSTS, st.integers(1, 65_535).map(str) | st.just(""), PLAIN)
def test_a_connection_string_made_of_parts_has_these_parts(
    user: str, password: str, name: str, number: str, dbname: str
) -> None:
    uri = made_connection_string(Parts("postgresql", user, password, name, number, dbname))
    assert check_host(name) is None
    expected = ConnectionParts("postgresql", user, name, number, dbname, has_password=True)
    assert read_connection_string(uri) == ((), expected)
    login = uri.removeprefix("postgresql://").rpartition("@")[0]
    assert unquote(login.partition(":")[2]) == password


@pytest.mark.parametrize(
    ("parts", "uri"),
    [
        (Parts("postgresql", "u", "p@:/%", "h", "5432", "d"), "postgresql://u:p%40%3A%2F%25@h:5432/d"),
        (
            Parts("postgresql", "u", "p", "/var/run/postgresql", "5432", "d"),
            "postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/d",
        ),
        (Parts("mongodb", "u", "a b", "a,b", "27017", ""), "mongodb://u:a%20b@a:27017,b:27017"),
        (Parts("mongodb+srv", "u", "p", "c.mongodb.net", "", "d"), "mongodb+srv://u:p@c.mongodb.net/d"),
        (Parts("redis", "", "p", "h", "6379", "0"), "redis://:p@h:6379/0"),
        (Parts("sqlserver", "u", "p;", "h", "1433", "d"), "sqlserver://u:p%3B@h:1433?database=d"),
        (Parts("sqlite", dbname="/data/x.db"), "sqlite:////data/x.db"),
        (Parts("mysql+pymysql", "u", "p", "::1", "3306", "d"), "mysql+pymysql://u:p@[::1]:3306/d"),
    ],
)
def test_each_kind_has_its_own_connection_string(parts: Parts, uri: str) -> None:
    assert made_connection_string(parts) == uri
    assert check_connection_string(uri) is None


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("postgresql", "5432"),
        ("mysql", "3306"),
        ("mysql+pymysql", "3306"),
        ("redis", "6379"),
        ("mongodb", "27017"),
        ("mongodb+srv", ""),
        ("sqlserver", "1433"),
        ("sqlite", ""),
        ("unheard-of", ""),
    ],
)
def test_each_kind_has_its_own_port(kind: str, number: str) -> None:
    assert kind_of(kind).port == number


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (check_port, ["1", "65535"], ["0", "65536", "-1", "1.0", "٣", "9" * 5_000, ""]),
        (check_database_kind, ["postgresql", "mysql+pymysql"], ["postgresql://", "My SQL", ""]),
        (check_host, ["db", "10.0.0.1", "::1", "a,b", "/run/db"], ["db:5432", "[::1]", "a/b", "a@b", "a b", "a,"]),
    ],
)
def test_each_check_asks_about_what_is_wrong(check: Check, right: list[str], wrong: list[str]) -> None:
    assert not [text for text in right if check(text)]
    assert all((found := check(text)) and not found.blocks for text in wrong)

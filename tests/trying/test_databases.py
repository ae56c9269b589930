"""Logins of databases, on real servers, with and without TLS."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
import trustme

from tests.services import databases
from tests.services.databases import DATABASE, OPEN_USER, PASSWORD, USER
from tests.services.programs import installed
from tests.trying.trials import Tried, credential, tried
from wbtui.trying.databases import DatabaseLogin, agree, kind_in, login_of
from wbtui.trying.verdict import CannotTell
from wbtui.trying.wire import CheckedRoute, Destination, Wire

AUTHORITY = trustme.CA()


async def on(
    kind: str, port: int, name: str = DATABASE, *, password: str = PASSWORD, user: str = USER, **more: str
) -> Tried:
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:{port}"
    options = "&".join(f"{option}={text}" for option, text in more.items())
    return await tried(credential("Database", {"uri": f"{kind}://{login}/{name}{'?' if options else ''}{options}"}))


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have certificates of the authority trusted."""
    path = tmp_path / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


if installed("initdb"):

    @pytest.fixture(scope="module")
    def postgresql() -> Iterator[int]:
        """PostgreSQL without TLS."""
        with databases.postgresql() as port:
            yield port

    @pytest.mark.parametrize(
        ("changed", "outcome", "said"),
        [
            ({}, "accepted", "app may log in to shop"),
            ({"name": "missing"}, "accepted, not for this", "app may log in, but there is no database missing"),
            ({"name": "closed"}, "accepted, not for this", "app may log in, but not to the database closed"),
            ({"password": "wrong"}, "refused", "127.0.0.1 refuses app with this password"),
            ({"user": "nobody"}, "refused", "127.0.0.1 does not let nobody log in from here, or does not know nobody"),
            ({"user": OPEN_USER}, "cannot tell from here", "127.0.0.1 lets open in without a password"),
            (
                {"sslmode": "require"},
                "cannot tell from here",
                "127.0.0.1 does not speak TLS, and the connection string wants it",
            ),
            ({"sslmode": "disable"}, "accepted", "app may log in to shop"),
        ],
    )
    async def test_postgresql(postgresql: int, changed: dict[str, str], outcome: str, said: str) -> None:
        found = await on("postgresql", postgresql, **changed)
        assert found.only == (outcome, said)
        assert {to.question for to in found.asked} <= {f"User and password will be sent to 127.0.0.1:{postgresql}."}

    async def test_postgresql_in_parts(postgresql: int) -> None:
        parts = {"kind": "postgres", "host": "127.0.0.1", "port": str(postgresql), "dbname": DATABASE}
        entered = credential("Database", {**parts, "username": USER, "password": PASSWORD}, way=1)
        assert (await tried(entered)).only == ("accepted", "app may log in to shop")

    async def test_who_does_not_agree_sends_postgresql_no_login(postgresql: int) -> None:
        parts = {"kind": "postgres", "host": "127.0.0.1", "port": str(postgresql), "dbname": DATABASE}
        entered = credential("Database", {**parts, "username": USER, "password": PASSWORD}, way=1)
        found = await tried(entered, agrees=False)
        assert found.only == ("cannot tell from here", f"nothing was sent to 127.0.0.1:{postgresql}, as you chose")

    async def test_postgresql_with_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with databases.postgresql(AUTHORITY) as port:
            found = await on("postgresql", port)
            assert found.only[1].startswith("the certificate of 127.0.0.1 cannot be trusted here")
            AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
            assert (await on("postgresql", port, sslmode="verify-full")).only[0] == "accepted"


if installed("mariadbd"):

    @pytest.fixture(scope="module")
    def mariadb() -> Iterator[int]:
        """MariaDB without TLS."""
        with databases.mariadb() as port:
            yield port

    @pytest.mark.parametrize(
        ("changed", "outcome", "said"),
        [
            ({}, "accepted", "app may log in to shop"),
            ({"name": ""}, "accepted", "app may log in"),
            ({"name": "missing"}, "accepted, not for this", "app may log in, but not to the database missing"),
            ({"name": "closed"}, "accepted, not for this", "app may log in, but not to the database closed"),
            ({"password": "wrong"}, "refused", "127.0.0.1 refuses app with this password"),
            ({"user": "nobody"}, "refused", "127.0.0.1 refuses nobody with this password"),
        ],
    )
    async def test_mariadb(mariadb: int, changed: dict[str, str], outcome: str, said: str) -> None:
        assert (await on("mysql+pymysql", mariadb, **changed)).only == (outcome, said)

    async def test_mariadb_with_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with databases.mariadb(AUTHORITY) as port:
            found = await on("mariadb", port)
            assert found.only[1].startswith("the certificate of 127.0.0.1 cannot be trusted here")
            AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
            assert (await on("mariadb", port)).only == ("accepted", "app may log in to shop")


if installed("redis-server"):

    @pytest.fixture(scope="module")
    def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
        """Redis without TLS."""
        with databases.redis(tmp_path_factory.mktemp("redis")) as port:
            yield port

    @pytest.mark.parametrize(
        ("changed", "outcome", "said"),
        [
            ({"name": "1"}, "accepted", "app may log in"),
            ({"name": "", "user": ""}, "accepted", "the default user may log in"),
            ({"name": "99"}, "accepted, not for this", "app may log in, but not use the database 99"),
            ({"password": "wrong", "name": "0"}, "refused", "127.0.0.1 refuses app with this password"),
            ({"password": "wrong", "user": ""}, "refused", "127.0.0.1 refuses the default user with this password"),
        ],
    )
    async def test_redis(redis: int, changed: dict[str, str], outcome: str, said: str) -> None:
        assert (await on("redis", redis, **changed)).only == (outcome, said)

    async def test_redis_that_lets_anybody_in_proves_nothing(tmp_path: Path) -> None:
        with databases.redis(tmp_path, is_open=True) as port:
            found = await on("redis", port, "", user="")
            assert found.only == (
                "cannot tell from here",
                "127.0.0.1 lets the default user in without a password",
            )
            assert (await on("redis", port, "")).only == ("accepted", "app may log in")

    @pytest.mark.usefixtures("trusted")
    async def test_redis_with_tls(tmp_path: Path) -> None:
        with databases.redis(tmp_path, AUTHORITY) as port:
            assert (await on("rediss", port, "")).only == ("accepted", "app may log in")
            assert (await on("redis", port, "")).only[1] == "127.0.0.1 closed the connection"


if installed("ferretdb"):

    @pytest.fixture(scope="module")
    def mongodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
        """FerretDB, which speaks MongoDB's protocol; without and with TLS."""
        with databases.mongodb(tmp_path_factory.mktemp("mongodb"), AUTHORITY) as ports:
            yield ports

    @pytest.mark.parametrize(
        ("changed", "outcome", "said"),
        [
            ({}, "accepted", "app may log in, as a user of shop"),
            ({"name": "", "authSource": DATABASE}, "accepted", "app may log in, as a user of shop"),
            ({"authMechanism": "SCRAM-SHA-1"}, "accepted", "app may log in, as a user of shop"),
            ({"password": "wrong"}, "refused", "127.0.0.1 refuses app with this password, as a user of shop"),
            ({"name": ""}, "refused", "127.0.0.1 refuses app with this password, as a user of admin"),
            ({"user": "nobody"}, "refused", "127.0.0.1 refuses nobody with this password, as a user of shop"),
            ({"authMechanism": "MONGODB-X509"}, "cannot tell from here", "this kind of login is not known here"),
        ],
    )
    async def test_mongodb(mongodb: tuple[int, int], changed: dict[str, str], outcome: str, said: str) -> None:
        assert (await on("mongodb", mongodb[0], **changed)).only == (outcome, said)

    async def test_mongodb_with_tls(mongodb: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        found = await on("mongodb", mongodb[1], tls="true")
        assert found.only[1].startswith("the certificate of 127.0.0.1 cannot be trusted here")
        AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert (await on("mongodb", mongodb[1], tls="true")).only[0] == "accepted"


@pytest.mark.parametrize(
    ("address", "encrypted", "warns"),
    [("192.0.2.1", False, True), ("192.0.2.1", True, False), ("127.0.0.1", False, False)],
)
def test_a_login_that_can_be_read_on_the_way_is_warned_of(address: str, *, encrypted: bool, warns: bool) -> None:
    asked: list[Destination] = []

    def refuse(to: Destination) -> bool:
        asked.append(to)
        return False

    route = CheckedRoute(Destination("db.example", 5432), ((socket.AF_INET, address),))
    with pytest.raises(CannotTell, match="as you chose"):
        agree(Wire(refuse), route, encrypted=encrypted)
    assert ("Warning: it does not speak TLS" in asked[0].question) is warns


@pytest.mark.parametrize(
    ("kind", "module", "package"),
    [("mysql", "pymysql", "PyMySQL"), ("postgresql", "pg8000.native", "pg8000"), ("mongodb", "bson", "pymongo")],
)
async def test_a_driver_that_is_missing_is_named_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, kind: str, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    found = await on(kind, 1)
    assert found.only[1] == f"{package} is not installed: pip install 'wbtui[databases]' adds it"
    assert found.asked == []


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Answer every connection with the same bytes; return the port, and what came."""
    came: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                try:
                    connection.sendall(answer)
                    while data := connection.recv(4096):
                        came.append(data)
                except OSError:
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], came
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize("kind", ["postgresql", "mysql", "redis", "mongodb"])
@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\0" * 1000, b"x" * 10_000_000])
async def test_what_speaks_something_else_gets_no_login(kind: str, answer: bytes) -> None:
    with answering(answer) as (port, came):
        found = await on(kind, port)
    assert found.only[0] == "cannot tell from here"
    assert found.asked == []
    assert PASSWORD.encode() not in b"".join(came)


@pytest.mark.parametrize("kind", ["postgresql", "mysql", "redis", "mongodb"])
async def test_a_database_inside_the_cluster_is_not_looked_up(kind: str) -> None:
    entered = credential("Database", {"uri": f"{kind}://app:pass-7c1d@db.prod.svc.cluster.local/shop"})
    found = await tried(entered)
    assert found.only == ("cannot tell from here", "db.prod.svc.cluster.local is a name inside the cluster")


@pytest.mark.parametrize(
    ("uri", "login"),
    [
        ("postgresql://u:p%40w@h.example/d", DatabaseLogin("postgresql", "u", "p@w", "h.example", "", "d")),
        ("postgresql+psycopg2://u:p@h:1/d", DatabaseLogin("postgresql", "u", "p", "h", "1", "d")),
        ("mysql://u:p@[::1]:3307", DatabaseLogin("mysql", "u", "p", "::1", "3307", "")),
        ("redis://:p@h/0", DatabaseLogin("redis", "", "p", "h", "", "0")),
        ("postgresql://u:p@a:1,b:2/d", DatabaseLogin("postgresql", "u", "p", "a", "1", "d")),
        (
            "jdbc:postgresql://h:1/d?user=u&password=p",
            DatabaseLogin("postgresql", "u", "p", "h", "1", "d", {"user": "u", "password": "p"}),
        ),
    ],
)
def test_connection_strings_are_read(uri: str, login: DatabaseLogin) -> None:
    assert login_of({"uri": uri}) == login


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("postgresql://u@h/d", "the password is not entered"),
        ("postgresql://u:p@/d", "the host is not entered"),
        ("postgresql://u:p@/d?host=/run/postgresql", "it is a socket of the machine"),
        ("postgresql://u:p@h:x/d", "the host in the connection string is malformed"),
        ("host=h user=u password=p", "nothing here can try Database credentials"),
        ("sqlite:///x", "nothing here can try logins of sqlite databases"),
        ("mongodb+srv://u:p@h/d", "its hosts are in the DNS"),
        ("oracle://u:p@h/d", "nothing here can try logins of oracle databases"),
    ],
)
async def test_what_cannot_be_tried_is_said(uri: str, said: str) -> None:
    with pytest.raises(CannotTell, match=said):
        await tried(credential("Database", {"uri": uri}))


def test_the_kind_of_a_database_is_without_its_driver() -> None:
    kinds = [kind_in({"uri": uri}) for uri in ("mysql+pymysql://h", "mongodb+srv://h", "jdbc:mariadb://h", "h")]
    assert kinds == ["mysql", "mongodb+srv", "mariadb", ""]
    assert kind_in({"kind": "host=h password=p"}) == ""

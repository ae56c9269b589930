from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.domain.connection_string import check_connection_string, read_connection_string, shown_connection

TAKEN = [
    "jdbc:postgresql://h:5432/db?user=x&password=y",
    "jdbc:mysql://u:p@h:3306/d",
    "jdbc:oracle:thin:@//h:1521/service",
    "jdbc:sqlserver://h:1433;databaseName=d;user=u;password={p;w};encrypt=true",
    "jdbc:sqlite:/data/x.db",
    "host=h port=5432 dbname=d user=u password=p",
    r"host=/var/run/postgresql user=u password='it\'s'",
    "service=billing",
    "Server=h;Database=d;User Id=u;Password=p",
    'Server=tcp:h,1433;Initial Catalog=d;UID=u;PWD="a;b";Encrypt=True;',
    "Data Source=h;Integrated Security=SSPI;",
    "Driver={ODBC Driver 18 for SQL Server};Server=h;Uid=u;Pwd={a;b}",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==;EndpointSuffix=core.windows.net",
    "BlobEndpoint=https://x.blob.core.windows.net/;AccountKey=abc==;",
    "AccountEndpoint=https://x.documents.azure.com:443/;AccountKey=abc==;",
    "sqlserver://h:1433;database=d;user=u;password=p",
    "sqlserver://u:p@h:1433?database=d",
    "mongodb+srv://u:p@cluster0.mongodb.net/d?retryWrites=true",
    "mongodb://u:p@a:27017,b:27018,c/d?replicaSet=r",
    "mongodb://u:p@%2Ftmp%2Fmongodb-27017.sock/d",
    "sqlite:///data/x.db",
    "sqlite+aiosqlite:///x.db",
    "file:x.db?mode=ro",
    "postgresql://u:p@h/d",
    "postgresql+asyncpg://u:p%40ss@h:5432/d?sslmode=require",
    "postgresql://u:p@[2001:db8::1]:5432/d",
    "postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/d",
    "postgresql:///d?host=/var/run/postgresql&user=u&password=p",
    "postgresql://u:a:b@h/d",
    "postgresql://u@h/d?sslcert=/c&sslkey=/k",
    "redis://:p@h:6379/0",
    "rediss://default:p@h",
    "u:p@tcp(h:3306)/d?parseTime=true",
    "u:p@unix(/run/mysqld.sock)/d",
]
"""What some driver takes as it stands."""


@pytest.mark.parametrize("value", TAKEN)
def test_what_a_driver_takes_is_taken(value: str) -> None:
    assert check_connection_string(value) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("postgresql://u:p@ss@h/d", "there is an @ in the user or the password: write it as %40"),
        ("postgresql://u:p/ss@h/d", "write it as %2F %3F or %23"),
        ("postgresql://u:p?ss@h/d", "write it as %2F %3F or %23"),
        ("postgresql://u:p#ss@h/d", "write it as %2F %3F or %23"),
        ("postgresql://u:p@s/s@h/d", "write it as %2F %3F or %23"),
        ("postgresql://u:ee%jd@h/d", "there is a % in the user or the password: write it as %25"),
        ("jdbc:postgresql://h/d?user=u&password=ee%jd", "write it as %25"),
        ("postgresql://u:a b@h/d", "write a space as %20"),
        ("postgresql://u:a[b@h/d", "as in %5B for ["),
        ("mongodb://u:a:b@h/d", "there is a second : in the user or the password: write it as %3A"),
        ("postgresql://u:p@h:99999/d", "the port is not a number from 1 to 65535"),
        ("postgresql://u:p@h:port/d", "the port is not a number"),
        ("postgresql://u:p@[::1/d", "the host is malformed"),
        ("postgresql://u:p@/d", "names no host"),
        ("postgresql://u@h/d", "it has no password"),
        ("Postgres://u:p@h/d", "in small letters"),
        ("mongodb+srv://u:p@h:27017/d", "takes one host, without a port"),
        ("h:5432/d", "begins with its kind"),
        ("u:p@h/d", "begins with its kind"),
        ("jdbc:postgresql://u:p@h/d", "takes no login before the host"),
        ("host=h password=my pass user=u", "goes into single quotes"),
        ("host=h user=u", "it has no password"),
        ("Server=h;Password=a;b", "goes into quotes"),
        ("Database=d;Password=p", "names no host"),
        ("x" * 10_000, "longer than a connection string"),
    ],
)
def test_what_a_driver_would_stumble_over_is_asked_and_never_refused(value: str, words: str) -> None:
    found = check_connection_string(value)
    assert found
    assert words in found.text
    assert not found.blocks


@pytest.mark.parametrize(
    ("value", "inner"),
    [
        ("DATABASE_URL=postgresql://u:p@h/d", "postgresql://u:p@h/d"),
        ("export DATABASE_URL='postgresql://u:p;x@h/d'", "postgresql://u:p;x@h/d"),
        ('DATABASE_URL = "postgresql://u:p@h/d";', "postgresql://u:p@h/d"),
        ('"uri": "postgresql://u:p@h/d",', "postgresql://u:p@h/d"),
        ("uri: postgresql://u:p@h/d", "postgresql://u:p@h/d"),
        ("- 'REDIS_URL=redis://:p@h:6379/0'", "redis://:p@h:6379/0"),
        ('$env:DATABASE_URL = "mysql://u:p@h/d"', "mysql://u:p@h/d"),
        ('"postgresql://u:p@h/d"', "postgresql://u:p@h/d"),
        ("`postgresql://u:p@h/d`", "postgresql://u:p@h/d"),
        ("\N{LEFT DOUBLE QUOTATION MARK}redis://:p@h\N{RIGHT DOUBLE QUOTATION MARK}", "redis://:p@h"),
        ('postgresql://u:p@h/d"', "postgresql://u:p@h/d"),
        ('"host=h user=u password=p"', "host=h user=u password=p"),
        ("DSN='host=h user=u password=p'", "host=h user=u password=p"),
        ("url=jdbc:sqlserver://h;database=d;user=u;password=p", "jdbc:sqlserver://h;database=d;user=u;password=p"),
    ],
)
def test_what_is_around_a_connection_string_is_named_and_can_be_removed(value: str, inner: str) -> None:
    found = check_connection_string(value)
    assert found
    assert (found.text, found.blocks) == ("it has a variable name or quotation marks around it", False)
    assert found.fix
    assert found.fix(value.encode()).decode() == inner
    assert check_connection_string(inner) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql, user u at h, database d, password set"),
        ("mongodb://u:p@a:1,b:2/d", "mongodb, user u at a:1,b:2, database d, password set"),
        ("postgresql://u:p@[::1]:5432/d?sslmode=require", "postgresql, user u at [::1]:5432, database d, password set"),
        ("redis://:p@h", "redis, user (none) at h, database (none), password set"),
        ("host=h user=u password=p", "parts, user u at h, database (none), password set"),
        ("Server=h;Database=d;User Id=u;Password=p", "parts, user u at h, database d, password set"),
        ("postgresql://u:p@[::1]/d", "postgresql, user u at ::1, database d, password set"),
        ("host=::1 port=5432 user=u password=p", "parts, user u at [::1]:5432, database (none), password set"),
        ("DATABASE_URL=postgresql://u:p@h/d", ""),
        ("redis://token@h", ""),
        ("postgresql://u:p@h/d?application_name=a@b", ""),
        ("postgresql://u:p@ss", "postgresql, user u at ss, database (none), password set"),
        ("postgresql://user:1234", ""),
        ("host=h password=p password=q", ""),
        ("nothing", ""),
    ],
)
def test_what_is_shown_of_a_connection_string(value: str, shown: str) -> None:
    assert shown_connection(value) == shown


PASSWORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=8, max_size=20)


@given(PASSWORDS, st.sampled_from(["postgresql://u:{}@h/d", "host=h user=u password={}", "Server=h;Uid=u;Pwd={};"]))
def test_no_password_is_shown(password: str, template: str) -> None:
    value = template.format(password)
    reading = read_connection_string(value)
    words = f"{reading.parts} {reading.questions}"
    assert password not in unquote(words)

"""Database servers on loopback, each with a user who needs a password, with TLS where a certificate is given."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme
from pymongo import MongoClient

from tests.services.programs import free_port, installed, running, unprivileged_folder
from tests.services.web import HOST

USER, PASSWORD, DATABASE = "app", "p@ss/w0rd-7c1d9f_ü%", "shop"
OPEN_USER = "open"
"""Whom PostgreSQL lets in without a password."""
_POSTGRESQL = f"""
CREATE USER {USER} PASSWORD '{PASSWORD}'; CREATE USER {OPEN_USER}; CREATE DATABASE {DATABASE};
CREATE DATABASE closed; REVOKE CONNECT ON DATABASE closed FROM PUBLIC;
"""
_MARIADB = f"""CREATE DATABASE {DATABASE};
CREATE DATABASE closed;
CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON {DATABASE}.* TO {USER}@'%';
"""


def _certificate(folder: Path, authority: trustme.CA | None, user: str | None) -> tuple[str, str]:
    """Write the certificate of a server and its key, and return their paths."""
    paths = folder / "server.pem", folder / "server.key"
    if authority:
        issued = authority.issue_cert(HOST)
        issued.cert_chain_pems[0].write_to_path(paths[0])
        issued.private_key_pem.write_to_path(paths[1])
        for path in paths:
            path.chmod(0o600)
            if user:
                shutil.chown(path, user)
    return str(paths[0]), str(paths[1])


@contextmanager
def postgresql(authority: trustme.CA | None = None) -> Iterator[int]:
    """Serve PostgreSQL, and return its port."""
    with unprivileged_folder() as (folder, user):
        data, port = folder / "data", free_port()
        initdb = installed("initdb")
        begin = [initdb, "-D", str(data), "-U", "admin", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
        subprocess.run(begin, check=True, capture_output=True, user=user, cwd=folder)
        single = [str(Path(initdb).resolve().with_name("postgres")), "--single", "-j", "-D", str(data), "postgres"]
        for statement in filter(str.strip, _POSTGRESQL.split(";")):
            subprocess.run(
                single, input=f"{statement.strip()}\n\n".encode(), check=True, capture_output=True, user=user
            )
        access = f"host all {OPEN_USER} {HOST}/32 trust\nhost all {USER} {HOST}/32 scram-sha-256\n"
        (data / "pg_hba.conf").write_text(access)
        certificate, key = _certificate(folder, authority, user)
        tls = ["-c", "ssl=on", "-c", f"ssl_cert_file={certificate}", "-c", f"ssl_key_file={key}"] if authority else []
        command = [single[0], "-D", str(data), "-p", str(port), "-h", HOST, "-k", str(folder), "-c", "fsync=off", *tls]
        with running(command, f"{HOST}:{port}", user=user, ends_by=signal.SIGINT):  # without waiting for clients
            yield port


@contextmanager
def mariadb(authority: trustme.CA | None = None) -> Iterator[int]:
    """Serve MariaDB, and return its port."""
    with unprivileged_folder() as (folder, user):
        data, port, program = folder / "data", free_port(), installed("mariadbd")
        begin = [installed("mariadb-install-db"), "--no-defaults", f"--datadir={data}", "--skip-test-db"]
        subprocess.run([*begin, "--auth-root-authentication-method=normal"], check=True, capture_output=True, user=user)
        (folder / "begin.sql").write_text(_MARIADB)
        (folder / "begin.sql").chmod(0o644)
        certificate, key = _certificate(folder, authority, user)
        tls = [f"--ssl-cert={certificate}", f"--ssl-key={key}"] if authority else []
        command = [program, "--no-defaults", f"--datadir={data}", f"--port={port}", f"--bind-address={HOST}", *tls]
        command += ["--skip-name-resolve", "--character-set-server=utf8mb4"]
        files = [f"--socket={folder}/socket", f"--pid-file={folder}/pid", f"--init-file={folder}/begin.sql"]
        with running([*command, *files], f"{HOST}:{port}", user=user):
            yield port


@contextmanager
def redis(folder: Path, authority: trustme.CA | None = None, *, is_open: bool = False) -> Iterator[int]:
    """Serve Redis, and return its port; if `is_open`, the default user needs no password."""
    port = free_port()
    certificate, key = _certificate(folder, authority, None)
    tls = ["--port", "0", "--tls-port", str(port), "--tls-cert-file", certificate, "--tls-key-file", key]
    listens = [*tls, "--tls-auth-clients", "no"] if authority else ["--port", str(port)]
    users = folder / "users.acl"
    of_default = "nopass" if is_open else f">{PASSWORD}"
    users.write_text(f"user default on {of_default} ~* &* +@all\nuser {USER} on >{PASSWORD} ~* &* +@all\n")
    command = [installed("redis-server"), "--bind", HOST, "--dir", str(folder), "--save", "", "--aclfile", str(users)]
    with running([*command, *listens], f"{HOST}:{port}"):
        yield port


@contextmanager
def mongodb(folder: Path, authority: trustme.CA) -> Iterator[tuple[int, int]]:
    """Serve FerretDB, and return its ports without and with TLS."""
    port, tls_port = free_port(), free_port()
    certificate, key = _certificate(folder, authority, None)
    places = [f"--listen-addr={HOST}:{port}", f"--listen-tls={HOST}:{tls_port}", "--debug-addr=-"]
    files = [f"--state-dir={folder}", f"--listen-tls-cert-file={certificate}", f"--listen-tls-key-file={key}"]
    sqlite = ["--handler=sqlite", f"--sqlite-url=file:{folder}/", "--telemetry=disable", "--test-enable-new-auth"]
    first = ["--setup-database=admin", "--setup-username=admin", "--setup-password=admin-7c1d9f"]
    with running([installed("ferretdb"), *places, *files, *sqlite, *first], f"{HOST}:{tls_port}"):
        address = f"mongodb://admin:admin-7c1d9f@{HOST}:{port}/admin?authMechanism=SCRAM-SHA-256"
        with MongoClient[dict[str, object]](address) as client:
            mechanisms = ["SCRAM-SHA-1", "SCRAM-SHA-256"]
            client[DATABASE].command("createUser", USER, pwd=PASSWORD, roles=[], mechanisms=mechanisms)
        yield port, tls_port

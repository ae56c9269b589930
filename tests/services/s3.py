"""The Versity S3 gateway on loopback: an object store that checks signatures."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.programs import free_port, installed, running
from tests.services.web import HOST

PROGRAM = "versitygw"
ACCESS_KEY, SECRET_KEY = "AKIAROOT0000EXAMPLE", "root/secret+key-7c1d9f"
USER_KEY, USER_SECRET = "AKIAUSER0000EXAMPLE", "user/secret+key-1f9d7c"
BUCKET = "models"


@contextmanager
def object_store(folder: Path, region: str = "us-east-1") -> Iterator[str]:
    """Serve an object store with a bucket of its owner, and a user who may not see it; return its URL."""
    (folder / "data" / BUCKET).mkdir(parents=True)
    (folder / "users").mkdir()
    program, place = installed(PROGRAM), f"{HOST}:{free_port()}"
    keys = ["--access", ACCESS_KEY, "--secret", SECRET_KEY]
    command = [program, *keys, "--region", region, "--port", place, "--iam-dir", str(folder / "users"), "posix"]
    with running([*command, str(folder / "data")], place):
        admin = [program, "admin", *keys, "--endpoint-url", f"http://{place}", "--region", region, "create-user"]
        user = ["--access", USER_KEY, "--secret", USER_SECRET, "--role", "user"]
        subprocess.run([*admin, *user], check=True, capture_output=True)
        yield f"http://{place}"

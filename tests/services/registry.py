"""Debian's docker-registry on loopback, and a realm that signs tokens for it."""

import hashlib
import http.client
import json
import shutil
import subprocess
import time
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.services.programs import free_port, running
from tests.services.web import HOST, Answer, Asked, Web, web

PROGRAM = "docker-registry"
USER, PASSWORD, IDENTITY_TOKEN = "robot", "s3cr:et pässword", "identity-token-of-robot"
PULLABLE, HIDDEN, TAG = "team/app", "team/hidden", "1.0"
_SERVICE = "tests"
_BCRYPT_OF_PASSWORD = ["htpasswd", "-nbB", USER, PASSWORD]


@contextmanager
def registry(folder: Path) -> Iterator[str]:
    """Serve a registry that asks for user and password, with an image in it; return its host and port."""
    (folder / "htpasswd").write_text(
        subprocess.run(_BCRYPT_OF_PASSWORD, capture_output=True, text=True, check=True).stdout
    )
    with _serving(folder, {"htpasswd": {"realm": "tests", "path": str(folder / "htpasswd")}}) as place:
        for repository in (PULLABLE, HIDDEN):
            _push(place, repository)
        yield place


@contextmanager
def open_registry(folder: Path) -> Iterator[str]:
    """Serve a registry that asks nobody to log in; return its host and port."""
    with _serving(folder, {}) as place:
        yield place


@contextmanager
def registry_with_realm(folder: Path, realm_url: str = "") -> Iterator[tuple[str, Web]]:
    """Serve a registry that asks for tokens of a realm, or of another one; return host and port, and the realm."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key)
    (folder / "root.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    with registry(folder):
        pass  # what is stored stays in the folder
    with web(lambda asked: _answer(asked, key, certificate)) as realm:
        auth = {"realm": realm_url or f"{realm.url}/token", "service": _SERVICE, "issuer": "realm"}
        with _serving(folder, {"token": {**auth, "rootcertbundle": str(folder / "root.pem")}}) as place:
            yield place, realm


def _answer(asked: Asked, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Answer:
    if asked.path == "/anybody":
        return Answer(200, json.dumps({"token": _signed(key, certificate, "")}).encode())
    login = asked.headers.get("authorization", "").removeprefix("Basic ")
    knows = b64decode(login).decode() == f"{USER}:{PASSWORD}" or asked.query.get("refresh_token") == [IDENTITY_TOKEN]
    if not knows:
        return Answer(401, b'{"details": "incorrect username or password"}')
    (scope,) = asked.query.get("scope", [""])
    return Answer(200, json.dumps({"token": _signed(key, certificate, scope)}).encode())


def _signed(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, scope: str) -> str:
    """Return a token as docker-registry takes it, for what may be pulled of a scope."""
    repository = scope.removeprefix("repository:").removesuffix(":pull")
    access = [{"type": "repository", "name": repository, "actions": ["pull"]}] if repository == PULLABLE else []
    chain = [b64encode(certificate.public_bytes(Encoding.DER)).decode()]
    head = {"typ": "JWT", "alg": "ES256", "x5c": chain}
    now = int(time.time())
    claims: dict[str, object] = {"iss": "realm", "aud": _SERVICE, "sub": USER, "jti": token_hex(4), "access": access}
    claims |= {"exp": now + 60, "nbf": now - 60, "iat": now}
    text = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(claims).encode())}"
    numbers = utils.decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{_encoded(b''.join(number.to_bytes(32, 'big') for number in numbers))}"


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "realm")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    return builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        key, hashes.SHA256()
    )


@contextmanager
def _serving(folder: Path, auth: object) -> Iterator[str]:
    place = f"{HOST}:{free_port()}"
    storage = {"filesystem": {"rootdirectory": str(folder / "images")}}
    settings = {"version": 0.1, "log": {"level": "error"}, "storage": storage, "http": {"addr": place, "secret": "x"}}
    (folder / "config.yml").write_text(json.dumps(settings | ({"auth": auth} if auth else {})))  # JSON is YAML
    program = shutil.which(PROGRAM)
    assert program
    with running([program, "serve", str(folder / "config.yml")], place):
        yield place


def _push(place: str, repository: str) -> None:
    config = b"{}"
    blob = {"digest": f"sha256:{hashlib.sha256(config).hexdigest()}", "size": len(config)}
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    part = {"mediaType": "application/vnd.docker.container.image.v1+json", **blob}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": part, "layers": []}).encode()
    login = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {login}"}
    client = http.client.HTTPConnection(place)
    client.request("POST", f"/v2/{repository}/blobs/uploads/", headers=headers)
    begun = client.getresponse()
    begun.read()
    where = begun.headers["Location"]
    client.request("PUT", f"{where}&digest={blob['digest']}", config, headers)
    client.getresponse().read()
    client.request("PUT", f"/v2/{repository}/manifests/{TAG}", manifest, {**headers, "Content-Type": kind})
    stored = client.getresponse()
    stored.read()
    assert stored.status == 201
    client.close()

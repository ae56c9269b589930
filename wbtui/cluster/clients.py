"""Create an HTTP client for a server and a credential."""

import re
import ssl
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import urlsplit

from wbtui import __version__
from wbtui.cluster.client_certificates import pair_files
from wbtui.cluster.credentials import LARGEST_FILE, LoginCredential
from wbtui.cluster.event_log import log_connection
from wbtui.cluster.kubeconfig import ContextEntries
from wbtui.cluster.kubeconfig_rules import server_url
from wbtui.cluster.proxies import environment_proxy
from wbtui.domain.text import plain
from wbtui.errors import KubeconfigError
from wbtui.http.client import Client
from wbtui.http.route import Route
from wbtui.storage.files import StorageError, read_input

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_NO_CERTIFICATE = "holds no certificate in PEM that works"


def read_authority(target: ContextEntries) -> bytes:
    """Return the certificates of the server's authority; empty for those of the system. Raises `KubeconfigError`."""
    server = target.server.fields
    if server.certificate_authority_data or not server.certificate_authority:
        return server.certificate_authority_data
    try:
        return read_input(target.server.path(server.certificate_authority), LARGEST_FILE)
    except StorageError as error:
        raise _broken(target, plain(str(error))) from error


def plugin_info(target: ContextEntries, authority: bytes) -> dict[str, object]:
    """Return the `spec.cluster` of the ExecCredential that a plugin gets, as kubectl fills it."""
    server = target.server.fields
    extensions = {extension.name: extension.extension for extension in server.extensions}
    fields = {
        "server": server.server,
        "tls-server-name": server.tls_server_name,
        "insecure-skip-tls-verify": server.insecure_skip_tls_verify,
        "certificate-authority-data": b64encode(authority).decode(),
        "proxy-url": server.proxy_url,
        "disable-compression": server.disable_compression,
    }
    present = {name: value for name, value in fields.items() if value}
    return {**present, "config": extensions.get("client.authentication.k8s.io/exec")}


def new_client(
    target: ContextEntries, authority: bytes, credential: LoginCredential, headers: Iterable[tuple[str, str]] = ()
) -> Client:
    """Return a client for a context's server, which sends `headers` with each request. Raises `KubeconfigError`."""
    server = target.server.fields
    url = server_url(server)
    secured = url.startswith("https:")
    trust = _trust(target, authority, credential) if secured or authority else None
    encoding = "identity" if server.disable_compression else "gzip"
    always = [("User-Agent", f"wbtui/{__version__}"), ("Accept-Encoding", encoding), *headers]
    # A login in the address is sent in place of the credential.
    if credential.authorization and "@" not in urlsplit(url).netloc:
        always.append(("Authorization", credential.authorization))
    proxy = server.proxy_url or environment_proxy(url)
    return Client(Route(url, trust if secured else None, server.tls_server_name, proxy), always, log_connection)


def _trust(target: ContextEntries, authority: bytes, credential: LoginCredential) -> ssl.SSLContext:
    certificates = b"\n".join(_CERTIFICATE.findall(authority)).decode("ascii", errors="replace")
    if authority and not certificates:
        raise _broken(target, _NO_CERTIFICATE)
    try:
        context = ssl.create_default_context(cadata=certificates if authority else None)
    except (ssl.SSLError, ValueError) as error:
        raise _broken(target, _NO_CERTIFICATE) from error
    # Certificates that kubectl accepts lack extensions which OpenSSL's strict mode asks for. Chain and host name are
    # still verified.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if target.server.fields.insecure_skip_tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if credential.certificate:
        with pair_files(credential.certificate, credential.key) as files:
            context.load_cert_chain(*files)
    return context


def _broken(target: ContextEntries, words: str) -> KubeconfigError:
    field = f"clusters[{plain(target.server_name)}].cluster.certificate-authority"
    return KubeconfigError(f"the kubeconfig does not work: {field}: {words}")

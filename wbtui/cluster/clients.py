"""Create a client of the Kubernetes client library for a server and a credential."""

import re
import ssl
from base64 import b64encode

from kubernetes.aio.client.api_client import ApiClient
from kubernetes.aio.client.configuration import Configuration

from wbtui.cluster.client_certificates import pair_files
from wbtui.cluster.credentials import LARGEST_FILE, Credential
from wbtui.cluster.kubeconfig import Target
from wbtui.cluster.kubeconfig_rules import server_url
from wbtui.cluster.proxies import environment_proxy
from wbtui.domain.text import plain
from wbtui.errors import KubeconfigError
from wbtui.storage.files import StorageError, read_input

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def read_authority(target: Target) -> bytes:
    """Return the certificates of the server's authority; empty for those of the system. Raises `KubeconfigError`."""
    server = target.server.fields
    if server.certificate_authority_data or not server.certificate_authority:
        return server.certificate_authority_data
    try:
        return read_input(target.server.path(server.certificate_authority), LARGEST_FILE)
    except StorageError as error:
        raise _broken(target, plain(str(error))) from error


def plugin_info(target: Target, authority: bytes) -> dict[str, object]:
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


def new_client(target: Target, authority: bytes, credential: Credential) -> ApiClient:
    """Return a client for a context's server. Raises `KubeconfigError`."""
    server = target.server.fields
    configuration = Configuration()
    # Certificates that kubectl accepts lack extensions which OpenSSL's strict mode asks for. Chain and host name are
    # still verified.
    configuration.disable_strict_ssl_verification = True
    configuration.host = server_url(server)
    configuration.tls_server_name = server.tls_server_name or None
    configuration.verify_ssl = not server.insecure_skip_tls_verify
    configuration.ca_cert_data = _checked_authority(target, authority) if authority else None
    configuration.proxy = server.proxy_url or environment_proxy(configuration.host) or None
    if credential.authorization and "@" not in configuration.host.partition("://")[2].partition("/")[0]:
        configuration.api_key["BearerToken"] = credential.authorization
    if not credential.certificate:
        return ApiClient(configuration)
    with pair_files(credential.certificate, credential.key) as files:
        configuration.cert_file, configuration.key_file = files
        return ApiClient(configuration)


def _checked_authority(target: Target, authority: bytes) -> str:
    certificates = b"\n".join(_CERTIFICATE.findall(authority)).decode("ascii", errors="replace")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=certificates)
    except (ssl.SSLError, ValueError) as error:
        raise _broken(target, "holds no certificate in PEM that works") from error
    return certificates


def _broken(target: Target, words: str) -> KubeconfigError:
    field = f"clusters[{plain(target.server_name)}].cluster.certificate-authority"
    return KubeconfigError(f"the kubeconfig does not work: {field}: {words}")

"""Runs first in the single file: gives wbtui, and what it starts, the environment of the system that it runs on."""

import os
from os.path import exists

_TRUSTED = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu
    "/etc/pki/tls/certs/ca-bundle.crt",  # Red Hat, Fedora, Amazon
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine
)
"""Where systems keep the certificates that they trust. OpenSSL knows only the place of the system it was built on."""

# A credential plugin would load our libraries in place of its own.
users = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
os.environ.pop("LD_LIBRARY_PATH", None)
if users:
    os.environ["LD_LIBRARY_PATH"] = users

for name in [name for name in os.environ if name.startswith("_PYI_")]:  # for a second start of the same file
    del os.environ[name]

if "SSL_CERT_FILE" not in os.environ and (found := next(filter(exists, _TRUSTED), "")):
    os.environ["SSL_CERT_FILE"] = found

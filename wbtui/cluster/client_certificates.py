"""Client certificates and their keys; Python loads them from files alone."""

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NO_PAIR = "they are not a certificate and a key in PEM that can be used"
_WORDS = {"KEY_VALUES_MISMATCH": "the key does not belong to the certificate"}
"""What OpenSSL's reasons mean."""


@contextmanager
def pair_files(certificate: bytes, key: bytes) -> Iterator[tuple[str, str]]:
    """Return the paths of a certificate and of its key, which are there as long as the context is."""
    with tempfile.TemporaryDirectory(prefix="wbtui-") as folder:
        paths = Path(folder) / "certificate", Path(folder) / "key"
        for path, content in zip(paths, (certificate, key), strict=True):
            path.write_bytes(content)
        yield str(paths[0]), str(paths[1])


def check_pair(certificate: bytes, key: bytes) -> None:
    """Raise `ValueError`, which says why, where a client certificate and a key cannot be used together."""
    if b"ENCRYPTED" in key:  # OpenSSL would ask for the password on the terminal, which is the screen's
        raise ValueError("the key is encrypted")
    for name, content in (("certificate", certificate), ("key", key)):
        if not content.strip():
            raise ValueError(f"the {name} is empty")
    with pair_files(certificate, key) as files:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(*files)
        except ssl.SSLError as error:
            raise ValueError(_WORDS.get(error.reason, _NO_PAIR)) from error

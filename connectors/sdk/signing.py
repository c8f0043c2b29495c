"""Signs JSON web tokens; loaded where one is signed, for the library of it takes a while."""

from base64 import urlsafe_b64encode
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from connectors.sdk.errors import ConnectionBrokenError


def rsa_key(pem: str) -> rsa.RSAPrivateKey:
    """Return the key in a PEM. Raises ConnectionBrokenError where it is none, or none of RSA."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        raise ConnectionBrokenError("the private key is no unencrypted key in PEM") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConnectionBrokenError("the private key is no RSA key")
    return key


def signed(claims: dict[str, Any], key: rsa.RSAPrivateKey) -> str:
    """Return a JSON web token signed by RS256 (RFC 7515)."""
    head = _base64(msgspec.json.encode({"alg": "RS256", "typ": "JWT"}))
    text = f"{head}.{_base64(msgspec.json.encode(claims))}"
    proof = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{_base64(proof)}"


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()

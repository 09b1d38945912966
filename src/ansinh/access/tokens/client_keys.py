"""Public keys of clients, and the one algorithm that goes with each kind: EC P-256 ES256, RSA PS256, Ed25519 EdDSA (FAPI 2.0 Security Profile, section 5.4).

Clients of the FHIR face sign as SMART App Launch 2.2 wants it: EC P-384 ES384, and RSA keys that say so when they are registered, RS384.
The key decides the algorithm, never the header of what was signed: so nobody can have an RSA key read as a secret of HMAC.
"""

from __future__ import annotations

from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

RSA_BITS_MIN = 2_048
RSA_BITS_MAX = 4_096
# Kind of key → what is kept of it. Nothing else a client writes into its key is believed.
_MEMBERS = {"EC": ("kty", "crv", "x", "y"), "RSA": ("kty", "n", "e"), "OKP": ("kty", "crv", "x")}
_ALGORITHMS = {"EC": "ES256", "RSA": "PS256", "OKP": "EdDSA"}
_OF_CURVES = {"P-256": "ES256", "P-384": "ES384"}
# What an RSA key may say of itself; anything else it says is not kept.
_SMART_RSA = "RS384"
_MEMBER_LENGTH_MAX = 1_000

ClientKey = ECKey | RSAKey | OKPKey


class BadKey(Exception):
    """This is no public key a client may have."""


def public_half(given: dict[str, Any]) -> dict[str, Any]:
    """Return a client's public key as it is kept, named by its thumbprint (RFC 7638); raises BadKey, also for a key with its private part."""
    members = _MEMBERS.get(str(given.get("kty")))
    if members is None or given.keys() & {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}:
        raise BadKey("another kind of key, or a private one")
    if any(not isinstance(given.get(name), str) or len(given[name]) > _MEMBER_LENGTH_MAX for name in members):
        raise BadKey("a part is missing")
    kept = {name: given[name] for name in members}
    key = read_key(kept)
    key.ensure_kid()
    smart = {"alg": _SMART_RSA} if kept["kty"] == "RSA" and given.get("alg") == _SMART_RSA else {}
    return dict(key.as_dict(private=False)) | smart


def read_key(kept: dict[str, Any]) -> ClientKey:
    """Return the key of a JWK; raises BadKey when it is of a size or curve that is not let in."""
    try:
        if kept["kty"] == "EC" and kept["crv"] in _OF_CURVES:
            return ECKey.import_key(kept)
        if kept["kty"] == "OKP" and kept["crv"] == "Ed25519":
            return OKPKey.import_key(kept)
        if kept["kty"] == "RSA":
            rsa = RSAKey.import_key(kept)
            if RSA_BITS_MIN <= rsa.public_key.key_size <= RSA_BITS_MAX and rsa.public_key.public_numbers().e == 65_537:
                return rsa
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise BadKey("cannot be read") from error
    raise BadKey("another curve or size")


def algorithm_of(kept: dict[str, Any]) -> str | None:
    """Return the algorithm that goes with a kept key."""
    kind = str(kept.get("kty"))
    if kind == "EC":
        return _OF_CURVES.get(str(kept.get("crv")))
    return _SMART_RSA if kind == "RSA" and kept.get("alg") == _SMART_RSA else _ALGORITHMS.get(kind)

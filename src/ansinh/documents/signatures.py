"""Signatures of papers, beside their bytes, so that any JOSE library can prove them."""

from __future__ import annotations

from collections.abc import Mapping

from joserfc.jwk import ECKey

from ansinh.foundation import detached

SIGNATURE_TYPE = "ansinh-paper+jws"
KEYS_NAME = "papers"


def sign(content: bytes, key: ECKey) -> str:
    """Return the detached signature over a paper's bytes (RFC 7515, appendix F)."""
    return detached.sign(content, key, SIGNATURE_TYPE)


def proven(content: bytes, signature: str, keys: Mapping[str, ECKey]) -> bool:
    """Tell whether one of the keys, by id, made the signature over these very bytes."""
    return detached.proven(content, signature, keys, SIGNATURE_TYPE)

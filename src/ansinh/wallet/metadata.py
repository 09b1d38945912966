"""What wallets and verifiers read about the issuer: OpenID4VCI 1.0 section 12.2, RFC 8414, SD-JWT VC type metadata."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from ansinh.credentials.queries import KINDS, Kind, issuer, where_permitted

_BACKGROUND, _TEXT = "#005f40", "#ffffff"
_NAMES = (("vi", "An sinh – Bảo hiểm xã hội"), ("en", "Ansinh, social security"))


def vct(kind: Kind) -> str:
    """Return the type of a kind, which is where its metadata stand."""
    return f"{issuer()}/types/{kind.value}"


def issuer_metadata() -> dict[str, Any]:
    """Return what the issuer offers, and where."""
    base = issuer()
    return {
        "credential_issuer": base,
        "credential_endpoint": f"{base}/credential",
        "nonce_endpoint": f"{base}/nonce",
        "notification_endpoint": f"{base}/notification",
        "status_list_aggregation_endpoint": f"{base}/status",
        "batch_credential_issuance": {"batch_size": 5},
        "display": [{"name": name, "locale": language} for language, name in _NAMES],
        "credential_configurations_supported": {kind.value: _configuration(kind) for kind in Kind},
    }


def _configuration(kind: Kind) -> dict[str, Any]:
    said = KINDS[kind]
    return {
        "format": "dc+sd-jwt",
        "vct": vct(kind),
        "scope": kind.value,
        "cryptographic_binding_methods_supported": ["jwk"],
        "credential_signing_alg_values_supported": ["ES256"],
        "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
        "credential_metadata": {
            "display": [
                {"name": name, "locale": language, "background_color": _BACKGROUND, "text_color": _TEXT}
                for language, name in (("vi", said.vi), ("en", said.en))
            ],
            "claims": [{"path": [name], "display": _labels(vi, en, "name", "locale")} for name, vi, en in said.claims],
        },
    }


def type_metadata(kind: Kind) -> dict[str, Any]:
    """Return what a type is called and what it may say (SD-JWT VC, section 6): every claim is the holder's to show."""
    said = KINDS[kind]
    return {
        "vct": vct(kind),
        "name": said.en,
        "description": said.vi,
        "display": [{"locale": language, "name": name} for language, name in (("vi", said.vi), ("en", said.en))],
        "claims": [
            {"path": [name], "sd": "always", "display": _labels(vi, en, "label", "locale")}
            for name, vi, en in said.claims
        ],
    }


def _labels(vi: str, en: str, named: str, language: str) -> list[dict[str, str]]:
    return [{named: vi, language: "vi"}, {named: en, language: "en"}]


def integrity_of(document: dict[str, Any]) -> str:
    """Return the digest of a document as it is sent (Subresource Integrity), by which a copy is known."""
    return "sha256-" + base64.b64encode(hashlib.sha256(written(document)).digest()).decode("ascii")


def written(document: dict[str, Any]) -> bytes:
    """Return a document's bytes as they are sent."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


def server_metadata() -> dict[str, Any]:
    """Return where and how codes are given and exchanged (RFC 8414, RFC 9126, RFC 9207)."""
    base = issuer()
    return {
        "issuer": base,
        "authorization_endpoint": where_permitted(),
        "pushed_authorization_request_endpoint": f"{base}/par",
        "require_pushed_authorization_requests": True,
        "token_endpoint": f"{base}/token",
        "grant_types_supported": ["authorization_code", "urn:ietf:params:oauth:grant-type:pre-authorized_code"],
        "token_endpoint_auth_methods_supported": ["none"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "scopes_supported": [kind.value for kind in Kind],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "pre-authorized_grant_anonymous_access_supported": True,
    }

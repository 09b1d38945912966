"""The register of certificates that facilities sign papers with: what may be in it."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificate

from ansinh.database.sql import execute, number
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.healthbook.formats.signatures import CERTIFICATES_MAX
from ansinh.healthbook.queries import Registered, certificates_of

CONTENT_BYTES_MAX = 16_384
RSA_BITS_MIN, CURVE_BITS_MIN = 2048, 256
REASON_LENGTH_MAX = 300


def read(content: bytes) -> Certificate:
    """Return the certificate in these bytes, PEM or DER. Refuses what is none, or has too weak a key (`invalid_input`)."""
    try:
        if len(content) > CONTENT_BYTES_MAX:
            raise ValueError
        found = load_pem_x509_certificate(content) if b"-----BEGIN" in content else load_der_x509_certificate(content)
        key = found.public_key()
    except ValueError as error:
        raise InvalidInput(
            "Tệp không phải chứng thư số X.509 (PEM hoặc DER).",
            "The file holds no X.509 certificate (PEM or DER).",
            field="certificate",
        ) from error
    weakest = RSA_BITS_MIN if isinstance(key, RSAPublicKey) else CURVE_BITS_MIN
    if not isinstance(key, RSAPublicKey | EllipticCurvePublicKey) or key.key_size < weakest:
        raise InvalidInput(
            "Khóa của chứng thư số quá yếu: cần RSA từ 2048 bit hoặc ECDSA từ 256 bit.",
            "The certificate's key is too weak: RSA of 2048 bits or more, or ECDSA of 256 or more, is needed.",
            field="certificate",
        )
    return found


def keep(facility: str, certificate: Certificate, by: str, now: datetime) -> Registered:
    """Put a certificate into the register; one that is there stays as it is. Refuses one that is past, or was withdrawn, and too many (`invalid_input`)."""
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    there = next((one for one in certificates_of(facility) if one.fingerprint == fingerprint), None)
    if there is not None and there.withdrawn_at is not None:
        raise InvalidInput(
            "Chứng thư số này đã thu hồi và không đăng ký lại được. Dùng chứng thư số khác.",
            "This certificate was withdrawn and is not registered again. Use another one.",
            field="certificate",
        )
    if there is not None:
        return there
    if certificate.not_valid_after_utc <= now:
        raise InvalidInput(
            f"Chứng thư số đã hết hạn ngày {certificate.not_valid_after_utc:%d/%m/%Y}.",
            f"The certificate expired on {certificate.not_valid_after_utc:%Y-%m-%d}.",
            field="certificate",
        )
    if number(_IN_FORCE, [facility, now]) >= CERTIFICATES_MAX:
        raise InvalidInput(
            f"Mỗi cơ sở có tối đa {CERTIFICATES_MAX} chứng thư số còn hiệu lực. Thu hồi chứng thư số không dùng nữa.",
            f"A facility has at most {CERTIFICATES_MAX} certificates in force. Withdraw those no longer used.",
            field="certificate",
        )
    execute(
        _KEEP,
        [
            facility,
            fingerprint,
            certificate.public_bytes(Encoding.DER),
            certificate.subject.rfc4514_string(),
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
            now.astimezone(UTC),
            by,
        ],
    )
    return next(one for one in certificates_of(facility) if one.fingerprint == fingerprint)


def withdraw(facility: str, fingerprint: str, by: str, because: str, now: datetime) -> None:
    """Take a certificate out of use; again changes nothing. Refuses one that is not in the register (`not_found`)."""
    if execute(_WITHDRAW, [now, by, because, facility, fingerprint]):
        return
    if not any(one.fingerprint == fingerprint for one in certificates_of(facility)):
        raise NotFound(
            "Cơ sở này không đăng ký chứng thư số nào có dấu vân tay đó.",
            "This facility has registered no certificate of that fingerprint.",
            facility=facility,
        )


_IN_FORCE = (
    "SELECT count(*) FROM healthbook_certificate WHERE facility = %s AND withdrawn_at IS NULL AND valid_until > %s"
)
_KEEP = """
INSERT INTO healthbook_certificate (facility, fingerprint, content, subject, valid_from, valid_until, registered_at, registered_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_WITHDRAW = """
UPDATE healthbook_certificate SET withdrawn_at = %s, withdrawn_by = %s, withdrawn_because = %s WHERE facility = %s AND fingerprint = %s AND withdrawn_at IS NULL
"""

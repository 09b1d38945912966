"""The register of certificates: what a paper's signature is worth depends on what its facility registered, and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.signer import XMLSigner

from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.gateway.submissions.kinds import Kind
from ansinh.healthbook.operations import register_certificate, withdraw_certificate
from ansinh.healthbook.queries import certificates_of
from tests.healthbook.inbox import NOW, SOUND, Inbox, field
from tests.healthbook_formats.good_files import PAPERS, paper
from tests.support.cast import ANYBODY_WITH_RIGHTS

PACKAGE = Kind(39, (b"HSCHUNGTU",), "CTU")
PLACE = '<CHUKYDONVI><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"></ds:Signature></CHUKYDONVI>'
HOUSE = "01001"
Signatory = tuple[rsa.RSAPrivateKey, x509.Certificate]


def signatory(name: str, *, bits: int = 2048, days: int = 900) -> Signatory:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(NOW - timedelta(days=1000)).not_valid_after(NOW + timedelta(days=days))
    return key, dated.sign(key, hashes.SHA256())


@pytest.fixture(scope="module")
def hands() -> dict[str, Signatory]:
    return {name: signatory(name) for name in ("first", "second", "stranger")}


def pem(hand: Signatory) -> bytes:
    return hand[1].public_bytes(Encoding.PEM)


def print_of(hand: Signatory) -> str:
    return hand[1].fingerprint(hashes.SHA256()).hex()


@pytest.fixture(scope="module")
def house(inbox: Inbox) -> str:
    """Return a facility the agency knows, where the sound visit's patient is known by a social-insurance code, too."""
    inbox.run(
        "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, 'Nhà thương', 'basic', '01', '00001')",
        HOUSE,
    )
    inbox.run(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'si_code', 1, '2020-01-01')",
        PAPERS["CT03"]["MA_BHXH"],
    )
    return HOUSE


@pytest.fixture
def signed(inbox: Inbox) -> Callable[[Signatory, str], bytes]:
    """Make a signed discharge paper of the sound visit's patient, from HOUSE."""

    def paper_by(hand: Signatory, number: str) -> bytes:
        row = {name: value for name, value in PAPERS["CT03"].items() if name != "MA_THE"}
        said = {"HO_TEN": field(SOUND, "HO_TEN"), "NGAY_SINH": field(SOUND, "NGAY_SINH")[:8]}
        row |= said | {"SO_CCCD": field(SOUND, "SO_CCCD"), "MA_YTE": number, "SO_LUU_TRU": number}
        raw = (
            paper("CT03", row)
            .decode()
            .replace("<CHUKYDONVI/>", PLACE)
            .replace("<THONGTINHOSO>", '<THONGTINHOSO Id="files">')
        )
        signer = XMLSigner(
            method=SignatureConstructionMethod.enveloped,
            signature_algorithm="rsa-sha256",
            digest_algorithm="sha256",
            c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
        )
        done = signer.sign(etree.fromstring(raw.encode()), key=hand[0], cert=[hand[1]], reference_uri=["#files"])
        return etree.tostring(done, xml_declaration=True, encoding="UTF-8")

    return paper_by


def codes(inbox: Inbox, content: bytes, **at: object) -> tuple[str, set[str]]:
    """Submit, settle, and return the state with the codes told of the signature."""
    receipt = inbox.submit(content, PACKAGE, facility=HOUSE, **at)  # type: ignore[arg-type]
    inbox.work()
    return inbox.state(receipt), {one["code"] for one in inbox.errors(receipt) if one["field"] == "CHUKYDONVI"}


def test_paper_is_held_against_what_its_facility_registered(
    inbox: Inbox, house: str, hands: dict[str, Signatory], signed: Callable[[Signatory, str], bytes]
) -> None:
    act: dict[str, Any] = {"actor": ANYBODY_WITH_RIGHTS, "reason": "thử", "facility": house}
    # Nobody registered: told, not refused.
    assert codes(inbox, signed(hands["first"], "RV-1")) == ("accepted", {"signature_unknown_key"})
    for name in ("first", "second"):
        registered = register_certificate(**act, clock=FixedClock(NOW), content=pem(hands[name]))
        again = register_certificate(**act, clock=FixedClock(NOW + timedelta(days=1)), content=pem(hands[name]))
        assert registered == again
        assert registered.fingerprint == print_of(hands[name])
    assert codes(inbox, signed(hands["first"], "RV-2")) == ("accepted", set())
    assert codes(inbox, signed(hands["second"], "RV-3")) == ("accepted", set())
    assert inbox.rows("SELECT signed FROM healthbook_paper WHERE number = 'RV-2'") == [(True,)]
    assert codes(inbox, signed(hands["stranger"], "RV-4")) == ("rejected", {"signature_unknown_key"})
    # Withdrawn: what comes afterwards is refused, what came before stays proven, also when it is judged again.
    withdraw_certificate(
        **act, clock=FixedClock(NOW + timedelta(hours=1)), fingerprint=print_of(hands["first"]).upper()
    )
    withdraw_certificate(**act, clock=FixedClock(NOW + timedelta(hours=2)), fingerprint=print_of(hands["first"]))
    assert codes(inbox, signed(hands["first"], "RV-5"), at=NOW + timedelta(hours=3)) == (
        "rejected",
        {"signature_withdrawn_key"},
    )
    assert codes(inbox, signed(hands["second"], "RV-6"), at=NOW + timedelta(hours=3)) == ("accepted", set())
    inbox.run("UPDATE healthbook_submission SET state = 'received', settled_at = NULL WHERE episode = 'discharge:RV-2'")
    assert inbox.work() == {"accepted": 1}
    first = next(one for one in certificates_of(house) if one.fingerprint == print_of(hands["first"]))
    assert first.withdrawn_at == NOW + timedelta(hours=1)
    with pytest.raises(InvalidInput):
        register_certificate(**act, clock=FixedClock(NOW), content=pem(hands["first"]))


def test_what_is_no_usable_certificate_is_refused(inbox: Inbox, house: str, hands: dict[str, Signatory]) -> None:
    act: dict[str, Any] = {"actor": ANYBODY_WITH_RIGHTS, "reason": "thử", "clock": FixedClock(NOW)}
    before = inbox.rows("SELECT count(*) FROM healthbook_certificate")
    for content in (
        b"",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        b"x" * 100_000,
        pem(signatory("weak", bits=1024)),
        pem(signatory("past", days=-1)),
    ):
        with pytest.raises(InvalidInput):
            register_certificate(**act, facility=house, content=content)
    with pytest.raises(NotFound):
        register_certificate(**act, facility="ZZZZZ", content=pem(hands["first"]))
    with pytest.raises(NotFound):
        withdraw_certificate(**act, facility=house, fingerprint="0" * 64)
    assert inbox.rows("SELECT count(*) FROM healthbook_certificate") == before

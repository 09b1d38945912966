"""Signatures on packages: proven over what is read, with the keys a facility registered; wrapping and tampering are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.signer import XMLSigner

from ansinh.healthbook.formats.reading import read_package
from ansinh.healthbook.formats.signatures import prove
from tests.healthbook_formats.good_files import PAPERS, encounter, good_tables, paper
from tests.healthbook_formats.judged import errors_of

NOW = datetime(2025, 6, 7, 8, tzinfo=UTC)
PLACE = b"<CHUKYDONVI/>"
HOLDER = b'<CHUKYDONVI><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"></ds:Signature></CHUKYDONVI>'
Signatory = tuple[rsa.RSAPrivateKey, x509.Certificate]


def _signatory(name: str) -> Signatory:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=100))
        .not_valid_after(NOW + timedelta(days=100))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


@pytest.fixture(scope="module")
def hospital() -> Signatory:
    return _signatory("01001")


@pytest.fixture(scope="module")
def stranger() -> Signatory:
    return _signatory("stranger")


def _sign(raw: bytes, by: Signatory, *references: str) -> bytes:
    root = etree.fromstring(raw.replace(PLACE, HOLDER))
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm="rsa-sha256",
        digest_algorithm="sha256",
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
    )
    signed = signer.sign(root, key=by[0], cert=[by[1]], reference_uri=list(references) or None)
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")


def _package() -> bytes:
    raw = paper("CT03", PAPERS["CT03"])
    return raw.replace(b"<THONGTINDONVI>", b'<THONGTINDONVI Id="unit">').replace(
        b"<THONGTINHOSO>", b'<THONGTINHOSO Id="files">'
    )


SIGNED = {
    "papers, two references": (_package, ("#unit", "#files")),
    "papers, the files": (_package, ("#files",)),
    "papers, whole": (_package, ()),
    "death notice": (lambda: paper("GIAYBAOTU", PAPERS["GIAYBAOTU"]), ("#paper",)),
    "birth certificate": (lambda: paper("GIAYCHUNGSINH", PAPERS["GIAYCHUNGSINH"]), ("#paper",)),
    "encounter, whole": (lambda: encounter(good_tables()), ()),
}


@pytest.mark.parametrize("name", SIGNED)
def test_signature_of_the_facility_is_proven(name: str, hospital: Signatory, stranger: Signatory) -> None:
    make, references = SIGNED[name]
    raw = _sign(make(), hospital, *references)
    assert prove(raw, [stranger[1], hospital[1]], NOW) == []
    assert read_package(raw).signature
    assert not errors_of(raw, None)


@pytest.mark.parametrize("name", SIGNED)
def test_changed_content_is_refused(name: str, hospital: Signatory) -> None:
    make, references = SIGNED[name]
    raw = _sign(make(), hospital, *references)
    for before, after in ((b"<LOAIHOSO>", b"<LOAIHOSO> "), ("Đặng".encode(), "Lê".encode()), (b"XML1<", b"XML7<")):
        changed = raw.replace(before, after, 1)
        if changed != raw:
            assert [error.code for error in prove(changed, [hospital[1]], NOW)] == ["signature_wrong"]


def test_unsigned_is_told_and_not_refused(hospital: Signatory) -> None:
    for raw in (_package(), _package().replace(PLACE, b"<CHUKYDONVI>  </CHUKYDONVI>"), _package().replace(PLACE, b"")):
        assert [(error.code, error.rejects) for error in prove(raw, [hospital[1]], NOW)] == [("unsigned", False)]


def test_key_nobody_registered_is_told_apart_from_a_wrong_signature(hospital: Signatory, stranger: Signatory) -> None:
    raw = _sign(_package(), stranger, "#files")
    assert [(e.code, e.rejects) for e in prove(raw, [hospital[1]], NOW)] == [("signature_unknown_key", True)]
    assert [(e.code, e.rejects) for e in prove(raw, [], NOW)] == [("signature_unknown_key", False)]
    text = _package().replace(PLACE, b"<CHUKYDONVI>signed</CHUKYDONVI>")
    assert [(e.code, e.rejects) for e in prove(text, [], NOW)] == [("signature_wrong", True)]


def test_certificate_counts_while_it_is_valid(hospital: Signatory) -> None:
    raw = _sign(_package(), hospital, "#files")
    assert prove(raw, [hospital[1]], NOW + timedelta(days=101))


def test_signature_over_something_else_proves_nothing(hospital: Signatory) -> None:
    raw = _sign(_package(), hospital, "#unit")
    assert [error.code for error in prove(raw, [hospital[1]], NOW)] == ["signature_not_whole"]


def _forged(raw: bytes) -> etree._Element:
    root = etree.fromstring(raw)
    files = root.find("THONGTINHOSO")
    assert files is not None
    forged = etree.fromstring(etree.tostring(files))
    content = forged.find(".//NOIDUNGFILE")
    assert content is not None
    content.text = "PGE+PC9hPg=="
    root.replace(files, forged)
    return root


@pytest.mark.parametrize("hidden_in", ["root", "CHUKYDONVI", "signature", "wrapper"])
@pytest.mark.parametrize("keep_id", [True, False])
def test_signature_wrapping_is_refused(hospital: Signatory, hidden_in: str, keep_id: bool) -> None:
    raw = _sign(_package(), hospital, "#files")
    signed = etree.fromstring(raw).find("THONGTINHOSO")
    assert signed is not None
    root = _forged(raw)
    read = root.find("THONGTINHOSO")
    place = root.find("CHUKYDONVI")
    assert read is not None
    assert place is not None
    if not keep_id:
        read.set("Id", "other")
    if hidden_in == "root":
        root.insert(0, signed)
    elif hidden_in == "CHUKYDONVI":
        place.append(signed)
    elif hidden_in == "signature":
        etree.SubElement(place[0], "{http://www.w3.org/2000/09/xmldsig#}Object").append(signed)
    else:
        etree.SubElement(root, "WRAPPER").append(signed)
    errors = prove(etree.tostring(root), [hospital[1]], NOW)
    assert errors
    assert all(error.rejects for error in errors)


def test_second_signature_or_place_is_refused(hospital: Signatory) -> None:
    raw = _sign(_package(), hospital, "#files")
    again = raw.replace(b"</HSCHUNGTU>", b"<CHUKYDONVI>x</CHUKYDONVI></HSCHUNGTU>")
    assert [error.code for error in prove(again, [hospital[1]], NOW)] == ["signature_wrong"]


@pytest.mark.parametrize(
    "raw", [b"", b"<a/>", b"<!DOCTYPE a []><HSCHUNGTU/>", b"\xff", b"<HSCHUNGTU>\xe9</HSCHUNGTU>", b"<HSCHUNGTU"]
)
def test_strange_bytes_prove_nothing(raw: bytes, hospital: Signatory) -> None:
    assert [error.code for error in prove(raw, [hospital[1]], NOW)] == ["signature_wrong"]

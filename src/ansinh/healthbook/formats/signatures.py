"""XML signatures on packages, proven over the very bytes that are read.

The signature in CHUKYDONVI is looked for in one place only; what it signs must be the element that reading takes its rows from, found by its
place and not by its Id. So a signed copy put elsewhere (signature wrapping) proves nothing. Profile of electronic papers: inclusive C14N 1.0,
rsa-sha256, sha256 digests (VSS letter 2076/BHXH-CNTT appendix 02, as two independent readers have it).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime

from cryptography.exceptions import InvalidSignature as NotSignedBy
from cryptography.x509 import Certificate, load_der_x509_certificate
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from ansinh.healthbook.formats.bounded_xml import Unreadable, exactly
from ansinh.healthbook.formats.line_errors import LineError, Severity

CERTIFICATES_MAX = 10
REFERENCES_MAX = 5
_FIELD = "CHUKYDONVI"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_CERTIFICATE = "{http://www.w3.org/2000/09/xmldsig#}X509Certificate"
_REFERENCE = "{http://www.w3.org/2000/09/xmldsig#}Reference"
# The element of each root that reading takes rows from; None: the lists beside CHUKYDONVI, so the whole root.
_READ = {
    "GIAMDINHHS": "THONGTINHOSO",
    "HSCHUNGTU": "THONGTINHOSO",
    "HSDLGBT": "GIAYBAOTU",
    "HSDLGCS": "GIAYCHUNGSINH",
    "CHI_TIEU_TRANG_THAI_KCB": None,
    "CHI_TIEU_GIAM_DINH_YKHOA": None,
    "CHI_TIEU_GIAM_DINH_Y_KHOA": None,
}
_METHODS = frozenset(
    {SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512, SignatureMethod.ECDSA_SHA256}
)
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})


def prove(
    raw: bytes, certificates: Sequence[Certificate], at: datetime, withdrawn: Sequence[Certificate] = ()
) -> list[LineError]:
    """Return what is wrong with the signature of a package; nothing: one of the facility's `certificates`, valid `at` then, signed what is read.

    `withdrawn` are those it had registered and could no longer use then. No signature, and a signature of somebody whose facility never registered a
    certificate, are told and not refused. Call it for what reading found readable; the same bytes must be handed to both.
    """
    try:
        root = exactly(raw)
    except Unreadable:
        return [LineError("", 0, _FIELD, "signature_wrong")]
    name = root.tag if isinstance(root.tag, str) and root.tag in _READ else ""
    places = [child for child in root if child.tag == _FIELD]
    if name and not any(len(place) or (place.text or "").strip() for place in places):
        return [LineError(name, 0, _FIELD, "unsigned", {}, Severity.WARN)]
    if not name or not _is_one_signature(places):
        return [LineError(name, 0, _FIELD, "signature_wrong")]
    signed = _signed_by_any(root, certificates[:CERTIFICATES_MAX], at)
    if signed is None:
        if _signed_by_any(root, withdrawn[:CERTIFICATES_MAX], at) is not None:
            return [LineError(name, 0, _FIELD, "signature_withdrawn_key")]
        return _by_a_stranger(root, places[0], name, registered=bool(certificates or withdrawn), at=at)
    return [] if _covers(signed, root) else [LineError(name, 0, _FIELD, "signature_not_whole")]


def _is_one_signature(places: list[etree._Element]) -> bool:
    if len(places) != 1 or [child.tag for child in places[0]] != [_SIGNATURE]:
        return False
    return len(places[0][0].findall(f".//{_REFERENCE}")) <= REFERENCES_MAX


def _signed_by_any(
    root: etree._Element, certificates: Sequence[Certificate], at: datetime
) -> list[VerifyResult] | None:
    for certificate in certificates:
        signed = _signed_by(root, certificate, at)
        if signed is not None:
            return signed
    return None


def _signed_by(root: etree._Element, certificate: Certificate, at: datetime) -> list[VerifyResult] | None:
    """Return what a certificate's key signed; None when it did not."""
    profile = SignatureConfiguration(
        location=f"./{_FIELD}/",
        expect_references=True,
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        verification_time=at,
    )
    try:
        found = XMLVerifier().verify(root, x509_cert=certificate, expect_config=profile)
    except (SignXMLException, NotSignedBy, etree.LxmlError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if isinstance(found, list) else [found]


def _by_a_stranger(
    root: etree._Element, place: etree._Element, name: str, *, registered: bool, at: datetime
) -> list[LineError]:
    """Tell a signature by a key nobody registered from one that fits nothing."""
    carried = [text for element in place.iter(_CERTIFICATE) if (text := element.text)]
    for text in carried[:1]:
        try:
            certificate = load_der_x509_certificate(base64.b64decode("".join(text.split()), validate=True))
        except (ValueError, binascii.Error):
            break
        signed = _signed_by(root, certificate, at)
        if signed is not None and _covers(signed, root):
            severity = Severity.REJECT if registered else Severity.WARN
            return [LineError(name, 0, _FIELD, "signature_unknown_key", {}, severity)]
    return [LineError(name, 0, _FIELD, "signature_wrong")]


def _covers(signed: list[VerifyResult], root: etree._Element) -> bool:
    """Tell whether what is read is among what was signed: itself, or as part of the whole."""
    part = _READ[str(root.tag)]
    for result in signed:
        whole = result.signed_xml
        if whole is None:
            continue
        if whole.tag == root.tag and _without_signature(whole) == _without_signature(root):
            return True
        if part is not None and whole.tag == part:
            read = root.findall(part)
            if len(read) == 1 and _canonical(read[0]) == _canonical(whole):
                return True
    return False


def _without_signature(root: etree._Element) -> bytes:
    copied = etree.fromstring(etree.tostring(root), etree.XMLParser(resolve_entities=False, no_network=True))
    for place in copied.findall(_FIELD):
        copied.remove(place)
    return _canonical(copied)


def _canonical(element: etree._Element) -> bytes:
    """Return an element's canonical bytes, without what its surroundings declare and without text behind it."""
    alone = etree.fromstring(
        etree.tostring(element, with_tail=False), etree.XMLParser(resolve_entities=False, no_network=True)
    )
    return etree.tostring(alone, method="c14n", exclusive=True, with_comments=False)

"""Files as people hand them in, and as nobody should: made here, byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib


def png(width: int = 2, height: int = 2, body: bytes | None = None, extra: bytes = b"") -> bytes:
    """Return a grey picture; `body`: what IDAT unfolds into instead of what fits."""
    raw = body if body is not None else b"".join(b"\x00" + bytes(width) for _ in range(height))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))]
    chunks += [(b"tEXt", extra)] if extra else []
    chunks += [(b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    told = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + told


def jpeg(width: int = 8, height: int = 8, comment: bytes = b"") -> bytes:
    """Return the frame of a picture: enough for who reads it to its end."""
    segments = [(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")]
    segments += [(0xFE, comment)] if comment else []
    segments += [(0xDB, bytes(65)), (0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")]
    told = b"".join(b"\xff" + bytes([mark]) + struct.pack(">H", len(body) + 2) + body for mark, body in segments)
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + told + scan + b"\xff\xd9"


def pdf(*objects: bytes, version: bytes = b"%PDF-1.7\n") -> bytes:
    """Return a document of objects; without its table, which nobody here reads."""
    told = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return version + told + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


PLAIN_PDF = pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")


def folded(objects: bytes, dictionary: bytes = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode") -> bytes:
    """Return an object stream with objects folded into it."""
    body = zlib.compress(objects)
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(body), body)


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def docx(parts: dict[str, str | bytes] | None = None, types: str = _TYPES) -> bytes:
    """Return a document with parts besides its own."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, body in {
            "[Content_Types].xml": types,
            "word/document.xml": "<w:document/>",
            **(parts or {}),
        }.items():
            folder.writestr(name, body)
    return kept.getvalue()


_OUTWARD = '<Relationships><Relationship Id="r1" Type="http://x/{kind}" Target="http://example.invalid/" TargetMode="External"/></Relationships>'

TAKEN: dict[str, tuple[str, bytes]] = {
    "png": ("ảnh chụp.png", png()),
    "jpeg": ("giay-bao-tu.JPG", jpeg()),
    "pdf": ("trích lục.pdf", PLAIN_PDF),
    "pdf with folded objects": ("a.pdf", pdf(b"<< /Type /Catalog >>", folded(b"9 0 << /Type /Page >>"))),
    "docx": ("đơn.docx", docx()),
    "docx with a link": (
        "a.docx",
        docx({"word/_rels/document.xml.rels": _OUTWARD.format(kind="relationships/hyperlink")}),
    ),
}

# what → (name, content, rule it breaks)
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "nothing": ("a.pdf", b"", "empty"),
    "too large": ("a.pdf", b"%PDF-1.7" + bytes(10_000_001), "too_large"),
    "program": ("a.pdf", b"MZ" + bytes(100), "kind"),
    "elf": ("a.png", b"\x7fELF" + bytes(100), "kind"),
    "page": ("a.png", b"<html><script>alert(1)</script></html>", "kind"),
    "svg": ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "kind"),
    "old office": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kind"),
    "name of a program": ("a.pdf.exe", PLAIN_PDF, "name"),
    "name of a picture": ("a.png", PLAIN_PDF, "name"),
    "no name": ("///", PLAIN_PDF, "name"),
    "pdf with a script": ("a.pdf", pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"), "active"),
    "pdf with a hidden name": ("a.pdf", pdf(b"<< /S /J#61vaScript >>"), "active"),
    "pdf that starts a program": ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>"), "active"),
    "pdf with a file in it": ("a.pdf", pdf(b"<< /Type /EmbeddedFile >>"), "active"),
    "pdf with a folded script": ("a.pdf", pdf(folded(b"9 0 << /S /JavaScript >>")), "active"),
    "pdf folded without its type": (
        "a.pdf",
        pdf(folded(b"9 0 << /S /JavaScript >>", b"/N 1 /First 4 /Filter /FlateDecode")),
        "active",
    ),
    "pdf folded another way": (
        "a.pdf",
        pdf(folded(b"9 0 <<>>", b"/Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]")),
        "locked",
    ),
    "pdf folded by reference": (
        "a.pdf",
        pdf(folded(b"9 0 <<>>", b"/Type /ObjStm /N 1 /First 4 /Filter 7 0 R")),
        "locked",
    ),
    "pdf with an object in a stream": (
        "a.pdf",
        pdf(b"<< >> stream\n7 0 obj << /S /Lau >> endobj\nendstream"),
        "two_in_one",
    ),
    "pdf with a name in a stream": ("a.pdf", pdf(b"<< >>\nstream\n<< /S /JavaScript >>\nendstream"), "active"),
    "pdf bomb": ("a.pdf", pdf(folded(bytes(31_000_000))), "unfolds"),
    "locked pdf": ("a.pdf", PLAIN_PDF.replace(b"/Root", b"/Encrypt 9 0 R /Root"), "locked"),
    "cut pdf": ("a.pdf", PLAIN_PDF[:-20], "broken"),
    "pdf and folder": ("a.pdf", PLAIN_PDF + docx(), "two_in_one"),
    "pdf and page": ("a.pdf", b"%PDF-1.7\n<html><script>1</script>\n" + PLAIN_PDF, "two_in_one"),
    "png and folder": ("a.png", png() + docx(), "two_in_one"),
    "png with code": ("a.png", png(extra=b"Comment\x00<?php system(1) ?>"), "active"),
    "png of 10^9 points": ("a.png", png(31_623, 31_623, b"\x00"), "dimensions"),
    "wide png": ("a.png", png(1_000_000, 1, b"\x00"), "dimensions"),
    "png bomb": ("a.png", png(2, 2, bytes(5_000_000)), "unfolds"),
    "cut png": ("a.png", png()[:-4], "broken"),
    "changed png": ("a.png", png()[:30] + b"\xff" + png()[31:], "broken"),
    "jpeg of 10^9 points": ("a.jpg", jpeg(40_000, 40_000), "dimensions"),
    "jpeg and folder": ("a.jpg", jpeg() + docx(), "two_in_one"),
    "jpeg with code": ("a.jpg", jpeg(comment=b"<script>alert(1)</script>"), "active"),
    "cut jpeg": ("a.jpg", jpeg()[:-2], "broken"),
    "docx with macros": ("a.docx", docx({"word/vbaProject.bin": b"x"}), "active"),
    "docx with a file in it": ("a.docx", docx({"word/embeddings/a.bin": b"x"}), "active"),
    "docx with a program": ("a.docx", docx({"word/media/a.png": b"MZ" + bytes(9)}), "two_in_one"),
    "docx with a template elsewhere": (
        "a.docx",
        docx({"word/_rels/settings.xml.rels": _OUTWARD.format(kind="attachedTemplate")}),
        "active",
    ),
    "docx that asks a program": ("a.docx", docx({"word/more.xml": "<w:instrText>DDEAUTO cmd</w:instrText>"}), "active"),
    "docx with entities": ("a.docx", docx({"word/more.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "active"),
    "docx bomb": ("a.docx", docx({"word/more.xml": bytes(20_000_000)}), "unfolds"),
    "docx of many parts": ("a.docx", docx({f"word/{n}.xml": "" for n in range(2_001)}), "unfolds"),
    "docx out of its folder": ("a.docx", docx({"../evil.xml": ""}), "active"),
    "plain folder": ("a.docx", docx(types="<Types/>"), "kind"),
    "cut docx": ("a.docx", docx()[:-8], "broken"),
}

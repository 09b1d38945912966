"""What was taken from elsewhere is what was published, byte for byte, with its licence beside it."""

from __future__ import annotations

import hashlib

import pytest

from tests.architecture.project import PLATFORM

ZXING = PLATFORM / "desk/static/desk/zxing"
FONTS = PLATFORM / "screens/static/screens/fonts"
# zxing-wasm 3.1.4: dist/iife/reader/index.js and dist/reader/zxing_reader.wasm of the package.
PUBLISHED = {
    "zxing_reader.js": "d33d09ce132a692faffbed0dce656c36cb2573b4b843885a6e036390d1071d95",
    "zxing_reader.wasm": "e8af31edb56d0522f4de74495839385ef019ba8bc90d38e5ecb2f18795d86fb2",
}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_decoder_is_the_published_one(name: str) -> None:
    assert hashlib.sha256((ZXING / name).read_bytes()).hexdigest() == PUBLISHED[name]


def test_the_decoders_halves_belong_together() -> None:
    assert PUBLISHED["zxing_reader.wasm"] in (ZXING / "zxing_reader.js").read_text(encoding="utf-8")


def test_licences_lie_beside_what_they_permit() -> None:
    assert "MIT License" in (ZXING / "LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL Open Font License" in (FONTS / "LICENSE.txt").read_text(encoding="utf-8")


def test_fonts_are_woff2_and_light() -> None:
    fonts = sorted(FONTS.glob("*.woff2"))
    assert len(fonts) == 4
    assert all(font.read_bytes()[:4] == b"wOF2" for font in fonts)
    assert sum(font.stat().st_size for font in fonts) < 70_000

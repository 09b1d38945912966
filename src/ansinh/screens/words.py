"""Languages, and the words that parts and their frame say by themselves, whatever the face."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("vi", "en")

Words = Mapping[str, Mapping[str, str]]

WORDS: Words = {
    "vi": {
        "skip": "Đến nội dung chính",
        "ways": "Các mục",
        "timeline": "Theo thời gian",
        "pages": "Trang trước, trang sau",
        "error": "Lỗi:",
        "problems": "Có vấn đề",
        "optional": "(không bắt buộc)",
        "day": "Ngày",
        "month": "Tháng",
        "year": "Năm",
    },
    "en": {
        "skip": "Skip to main content",
        "ways": "Sections",
        "timeline": "In order of time",
        "pages": "Newer and older",
        "error": "Error:",
        "problems": "There is a problem",
        "optional": "(optional)",
        "day": "Day",
        "month": "Month",
        "year": "Year",
    },
}

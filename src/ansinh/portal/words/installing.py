"""What a telephone shows of the portal once it is installed, and without a line."""

from __future__ import annotations

from ansinh.portal.words import Words

WORDS: Words = {
    "vi": {
        "name": "Bảo hiểm xã hội của tôi",
        "short": "Ansinh",
        "offline_title": "Không có mạng",
        "offline_lead": "Trang này cần mạng. Thẻ mà bạn đã giữ trong máy vẫn mở được.",
        "offline_card": "Mở thẻ đã giữ trong máy",
        "offline_again": "Thử lại",
    },
    "en": {
        "name": "My social insurance",
        "short": "Ansinh",
        "offline_title": "There is no connection",
        "offline_lead": "This page needs one. A card you kept on this device still opens.",
        "offline_card": "Open the card kept on this device",
        "offline_again": "Try again",
    },
}

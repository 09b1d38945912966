"""The words of the page that chooses the first-contact facility."""

from __future__ import annotations

from ansinh.portal.words import Words

WORDS: Words = {
    "vi": {
        "title": "Chọn nơi khám chữa bệnh ban đầu",
        "lead": "Được đổi trong 15 ngày đầu mỗi quý. Chọn bây giờ thì nơi mới có hiệu lực từ {day}.",
        "now": "Nơi hiện nay",
        "next": "Đã chọn, chờ hiệu lực",
        "facility": "Cơ sở muốn chọn",
        "facility_hint": "Gõ tên hoặc mã 5 ký tự, ví dụ: Trạm y tế Cầu Giấy",
        "none": "Không có cơ sở nhận đăng ký ban đầu tên như vậy. Gõ một phần tên hoặc mã in trên thẻ.",
        "many": "Chọn một cơ sở",
        "many_error": "Có nhiều cơ sở tên gần giống. Chọn một.",
        "from": "Có hiệu lực từ",
        "send": "Đổi nơi khám chữa bệnh ban đầu",
        "done": "Đã ghi nhận nơi khám chữa bệnh ban đầu mới",
        "done_text": "Có hiệu lực từ {day}. Đến ngày đó vẫn khám ở nơi hiện nay.",
        "no_card": "Chưa có thẻ bảo hiểm y tế",
        "no_card_text": "Có thẻ rồi mới chọn được nơi khám chữa bệnh ban đầu.",
        "card": "Thẻ BHYT",
        "same": "Bạn đang đăng ký ở cơ sở này rồi. Chọn cơ sở khác.",
    },
    "en": {
        "title": "Choose your first-contact facility",
        "lead": "It may be changed in the first 15 days of a quarter. Chosen now, the new one holds from {day}.",
        "now": "Now",
        "next": "Chosen, not yet in force",
        "facility": "The facility you want",
        "facility_hint": "Type its name or code of 5 characters, such as Trạm y tế Cầu Giấy",
        "none": "No first-contact facility has such a name. Type a part of the name, or the code printed on the card.",
        "many": "Choose a facility",
        "many_error": "Several facilities have a name like this. Choose one.",
        "from": "In force from",
        "send": "Change the facility",
        "done": "The new first-contact facility is recorded",
        "done_text": "It holds from {day}. Until then go where you go now.",
        "no_card": "There is no health card yet",
        "no_card_text": "A facility can be chosen once there is a card.",
        "card": "Card",
        "same": "You are registered there already. Choose another.",
    },
}

"""The words of the family's page."""

from __future__ import annotations

from ansinh.portal.words import Words

WORDS: Words = {
    "vi": {
        "title": "Gia đình",
        "lead": "Những người mà bạn được xem và làm thủ tục thay: con chưa thành niên, người được giám hộ, người đã ủy quyền cho bạn.",
        "act": "Xem và làm thay",
        "act_about": "cho {name}",
        "may": "Bạn được",
        "until": "Đến hết ngày {day}",
        "role_parent": "Con của bạn",
        "role_guardian": "Người được bạn giám hộ",
        "role_mandated": "Đã ủy quyền cho bạn",
        "role_other": "Người thân",
        "what_read": "xem thẻ, quá trình đóng, chi trả",
        "what_health": "xem sổ sức khỏe",
        "what_apply": "nộp hồ sơ",
        "what_receive": "nhận giấy tờ và tiền",
        "what_decide": "quyết định về dữ liệu",
        "what_declare": "kê khai cho đơn vị",
        "empty": "Chưa có ai trong danh sách",
        "empty_text": "Con dưới 18 tuổi tự hiện ở đây theo hộ tịch. Cha mẹ già có thể ủy quyền cho bạn từ trang của họ hoặc tại cơ quan bảo hiểm xã hội.",
        "mandates": "Ủy quyền của tôi",
        "mandates_text": "Ai được làm thay bạn, bạn làm thay ai",
        "seen": "Mỗi lần bạn xem thay đều được ghi lại; người đó thấy bạn đã xem gì, khi nào.",
    },
    "en": {
        "title": "Family",
        "lead": "People you may look and act for: your children under age, your wards, and those who gave you a mandate.",
        "act": "Look and act",
        "act_about": "for {name}",
        "may": "You may",
        "until": "Through {day}",
        "role_parent": "Your child",
        "role_guardian": "Your ward",
        "role_mandated": "Gave you a mandate",
        "role_other": "Relative",
        "what_read": "see card, contributions and payments",
        "what_health": "see the health book",
        "what_apply": "file applications",
        "what_receive": "receive papers and money",
        "what_decide": "decide about data",
        "what_declare": "declare for an employer",
        "empty": "Nobody is in the list yet",
        "empty_text": "Children under 18 appear by themselves, from the register of births. Parents can give you a mandate on their pages or at an office.",
        "mandates": "Mandates",
        "mandates_text": "Who may act for you, and you for whom",
        "seen": "Each time you look for somebody is recorded; that person sees what you looked at, and when.",
    },
}

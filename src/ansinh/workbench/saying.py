"""What the audit keeps of a look, in words: what was read, what for, with what result. The audit writes English; pages in Vietnamese say it in Vietnamese."""

from __future__ import annotations

from ansinh.foundation.purpose import Purpose

_VI = {
    "standing": "tình trạng thẻ BHYT",
    "standing of many": "tình trạng thẻ BHYT của nhiều người",
    "card look-up": "tra cứu thẻ BHYT",
    "own card": "thẻ BHYT của chính mình",
    "own payments": "chi trả của chính mình",
    "own files": "hồ sơ của chính mình",
    "own documents": "giấy tờ của chính mình",
    "own page on the portal": "trang của chính mình trên cổng",
    "app told of changes from now on": "ứng dụng được báo khi có thay đổi",
    "app told of changes no more": "ứng dụng thôi được báo thay đổi",
    "whom one may act for": "những người được làm thay",
    "visits": "lịch sử khám chữa bệnh",
    "co-payment": "số tiền cùng chi trả",
    "health book": "sổ sức khỏe điện tử",
    "health book, through FHIR": "sổ sức khỏe điện tử, qua FHIR",
    "health book, visit": "một lượt khám trong sổ sức khỏe",
    "health book, referrals": "giấy chuyển cơ sở",
    "health book, appointments": "giấy hẹn khám lại",
    "health book, papers": "giấy tờ khám chữa bệnh",
    "health book opened in an emergency": "sổ sức khỏe mở khi cấp cứu",
    "contribution book": "quá trình đóng",
    "contribution book, statement": "bản xác nhận quá trình đóng",
    "contribution book, signed export": "quá trình đóng, bản ký số",
    "referral paper": "giấy chuyển cơ sở",
    "referral paper checked": "kiểm tra giấy chuyển cơ sở",
    "referral paper used": "sử dụng giấy chuyển cơ sở",
    "referral paper, printed": "giấy chuyển cơ sở, bản in",
    "referral papers and appointments": "giấy chuyển cơ sở và giấy hẹn",
    "appointment slip, printed": "giấy hẹn khám lại, bản in",
    "allergies written down": "ghi dị ứng",
    "application": "hồ sơ dịch vụ",
    "attachment of an application": "giấy tờ kèm hồ sơ dịch vụ",
    "result of an application": "kết quả hồ sơ dịch vụ",
    "benefit file": "hồ sơ chế độ",
    "life-event file": "hồ sơ liên thông",
    "entitlements": "các chế độ đang hưởng",
    "simulated pension": "lương hưu ước tính",
    "payment": "khoản chi trả",
    "recovery": "khoản phải thu hồi",
    "credential": "giấy tờ số",
    "everything, for its person": "toàn bộ dữ liệu, cho chính người đó",
    "insured record": "hồ sơ người tham gia",
    "number": "tìm theo số",
    "record at the workbench": "hồ sơ trên bàn làm việc",
    "request about personal data": "yêu cầu về dữ liệu cá nhân",
    "visits that may be over-use": "lượt khám cần hỏi",
    "who looked": "ai đã xem",
    "answered": "đã trả lời",
    "nobody found": "không thấy ai",
    "never insured": "chưa từng tham gia",
    "officer not on the facility's list": "cán bộ không có trong danh sách của cơ sở",
    "particulars did not match": "thông tin không khớp",
    "refused by a ceiling": "bị chặn vì vượt ngưỡng",
    "not the asker's own": "không phải của người hỏi",
    "no ground to read": "không có căn cứ để đọc",
    "paper not usable": "giấy không dùng được",
}


def looked(text: str, language: str) -> str:
    """Return what was read, or with what result, in words; what has none yet stays as the audit wrote it."""
    return _VI.get(text, text) if language == "vi" else text


def purpose(code: str, language: str) -> str:
    """Return a purpose in words."""
    known = next((one for one in Purpose if one.code == code), None)
    if known is None:
        return code
    return known.vi if language == "vi" else known.code.replace("_", " ")

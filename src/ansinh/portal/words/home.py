"""The words of the first page."""

from __future__ import annotations

from ansinh.portal.words import Words

WORDS: Words = {
    "vi": {
        "welcome": "Bảo hiểm xã hội của tôi",
        "welcome_lead": "Thẻ bảo hiểm y tế, quá trình đóng, lương hưu và trợ cấp, sổ sức khỏe: tất cả ở một nơi, xem trên điện thoại.",
        "sign_in": "Đăng nhập bằng định danh điện tử",
        "sign_in_text": "Bạn dùng tài khoản định danh điện tử sẵn có. Ở đây không có mật khẩu nào để nhớ.",
        "what": "Bạn làm được gì ở đây",
        "without": "Không cần đăng nhập",
        "card_text": "Mã QR, thời hạn, mức hưởng, nơi khám",
        "payments_text": "Đã trả bao nhiêu, khi nào, vì sao",
        "health_text": "Lần khám, thuốc, giấy chuyển, lịch hẹn",
        "who_text": "Ai đã xem dữ liệu của bạn, khi nào, để làm gì",
    },
    "en": {
        "welcome": "My social insurance",
        "welcome_lead": "Your health insurance card, contributions, pension and benefits and health book: all in one place, on your telephone.",
        "sign_in": "Sign in with the national e-ID",
        "sign_in_text": "You use the e-ID account you already have. There is no password to remember here.",
        "what": "What you can do here",
        "without": "Without signing in",
        "card_text": "QR code, validity, share paid, facility",
        "payments_text": "How much was paid, when and why",
        "health_text": "Visits, medicines, referrals, appointments",
        "who_text": "Who looked at your data, when and what for",
    },
}

"""The words of the help page."""

from __future__ import annotations

from ansinh.portal.words import Words

WORDS: Words = {
    "vi": {
        "title": "Trợ giúp và liên hệ",
        "lead": "Không ai phải tự xoay xở: gọi, đến cơ quan bảo hiểm xã hội, hoặc nhờ người thân làm thay.",
        "call": "Gọi tổng đài",
        "call_number": "1900 9068",
        "call_note": "Mọi ngày, 7 giờ đến 21 giờ",
        "visit": "Đến cơ quan bảo hiểm xã hội",
        "visit_text": "Cơ quan nơi bạn ở hoặc bất kỳ nơi nào trong tỉnh. Mang theo căn cước là đủ.",
        "emergency": "Cấp cứu",
        "emergency_number": "115",
        "emergency_note": "Cấp cứu được khám ở mọi bệnh viện, không cần giấy chuyển",
        "questions": "Hay được hỏi",
        "q_signin": "Tôi không đăng nhập được",
        "a_signin": "Trang này chỉ mở bằng tài khoản định danh điện tử. Nếu quên, lấy lại tài khoản tại công an nơi bạn ở, hoặc gọi tổng đài.",
        "q_wrong": "Thông tin của tôi bị sai",
        "a_wrong": "Không phải lỗi của bạn. Gọi tổng đài hoặc đến cơ quan bảo hiểm xã hội; hai cán bộ sẽ sửa và bạn thấy lại kết quả ở đây.",
        "q_payment": "Tháng này tôi chưa nhận được tiền",
        "a_payment": "Mở mục Chi trả: mỗi khoản có từng bước đã đi qua. Khoản bị ngân hàng trả lại sẽ được chi lại theo cách khác, bạn không mất tiền.",
        "q_who": "Tôi thấy người lạ xem dữ liệu của mình",
        "a_who": "Mở mục Ai đã xem dữ liệu. Bên cạnh mỗi lần xem có chỗ để hỏi lại; người xem phải trả lời.",
        "q_phone": "Tôi mất điện thoại",
        "a_phone": "Đăng nhập ở máy khác, mở Thiết bị của tôi và kết thúc phiên trên máy đã mất. Trong máy chỉ có tấm thẻ mà bạn đã chọn giữ.",
    },
    "en": {
        "title": "Help and contact",
        "lead": "Nobody has to manage alone: call, visit an insurance office, or let somebody close to you act for you.",
        "call": "Call us",
        "call_number": "1900 9068",
        "call_note": "Every day, 7 am to 9 pm",
        "visit": "Visit an insurance office",
        "visit_text": "Where you live, or any office of your province. Your citizen card is all you need.",
        "emergency": "Emergency",
        "emergency_number": "115",
        "emergency_note": "Every hospital treats emergencies, without a referral",
        "questions": "Often asked",
        "q_signin": "I cannot sign in",
        "a_signin": "This site opens with the national e-ID alone. The police where you live restore a forgotten account; call us and we explain how.",
        "q_wrong": "Something about me is wrong",
        "a_wrong": "That is not your fault. Call us or visit an office; two officers mend it and you see the result here.",
        "q_payment": "I have not received my money this month",
        "a_payment": "Open Payments: each one shows the steps it went through. What a bank returned is paid in another way; you lose nothing.",
        "q_who": "A stranger has looked at my data",
        "a_who": "Open Who looked. You can ask about each look; whoever looked has to answer.",
        "q_phone": "I have lost my telephone",
        "a_phone": "Sign in on another device, open My devices and end the session of the lost one. It holds no more than the card you chose to keep.",
    },
}

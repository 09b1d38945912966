"""Troubles as callers read them: RFC 9457 problem documents, in Vietnamese and English, without personal data."""

from __future__ import annotations

from functools import cache

import msgspec

from ansinh.foundation.errors import InvalidInput

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer other than success: HTTP status, stable code, and a sentence in both languages that says what to do."""

    def __init__(
        self, status: int, code: str, vi: str, en: str, *, headers: tuple[tuple[str, str], ...] = (), field: str = ""
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers
        document = {
            "type": f"urn:ansinh:problem:{code}",
            "title": _TITLES[status],
            "status": status,
            "detail": vi,
            "detail_en": en,
        }
        self.body = msgspec.json.encode(document | ({"field": field} if field else {}))


_TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    411: "Length required",
    409: "Conflict",
    410: "Gone",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid input",
    429: "Too many",
    500: "Our mistake",
    503: "Try again soon",
}

NOT_FOUND = Problem(404, "not_found", "Không có địa chỉ này.", "There is nothing at this address.")
POST_ONLY = Problem(
    405,
    "method_not_allowed",
    "Địa chỉ này chỉ nhận POST.",
    "This address only takes POST.",
    headers=(("allow", "POST"),),
)
GET_ONLY = Problem(
    405,
    "method_not_allowed",
    "Địa chỉ này chỉ nhận GET.",
    "This address only takes GET.",
    headers=(("allow", "GET, HEAD"),),
)
NO_QUERY = Problem(
    400,
    "unknown_parameter",
    "Địa chỉ này không nhận tham số. Đặt mọi thứ trong nội dung yêu cầu.",
    "This address takes no parameters. Put everything into the body.",
)
NOT_JSON_OR_FORM_TYPE = Problem(
    415,
    "unsupported_media_type",
    "Gửi nội dung dạng application/json hoặc application/x-www-form-urlencoded, mã hóa UTF-8.",
    "Send the body as application/json or application/x-www-form-urlencoded, in UTF-8.",
)
NOT_JSON_TYPE = Problem(
    415,
    "unsupported_media_type",
    "Gửi nội dung dạng application/json, mã hóa UTF-8.",
    "Send the body as application/json in UTF-8.",
)
LENGTH_REQUIRED = Problem(411, "length_required", "Thiếu Content-Length.", "Content-Length is missing.")
TOO_LARGE = Problem(413, "too_large", "Nội dung quá dài.", "That is too long.", headers=(("connection", "close"),))
NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có đúng ba trường key, purpose, officer, đều là chuỗi, mỗi trường một lần.",
    "The body is not the JSON expected: one object with exactly the fields key, purpose and officer, all strings, each once.",
)
PURPOSE_UNKNOWN = Problem(
    422,
    "unknown_purpose",
    "Mục đích tra cứu không có trong danh mục. Chọn một trong: treatment, registration, referral, claim, administration.",
    "The purpose is not on the list. Choose one of: treatment, registration, referral, claim, administration.",
    field="purpose",
)
OFFICER_UNUSABLE = Problem(
    422,
    "invalid_officer",
    "Cần ghi người tra cứu: từ 1 đến 64 ký tự in được.",
    "Say who asks: 1 to 64 printable characters.",
    field="officer",
)
TOKEN_MISSING = Problem(
    401,
    "token_missing",
    "Thiếu mã truy cập. Gửi tiêu đề Authorization: Bearer …",
    "The access token is missing. Send the header Authorization: Bearer …",
    headers=(("www-authenticate", 'Bearer realm="ansinh"'),),
)
TOKEN_INVALID = Problem(
    401,
    "token_invalid",
    "Mã truy cập không dùng được hoặc đã hết hạn. Xin mã mới rồi gọi lại.",
    "The access token is not valid or has expired. Get a new one and call again.",
    headers=(("www-authenticate", 'Bearer realm="ansinh", error="invalid_token"'),),
)
OVERLOADED = Problem(
    503,
    "overloaded",
    "Hệ thống đang quá tải. Thử lại sau một giây.",
    "The service is overloaded. Try again in a second.",
    headers=(("retry-after", "1"),),
)
UNAVAILABLE = Problem(
    503,
    "unavailable",
    "Tạm thời chưa tra cứu được; chưa có câu trả lời nào được gửi. Thử lại sau hai giây.",
    "Look-ups are not possible for the moment; no answer was given. Try again in two seconds.",
    headers=(("retry-after", "2"),),
)
QUESTION_REFUSED = Problem(
    422,
    "question_refused",
    "Câu hỏi có ký tự mà hệ thống không lưu được. Kiểm tra lại các trường.",
    "The question holds characters that cannot be stored. Check the fields.",
)
OUR_MISTAKE = Problem(
    500,
    "our_mistake",
    "Lỗi của hệ thống; chưa có câu trả lời nào được gửi. Báo cho quản trị viên.",
    "Our mistake; no answer was given. Tell an administrator.",
)


def of_input(refusal: InvalidInput) -> Problem:
    """Return the problem document of a refused input."""
    return Problem(422, refusal.code, refusal.vi, refusal.en, field=str(refusal.facts.get("field", "")))


@cache
def scope_missing(scope: str) -> Problem:
    """Return the refusal of a token that is good, but not for this."""
    return Problem(
        403,
        "scope_missing",
        f"Mã truy cập không có phạm vi {scope}. Nhờ quản trị viên cấp phạm vi này.",
        f"The access token lacks the scope {scope}. Ask an administrator for it.",
        headers=(("www-authenticate", f'Bearer realm="ansinh", error="insufficient_scope", scope="{scope}"'),),
    )

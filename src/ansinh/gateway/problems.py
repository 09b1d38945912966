"""Troubles as callers read them: RFC 9457 problem documents, in Vietnamese and English, without personal data."""

from __future__ import annotations

from functools import cache

import msgspec

from ansinh.foundation.errors import InvalidInput

CONTENT_TYPE = "application/problem+json"


LANGUAGES = ("vi", "en")
ACCEPT_LENGTH_MAX = 200


class Problem(Exception):
    """An answer other than success: HTTP status, stable code, and a sentence in each language that says what was wrong and what to do.

    `field`: the field of the body that is wrong, or a JSON pointer (RFC 6901) into it.
    """

    # Whether a guard's refusal leaves a row in the audit: one that says so is raised after its row is committed.
    recorded = False

    def __init__(
        self, status: int, code: str, vi: str, en: str, *, headers: tuple[tuple[str, str], ...] = (), field: str = ""
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers
        self._details = {"vi": vi, "en": en}
        self._pointer = field if not field or field.startswith("/") else f"/{field}"
        self._bodies: dict[str, bytes] = {}

    def document(self, language: str = "vi") -> dict[str, object]:
        """Return the problem document in a language, not yet encoded."""
        detail = self._details[language]
        document: dict[str, object] = {
            "type": f"urn:ansinh:problem:{self.code}",
            "title": _TITLES[self.status][LANGUAGES.index(language)],
            "status": self.status,
            "code": self.code,
            "detail": detail,
        }
        if self._pointer:
            document["errors"] = [{"pointer": self._pointer, "detail": detail}]
        return document

    def body(self, language: str = "vi") -> bytes:
        """Return the problem document in a language."""
        made = self._bodies.get(language)
        if made is None:
            made = self._bodies[language] = msgspec.json.encode(self.document(language))
        return made


def language_of(accepted: str | None) -> str:
    """Return the language an Accept-Language header wants: Vietnamese, unless English is wanted more (RFC 9110, section 12.5.4)."""
    if accepted is None or len(accepted) > ACCEPT_LENGTH_MAX:
        return "vi"
    weights = {"vi": 0.0, "en": 0.0}
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";")
        language = name.strip()[:2] if name.strip()[2:3] in {"", "-"} else ""
        if language in weights:
            weights[language] = max(weights[language], _weight(weight))
    return "en" if weights["en"] > weights["vi"] else "vi"


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not text.strip():
        return 1.0
    plain = name.strip() == "q" and value.isascii() and value.replace(".", "", 1).isdigit()
    return min(float(value), 1.0) if plain else 0.0


_TITLES = {
    400: ("Yêu cầu sai mẫu", "Bad request"),
    401: ("Chưa xác thực", "Not authenticated"),
    403: ("Không được phép", "Not permitted"),
    404: ("Không có", "Not found"),
    405: ("Sai phương thức", "Method not allowed"),
    406: ("Không có dạng này", "Not acceptable"),
    408: ("Quá chậm", "Too slow"),
    409: ("Trái với hiện trạng", "Conflict"),
    410: ("Không còn", "Gone"),
    411: ("Thiếu độ dài", "Length required"),
    413: ("Quá dài", "Too large"),
    414: ("Địa chỉ quá dài", "Address too long"),
    415: ("Sai loại nội dung", "Unsupported media type"),
    422: ("Nội dung không dùng được", "Invalid input"),
    431: ("Phần đầu quá dài", "Head too large"),
    429: ("Quá nhiều yêu cầu", "Too many requests"),
    500: ("Lỗi của hệ thống", "Our mistake"),
    503: ("Thử lại sau", "Try again soon"),
}

MALFORMED_REQUEST = Problem(
    400,
    "malformed_request",
    "Yêu cầu không đúng giao thức HTTP/1.1, hoặc một tiêu đề chỉ được gửi một lần lại có hai.",
    "The request does not keep to HTTP/1.1, or says a header twice that may be said once.",
)
HEAD_TOO_LARGE = Problem(
    431,
    "head_too_large",
    "Địa chỉ hoặc các tiêu đề quá dài hoặc quá nhiều.",
    "The address or the headers are too long or too many.",
)
REQUEST_TOO_SLOW = Problem(
    408,
    "request_too_slow",
    "Yêu cầu đến quá chậm. Gửi lại.",
    "The request came too slowly. Send it again.",
)
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
TOO_LARGE = Problem(413, "too_large", "Nội dung quá dài.", "That is too long.")
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
OFFICER_NOT_LISTED = Problem(
    403,
    "officer_not_listed",
    "Người tra cứu không có trong danh sách cán bộ cơ sở đã đăng ký. Đăng ký cán bộ này với cơ quan bảo hiểm xã hội rồi tra lại.",
    "Who asks is not on the list of officers the facility has registered. Register the officer with the agency, then ask again.",
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

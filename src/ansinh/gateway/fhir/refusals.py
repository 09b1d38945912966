"""What a caller of this face is refused, and why: stable codes, sentences in both languages, never a word of what was asked about a person."""

from __future__ import annotations

from ansinh.gateway.problems import Problem

UNKNOWN_RESOURCE = Problem(
    404,
    "unknown_resource_type",
    "Cổng FHIR không có loại tài nguyên hoặc địa chỉ này. Xem /fhir/R4/metadata.",
    "This face has no such resource type or address. See /fhir/R4/metadata.",
)
NO_SUCH_RESOURCE = Problem(
    404,
    "resource_not_found",
    "Không có tài nguyên mang mã này, hoặc người hỏi không được xem. Lượt hỏi đã được ghi lại nếu mã là của một người.",
    "There is no resource with this id that whoever asks may see. If the id is of somebody's, the question was recorded.",
)
READ_ONLY = Problem(
    405,
    "method_not_allowed",
    "Tài nguyên ở đây chỉ đọc và tìm kiếm. Gửi hồ sơ bằng POST /v1/submissions.",
    "Resources here are read and searched only. Send records by POST /v1/submissions.",
    headers=(("allow", "GET, HEAD, POST"),),
)
FORM_ONLY = Problem(
    415,
    "unsupported_media_type",
    "Gửi tham số tìm kiếm dạng application/x-www-form-urlencoded, mã hóa UTF-8.",
    "Send search parameters as application/x-www-form-urlencoded in UTF-8.",
)
FHIR_BODY_ONLY = Problem(
    415,
    "unsupported_media_type",
    "Gửi tài nguyên dạng application/fhir+json, mã hóa UTF-8.",
    "Send the resource as application/fhir+json in UTF-8.",
)
NOT_A_RESOURCE = Problem(
    400,
    "malformed_body",
    "Nội dung không phải tài nguyên FHIR được chờ ở đây.",
    "The body is not the FHIR resource expected here.",
)
MALFORMED_QUERY = Problem(
    400,
    "malformed_query",
    "Tham số tìm kiếm sai mẫu: tối đa 50 tham số dạng tên=giá trị, mã hóa phần trăm theo UTF-8, có cả tên và giá trị.",
    "The search is malformed: at most 50 parameters name=value, percent-encoded as UTF-8, each with name and value.",
)
NUMBER_IN_ADDRESS = Problem(
    400,
    "person_number_in_address",
    "Số, tên, ngày sinh của một người không được nằm trong địa chỉ, vì địa chỉ đi vào nhật ký. Gửi tham số này trong nội dung của POST [loại]/_search.",
    "A person's number, name or birth date must not stand in an address: addresses end in logs. Send this parameter in the body of POST [type]/_search.",
)
NO_PERSON = Problem(
    400,
    "search_too_wide",
    "Tìm kiếm phải giới hạn trong một người: thêm patient=Patient/[id], _id, hoặc (POST _search) số của người đó. Số liệu nhiều người: Group/[id]/$export.",
    "A search must be about one person: add patient=Patient/[id], _id, or (POST _search) a number of that person. For many: Group/[id]/$export.",
)
TWO_PERSONS = Problem(
    400,
    "several_persons",
    "Mỗi tìm kiếm chỉ về một người và chỉ nêu người đó một lần. Chia thành nhiều tìm kiếm.",
    "A search is about one person, named once. Split it into several searches.",
)
NO_SUCH_PAGE = Problem(
    410,
    "page_gone",
    "Liên kết trang này không dùng được nữa. Tìm lại từ đầu.",
    "This link to a page cannot be used any more. Search again.",
)
OFFICER_NEEDED = Problem(
    400,
    "officer_missing",
    "Thiếu tiêu đề Ansinh-Officer: số hiệu cán bộ đang hỏi, có trong danh sách của cơ sở; từ 1 đến 64 ký tự in được.",
    "The header Ansinh-Officer is missing: the number of the officer who asks, on the facility's list; 1 to 64 printable characters.",
)
PURPOSE_UNKNOWN = Problem(
    400,
    "unknown_purpose",
    "Tiêu đề Ansinh-Purpose phải là một trong: treatment, registration, referral, claim, administration.",
    "The header Ansinh-Purpose must be one of: treatment, registration, referral, claim, administration.",
)
NO_REHEARSAL = Problem(
    403,
    "no_rehearsal_here",
    "Mã truy cập có phạm vi sandbox chỉ dùng để diễn tập ở các lượt tra cứu /v1. Xin mã không có phạm vi này.",
    "A token with the scope sandbox rehearses the look-ups under /v1 only. Get one without that scope.",
)
NOT_PERMITTED = Problem(
    403,
    "book_not_open",
    "Người bệnh không đang khám, điều trị tại cơ sở, hoặc đã giới hạn người xem: sổ sức khỏe không mở cho lượt hỏi này. Lượt hỏi đã được ghi lại.",
    "The patient is not checked in at the facility, or has restricted who may read: the book is not open to this question. The question was recorded.",
)
WRONG_KIND_OF_CLIENT = Problem(
    403,
    "facility_client_only",
    "Chỉ máy khách của một cơ sở khám bệnh, chữa bệnh được hỏi về một người ở đây.",
    "Only a health facility's client may ask about a person here.",
)


def unknown_parameter(name: str) -> Problem:
    """Return the refusal of a parameter nobody knows (its name only if it looks like one)."""
    said = name if len(name) <= 64 and name.isprintable() and name.isascii() else "?"
    return Problem(
        400,
        "unknown_parameter",
        f"Tham số “{said}” không có ở tìm kiếm này. Bỏ nó đi, hoặc gửi Prefer: handling=lenient để nó được bỏ qua. Danh sách: /fhir/R4/metadata.",
        f"This search has no parameter “{said}”. Leave it out, or send Prefer: handling=lenient to have it ignored. For a list: /fhir/R4/metadata.",
        field=said,
    )


def bad_value(name: str, vi: str, en: str) -> Problem:
    """Return the refusal of a parameter's value."""
    return Problem(400, "invalid_parameter", f"Tham số {name}: {vi}", f"The parameter {name}: {en}", field=name)

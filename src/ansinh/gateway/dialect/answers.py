"""Answers of the dialect: exact names, texts everywhere, and a sentence for the clerk that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import JSON, Answered, Headers

HEADERS: Sequence[tuple[str, str]] = (("content-type", f"{JSON}; charset=utf-8"), ("cache-control", "no-store"))

# Codes under which nothing is told of anybody, with the clerk's sentence.
REFUSALS = {
    "050": "Không tìm thấy thông tin thẻ. Kiểm tra lại số thẻ, mã số BHXH hoặc số định danh cá nhân.",
    "051": "Sai số thẻ: họ tên và ngày sinh đúng, nhưng số thẻ không phải của người này. Xem lại thẻ hoặc tra bằng số định danh cá nhân.",
    "052": "Sai mã tỉnh trên thẻ (ký tự 4 và 5). Xem lại thẻ hoặc tra bằng số định danh cá nhân.",
    "053": "Sai mã mức hưởng trên thẻ (ký tự 3). Xem lại thẻ hoặc tra bằng số định danh cá nhân.",
    "054": "Số định danh của cán bộ tra cứu (cccdCb) không có trong danh sách cơ sở đã đăng ký. Đăng ký cán bộ với cơ quan BHXH.",
    "055": "Họ tên cán bộ tra cứu (hoTenCb) không khớp số định danh đã đăng ký. Sửa lại họ tên.",
    "060": "Sai họ tên người bệnh. Nhập đúng họ tên ghi trên thẻ hoặc căn cước, đủ dấu hoặc không dấu.",
    "061": "Sai họ tên người bệnh, đúng chữ cái đầu. Kiểm tra lại dấu và chính tả.",
    "070": "Sai ngày sinh. Nhập đủ ngày, tháng, năm sinh; nếu giấy tờ chỉ ghi năm thì nhập năm.",
    "100": "Chưa đọc được dữ liệu thẻ của người này. Nếu đã nhập sai nhiều lần trong giờ qua, thử lại sau một giờ; nếu không, liên hệ cơ quan BHXH.",
    "101": "Lỗi máy chủ; chưa có câu trả lời nào được gửi. Thử lại sau ít giây.",
    "205": "Tham số sai định dạng.",
    "401": "Lỗi xác thực: mã phiên (token), tài khoản hoặc mật khẩu không đúng, hoặc phiên đã hết hạn. Lấy phiên mới rồi gọi lại một lần.",
    "402": "Sai mã cơ sở khám bệnh, chữa bệnh. Tài khoản có dạng mã cơ sở (5 ký tự) + _BV.",
    "403": "Tài khoản đang bị khóa.",
    "410": "Dịch vụ này đã dừng từ 00:00 ngày 01/08/2024. Dùng /api/egw/KQNhanLichSuKCB2024.",
    "500": "Lỗi máy chủ. Thử lại sau ít giây.",
}

CARD_FIELDS = (
    "maKetQua",
    "ghiChu",
    "maThe",
    "hoTen",
    "ngaySinh",
    "gioiTinh",
    "diaChi",
    "maDKBD",
    "cqBHXH",
    "gtTheTu",
    "gtTheDen",
    "maKV",
    "ngayDu5Nam",
    "maSoBHXH",
    "maTheCu",
    "maTheMoi",
    "gtTheTuMoi",
    "gtTheDenMoi",
    "maDKBDMoi",
    "tenDKBDMoi",
    "dsLichSuKCB2018",
    "dsLichSuKT2018",
)

# What each field must be, for whoever sends it in another form.
FORMS = {
    "maThe": "maThe gồm 15 ký tự (số thẻ), 10 số (mã số BHXH) hoặc 12 số (định danh cá nhân)",
    "hoTen": "hoTen là họ tên người bệnh, chỉ gồm chữ, không quá 100 ký tự",
    "ngaySinh": "ngaySinh theo dd/MM/yyyy, ddMMyyyy, MM/yyyy hoặc yyyy",
    "hoTenCb": "hoTenCb là họ tên cán bộ tra cứu, chỉ gồm chữ",
    "cccdCb": "cccdCb là số định danh cá nhân 12 số của cán bộ tra cứu",
    "username": "username là mã cơ sở (5 ký tự) + _BV",
    "body": "nội dung là JSON hoặc form, mỗi trường một lần",
}

Render = Callable[[str, str], bytes]


def card_answer(values: Mapping[str, Any]) -> bytes:
    """Render the answer of the card look-up: every field is there, what is not known is empty."""
    empty: dict[str, Any] = dict.fromkeys(CARD_FIELDS, "") | {"dsLichSuKCB2018": None, "dsLichSuKT2018": []}
    return msgspec.json.encode({**empty, **values})


def card_refusal(code: str, words: str) -> bytes:
    """Render a refusal of the card look-up."""
    return card_answer({"maKetQua": code, "ghiChu": words})


def visits_refusal(code: str, words: str) -> bytes:
    """Render a refusal of the look-up of visits."""
    return msgspec.json.encode({"maKetQua": code, "ghiChu": words, "maThe": "", "dsLichSuKCB2025": []})


def copayment_refusal(code: str, words: str) -> bytes:
    """Render a refusal of the look-up of co-payments, whose names begin with capitals."""
    return msgspec.json.encode({"MaKetQua": code, "GhiChu": words, "DataCCT": [], "ThongTinSoThe": None})


def token_refusal(code: str, words: str) -> bytes:
    """Render a refusal of the sign-in."""
    return msgspec.json.encode({"maKetQua": code, "ghiChu": words, "APIKey": None})


def refusals_of(render: Render) -> dict[str, bytes]:
    """Return the refusals of a call, rendered once."""
    return {code: render(code, words) for code, words in REFUSALS.items()}


def wrong_form(render: Render, field: str) -> bytes:
    """Render the refusal of a parameter whose form is wrong."""
    return render("205", f"{REFUSALS['205']} Đúng mẫu: {FORMS[field]}.")


def telling(render: Render, code: str = "101") -> Callable[[Problem, Headers], Answered]:
    """Return how a call tells what the door refuses: the HTTP status is honest, and who only reads the body finds the code there.

    `code` stands for our own trouble: nothing was answered, and trying again may help.
    """

    def tell(problem: Problem, headers: Headers) -> Answered:
        ours = code if problem.status in {429, 500, 503} else "205"
        return problem.status, [*HEADERS, *problem.headers], render(ours, str(problem.document()["detail"]))

    return tell

"""The provider's pages, in Vietnamese and English, plain forms without scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

from ansinh_sandbox.eid.accounts import LEVEL_TWO, MAGIC, Account
from ansinh_sandbox.eid.clients import Client

PASSCODE = "111111"
LANGUAGES = ("vi", "en")

WORDS = {
    "vi": {
        "title": "Định danh quốc gia (mô phỏng)",
        "sandbox": "Đây là hệ thống mô phỏng với người không có thật.",
        "prove": "Đăng nhập để vào",
        "number": "Số định danh cá nhân (12 số)",
        "passcode": f"Mã dùng một lần (mô phỏng: {PASSCODE})",
        "next": "Tiếp tục",
        "wrong": "Số định danh hoặc mã không đúng. Kiểm tra rồi nhập lại.",
        "face": "Xác thực khuôn mặt",
        "face_why": "Dịch vụ này yêu cầu mức 2. Ở hệ thống thật, điện thoại sẽ so khuôn mặt với ảnh trong căn cước.",
        "face_do": "Khuôn mặt đã khớp (mô phỏng)",
        "consent": "muốn biết về bạn",
        "consent_who": "Bạn là",
        "individual_id": "Số định danh cá nhân: để tìm hồ sơ bảo hiểm của bạn",
        "name": "Họ và tên: để chào đúng tên",
        "birthdate": "Ngày sinh: để đối chiếu hồ sơ",
        "allow": "Đồng ý",
        "refuse": "Từ chối",
        "other": "English",
        "bad": "Yêu cầu đăng nhập không hợp lệ",
        "bad_do": "Quay lại trang dịch vụ và bắt đầu lại.",
        "out": "Đăng xuất khỏi định danh quốc gia",
        "out_do": "Đăng xuất ở mọi dịch vụ",
        "out_done": "Bạn đã đăng xuất.",
        "magic": "Số thử đặc biệt",
    },
    "en": {
        "title": "National e-ID (sandbox)",
        "sandbox": "This is a simulation; nobody here is real.",
        "prove": "Sign in to",
        "number": "Personal identification number (12 digits)",
        "passcode": f"One-time code (sandbox: {PASSCODE})",
        "next": "Continue",
        "wrong": "The number or the code is not right. Check them and type again.",
        "face": "Face check",
        "face_why": "This service asks for level 2. In the real system the telephone would compare your face with the portrait of your identity card.",
        "face_do": "The face matched (sandbox)",
        "consent": "wants to know about you",
        "consent_who": "You are",
        "individual_id": "Personal identification number: to find your insurance record",
        "name": "Full name: to greet you rightly",
        "birthdate": "Birth date: to compare records",
        "allow": "Allow",
        "refuse": "Refuse",
        "other": "Tiếng Việt",
        "bad": "The request to sign in is not valid",
        "bad_do": "Go back to the service and begin again.",
        "out": "Sign out of the national e-ID",
        "out_do": "Sign out of every service",
        "out_done": "You have signed out.",
        "magic": "Numbers with a trouble each",
    },
}

STYLE = """
*{box-sizing:border-box}body{margin:0;font:1.125rem/1.6 "Be Vietnam Pro",system-ui,sans-serif;color:#1a1a1a;background:#f4f5f7}
header{background:#8c1515;color:#fff;padding:1rem}header p{margin:0 auto;max-width:36rem;font-weight:700}
main{max-width:36rem;margin:1.5rem auto;padding:1.5rem;background:#fff;border-radius:.5rem}
h1{font-size:1.6rem;line-height:1.3;margin:0 0 1rem}label{display:block;font-weight:600;margin-top:1rem}
input{font:inherit;width:100%;padding:.6rem;border:2px solid #555;border-radius:.25rem;min-height:3rem}
button{font:inherit;font-weight:700;margin:1.25rem .75rem 0 0;padding:.6rem 1.4rem;min-height:3rem;border:2px solid #8c1515;border-radius:.25rem;
background:#8c1515;color:#fff;cursor:pointer}button.second{background:#fff;color:#8c1515}
:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}.wrong{border-left:.4rem solid #b00020;padding:.5rem 1rem;background:#fdecef}
.note{color:#4a4a4a;font-size:1rem}td,th{text-align:left;padding:.15rem .75rem .15rem 0;font-size:1rem;font-weight:400}
""".strip()


@dataclass
class Visit:
    """Somebody on the provider's pages: for which client, with which request, how far they have come."""

    flow: str
    browser: str
    client: Client
    fields: dict[str, list[str]]
    language: str
    asked: str
    claims: dict[str, Any]
    pin: str = ""
    acr: str = ""
    tries: int = field(default=0)

    def client_name(self) -> str:
        """Return the client's name in the visitor's language."""
        return self.client.name_vi if self.language == "vi" else self.client.name_en


def prove_page(visit: Visit, *, wrong: bool = False) -> str:
    """Return the page that asks for number and code."""
    words = WORDS[visit.language]
    trouble = f'<p class="wrong" role="alert">{words["wrong"]}</p>' if wrong else ""
    rows = "".join(f"<tr><td>{pin}</td><td>{escape(what)}</td></tr>" for pin, (_, _, what) in MAGIC.items())
    return _page(
        visit.language,
        f"{words['prove']} {visit.client_name()}",
        f"""{trouble}{_form(visit, "prove")}
<label for="number">{words["number"]}</label>
<input id="number" name="number" inputmode="numeric" autocomplete="username" required maxlength="12" value="{escape(visit.pin)}">
<label for="passcode">{words["passcode"]}</label>
<input id="passcode" name="passcode" inputmode="numeric" autocomplete="one-time-code" required maxlength="6">
<button>{words["next"]}</button></form>
<details><summary>{words["magic"]}</summary><table lang="en"><tbody>{rows}</tbody></table></details>""",
        visit.flow,
    )


def face_page(visit: Visit) -> str:
    """Return the page that raises a visitor to level 2."""
    words = WORDS[visit.language]
    return _page(
        visit.language,
        words["face"],
        f"<p>{words['face_why']}</p>{_form(visit, 'face')}<button>{words['face_do']}</button></form>",
        visit.flow,
    )


def consent_page(visit: Visit, account: Account) -> str:
    """Return the page that asks whether the client may be told."""
    words = WORDS[visit.language]
    asked = "".join(f"<li>{words[one]}</li>" for one in ("individual_id", "name", "birthdate") if one in visit.claims)
    return _page(
        visit.language,
        f"{visit.client_name()} {words['consent']}",
        f"""<p>{words["consent_who"]} <strong>{escape(account.name)}</strong>.</p><ul>{asked}</ul>{_form(visit, "decide")}
<button name="decision" value="allow">{words["allow"]}</button>
<button class="second" name="decision" value="refuse">{words["refuse"]}</button></form>""",
        visit.flow,
    )


def trouble_page(language: str, what: str) -> str:
    """Return the page that says why a request goes no further."""
    words = WORDS[language]
    return _page(language, words["bad"], f'<p>{words["bad_do"]}</p><p class="note" lang="en">{escape(what)}</p>')


def out_page(language: str, *, done: bool) -> str:
    """Return the page that ends every session, or says that none is left."""
    words = WORDS[language]
    if done:
        return _page(language, words["out_done"], "")
    return _page(language, words["out"], f'<form method="post" action="/end"><button>{words["out_do"]}</button></form>')


def next_page(visit: Visit, account: Account | None) -> str:
    """Return the page a visit has come to."""
    if account is None or not visit.acr:
        return prove_page(visit)
    if visit.asked == LEVEL_TWO and visit.acr != LEVEL_TWO and account.acr(LEVEL_TWO) == LEVEL_TWO:
        return face_page(visit)
    return consent_page(visit, account)


def _form(visit: Visit, step: str) -> str:
    return f'<form method="post" action="/visit/{step}"><input type="hidden" name="flow" value="{visit.flow}">'


def _page(language: str, title: str, body: str, flow: str = "") -> str:
    words = WORDS[language]
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    switch = f'<p><a href="/visit/{flow}?language={other}" lang="{other}">{words["other"]}</a></p>' if flow else ""
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)} · {words["title"]}</title><link rel="stylesheet" href="/style.css"></head><body><header><p>{words["title"]}</p></header>
<main><h1>{escape(title)}</h1>{body}<p class="note">{words["sandbox"]}</p>{switch}</main></body></html>"""

"""The submission services hospitals' software calls: paths, fields, codes and names exactly as they are (docs: contracts/dialect).

Credentials stand in headers (encounters, check-ins, assessments), in the body (electronic papers) or in the query (the service of 2017). Whatever the
code, HTTP says 200, as such software expects; only what the door itself refuses has the honest status, with a code in its body.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

import msgspec

from ansinh.access.tokens.dialect import DialectGrant, DialectVerifier
from ansinh.foundation.clock import VIET_NAM, legal_day
from ansinh.gateway.dialect.answers import HEADERS
from ansinh.gateway.dialect.credentials import QUERY_LENGTH_MAX, Credentials, NotProven
from ansinh.gateway.dialect.reading import Unreadable
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import Answered, Headers, Route
from ansinh.gateway.submissions.envelope import WRONG, BadEnvelope, made_in, require_envelope
from ansinh.gateway.submissions.kinds import (
    ASSESSMENT,
    BIRTH_CERTIFICATE,
    CHECK_IN,
    DEATH_NOTICE,
    ENCOUNTER_130,
    ENCOUNTER_3176,
    ENCOUNTER_4750,
    OLD_ENCOUNTER,
    PAPERS,
    Kind,
    receipt_of,
)
from ansinh.gateway.submissions.taking import Taken, Taking
from ansinh.gateway.submissions.uploads import TooLong, file_bytes, read_upload, unzipped
from ansinh.gateway.worker import Worker

# Base64 is a third longer than the file; a form may write each sign of it that has a meaning of its own as three.
ENCODED_SHARE = 1.45
FIELDS_BYTES_MAX = 16_384
LAST_DAY_FOR_MONTH_BEFORE = 5

SENTENCES = {
    "200": "Đã tiếp nhận hồ sơ.",
    "205": "Tham số sai định dạng.",
    "401": "Lỗi xác thực: mã phiên (token), tài khoản hoặc mật khẩu không đúng, hoặc phiên đã hết hạn. Lấy phiên mới rồi gửi lại một lần.",
    "403": "Mã cơ sở (maCSKCB, maTinh) không phải của tài khoản đang gửi. Mỗi cơ sở chỉ gửi hồ sơ của mình.",
    "500": "Lỗi máy chủ; chưa lưu gì. Gửi lại sau ít giây: gửi lại cùng một tệp không tạo hồ sơ trùng.",
    "701": "Ngoài thời gian nhận hồ sơ: chỉ nhận hồ sơ của tháng này, và của tháng trước đến hết ngày 05.",
    "1001": "Tệp quá lớn. Chia nhỏ hồ sơ: mỗi lần gửi một lượt khám chữa bệnh.",
    "123": "Tệp sai định dạng.",
    "124": "Lỗi lưu hồ sơ; chưa lưu gì. Gửi lại sau ít giây: gửi lại cùng một tệp không tạo hồ sơ trùng.",
}

Render = Callable[[str, str, str, str], bytes]


def plain_answer(code: str, receipt: str, moment: str, words: str) -> bytes:
    """Render an answer of most services."""
    return msgspec.json.encode(
        {"maKetQua": code, "maGiaoDich": receipt, "thoiGianTiepNhan": moment, "thongDiep": words}
    )


def papers_answer(code: str, receipt: str, moment: str, words: str) -> bytes:
    """Render an answer of the services of electronic papers, whose names begin with capitals."""
    return msgspec.json.encode({"MaGD": receipt, "MaKetQua": code, "ThoiGianTiepNhan": moment, "ThongDiep": words})


class Refused(Exception):
    """The service answers with a code and a sentence."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words or SENTENCES[code]


@dataclass(frozen=True, slots=True)
class Service:
    """One service: what it takes, the number it is called by, where credentials stand, what a wrong file is called, and how it answers."""

    kind: Kind
    called: str
    credentials: str = "headers"
    wrong_file: str = "205"
    zipped: bool = False
    render: Render = plain_answer

    def tell(self, problem: Problem, headers: Headers) -> Answered:
        """Tell what the door refuses: the status is honest, and who only reads the body finds the code there."""
        code = {413: "1001", 503: "124" if self.wrong_file == "123" else "500", 429: "500", 500: "500"}.get(
            problem.status, "205"
        )
        detail = str(problem.document()["detail"])
        return problem.status, [*HEADERS, *problem.headers], self.render(code, "", "", detail)


SERVICES = {
    **{f"/api/qd130/checkInKcb{name}": Service(CHECK_IN, "0") for name in ("Qd130", "Qd4750", "Qd3176")},
    "/api/qd130/guiHoSoXmlQD130": Service(ENCOUNTER_130, "130"),
    "/api/qd130/guiHoSoXmlQD4750": Service(ENCOUNTER_4750, "130"),
    "/api/qd130/guiHoSoXmlQD3176": Service(ENCOUNTER_3176, "130"),
    "/api/qd130/guiDuLieuGdykQd130": Service(ASSESSMENT, "12"),
    "/api/chungtugw/GuiHoSoChungTu2025": Service(PAPERS, "39", "body", render=papers_answer),
    "/api/egw/guiHoSoGiamDinh4210": Service(OLD_ENCOUNTER, "3", "query", "123"),
    "/api/egw/SendFileHoSoGiamDinh_zip4210": Service(OLD_ENCOUNTER, "3", "query", "123", zipped=True),
}
# One address, two kinds.
SINGLE_PAPERS = "/api/hososuckhoe/guiGiayToDienTu"
PAPERS_BY_NUMBER = {
    one.called: one
    for one in (
        Service(DEATH_NOTICE, "60", "body", render=papers_answer),
        Service(BIRTH_CERTIFICATE, "61", "body", render=papers_answer),
    )
}
OLD_ERRORS = "/api/egw/nhanChiTietLoiHS4210"


def routes(worker: Worker, taking: Taking) -> dict[str, Route]:
    """Return the addresses of the services."""
    verifier = DialectVerifier(worker.configuration.secrets)
    door = Door(worker, taking, Credentials(verifier))
    length_max = int(worker.configuration.submission_bytes_max * ENCODED_SHARE) + FIELDS_BYTES_MAX

    def route(services: Mapping[str, Service]) -> Route:
        first = next(iter(services.values()))
        return Route(
            Call(door, services).answer,
            kinds=None,
            body_bytes_max=length_max,
            length_required=False,
            query_length_max=QUERY_LENGTH_MAX if first.credentials == "query" else 0,
            tell=first.tell,
        )

    old = SERVICES["/api/egw/guiHoSoGiamDinh4210"]
    return {
        **{path: route({"": service}) for path, service in SERVICES.items()},
        SINGLE_PAPERS: route(PAPERS_BY_NUMBER),
        OLD_ERRORS: Route(
            door.errors_of, kinds=None, length_required=False, query_length_max=QUERY_LENGTH_MAX, tell=old.tell
        ),
    }


class Call:
    """Answers one service, or those that share an address and are told apart by `loaiHs`."""

    def __init__(self, door: Door, services: Mapping[str, Service]) -> None:
        self._door = door
        self._services = services
        self._first = next(iter(services.values()))

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the receipt after bytes and receipt are committed, or a code; raises Problem for our own troubles."""
        service = self._first
        try:
            try:
                fields, sent = read_upload(body)
                if query:
                    fields = {**_of_query(query), **fields}
            except Unreadable as unreadable:
                raise Refused(
                    "205", f"{SENTENCES['205']} Nội dung là form hoặc JSON, mỗi trường một lần."
                ) from unreadable
            if len(self._services) > 1:
                service = self._services.get(fields.get("loaihs", ""), service)
            proven = self._door.proven(service, headers, query, fields)
            content = self._door.content(service, proven, fields, sent)
        except Refused as refused:
            return self._door.refused(service, refused)
        taken = await self._door.take(service, proven, content)
        moment = f"{taken.received_at.astimezone(VIET_NAM):%Y%m%d%H%M%S}"
        return 200, HEADERS, service.render("200", taken.receipt, moment, SENTENCES["200"])


class Door:
    """What the services share: who proves themselves how, which file may be sent by whom, and taking it."""

    def __init__(self, worker: Worker, taking: Taking, credentials: Credentials) -> None:
        self._taking = taking
        self._credentials = credentials
        self._store = worker.store
        self._limits = worker.limits
        self._clock = worker.configuration.clock
        self._problems = worker.metrics.problems
        self._bytes_max = worker.configuration.submission_bytes_max

    def proven(self, service: Service, headers: Headers, query: str, fields: Mapping[str, str]) -> DialectGrant:
        """Return whom the credentials prove; raises Refused."""
        try:
            if service.credentials == "headers":
                proven = self._credentials.of_headers(headers, fields.get("username", ""))
            elif service.credentials == "query":
                proven = self._credentials.of_query(query)
            else:
                proven = self._credentials.of_fields(fields)
        except NotProven as unproven:
            raise Refused("401") from unproven
        self._limits.take(proven.grant)
        return proven

    def content(
        self, service: Service, proven: DialectGrant, fields: Mapping[str, str], sent: bytes | list[int] | None
    ) -> bytes:
        """Return the file, when it may be sent by whom the credentials prove; raises Refused."""
        facility = proven.grant.facility
        called = fields.get("loaihoso") or fields.get("loaihs", "")
        if called != service.called:
            raise Refused("205", f"{SENTENCES['205']} Dịch vụ này nhận loại hồ sơ {service.called}.")
        if fields.get("macskcb", "").upper() != facility or fields.get("matinh", facility[:2]) != facility[:2]:
            raise Refused("403")
        try:
            content = file_bytes(sent, self._bytes_max)
            if service.zipped:
                content = unzipped(content, self._bytes_max)
            require_envelope(content, service.kind, facility)
        except TooLong as long:
            raise Refused("1001") from long
        except Unreadable as unreadable:
            words = "Tệp gửi lên không giải mã được: base64 (hoặc tệp nén) hỏng hay bị cắt."
            raise Refused(service.wrong_file, f"{SENTENCES[service.wrong_file]} {words}") from unreadable
        except BadEnvelope as bad:
            raise Refused(service.wrong_file, f"{SENTENCES[service.wrong_file]} {WRONG[str(bad)][0]}") from bad
        if service.kind.dated and not self._in_time(content):
            raise Refused("701")
        return content

    async def take(self, service: Service, proven: DialectGrant, content: bytes) -> Taken:
        """Take the file; of an account that only rehearses nothing is kept."""
        if proven.sandbox:
            receipt = receipt_of(service.kind, proven.grant.facility, hashlib.sha256(content).digest())
            return Taken(receipt, self._clock.now(), False, b"")
        return await self._taking.take(proven.grant, service.kind, content)

    def refused(self, service: Service, refused: Refused) -> Answered:
        """Answer with a code; nothing was kept."""
        self._problems[200, f"dialect_{refused.code}"] += 1
        moment: datetime = self._clock.now()
        told = f"{moment.astimezone(VIET_NAM):%Y%m%d%H%M%S}"
        return 200, HEADERS, service.render(refused.code, "", told, refused.words)

    async def errors_of(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the line errors of a submission of 2017's shape (`nhanChiTietLoiHS4210`), to the facility that sent it."""
        try:
            proven = self._credentials.of_query(query)
            fields = _of_query(query) | (read_upload(body)[0] if body else {})
        except NotProven:
            return 200, HEADERS, _errors("401", "", [])
        except Unreadable:
            return 200, HEADERS, _errors("205", "", [])
        self._limits.take(proven.grant)
        receipt = fields.get("magiaodich", "")
        if not receipt or len(receipt) > 64:
            return 200, HEADERS, _errors("205", "", [])
        found = await self._taking.look(proven.grant.facility, receipt)
        if found is None:
            return 200, HEADERS, _errors("205", receipt, [])
        return 200, HEADERS, _errors("200", receipt, msgspec.json.decode(found["errors"] or "[]"))

    def _in_time(self, content: bytes) -> bool:
        month = made_in(content)
        today = legal_day(self._clock.now())
        this = today.year * 100 + today.month
        before = this - 1 if today.month > 1 else this - 89
        return month is None or month == this or (month == before and today.day <= LAST_DAY_FOR_MONTH_BEFORE)


def _errors(code: str, receipt: str, errors: list[dict[str, object]]) -> bytes:
    told = [
        {
            "maLoi": str(one["code"]),
            "moTaLoi": str(one["vi"]),
            "bang": str(one["table"]),
            "dong": str(one["row"]),
            "truong": str(one["field"]),
        }
        for one in errors
    ]
    return msgspec.json.encode({"maKetQua": code, "maGiaoDich": receipt, "ghiChu": SENTENCES[code], "dsLoi": told})


def _of_query(query: str) -> dict[str, str]:
    try:
        return {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=20)}
    except ValueError as error:
        raise Unreadable("query") from error

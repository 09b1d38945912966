"""What waits for officers, as a table: a duty joins by one line. Its count is exact up to a bound and never more than it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from ansinh.benefits.file_states import FileState
from ansinh.benefits.queries import files
from ansinh.foundation.clock import legal_day
from ansinh.lifeevents.queries import cases
from ansinh.overuse.queries import findings
from ansinh.payments.queries import cases_waiting, runs_before
from ansinh.payments.states import RunState
from ansinh.people.queries import open_candidates, requests_waiting
from ansinh.reckoning.queries import write_offs_asked
from ansinh.relief.queries import emergencies
from ansinh.relief.states import EmergencyState
from ansinh.rights.queries import requests_open
from ansinh.services.queries import queue
from ansinh.services.states import ApplicationState

# Counts are exact up to here; beyond, a page says “100+”.
COUNTED_MAX = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait (at most `COUNTED_MAX + 1` were looked for), since when the first, and by when."""

    count: int
    since: datetime | None = None
    due: date | None = None

    @property
    def shown(self) -> str:
        """Return the count as it is known."""
        return str(self.count) if self.count <= COUNTED_MAX else f"{COUNTED_MAX}+"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that waits: its name, who may do it, a query bounded by how many rows it looks at, and the page that shows it (below the root), if any."""

    vi: str
    en: str
    permission: str
    query: Callable[[date, int], Waiting]
    address: str = ""

    def name(self, language: str) -> str:
        """Return the name in a language."""
        return self.vi if language == "vi" else self.en


def _reviews(today: date, length: int) -> Waiting:
    found = open_candidates(length=length)
    return Waiting(len(found), found[0].since if found else None)


def _requests(today: date, length: int) -> Waiting:
    found = requests_waiting(length)
    return Waiting(len(found), found[0].prepared_at if found else None)


def _runs_in(state: RunState) -> Callable[[date, int], Waiting]:
    """Return a query of the runs that wait in a state; the first is due on its day of payment."""

    def found(today: date, length: int) -> Waiting:
        waiting = runs_before(state=state.value)
        return Waiting(len(waiting), due=min((one.pay_on for one in waiting), default=None))

    return found


def _cases(today: date, length: int) -> Waiting:
    return Waiting(*cases_waiting(length))


def _emergencies(today: date, length: int) -> Waiting:
    return Waiting(sum(one.state == EmergencyState.DECLARED for one in emergencies()))


def _write_offs(today: date, length: int) -> Waiting:
    found = write_offs_asked(length)
    return Waiting(len(found), found[0].opened_at if found else None)


def _files_in(state: FileState) -> Callable[[date, int], Waiting]:
    """Return a query of the files that wait in a state, by the day of their answer."""

    def found(today: date, length: int) -> Waiting:
        waiting = files(state=state, length=length)
        return Waiting(len(waiting), due=waiting[0].due_on if waiting else None)

    return found


def _applications_in(state: ApplicationState) -> Callable[[date, int], Waiting]:
    """Return a query of the applications that wait in a state, by the day of their answer."""

    def found(today: date, length: int) -> Waiting:
        waiting = queue(state=state, length=length)
        return Waiting(len(waiting), due=waiting[0].due_on if waiting else None)

    return found


def _findings(today: date, length: int) -> Waiting:
    return Waiting(len(findings(limit=length)))


def _data_requests(today: date, length: int) -> Waiting:
    found = requests_open(length=length)
    return Waiting(len(found), due=legal_day(found[0].due_at) if found else None)


def _stuck_events(today: date, length: int) -> Waiting:
    found = cases(limit=length)
    return Waiting(len(found), found[0].opened_at if found else None)


DUTIES: tuple[Duty, ...] = (
    Duty("Định danh nghi vấn", "Doubtful identities", "people.decide_candidate", _reviews, "reviews"),
    Duty(
        "Quyết định chờ người thứ hai",
        "Decisions for a second officer",
        "people.approve_request",
        _requests,
        "decisions",
    ),
    Duty("Đợt chi chờ duyệt", "Runs to approve", "payments.approve_run", _runs_in(RunState.CHECKED), "runs"),
    Duty("Đợt chi chờ chuẩn chi", "Runs to authorise", "payments.authorise_run", _runs_in(RunState.APPROVED), "runs"),
    Duty("Đợt chi chờ bố trí tiền", "Runs to fund", "payments.fund_run", _runs_in(RunState.AUTHORISED), "runs"),
    Duty("Đợt chi chờ kiểm tra", "Runs to check", "payments.check_run", _runs_in(RunState.BUILT), "runs"),
    Duty("Tình huống khẩn cấp chờ phê duyệt", "Emergencies to approve", "relief.approve", _emergencies, "emergencies"),
    Duty("Đề nghị xóa nợ", "Write-offs to decide", "reckoning.decide_write_off", _write_offs, "exceptions/recoveries"),
    Duty("Ngoại lệ chi trả chờ xử lý", "Payment exceptions", "payments.settle_case", _cases, "exceptions"),
    Duty(
        "Hồ sơ chế độ chờ lập quyết định",
        "Files to prepare",
        "benefits.prepare_decision",
        _files_in(FileState.GATHERING),
        "files?state=gathering",
    ),
    Duty(
        "Quyết định chế độ chờ duyệt",
        "Decisions on files to approve",
        "benefits.approve_decision",
        _files_in(FileState.PREPARED),
        "files?state=prepared",
    ),
    Duty(
        "Hồ sơ dịch vụ chờ tiếp nhận",
        "Applications to receive",
        "services.receive",
        _applications_in(ApplicationState.SUBMITTED),
        "services?state=submitted",
    ),
    Duty(
        "Hồ sơ dịch vụ chờ giải quyết",
        "Applications to decide",
        "services.decide",
        _applications_in(ApplicationState.RECEIVED),
        "services?state=received",
    ),
    Duty(
        "Việc vướng của hồ sơ liên thông",
        "Life events for a person to settle",
        "lifeevents.settle",
        _stuck_events,
        "events",
    ),
    Duty("Lượt khám cần hỏi", "Visits to ask about", "overuse.decide", _findings, "overuse"),
    Duty(
        "Yêu cầu về dữ liệu cá nhân", "Requests about personal data", "rights.answer", _data_requests, "data-requests"
    ),
)

"""What callers are told who ask too much. Nothing here says whom they asked about, nor how far from a ceiling they are."""

from __future__ import annotations

from ansinh.gateway.problems import Problem

RETRY_SECONDS_MAX = 3_600


class Refusal(Problem):
    """A guard's refusal; one that is to be recorded leaves a row in the audit with result 5."""

    def __init__(self, problem: tuple[int, str, str, str], *, recorded: bool, retry_seconds: int = 0) -> None:
        status, code, vi, en = problem
        super().__init__(status, code, vi, en, headers=(("retry-after", str(retry_seconds)),) if retry_seconds else ())
        self.recorded = recorded


_SLOW = (
    429,
    "slow_down",
    "Số lượt tra cứu đã tới mức trần. Chờ rồi thử lại; cần hơn thì đề nghị cơ quan bảo hiểm xã hội nâng mức trần.",
    "Look-ups have reached their ceiling. Wait and try again; if more are needed, ask the agency to raise the ceiling.",
)
_CHALLENGE = (
    403,
    "challenge_required",
    "Tra cứu nhiều khác thường. Cán bộ cần đăng nhập bàn tiếp đón và xác nhận bằng mã 6 số, hoặc đề nghị cơ quan bảo hiểm xã hội mở lại.",
    "There were unusually many look-ups. The officer has to sign in at the clerk's desk and confirm with the 6-digit code, or ask the agency to lift this.",
)
_SUSPENDED = (
    403,
    "suspended",
    "Việc tra cứu đã bị tạm dừng vì nhiều khác thường. Liên hệ cơ quan bảo hiểm xã hội để được mở lại.",
    "Look-ups are suspended because there were unusually many. Ask the agency to lift this.",
)
NOT_COUNTING = Refusal(
    (
        503,
        "unavailable",
        "Tạm thời chưa tra cứu được; chưa có câu trả lời nào được gửi. Thử lại sau hai giây.",
        "Look-ups are not possible for the moment; no answer was given. Try again in two seconds.",
    ),
    recorded=False,
    retry_seconds=2,
)
_STOPS = {"challenge": _CHALLENGE, "suspend": _SUSPENDED}


def stopped(step: str, *, recorded: bool) -> Refusal:
    """Return the refusal of a subject that is challenged or suspended."""
    return Refusal(_STOPS[step], recorded=recorded)


def slowed(seconds: float, *, recorded: bool) -> Refusal:
    """Return the refusal of a subject that may come back in so many seconds."""
    return Refusal(_SLOW, recorded=recorded, retry_seconds=max(1, min(int(seconds) + 1, RETRY_SECONDS_MAX)))

"""What governance decides about each role an officer may be granted: its duty in a sentence, whether it ends at a province, what for it may read about a
person, and what it must not be joined with in one pair of hands. What a role may do stands in `roles.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ansinh.foundation.purpose import Purpose

_WORK = frozenset({Purpose.ADMINISTRATION})


@dataclass(frozen=True)
class Charter:
    """`provincial`: the role may be granted for some provinces only; of others, the work is of the whole country. `purposes`: none reads about nobody."""

    vi: str
    en: str
    provincial: bool = True
    purposes: frozenset[Purpose] = _WORK


CHARTERS: dict[str, Charter] = {
    "administrator": Charter(
        "Quản lý cán bộ, vai trò và máy khách; không làm nghiệp vụ của họ.",
        "Keeps officers, roles and machine clients, and does none of their work.",
        provincial=False,
        purposes=frozenset(),
    ),
    "auditor": Charter(
        "Đọc mọi dấu vết truy cập và việc đã làm; không sửa gì.",
        "Reads everything about access and about what was done, and writes nothing.",
        provincial=False,
    ),
    "benefit_approver": Charter(
        "Duyệt quyết định hưởng do người khác lập.", "Approves decisions on benefits that somebody else prepared."
    ),
    "benefit_officer": Charter(
        "Nhận hồ sơ và lập quyết định hưởng; không tự duyệt.",
        "Takes files in and prepares decisions on benefits; approves none.",
    ),
    "card_officer": Charter(
        "Cấp, đổi, tạm giữ và thu hồi thẻ BHYT.",
        "Issues, replaces, suspends and withdraws health-insurance cards.",
        purposes=frozenset({Purpose.ADMINISTRATION, Purpose.REGISTRATION}),
    ),
    "claims_officer": Charter(
        "Giám định chi phí khám chữa bệnh và trả lời bệnh viện về giấy tờ của người bệnh.",
        "Examines claims of hospitals, and answers them about papers of patients.",
        purposes=frozenset({Purpose.ADMINISTRATION, Purpose.CLAIM, Purpose.REFERRAL}),
    ),
    "collection_approver": Charter(
        "Duyệt việc sửa và chốt sổ do người khác lập.",
        "Approves corrections and closings of contribution books that somebody else prepared.",
    ),
    "collection_officer": Charter(
        "Nhận kê khai của đơn vị, giữ sổ và lập đề nghị sửa, chốt sổ.",
        "Takes employers' declarations in, keeps contribution books, and prepares their corrections and closings.",
    ),
    "data_protection_officer": Charter(
        "Trả lời yêu cầu về dữ liệu cá nhân, xét các lần mở khẩn cấp.",
        "Answers requests about personal data, and judges emergencies in which books were opened.",
        provincial=False,
    ),
    "health_reviewer": Charter(
        "Rà soát các lượt khám nghi lạm dụng và kết luận có lý do.",
        "Reviews visits that look like over-use, and decides them with a reason.",
        purposes=frozenset({Purpose.ADMINISTRATION, Purpose.CLAIM}),
    ),
    "identity_approver": Charter(
        "Duyệt việc sửa, gộp và xác nhận danh tính do người khác lập.",
        "Approves corrections, merges and confirmations of identity that somebody else prepared.",
    ),
    "identity_officer": Charter(
        "Đối chiếu hồ sơ với CSDL quốc gia về dân cư, quyết định trường hợp nghi ngờ và lập đề nghị sửa.",
        "Reviews identities against the population register, decides doubtful ones, and prepares corrections.",
    ),
    "leader": Charter(
        "Xem số liệu tổng hợp; không xem dữ liệu của một người nào.",
        "Reads figures, and nothing about one person.",
        purposes=frozenset(),
    ),
    "one_stop_officer": Charter(
        "Nhận hồ sơ và trả kết quả tại bộ phận một cửa.", "Takes applications in and hands results out at the counter."
    ),
    "operator": Charter(
        "Vận hành hệ thống: các công việc hàng loạt, không quyết định về danh tính hay tiền của một người.",
        "Runs the platform: batch work that decides nothing about one person's identity or money.",
        provincial=False,
    ),
    "partner_operator": Charter(
        "Theo dõi kết nối với đối tác, cho tin nhắn đang chờ thử lại.",
        "Watches the lines to partners, and lets parked messages try again.",
        provincial=False,
        purposes=frozenset(),
    ),
    "payment_approver": Charter(
        "Kiểm tra và ký duyệt đợt chi do người khác lập.", "Checks and signs payment runs that somebody else made."
    ),
    "payment_authoriser": Charter(
        "Chuẩn chi đợt chi đã được người khác duyệt.", "Authorises payment runs that two others made and approved."
    ),
    "payment_officer": Charter(
        "Lập, kiểm tra và niêm phong đợt chi; không ký.", "Makes, checks and seals payment runs; signs none."
    ),
    "security_officer": Charter(
        "Theo dõi tra cứu hàng loạt và xử lý cảnh báo.",
        "Watches for mass look-ups, and settles alerts.",
        provincial=False,
        purposes=frozenset(),
    ),
    "treasurer": Charter(
        "Bố trí tiền cho đợt chi đã ký và gửi lệnh cho ngân hàng.",
        "Sets money aside for signed payment runs, and hands them to banks.",
        provincial=False,
    ),
}

# Who makes, who checks, who authorises and who moves the money are different people; who gives rights and who watches them do no work of their own.
_OF_ONE_ACT = (
    ("benefit_officer", "benefit_approver"),
    ("collection_officer", "collection_approver"),
    ("identity_officer", "identity_approver"),
    ("payment_officer", "payment_approver"),
    ("payment_officer", "payment_authoriser"),
    ("payment_officer", "treasurer"),
    ("payment_approver", "payment_authoriser"),
    ("payment_approver", "treasurer"),
    ("payment_authoriser", "treasurer"),
)
_ALONE = ("administrator", "auditor")
CONFLICTS: frozenset[frozenset[str]] = frozenset(
    [
        *map(frozenset, _OF_ONE_ACT),
        *(frozenset({alone, other}) for alone in _ALONE for other in CHARTERS if other != alone),
    ]
)


def conflicts_among(roles: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs among these roles that must not be in one pair of hands, in order."""
    held = set(roles)
    return sorted((min(pair), max(pair)) for pair in CONFLICTS if pair <= held)

"""Life events as tables: kinds, states of a file and of its steps, what may happen when, and which step waits for which; with words in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happened to a person."""

    BIRTH = "birth"
    DEATH = "death"
    RETIREMENT = "retirement"
    CHILD_GROWN = "child_grown"
    JOB_LOST = "job_lost"
    MOVE = "move"


KINDS: dict[Kind, tuple[str, str]] = {
    Kind.BIRTH: (
        "Khai sinh – cư trú – thẻ BHYT cho trẻ dưới 6 tuổi",
        "Birth, residence, health card for a child under six",
    ),
    Kind.DEATH: (
        "Khai tử – xóa cư trú – mai táng, tử tuất",
        "Death, residence removed, funeral and survivors' allowances",
    ),
    Kind.RETIREMENT: ("Đến tuổi nghỉ hưu tháng sau", "Retirement age reached next month"),
    Kind.CHILD_GROWN: ("Trẻ đủ 72 tháng, vào lớp 1: chuyển sang thẻ học sinh", "A child of 72 months: pupil's card"),
    Kind.JOB_LOST: ("Thôi việc: thẻ BHYT, trợ cấp thất nghiệp", "Job lost: health card, unemployment benefit"),
    Kind.MOVE: ("Chuyển nơi thường trú sang tỉnh khác", "Residence moved to another province"),
}

# What the agency finds in its own rows or the register tells, without a hospital or a form: a file opens itself.
FOUND = (Kind.RETIREMENT, Kind.CHILD_GROWN, Kind.JOB_LOST)
IN_HOUSE = frozenset({*FOUND, Kind.MOVE})


class Office(StrEnum):
    """Who has a step in hand."""

    HOSPITAL = "hospital"
    APPLICANT = "applicant"
    CIVIL_STATUS = "civil-status"
    POLICE = "police"
    SOCIAL_ASSISTANCE = "social-assistance"
    AGENCY = "agency"
    REGISTER = "population-register"
    EMPLOYER = "employer"
    RELATIVES = "relatives"


OFFICES: dict[Office, tuple[str, str]] = {
    Office.HOSPITAL: ("bệnh viện", "hospital"),
    Office.APPLICANT: ("người nộp hồ sơ", "applicant"),
    Office.CIVIL_STATUS: ("tư pháp – hộ tịch xã", "civil status"),
    Office.POLICE: ("công an xã (cư trú)", "police (residence)"),
    Office.SOCIAL_ASSISTANCE: ("bảo trợ xã hội", "social assistance"),
    Office.AGENCY: ("cơ quan BHXH", "social security"),
    Office.REGISTER: ("CSDL quốc gia về dân cư", "population register"),
    Office.EMPLOYER: ("người sử dụng lao động", "employer"),
    Office.RELATIVES: ("người thân", "relatives"),
}
# Offices that are partners over the wire, each with a feed of its own.
PARTNERS = (Office.CIVIL_STATUS, Office.POLICE, Office.SOCIAL_ASSISTANCE)


class FileState(StrEnum):
    """Where a file stands (Decree 63/2024): `noticed` is the hospital's paper, nobody has filed yet; `registered`: civil status has entered the act."""

    NOTICED = "noticed"
    FILED = "filed"
    WAITING_PAPERS = "waiting_papers"
    REGISTERED = "registered"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNDOING = "undoing"
    UNDONE = "undone"


FILE_STATES: dict[FileState, tuple[str, str]] = {
    FileState.NOTICED: (
        "đã nhận giấy của bệnh viện, chờ người dân nộp",
        "hospital's paper received, waiting for somebody to file",
    ),
    FileState.FILED: ("đã nộp, chờ tư pháp – hộ tịch", "filed, with civil status"),
    FileState.WAITING_PAPERS: ("chờ bổ sung", "waiting for a supplement"),
    FileState.REGISTERED: ("đã đăng ký hộ tịch, các cơ quan đang giải quyết", "registered, offices at work"),
    FileState.DONE: ("đã trả kết quả", "done"),
    FileState.REFUSED: ("bị từ chối", "refused"),
    FileState.WITHDRAWN: ("đã rút", "withdrawn"),
    FileState.UNDOING: ("đăng ký bị hủy, đang khôi phục", "registration cancelled, being undone"),
    FileState.UNDONE: ("đã khôi phục như trước", "undone, all as before"),
}

# What some states are called where a file opened itself.
_IN_HOUSE_STATES: dict[FileState, tuple[str, str]] = {
    FileState.NOTICED: ("đã mời, chờ người dân nộp", "person invited, waiting for them to file"),
    FileState.REGISTERED: ("đang giải quyết", "in hand"),
    FileState.UNDOING: ("căn cứ không còn, đang khôi phục", "its ground is gone, being undone"),
}


def state_words(kind: Kind, state: FileState) -> tuple[str, str]:
    """Return what a state is called for files of a kind."""
    return _IN_HOUSE_STATES.get(state, FILE_STATES[state]) if kind in IN_HOUSE else FILE_STATES[state]


class Happening(StrEnum):
    """What happens to a file."""

    FILED = "filed"
    CORRECTION_WANTED = "correction_wanted"
    SUPPLEMENTED = "supplemented"
    REGISTERED = "registered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"
    RESTORED = "restored"


_OPEN = frozenset({FileState.NOTICED, FileState.FILED, FileState.WAITING_PAPERS})
_STANDING = frozenset({FileState.REGISTERED, FileState.DONE})

# happening → (states it may happen in, the state after it). Whoever files about what is registered already adds procedures to it.
TRANSITIONS: dict[Happening, tuple[frozenset[FileState], FileState]] = {
    Happening.FILED: (frozenset({FileState.NOTICED}), FileState.FILED),
    Happening.CORRECTION_WANTED: (frozenset({FileState.FILED}), FileState.WAITING_PAPERS),
    Happening.SUPPLEMENTED: (frozenset({FileState.WAITING_PAPERS}), FileState.FILED),
    Happening.REGISTERED: (_OPEN | {FileState.DONE}, FileState.REGISTERED),
    Happening.REFUSED: (frozenset({FileState.FILED, FileState.WAITING_PAPERS}), FileState.REFUSED),
    Happening.WITHDRAWN: (_OPEN, FileState.WITHDRAWN),
    Happening.CONCLUDED: (frozenset({FileState.REGISTERED}), FileState.DONE),
    Happening.CANCELLED: (_STANDING, FileState.UNDOING),
    Happening.RESTORED: (frozenset({FileState.UNDOING}), FileState.UNDONE),
}

# What can happen to a file that opened itself: nobody registers anything at a commune.
IN_HOUSE_HAPPENINGS = frozenset(
    {Happening.REGISTERED, Happening.WITHDRAWN, Happening.CONCLUDED, Happening.CANCELLED, Happening.RESTORED}
)

# Of one subject one file of a kind lives; after these another may begin.
OVER = frozenset({FileState.REFUSED, FileState.WITHDRAWN, FileState.UNDONE})
CLOSED = OVER | {FileState.DONE}


def after(happening: Happening, state: FileState) -> FileState | None:
    """Return the state after a happening; None when it may not happen in that state."""
    before, following = TRANSITIONS[happening]
    return following if state in before else None


class StepState(StrEnum):
    """Where a step stands; `waiting`: for other steps, for a person, or for somebody's answer, as its words say."""

    WAITING = "waiting"
    ASKED = "asked"
    CORRECTION = "correction"
    DONE = "done"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"
    UNDONE = "undone"


STEP_STATES: dict[StepState, tuple[str, str]] = {
    StepState.WAITING: ("chờ", "waiting"),
    StepState.ASKED: ("đang giải quyết", "in hand"),
    StepState.CORRECTION: ("chờ bổ sung", "correction wanted"),
    StepState.DONE: ("xong", "done"),
    StepState.REFUSED: ("bị từ chối", "refused"),
    StepState.NOT_NEEDED: ("không cần", "not needed"),
    StepState.UNDONE: ("đã khôi phục", "undone"),
}
ENDED = frozenset({StepState.DONE, StepState.REFUSED, StepState.NOT_NEEDED, StepState.UNDONE})


class Step(StrEnum):
    """A step of a procedure; the partner is told this word."""

    CONFIRMATION = "confirmation"
    BIRTH = "birth"
    RESIDENCE = "residence"
    CARD = "card"
    DEATH = "death"
    RESIDENCE_OFF = "residence_off"
    CARD_LOCKED = "card_locked"
    PAYMENTS_STOPPED = "payments_stopped"
    FUNERAL = "funeral"
    SURVIVORS = "survivors"
    FUNERAL_SUPPORT = "funeral_support"
    AGE_REACHED = "age_reached"
    PENSION = "pension"
    CARD_ENDING = "card_ending"
    PUPIL_CARD = "pupil_card"
    WORK_ENDED = "work_ended"
    COVER_ENDED = "cover_ended"
    UNEMPLOYMENT = "unemployment"
    MOVED = "moved"
    PAYMENTS_MOVED = "payments_moved"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True)
class Planned:
    """A step: who does it, the parameter of law that sets its time (empty where none does), and whether the applicant picks it."""

    step: Step
    office: Office
    deadline: str
    vi: str
    en: str
    picked: bool = False


# The first step of each is the registration, or the ground, all others wait for.
STEPS: dict[Kind, tuple[Planned, ...]] = {
    Kind.BIRTH: (
        Planned(Step.BIRTH, Office.CIVIL_STATUS, "life_events.registration", "đăng ký khai sinh, cấp số định danh", "birth registered, number issued"),
        Planned(Step.CONFIRMATION, Office.RELATIVES, "deadlines.confirmation", "chủ hộ xác nhận qua định danh điện tử", "householder confirms by e-ID", True),
        Planned(Step.RESIDENCE, Office.POLICE, "life_events.residence", "đăng ký thường trú", "residence registered"),
        Planned(Step.CARD, Office.AGENCY, "life_events.card", "cấp thẻ BHYT trẻ em dưới 6 tuổi", "health card under six"),
    ),
    Kind.DEATH: (
        Planned(Step.DEATH, Office.CIVIL_STATUS, "life_events.registration", "đăng ký khai tử", "death registered"),
        Planned(Step.RESIDENCE_OFF, Office.POLICE, "life_events.residence_off", "xóa đăng ký thường trú", "residence removed"),
        Planned(Step.CARD_LOCKED, Office.AGENCY, "life_events.stop", "khóa thẻ BHYT", "health card locked"),
        Planned(Step.PAYMENTS_STOPPED, Office.AGENCY, "life_events.stop", "dừng chi hằng tháng", "monthly payments stopped"),
        Planned(Step.CONFIRMATION, Office.RELATIVES, "deadlines.confirmation", "thân nhân xác nhận qua định danh điện tử", "relatives confirm by e-ID", True),
        Planned(Step.FUNERAL, Office.AGENCY, "funeral.interlinked_days", "trợ cấp mai táng (BHXH)", "funeral allowance", picked=True),
        Planned(Step.SURVIVORS, Office.AGENCY, "funeral.interlinked_days", "trợ cấp tuất", "survivors' allowances", picked=True),
        Planned(Step.FUNERAL_SUPPORT, Office.SOCIAL_ASSISTANCE, "life_events.social", "hỗ trợ mai táng (bảo trợ xã hội)", "funeral support", picked=True),
    ),
    Kind.RETIREMENT: (
        Planned(Step.AGE_REACHED, Office.AGENCY, "", "đến tuổi nghỉ hưu", "retirement age reached"),
        Planned(Step.PENSION, Office.AGENCY, "deadlines.pension", "lương hưu", "pension"),
    ),
    Kind.CHILD_GROWN: (
        Planned(Step.CARD_ENDING, Office.AGENCY, "", "thẻ trẻ em hết hạn", "child's card ends"),
        Planned(Step.PUPIL_CARD, Office.AGENCY, "", "cấp thẻ học sinh nối tiếp", "pupil's card without a gap"),
    ),
    Kind.JOB_LOST: (
        Planned(Step.WORK_ENDED, Office.EMPLOYER, "", "báo giảm lao động", "end of work reported"),
        Planned(Step.COVER_ENDED, Office.AGENCY, "", "thẻ BHYT theo việc làm hết hạn", "cover by the job ends"),
        Planned(Step.UNEMPLOYMENT, Office.AGENCY, "unemployment.decision_days", "trợ cấp thất nghiệp", "unemployment benefit"),
    ),
    Kind.MOVE: (
        Planned(Step.MOVED, Office.REGISTER, "", "đổi nơi thường trú", "residence changed"),
        Planned(Step.PAYMENTS_MOVED, Office.AGENCY, "deadlines.move", "chuyển nơi chi trả hằng tháng", "monthly payments moved"),
        Planned(Step.FACILITY, Office.AGENCY, "", "chọn nơi khám chữa bệnh ban đầu mới", "another first-contact facility"),
    ),
}  # fmt: skip
REGISTRATION: dict[Kind, Step] = {kind: steps[0].step for kind, steps in STEPS.items()}
PICKED: dict[Kind, frozenset[Step]] = {
    kind: frozenset(one.step for one in steps if one.picked and one.step is not Step.CONFIRMATION)
    for kind, steps in STEPS.items()
}
# What waits until relatives who were named have confirmed (Decree 63/2024: their days are not counted).
HELD: dict[Kind, frozenset[Step]] = {
    Kind.BIRTH: frozenset({Step.RESIDENCE}),
    Kind.DEATH: frozenset({Step.FUNERAL, Step.SURVIVORS, Step.FUNERAL_SUPPORT}),
}


# Steps that settle what somebody asked for, and what figures call it.
SERVICES: dict[Step, str] = {
    Step.CARD: "child_card",
    Step.FUNERAL: "funeral",
    Step.SURVIVORS: "death",
    Step.PENSION: "retirement",
    Step.PUPIL_CARD: "pupil_card",
    Step.UNEMPLOYMENT: "unemployment",
    Step.PAYMENTS_MOVED: "payments_moved",
    Step.FACILITY: "facility",
}


def planned(kind: Kind, step: Step) -> Planned:
    """Return a step of a procedure; raises KeyError for one that is not in it."""
    return {one.step: one for one in STEPS[kind]}[step]


class Outcome(StrEnum):
    """What an office says about a step."""

    DONE = "done"
    REFUSED = "refused"
    CORRECTION = "correction"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class ToldState(StrEnum):
    """What became of something we were told; `parked` waits for a person, or for what must come first."""

    APPLIED = "applied"
    REPEATED = "repeated"
    PARKED = "parked"


class EffectKind(StrEnum):
    """What a file did in other rooms, each with a way back."""

    DEATH_RECORDED = "death_recorded"
    RECORD_OPENED = "record_opened"
    CARD_ISSUED = "card_issued"
    ENTITLEMENT_ENDED = "entitlement_ended"
    APPLICATION_FILED = "application_filed"
    PUPIL_CARDED = "pupil_carded"
    COVER_CUT = "cover_cut"
    PAYMENT_MOVED = "payment_moved"
    FACILITY_CHANGED = "facility_changed"


class Undo(StrEnum):
    """How far the way back has come: `prepared` waits for another officer, `person` is for an officer to settle."""

    OPEN = "open"
    PREPARED = "prepared"
    PERSON = "person"
    UNDONE = "undone"


def drawn(kind: Kind) -> str:
    """Return the transitions as a Mermaid diagram, with the steps that run while a file is registered."""
    own = kind in IN_HOUSE
    reached = {FileState.NOTICED, FileState.REGISTERED if own else FileState.FILED}
    lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in FileState if state in reached)]
    happenings = {one: moves for one, moves in TRANSITIONS.items() if not own or one in IN_HOUSE_HAPPENINGS}
    if own:  # Nothing is added to a file that opened itself once it is done.
        happenings[Happening.REGISTERED] = (frozenset({FileState.NOTICED}), FileState.REGISTERED)
    reached |= {following for _, following in happenings.values()}
    for happening, (before, following) in happenings.items():
        lines += [f"    {state} --> {following}: {happening}" for state in FileState if state in before & reached]
    lines.append("    state registered {")
    lines += [f"        [*] --> {one.step}: {one.en}" for one in STEPS[kind][1:]]
    lines.append("    }")
    lines += [f"    {state} --> [*]" for state in FileState if state in CLOSED & reached]
    return "\n".join(lines)

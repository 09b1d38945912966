"""One word for the clerk: green only when everything is right, and every word says what to do, in both languages."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.cards.states import StandingStatus
from ansinh.desk.adapters.gateway import Answered, Away, Busy, Nobody, Outcome, Refused, Standing
from ansinh.desk.comparing import mismatches, same_birth, same_name
from ansinh.desk.reading import Particulars, read
from ansinh.desk.verdicts import TONES, VALID, Here, Tone, Verdict, judge
from ansinh.desk.words import SCRIPT_WORDS, VERDICTS, WORDS
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import KeyKind

TODAY = date(2025, 6, 3)
HERE = Here("01002", "basic")


def standing(**changes: object) -> Standing:
    given_fields: dict[str, object] = {
        "full_name": "Đặng Thị Quỳnh Như",
        "facility": "01002",
        "valid_from": date(2025, 1, 1),
        "valid_until": date(2026, 1, 1),
        "in_force": True,
        "status": "active",
        "born": "1980-03-02",
        "sex": "F",
        "benefit_level": 4,
        "share_percent": 80,
    }
    return Standing(**(given_fields | changes))  # type: ignore[arg-type]


def verdict_of(outcome: Outcome, card: Particulars | None = None, here: Here = HERE) -> Verdict:
    return judge(outcome, card, here, TODAY).verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.VALID_HERE),
        ({"facility": "01004"}, Verdict.VALID_ELSEWHERE),
        ({"in_force": False, "valid_until": date(2025, 6, 3)}, Verdict.EXPIRED),
        ({"in_force": False, "valid_from": date(2025, 6, 4)}, Verdict.NOT_YET),
        ({"status": "suspended", "in_force": False}, Verdict.SUSPENDED),
        ({"status": "withdrawn", "in_force": False}, Verdict.WITHDRAWN),
        ({"status": "reduced_moved_out", "in_force": False}, Verdict.REDUCED),
        ({"status": "managed_police", "in_force": False}, Verdict.ARMED_FORCES),
        ({"status": "a word of a later gateway"}, Verdict.WITHDRAWN),
    ],
)
def test_judge_of_a_standing_says_what_it_means(changes: dict[str, object], verdict: Verdict) -> None:
    assert verdict_of(Answered(standing(**changes), "1024")) is verdict


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Nobody("1024"), Verdict.NOBODY),
        (Refused("officer"), Verdict.OFFICER_REFUSED),
        (Refused("ceiling", 30), Verdict.CEILING),
        (Refused("challenge"), Verdict.CHALLENGED),
        (Refused("suspended"), Verdict.HELD),
        (Refused("question"), Verdict.UNREADABLE),
        (Refused("desk"), Verdict.DESK_REFUSED),
        (Busy(2), Verdict.BUSY),
        (Away("ConnectError"), Verdict.AWAY),
    ],
)
def test_judge_without_a_standing_never_says_valid(outcome: Outcome, verdict: Verdict) -> None:
    judged = judge(outcome, None, HERE, TODAY)
    assert judged.verdict is verdict
    assert judged.tone is not Tone.GO
    assert judged.share_percent is None


def test_primary_care_is_right_for_everybody() -> None:
    elsewhere = Answered(standing(facility="79001"), "1024")
    assert verdict_of(elsewhere, here=Here("01001", "primary")) is Verdict.VALID_PRIMARY
    assert verdict_of(elsewhere, here=Here("01004", "specialised")) is Verdict.VALID_ELSEWHERE


@given(
    status=st.sampled_from(StandingStatus),
    in_force=st.booleans(),
    facility=st.sampled_from(["01002", "01004"]),
    level=st.sampled_from(["primary", "basic", "specialised", ""]),
    same=st.booleans(),
    from_days=st.integers(-400, 400),
)
def test_green_is_shown_only_when_everything_is_right(
    status: str, in_force: bool, facility: str, level: str, same: bool, from_days: int
) -> None:
    began = TODAY + timedelta(days=from_days)
    told = standing(
        status=str(status),
        in_force=in_force,
        facility=facility,
        valid_from=began,
        valid_until=began + timedelta(days=200),
    )
    card = Particulars(told.full_name if same else "Lê Thị Hoa", "1980-03-02", "F")
    judged = judge(Answered(told, "1"), card, Here("01002", level), TODAY)
    right = status == "active" and in_force and same and (facility == "01002" or level == "primary")
    assert (judged.tone is Tone.GO) == right
    assert (judged.share_percent is not None) == (judged.verdict in VALID)
    assert bool(judged.mismatches) == (not same)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn Hòa", "NGUYỄN VĂN HOÀ"),
        ("Đặng Thị Thúy", unicodedata.normalize("NFD", "đặng thị  thuý")),
        ("\u00d0ặng Văn Ân", "\u0110ặng Văn Ân"),
        ("Lê Thị Hoa ", " Lê Thị\u00a0Hoa"),
    ],
)
def test_spelling_habits_are_one_name(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lê Thị Hoa", "Lê Thị Hoà"),
        ("Lê Thị Hoa", "Lê Thị"),
        ("Trần Đức", "Trần Dức"),
        ("Vũ Ân", "Vũ An"),
        ("Lê Ơn", "Lê Ôn"),
    ],
)
def test_a_letter_or_tone_makes_another_name(one: str, other: str) -> None:
    assert not same_name(one, other)


@given(st.text(max_size=40), st.sampled_from(["NFC", "NFD"]))
def test_a_name_is_the_same_in_any_encoding_and_case(name: str, form: str) -> None:
    assert same_name(name, unicodedata.normalize(form, name))  # type: ignore[arg-type]
    assert same_name(name, f"  {name} ")


def test_a_birth_date_is_compared_as_far_as_it_is_known() -> None:
    assert same_birth("1980-03-02", "1980")
    assert same_birth("1980-03", "1980-03-02")
    assert not same_birth("1980-03-02", "1980-04")
    assert not mismatches(Particulars("Lê Hoa", "1980-01-01", "F"), full_name="lê hoa", born=None, sex=None)
    assert [
        one.field for one in mismatches(Particulars("Lê Hà", "1981", "M"), full_name="Lê Hoa", born="1980", sex="F")
    ] == [
        "name",
        "born",
        "sex",
    ]


def test_read_tells_cards_from_numbers() -> None:
    citizen = read("001160012345||Đặng Thị Như|02031960|Nữ|Hà Nội|15062022")
    assert (citizen.kind, citizen.number, citizen.card) == (
        KeyKind.CITIZEN_CARD_QR,
        "001160012345",
        Particulars("Đặng Thị Như", "1960-03-02", "F"),
    )
    name, address = "Đặng Thị Như".encode().hex(), "Hà Nội".encode().hex()
    paper = read(f"dn4010112345678|{name}|1960|2|{address}|01 - 013|01/01/2020|-|-")
    assert (paper.key, paper.card) == ("DN4010112345678", Particulars("Đặng Thị Như", "1960", "F"))
    typed = read(" 001.160.012.345 ")
    assert (typed.key, typed.card) == ("001160012345", None)


@given(st.text(max_size=1_200))
def test_read_reads_or_refuses_any_text(text: str) -> None:
    for one in (text, f"001160012345|{text}", f"DN4010112345678|{text}"):
        with contextlib.suppress(InvalidInput):
            assert read(one).number


def test_every_verdict_has_a_tone_and_words_in_both_languages() -> None:
    assert set(TONES) == set(Verdict)
    assert {tone for verdict, tone in TONES.items() if verdict not in VALID} & {Tone.GO} == set()
    for told in VERDICTS.values():
        assert set(told) == set(Verdict)
        assert all(words.headline and words.action and words.short for words in told.values())


def _holes(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_both_languages_say_the_same_things() -> None:
    vi, en = WORDS["vi"], WORDS["en"]
    assert vi.keys() == en.keys()
    assert {name: _holes(text) for name, text in vi.items()} == {name: _holes(text) for name, text in en.items()}
    assert set(SCRIPT_WORDS) <= vi.keys()
    for verdict in Verdict:
        assert _holes(VERDICTS["vi"][verdict].action) == _holes(VERDICTS["en"][verdict].action)


def test_no_word_blames_begs_or_says_merely_invalid() -> None:
    words = [*WORDS["vi"].values(), *WORDS["en"].values()]
    words += [text for told in VERDICTS.values() for one in told.values() for text in (one.headline, one.action)]
    begging = re.compile(r"vui lòng|xin lỗi|không hợp lệ|bắt buộc|please|sorry|invalid|oops|must ", re.IGNORECASE)
    assert [text for text in words if begging.search(text)] == []
    assert [text for text in words if unicodedata.normalize("NFC", text) != text] == []

"""Papers that hospitals send into the health book begin births and deaths by themselves."""

from __future__ import annotations

from typing import Any

from ansinh.config.hospital_papers import tell_life_events
from ansinh.healthbook.events import PageChange, PaperOfPage
from ansinh.lifeevents import queries
from ansinh.lifeevents.states import FileState, Kind
from tests.lifeevents.world import DEAD_PIN, FACILITY, MOTHER, MOTHER_PIN, World, parked

BIRTH = {
    "MA_GCS": "12",
    "SO_CCCD_NND": MOTHER_PIN,
    "HOTEN_NND": "Phạm Thị Lan",
    "NGAY_SINH_CON": "20250714032000",
    "GIOI_TINH_CON": "2",
    "CAN_NANG_CON": "3150",
}
DEATH = {
    "MA_GBT": f"00001.GBT.{FACILITY}.25",
    "SO_GIAYTO": DEAD_PIN,
    "HO_TEN": "NGƯỜI THỬ",
    "NGAY_SINH": "19500302",
    "NGAY_TV": "202507132210",
}


def page(kind: str, row: dict[str, str], **more: Any) -> PageChange:
    """A current page with one paper."""
    plain = {"withdrawn": False, "version": 1} | more
    return PageChange(MOTHER, FACILITY, f"{kind}:1", "R-1", plain["version"], None, None, plain["withdrawn"], (PaperOfPage(kind, row, None),))  # fmt: skip


def test_a_birth_certificate_begins_a_file_that_parents_find(world: World) -> None:
    tell_life_events([page("birth", BIRTH)], world.clock)
    [file] = queries.files()
    assert (file.kind, file.state) == (Kind.BIRTH, FileState.NOTICED)
    assert world.file_birth(f"00012.GCS.{FACILITY}.25") == file.file_id
    tell_life_events([page("birth", BIRTH, version=2)], world.clock)
    assert len(queries.files()) == 1


def test_a_death_notice_begins_a_file_and_taking_it_back_ends_it(world: World) -> None:
    tell_life_events([page("death", DEATH)], world.clock)
    [file] = queries.files()
    assert (file.kind, file.state) == (Kind.DEATH, FileState.NOTICED)
    tell_life_events([page("death", DEATH, withdrawn=True)], world.clock)
    assert queries.files()[0].state is FileState.WITHDRAWN


def test_a_registered_death_whose_notice_is_taken_back_is_for_an_officer(world: World) -> None:
    tell_life_events([page("death", DEATH)], world.clock)
    file = world.file_death()
    world.rounds()
    tell_life_events([page("death", DEATH, withdrawn=True)], world.clock)
    [case] = world.shown(file).cases
    assert "rút giấy" in case.vi
    assert world.shown(file).line.state is FileState.DONE


def test_a_paper_that_cannot_be_read_is_parked_and_keeps_no_page_from_its_book(world: World) -> None:
    tell_life_events(
        [page("birth", BIRTH | {"GIOI_TINH_CON": "3"}), page("death", DEATH | {"SO_GIAYTO": "C1234567"})], world.clock
    )
    assert queries.files() == []
    assert [(what, because.split(":")[0]) for what, because in parked()] == [
        ("birth", "cannot be read"),
        ("death", "cannot be read"),
    ]

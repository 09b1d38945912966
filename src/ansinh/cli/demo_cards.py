"""What the demo does with cards beyond issuing them: co-payments taken in, cards reduced, locked and changed, newborns treated without a card, and a hospital
that meets every answer there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ansinh.access.operations import open_dialect_door, replace_dialect_password
from ansinh.access.queries import actor_of_officer
from ansinh.cards.operations import (
    Changed,
    OnCard,
    Paid,
    give_temporary_number,
    record_copayment,
    reduce_card,
    replace_card,
    restore_card,
    suspend_card,
    withdraw_card,
)
from ansinh.cards.queries import standing_of
from ansinh.cards.states import CardState, StandingStatus
from ansinh.cli.acting import actor
from ansinh.cli.demo_officers import PREPARES, appoint
from ansinh.cli.nation import source_of
from ansinh.cli.screen import counted
from ansinh.config.queries import agency_clock
from ansinh.database.sql import row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.people.operations import Newcomer, load_insured, open_record
from ansinh_sandbox.his import HospitalSoftware, Officer, Patient, SignInRefused

REASON = "trình diễn: đời sống của thẻ"
CARDS_OFFICER = ("hanoi.nga", "Vũ Thị Nga", "card_officer")
PAYMENTS_A_TIME = 1_000
SERVER_TROUBLE, ASKED_MAX = "101", 10
_MET = {
    "000": "status = 'active' AND valid_until > %(today)s AND next_card_number IS NULL AND former_card_number IS NULL AND length(card_number) = 15",
    "010": "status = 'active' AND valid_until <= %(today)s AND next_card_number IS NULL",
}
_SEEN = """
SELECT {number}, full_name, birth_year, birth_month, birth_day FROM cards_standing WHERE {which} AND {number} IS NOT NULL AND birth_day IS NOT NULL
ORDER BY person_id LIMIT {length}
"""


@dataclass
class CardsLived:
    """What came of the nation's files about cards."""

    payments: int = 0
    exempt: int = 0
    newborns: int = 0
    events: Counter[str] = field(default_factory=Counter)

    def words(self) -> str:
        """Return it in a line."""
        changed = sum(self.events.values())
        return (
            f"{counted(self.payments)} lượt cùng chi trả, {counted(self.exempt)} người được miễn, {counted(changed)} thẻ thay đổi, "
            f"{counted(self.newborns)} trẻ có mã tạm"
        )


def live_cards(folder: Path) -> str:
    """Take in what patients paid, do to cards what officers did, give newborns their temporary numbers, and return it in words. Safe to run twice."""
    appoint((CARDS_OFFICER,), REASON)
    officer = actor_of_officer(CARDS_OFFICER[0])
    before = load_insured(
        actor=actor(), reason=REASON, source=source_of(folder), file=folder / "agency" / "insured.parquet"
    )
    lived = CardsLived()
    lived.payments = sum(_take_in(batch, before) for batch in _batches(folder, "copayment"))
    for one in (one for batch in _batches(folder, "card_event") for one in batch):
        if _do(one, before + int(one["record_no"]), officer):
            lived.events[str(one["state"])] += 1
    lived.newborns = sum(_name_child(one, officer) for batch in _batches(folder, "newborn") for one in batch)
    told = row("SELECT count(*) FROM cards_standing WHERE copay_exempt_on IS NOT NULL")
    lived.exempt = int(told[0]) if told else 0
    return lived.words()


def _batches(folder: Path, name: str) -> Iterator[list[dict[str, Any]]]:
    for batch in pq.ParquetFile(folder / "agency" / f"{name}.parquet").iter_batches(PAYMENTS_A_TIME):
        yield batch.to_pylist()


def _take_in(batch: list[dict[str, Any]], before: int) -> int:
    fields = ("facility", "visit", "admitted_on", "paid_on", "amount", "counted")
    payments = [Paid(before + int(one["record_no"]), **{name: one[name] for name in fields}) for one in batch]
    record_copayment(actor=actor(), reason=REASON, clock=agency_clock(), payments=payments)
    return len(payments)


def _do(one: Mapping[str, Any], person: int, officer: Actor) -> bool:
    """Do to somebody's card what the file says; False when there is no card, or the register's news have ended it meanwhile."""
    standing = standing_of(person)
    number = standing["card_number"] if standing else None
    if number is None:
        return False
    event, state, clock = str(one["event"]), CardState(str(one["state"])), agency_clock()
    on = OnCard(person, str(number), one["effect_on"], f"nation#{one['record_no']}#{event}")
    acts: dict[str, Callable[[], Changed]] = {
        "suspended": lambda: suspend_card(actor=officer, reason=REASON, clock=clock, on=on),
        "restored": lambda: restore_card(actor=officer, reason=REASON, clock=clock, on=on),
        "withdrawn": lambda: withdraw_card(actor=officer, reason=REASON, clock=clock, on=on),
        "reduced": lambda: reduce_card(actor=officer, reason=REASON, clock=clock, on=on, kind=state),
        "replaced": lambda: replace_card(
            actor=officer, reason=REASON, clock=clock, on=on, new_object_code=str(one["object_code"])
        ),
    }
    try:
        acts[event]()
    except Refusal as refusal:
        if refusal.code != "card_not_in_state":
            raise
        return False
    return True


def _name_child(one: Mapping[str, Any], officer: Actor) -> bool:
    """Open a record for a child under the number of its birth, and give it a temporary number until it has a card."""
    born = f"{one['birth_year']:04d}-{one['birth_month']:02d}-{one['birth_day']:02d}"
    address = f"{one['province']}/{one['commune']}"
    child = Newcomer(str(one["full_name"]), born, str(one["sex"]), address, pin=str(one["pin"]))
    clock, registrar = agency_clock(), actor_of_officer(PREPARES)
    person = open_record(actor=registrar, reason=REASON, clock=clock, newcomer=child)
    give_temporary_number(actor=officer, reason=REASON, clock=clock, person_id=person, province=str(one["province"]))
    return True


def meet_every_answer(facility: str, officer_name: str) -> str:
    """Let one hospital's older software meet every answer about a card, right and wrong; refuses when one that was asked for did not come."""
    reason = "gặp mọi mã kết quả của cổng tương thích"
    open_dialect_door(actor=actor(), reason=reason, facility=facility)
    password = replace_dialect_password(actor=actor(), reason=reason, facility=facility).password or ""
    here = settings()
    base = f"http://{here.gateway_host}:{here.gateway_port}"
    software = HospitalSoftware(base, facility, password, Officer(officer_name, f"{facility}-01"))
    wanted = {**_of_states(), **_of_particulars()}
    told = {code: _answer(software, patient) for code, patient in wanted.items()}
    someone = next(iter(wanted.values()))
    for code, officer in (("054", Officer(officer_name, "nobody")), ("055", Officer("Người Khác", f"{facility}-01"))):
        told[code] = _answer(replace(software, officer=officer, tokens=None), someone)
    try:
        replace(software, password=password[::-1], tokens=None).sign_in()
    except SignInRefused as refused:
        told["401"] = refused.code
    software.close()
    if strange := {code: came for code, came in told.items() if code != came}:
        said = ", ".join(f"{came} thay vì {code}" for code, came in sorted(strange.items()))
        raise Refusal(
            f"Cổng tương thích trả lời khác: {said}.",
            f"The compatible door answered otherwise: {sorted(strange.items())}.",
        )
    return f"{len(told)} mã kết quả: {' '.join(sorted(told))}"


def _answer(software: HospitalSoftware, patient: Patient) -> str:
    """Return the code of a look-up, asked again some times where a busy machine answered that it could not."""
    code = SERVER_TROUBLE
    for _ in range(ASKED_MAX):
        code = str(software.look_up(patient)["maKetQua"])
        if code != SERVER_TROUBLE:
            break
    return code


def _of_states() -> dict[str, Patient]:
    """Return somebody to ask about for every state a card can be in, by the code it is answered with."""
    codes = {
        StandingStatus.WITHDRAWN: "110",
        StandingStatus.REDUCED: "120",
        StandingStatus.REDUCED_MOVED_OUT: "121",
        StandingStatus.REDUCED_MOVED_WITHIN: "122",
        StandingStatus.REDUCED_READDED: "123",
        StandingStatus.REDUCED_STOPPED: "124",
    }
    found = {code: _somebody(which) for code, which in _MET.items()}
    found |= {code: _somebody(f"status = '{status.value}'") for status, code in codes.items()}
    # Of whose cards other offices manage, the agency knows the person's numbers only.
    managed = {StandingStatus.MANAGED_ARMY: "001", StandingStatus.MANAGED_POLICE: "002"}
    found |= {
        code: _somebody(f"status = '{status.value}'", number="coalesce(pin, si_code)")
        for status, code in managed.items()
    }
    found["130"] = _somebody("card_number IS NULL AND temporary_number IS NOT NULL", number="temporary_number")
    usable = "status = 'active' AND valid_until > %(today)s AND card_number IS NOT NULL"
    found["004"] = _somebody(f"{usable} AND next_card_number <> card_number")
    found["003"] = _somebody(
        f"{usable} AND next_card_number IS NULL AND former_card_number IS NOT NULL", number="former_card_number"
    )
    return {code: patients[0] for code, patients in found.items() if patients}


def _of_particulars() -> dict[str, Patient]:
    """Return questions of which one particular is wrong, each about another person, by the code that says so."""
    one, two, three, four, five, six = _somebody(_MET["000"], length=7)[1:]
    initials = " ".join(word[0] + ("a" if word[1:] != "a" else "i") for word in two.name.split())
    province = "02" if four.number[3:5] != "02" else "04"
    return {
        "050": Patient("DN4019999999999", one.name, one.born),
        "060": replace(one, name="Đỗ Quách Khác"),
        "061": replace(two, name=initials),
        "070": replace(three, born="01/01/1901"),
        "052": replace(four, number=f"{four.number[:3]}{province}{four.number[5:]}"),
        "053": replace(five, number=f"{five.number[:2]}{'2' if five.number[2] != '2' else '3'}{five.number[3:]}"),
        "051": replace(six, number=f"{'XB' if six.number[:2] != 'XB' else 'CT'}{six.number[2:]}"),
        "205": replace(six, number="123"),
    }


def _somebody(which: str, *, number: str = "card_number", length: int = 1) -> list[Patient]:
    day = agency_clock().now().date()
    found = rows(_SEEN.format(number=number, which=which, length=length), {"today": day})
    return [Patient(str(key), str(name), f"{d:02d}/{m:02d}/{y}") for key, name, y, m, d in found]

"""A month with a storm, by a clock of its own: August 2025, after the nation's July. Four provinces are paid two months at once; then their posts are cut off.

One post had paid from its list already, the others give theirs back. Who has confirmed an account since is paid into it, the rest at home, from signed lists;
one province is without a line for three days. Everybody else is paid as ever, and the normal run of September finds nothing left to pay there.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ansinh.access.queries import actor_of_officer
from ansinh.benefits.operations import freeze_month
from ansinh.cli.acting import actor
from ansinh.cli.demo_payments import (
    APPROVER,
    MAKER,
    TREASURER,
    compare_books,
    deposit,
    let_banks_live,
    pay_month,
    sign_run,
)
from ansinh.cli.pay_emergency import lay_list
from ansinh.cli.pay_emergency_views import show_report
from ansinh.cli.pay_runs import show_story
from ansinh.cli.screen import counted, out
from ansinh.config.payments import owed_in, partners_folder, payment_desk
from ansinh.config.relief import owed_of, relief_desk
from ansinh.database.folder import data_folder
from ansinh.database.sql import row
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.settings import settings
from ansinh.payments import operations as payments
from ansinh.payments import queries as payment_queries
from ansinh.payments.operations import NewAccount, RunOrder
from ansinh.payments.procedures import build_all, collect_all, send_ready
from ansinh.payments.states import RunState
from ansinh.relief import operations as relief
from ansinh.relief import queries
from ansinh.relief.operations import NewEmergency
from ansinh.relief.procedures import apply
from ansinh_sandbox import home_delivery, post

REASON = "trình diễn: chi trả trong bão"
# Hải Phòng, Ninh Bình, Thanh Hóa, Nghệ An.
PROVINCES = ("31", "37", "38", "40")
PAID_ALREADY, DARK = "31", "H40"
MONTHS = (202508, 202509)
# The banks have lived until the middle of August when July is closed.
DECLARED_ON, PAID_ON, STRUCK_ON, DARK_DAYS = date(2025, 8, 18), date(2025, 8, 20), date(2025, 8, 21), 3
NORMAL_ON, SEPTEMBER_ON = date(2025, 8, 28), date(2025, 9, 12)
ACCOUNTS_CONFIRMED = 3
ROUNDS_MAX, TRIES_MAX = 2, 4


def live_storm() -> str:
    """Live the storm from its declaration to the close of its run, and return it in words; what was done already is found done."""
    for month in MONTHS:
        freeze_month(actor=actor(), reason=REASON, clock=_at(DECLARED_ON), month=month)
    emergency = _declare()
    run_id = relief.open_run(
        actor=actor_of_officer(MAKER), reason=REASON, clock=_at(DECLARED_ON), emergency_id=emergency, pay_on=PAID_ON
    )
    run = payment_queries.run_of(run_id)
    if run.state == RunState.CLOSED:
        return f"đợt {run_id} đã khóa sổ"
    with payment_desk(settings(), _at(DECLARED_ON), REASON, actor_of_officer(MAKER)) as desk:
        build_all(desk, run_id, owed_of(run))
    sign_run(run_id, _at(PAID_ON))
    _send(run_id, PAID_ON)
    _confirm_accounts(run_id)
    post.live(partners_folder(settings()), PAID_ON, PAID_ALREADY)
    home_delivery.cut_off(partners_folder(settings()), DARK)
    for number in range(ROUNDS_MAX):
        day = STRUCK_ON + timedelta(days=number)
        with relief_desk(settings(), _at(day), REASON, actor_of_officer(MAKER)) as relief_officer:
            apply(relief_officer, emergency, run_id)
        if number and not any(
            batch.state in {"new", "sealed", "ready"} for batch in payment_queries.batches_of(run_id)
        ):
            break
        sign_run(run_id, _at(day))
        _send(run_id, day)
        _deliver_home(emergency, run_id, day)
        _collect(run_id, day)
    _close(run_id)
    report = queries.report_of(emergency)
    persons, amount = queries.reached(report)
    return f"đợt {run_id}: đến tay {counted(persons)}/{counted(report.persons)} người, {counted(amount)} ₫ hai tháng"


def pay_the_others() -> str:
    """Pay August to everybody else, and build September where it was paid ahead, which finds nothing; return it in words."""
    august = pay_month(MONTHS[0], NORMAL_ON)
    order = RunOrder(SEPTEMBER_ON, MONTHS[1:], "Danh sách chi trả tháng 09/2025", provinces=PROVINCES)
    officer, clock = actor_of_officer(MAKER), _at(SEPTEMBER_ON)
    run_id = payments.create_run(actor=officer, reason=REASON, clock=clock, order=order)
    if payment_queries.run_of(run_id).state != RunState.ABORTED:
        with payment_desk(settings(), clock, REASON, officer) as desk:
            build_all(desk, run_id, owed_in(order.months))
    found = row("SELECT count(*) FROM payments_order WHERE run_id = %s", [run_id])
    if found == (0,):
        payments.abort_run(actor=officer, reason="không còn khoản nào phải chi", clock=clock, run_id=run_id)
    return f"{august}; kỳ 9 ở bốn tỉnh: {found[0] if found else 0} lệnh; {compare_books()}"


def show_storm() -> None:
    """Print what the storm did: the report by province, and one payment that went another way with its whole story."""
    found = queries.emergencies()
    if not found:
        return
    report = queries.report_of(found[-1].emergency_id)
    show_report(report, by_commune=False)
    lists = data_folder(settings()) / "storm" / "lists"
    papers = len(list(lists.glob("*.pdf")))
    if papers:
        out.print(
            f"Danh sách ký số để chi không cần mạng: {papers} bản in trong {lists}; kết quả nộp hai lần, sai thứ tự, một dòng không ai gửi: chỉ tính một lần"
            " · signed lists, told twice and out of order, counted once",
            markup=False,
        )
    for run_id in report.runs[:1]:
        for person in queries.moved(report.emergency.emergency_id, run_id)[:1]:
            out.print()
            show_story(run_id, person, as_json=False)


def _declare() -> int:
    new = NewEmergency(
        "Bão mô phỏng tháng 8",
        "Công văn 01/CV mô phỏng",
        DECLARED_ON,
        date(2025, 10, 1),
        provinces=PROVINCES,
        months=MONTHS,
        otherwise="home",
    )
    officer, clock = actor_of_officer(MAKER), _at(DECLARED_ON)
    emergency = relief.declare_emergency(actor=officer, reason=REASON, clock=clock, new=new)
    relief.approve_emergency(actor=actor_of_officer(APPROVER), reason=REASON, clock=clock, emergency_id=emergency)
    return emergency


def _send(run_id: int, day: date) -> None:
    """Hand over what is ready, asking after what hangs; a province without a line stays unknown."""
    let_banks_live(day)
    deposit(run_id)
    with payment_desk(settings(), _at(day), REASON, actor_of_officer(TREASURER)) as desk:
        for _ in range(TRIES_MAX):
            states = send_ready(desk, run_id).states
            if not set(states) - {"unknown", "sent"}:
                break


def _confirm_accounts(run_id: int) -> None:
    """Let a few who would be paid in cash file an account and confirm it with the code they were sent."""
    clock, officer = _at(PAID_ON), actor_of_officer(MAKER)
    bank = next((one.partner for one in payment_queries.batches_of(run_id) if one.partner.isdigit()), None)
    for person in queries.paid_in_cash(run_id, but_province=PAID_ALREADY)[:ACCOUNTS_CONFIRMED] if bank else []:
        told = row("SELECT full_name FROM people_person WHERE person_id = %s", [person])
        known = row("SELECT count(*) FROM payments_account WHERE person_id = %s AND confirmed_at IS NOT NULL", [person])
        if told is None or bank is None or known != (0,):
            continue
        new = NewAccount(bank, f"10{person:010d}", str(told[0]))
        account = payments.file_account(actor=officer, reason=REASON, clock=clock, person_id=person, account=new)
        # The payee reads the code on the telephone.
        code = row(
            "SELECT parameters->>'code' FROM notices_message WHERE person_id = %s AND fact = %s",
            [person, f"payments.account:{account}"],
        )
        payments.confirm_account(
            actor=officer,
            reason=REASON,
            clock=clock,
            person_id=person,
            account_id=account,
            code=str(code[0]) if code else "",
        )


def _deliver_home(emergency: int, run_id: int, day: date) -> None:
    """Let the post's people visit: from lists in their folders, and where there is no line from the list that was printed and carried there."""
    secrets, folder = secrets_folder(settings()), data_folder(settings()) / "storm"
    partners, lists = partners_folder(settings()), folder / "lists"
    told = home_delivery.live(partners, day)
    made = relief.sign_lists(
        actor=actor_of_officer(MAKER),
        reason=REASON,
        clock=_at(day),
        emergency_id=emergency,
        run_id=run_id,
        secrets=secrets,
    )
    for one in made:
        laid = lay_list(lists, one)
        if one.partner == DARK:
            told += home_delivery.visit(laid[0], folder / DARK, day + timedelta(days=DARK_DAYS))
    for number, file in enumerate(told):
        clock = _at(day + timedelta(days=DARK_DAYS if DARK in file.parts else 0))
        for _ in range(1 + (number == 0)):
            relief.take_results(actor=actor(), reason=REASON, clock=clock, name=file.name, body=file.read_bytes())
    home_delivery.reconnect(partners, DARK)


def _collect(run_id: int, day: date) -> None:
    let_banks_live(day + timedelta(days=3))
    with payment_desk(settings(), _at(day + timedelta(days=3)), REASON, actor_of_officer(TREASURER)) as desk:
        send_ready(desk, run_id)
        collect_all(desk)


def _close(run_id: int) -> None:
    """Settle what the run left for a person, lines nobody sent among it, and close it."""
    clock, officer = _at(NORMAL_ON - timedelta(days=3)), actor_of_officer(MAKER)
    strays = [case for case in payment_queries.open_cases() if case.kind == "unknown_payment"]
    for case in (*payment_queries.open_cases(run_id), *strays):
        payments.settle_case(
            actor=officer,
            reason=REASON,
            clock=clock,
            person_id=case.person_id,
            case_id=case.case_id,
            outcome="đã đối chiếu với bưu điện: ghi nhầm số dòng",
        )
    payments.close_run(actor=officer, reason=REASON, clock=clock, run_id=run_id)


def _at(day: date) -> FixedClock:
    return FixedClock(datetime.combine(day, time(9), VIET_NAM))

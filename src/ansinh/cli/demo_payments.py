"""What the demo pays: two months of pensions and allowances, through banks over HTTP and the post, signed by three people, to the last đồng."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date, datetime, time, timedelta
from pathlib import Path

import httpx
from rich.table import Table

from ansinh.access.operations import approve_role_grant, prepare_role_grant, register_officer
from ansinh.access.queries import actor_of_officer
from ansinh.benefits.operations import freeze_month
from ansinh.cli.acting import actor
from ansinh.cli.benefits import load_payees
from ansinh.cli.demo_officers import FOUNDERS, UNIT
from ansinh.cli.pay_accounts import load_accounts_of
from ansinh.cli.pay_runs import show_story
from ansinh.cli.screen import counted, out
from ansinh.config.payments import owed_in, partners_folder, payment_desk
from ansinh.database.folder import data_folder
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import VIET_NAM, FixedClock, RealClock
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.payments import operations, queries
from ansinh.payments.operations import RunOrder
from ansinh.payments.procedures import build_all, collect_all, send_ready
from ansinh.payments.states import RunState
from ansinh_sandbox import post
from ansinh_sandbox.banks import loading as bank_holders

REASON = "trình diễn: chi lương hưu và trợ cấp"
MAKER, APPROVER, AUTHORISER, TREASURER = "hanoi.quynh", "hanoi.khanh", "hanoi.yen", "hanoi.bach"
OFFICERS = (
    (MAKER, "Đỗ Thị Quỳnh", "payment_officer"),
    (APPROVER, "Bùi Văn Khánh", "payment_approver"),
    (AUTHORISER, "Vũ Hải Yến", "payment_authoriser"),
    (TREASURER, "Ngô Xuân Bách", "treasurer"),
)
FIRST_MONTH = 202506
# A rejected account is paid in cash, and what nobody collects waits; nothing else goes round.
ROUNDS_MAX = 2
TRIES_MAX = 6
_UNSIGNED = frozenset({"new", "sealed"})


def load_payees_and_accounts(folder: Path) -> str:
    """Take in whom the former system paid, and into which accounts; tell the banks whose accounts they are. Returns it in words."""
    entitlements = load_payees(folder, REASON, owed_from=FIRST_MONTH)
    accounts = load_accounts_of(folder, REASON)
    bank_holders.load(folder, banks_store())
    return f"{counted(entitlements)} quyền hưởng, {counted(accounts)} tài khoản"


def banks_store() -> Path:
    """Return the folder of the sandbox banks' own books."""
    return data_folder(settings()) / "sandbox" / "banks"


def forget_partners() -> None:
    """Take away what banks, post and offices keep of the invented nation that was here before."""
    for folder in (banks_store(), partners_folder(settings()), data_folder(settings()) / "sandbox" / "offices"):
        shutil.rmtree(folder, ignore_errors=True)


def appoint_payment_officers() -> None:
    """Let the two administrators give those who make, approve, authorise and fund payments their roles. Safe to run twice."""
    first, second = (actor_of_officer(one.officer_no) for one in FOUNDERS)
    for officer, name, role in OFFICERS:
        register_officer(actor=first, reason=REASON, officer_no=officer, name=name, unit=UNIT)
        grant = prepare_role_grant(actor=first, reason=REASON, clock=RealClock(), officer_no=officer, role=role)
        approve_role_grant(actor=second, reason=REASON, clock=RealClock(), grant=grant)


def pay_month(month: int, pay_on: date) -> str:
    """Pay a month from freeze to close, and return it in words; what was done already is found done."""
    clock = FixedClock(datetime.combine(pay_on, time(9), VIET_NAM))
    frozen = freeze_month(actor=actor(), reason=REASON, clock=clock, month=month)
    order = RunOrder(pay_on, (month,), f"Danh sách chi trả tháng {month % 100:02}/{month // 100}")
    run_id = operations.create_run(actor=actor_of_officer(MAKER), reason=REASON, clock=clock, order=order)
    if queries.run_of(run_id).state == RunState.CLOSED:
        return f"đợt {run_id} đã khóa sổ"
    with payment_desk(settings(), clock, REASON, actor_of_officer(MAKER)) as desk:
        orders, amount = build_all(desk, run_id, owed_in((month,)))
    for number in range(ROUNDS_MAX):
        if number and not operations.reroute_orders(
            actor=actor_of_officer(MAKER), reason=REASON, clock=clock, run_id=run_id
        ):
            break
        sign_run(run_id, clock)
        carry_out(run_id, clock, pay_on + timedelta(days=8 * number))
    operations.close_run(actor=actor_of_officer(MAKER), reason=REASON, clock=clock, run_id=run_id)
    states = ", ".join(f"{name} {counted(count)}" for name, count in queries.attempts_by_state(run_id).items())
    return (
        f"đợt {run_id}: {counted(orders)} lệnh, {counted(amount)} ₫ (đóng băng {counted(frozen.obligations)}); {states}"
    )


def sign_run(run_id: int, clock: FixedClock) -> None:
    """Seal, approve, authorise and fund what is not signed yet."""
    if not any(batch.state in _UNSIGNED for batch in queries.batches_of(run_id)):
        return
    secrets = secrets_folder(settings())
    operations.check_run(actor=actor_of_officer(MAKER), reason=REASON, clock=clock, run_id=run_id)
    operations.approve_run(actor=actor_of_officer(APPROVER), reason=REASON, clock=clock, run_id=run_id, secrets=secrets)
    operations.authorise_run(
        actor=actor_of_officer(AUTHORISER), reason=REASON, clock=clock, run_id=run_id, secrets=secrets
    )
    operations.fund_run(actor=actor_of_officer(TREASURER), reason=REASON, clock=clock, run_id=run_id)


def carry_out(run_id: int, clock: FixedClock, day: date) -> None:
    """Hand over, let banks and post live for a week, and take their answers in."""
    with payment_desk(settings(), clock, REASON, actor_of_officer(TREASURER)) as desk:
        deposit(run_id)
        for _ in range(TRIES_MAX):
            if not send_ready(desk, run_id).states:
                break
        else:
            raise Refusal("Có ngân hàng không nhận lệnh chi.", "A bank does not take its messages.")
        let_banks_live(day + timedelta(days=7))
        post.live(partners_folder(settings()), day + timedelta(days=5))
        collect_all(desk)


def deposit(run_id: int) -> None:
    """Put what each bank needs on our account there, as the treasury does."""
    base = settings().banks_url
    needed: dict[str, int] = {}
    for batch in queries.batches_of(run_id):
        if batch.partner.isdigit() and batch.state == "ready":
            needed[batch.partner] = needed.get(batch.partner, 0) + batch.amount
    rounds = max(batch.round for batch in queries.batches_of(run_id))
    for bank, amount in needed.items():
        told = {"amount": amount, "reference": f"run {run_id}.{rounds}"}
        httpx.post(f"{base}/banks/{bank}/deposits", json=told, trust_env=False, timeout=60).raise_for_status()


def let_banks_live(until: date) -> None:
    """Let every bank live until a day."""
    told = {"day": until.isoformat()}
    httpx.post(f"{settings().banks_url}/day", json=told, trust_env=False, timeout=600).raise_for_status()


def compare_books() -> str:
    """Hold what the banks' own books credited against what ours say was paid into accounts, and return it in words; refuses when they differ."""
    theirs: dict[str, int] = {}
    for file in sorted(banks_store().glob("*.sqlite")):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as books:
            theirs |= dict(
                books.execute("SELECT end_to_end_id, sum(amount) FROM credit GROUP BY 1 HAVING sum(amount) <> 0")
            )
    ours = {
        payment.end_to_end_id: payment.amount
        for run in queries.runs()
        for payment in queries.paid_into_accounts(run.run_id)
    }
    if ours != theirs:
        differing = len(ours.items() ^ theirs.items())
        raise Refusal(f"Sổ ngân hàng khác sổ ta ở {differing} dòng.", f"The banks' books differ in {differing} lines.")
    return f"{counted(len(ours))} khoản, {counted(sum(ours.values()))} ₫, trùng từng đồng với sổ của các ngân hàng"


def show_payments() -> None:
    """Print each run's share by account, its ledger, and the whole story of one payment that did not go straight."""
    runs = sorted(queries.runs(), key=lambda one: one.run_id)
    detour = next(((run.run_id, person) for run in runs for person in queries.rerouted(run.run_id)[:1]), None)
    shares = Table(title="Chi qua tài khoản · Paid by account", title_justify="left")
    for column in ("Đợt · Run", "Tháng · Month", "Chỉ tiêu · Figure", "Qua tài khoản · By account", "Tổng · All", "%"):
        shares.add_column(column, justify="right")
    for run in runs:
        for figure in queries.figures_of(run.run_id):
            share = 100 * figure.counted / figure.total if figure.total else 0
            months = ", ".join(map(str, run.months))
            shares.add_row(
                str(run.run_id), months, figure.key, counted(figure.counted), counted(figure.total), f"{share:.2f}"
            )
    out.print(shares)
    ledger = Table(title="Bảng cân đối · Trial balance", title_justify="left")
    for column in ("Đợt · Run", "Tài khoản kế toán · Account", "Số dư · Balance"):
        ledger.add_column(column, justify="right")
    for run in runs:
        balances = queries.balances_of(run.run_id)
        for balance in balances:
            ledger.add_row(str(run.run_id), str(balance.account), counted(balance.amount))
        ledger.add_row(str(run.run_id), "tổng · sum", counted(sum(one.amount for one in balances)))
    out.print(ledger)
    if detour is not None:
        show_story(*detour, as_json=False)

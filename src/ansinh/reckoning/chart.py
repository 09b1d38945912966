"""The chart of accounts as people read it: what payments' chart holds, and the accounts that only the books around it need.

Plus is debit, minus is credit: a fund is debited with what it owes, a bank credited with what left it.
"""

from __future__ import annotations

from ansinh.payments.ledger.chart import BANKS_FROM, CASH_FROM, Account, bank_account, named

__all__ = ["NAMES", "OPENING", "RECOVERY", "TREASURY", "UNCLAIMED", "UNEXPLAINED", "bank_account", "key_of", "title_of"]

TREASURY = 110
"""What the treasury put on our accounts at banks."""
UNEXPLAINED = 290
"""Money that came and is not explained yet; repayments are taken from here."""
OPENING = 900
"""What stood on an account when its first statement came."""
RECOVERY = int(Account.RECOVERY)
UNCLAIMED = int(Account.UNCLAIMED)

# Number → Vietnamese and English name.
NAMES: dict[int, tuple[str, str]] = {
    int(Account.PENSION_FUND): ("Quỹ hưu trí, tử tuất", "Pension and survivors' fund"),
    int(Account.ACCIDENT_FUND): ("Quỹ tai nạn lao động, bệnh nghề nghiệp", "Work-accident fund"),
    int(Account.UNEMPLOYMENT_FUND): ("Quỹ bảo hiểm thất nghiệp", "Unemployment fund"),
    int(Account.STATE_BUDGET): ("Ngân sách nhà nước", "State budget"),
    TREASURY: ("Kho bạc cấp vốn chi trả", "Treasury funding"),
    int(Account.CLEARING): ("Thanh toán lệnh chi", "Order clearing"),
    int(Account.RETURNED): ("Tiền chi bị trả lại", "Returned, to issue again"),
    RECOVERY: ("Phải thu hồi", "To be recovered"),
    UNCLAIMED: ("Tiền chưa có người nhận", "Unclaimed money"),
    int(Account.PAID_IN_CASH): ("Đã chi tiền mặt", "Paid in cash"),
    UNEXPLAINED: ("Tiền vào chưa rõ nguồn", "Inflows not explained"),
    OPENING: ("Số dư đầu kỳ chuyển sang", "Opening balances brought forward"),
}


def title_of(account: int) -> tuple[str, str]:
    """Return an account's Vietnamese and English name; raises KeyError for a number no chart has."""
    if account >= BANKS_FROM:
        bank = f"{account - BANKS_FROM:06d}"
        return f"Tiền gửi tại ngân hàng {bank}", f"Bank {bank}"
    if account >= CASH_FROM:
        province = f"{account - CASH_FROM:02d}"
        return f"Tiền mặt tại bưu điện tỉnh {province}", f"Cash at the post of province {province}"
    return NAMES[account]


def key_of(account: int) -> str:
    """Return an account's short name for machines: `bank:970405`, `cash:01`, `clearing`, `treasury`."""
    own = {TREASURY: "treasury", UNEXPLAINED: "unexplained", OPENING: "opening"}
    return own.get(account) or named(account)

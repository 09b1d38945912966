"""What a visit costs and who pays: lines in hundredths of a đồng, so that sums hold to the last digit.

Share of the fund: what the card's object code grants (Law on Health Insurance art. 22(1)), of it what the category of the visit
leaves (art. 22(4)-(6), list of Decision 3276/QD-BYT); all of it at a primary facility and for a bill under 15 % of the reference level.
"""

from __future__ import annotations

from dataclasses import dataclass

# 15 % of the reference level of 2,340,000 đồng (Decree 73/2024, art. 22(1)(d)), in hundredths of a đồng.
SMALL_BILL = 351_000_00

_LEVELS = {
    "1": "CC TE", "2": "CK CB KC HN DT DK XD BT TS", "3": "HT TC CN", "5": "QN CA CY",
    "4": "DN HX CH NN TK HC XK TB NO CT XB TN CS XN MS HD TQ TA TY TV HG LS PV HS SV GB GD",
}  # fmt: skip
LEVEL_OF = {code: level for level, codes in _LEVELS.items() for code in codes.split()}
_GRANTED = {"1": 100, "2": 100, "3": 95, "4": 80, "5": 100}
# Per cent of what the card grants that a category leaves, in and out of bed; categories not named leave all.
_LEFT_IN = {"3.1": 40}
_LEFT_OUT = {"3.1": 0, "1.13": 0, "1.14": 0, "1.18": 0}
PRIMARY_LEVEL = "1.2"


@dataclass(slots=True)
class Line:
    """A row of XML2 or XML3 before its template: amounts in hundredths of a đồng."""

    template: str
    quantity: int
    hospital: int
    insured: int
    values: dict[str, str]
    result_of: int = -1


def share_of_card(card: str) -> int:
    """Return the per cent a card grants by its third character."""
    return _GRANTED[card[2]]


def share(card: str, category: str, *, in_bed: bool, insured: int) -> int:
    """Return the effective share of the fund for each line, in whole per cent; `insured` is the bill in scope."""
    if category == PRIMARY_LEVEL:
        return 100
    left = (_LEFT_IN if in_bed else _LEFT_OUT).get(category, 100)
    granted = 100 if left == 100 and insured < SMALL_BILL else share_of_card(card)
    return granted * left // 100


def part(amount: int, per_cent: int) -> int:
    """Return so many per cent of an amount, to the nearest hundredth of a đồng, halves up."""
    return (amount * per_cent + 50) // 100


def money(amount: int) -> str:
    """Write hundredths of a đồng with two decimals."""
    return f"{amount // 100}.{amount % 100:02d}"


@dataclass(slots=True)
class Bill:
    """Sums of a visit in hundredths of a đồng, as XML1 tells them."""

    drugs: int = 0
    supplies: int = 0
    hospital: int = 0
    insured: int = 0
    own: int = 0
    co_payment: int = 0
    fund: int = 0
    others: int = 0

    def settle(self, line: Line, per_cent: int, *, others_pay: bool) -> None:
        """Share one line out, write its amounts into its values and add it to the sums."""
        fund = part(line.insured, per_cent)
        others = line.insured - fund if others_pay else 0
        patient = line.insured - fund - others
        own = line.hospital - line.insured
        self.hospital += line.hospital
        self.insured += line.insured
        self.fund += fund
        self.others += others
        self.co_payment += patient
        self.own += own
        line.values |= {
            "THANH_TIEN_BV": money(line.hospital),
            "THANH_TIEN_BH": money(line.insured),
            "MUC_HUONG": str(per_cent),
            "T_NGUONKHAC_NSNN": money(others),
            "T_NGUONKHAC": money(others),
            "T_BNTT": money(own),
            "T_BNCCT": money(patient),
            "T_BHTT": money(fund),
        }

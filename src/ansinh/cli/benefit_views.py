"""How an entitlement looks in a terminal, and as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from ansinh.benefits.queries import EntitlementShown, due_at_death
from ansinh.cli.screen import counted, out


def tell(one: EntitlementShown) -> None:
    """Print an entitlement for people."""
    out.print(
        f"[bold]{one.kind}[/bold] số {one.entitlement_id}, hưởng từ {one.opened_on:%d/%m/%Y} · entitlement {one.entitlement_id}"
    )
    for version in one.versions:
        until = f"đến trước {version.valid_until}" if version.valid_until else "trở đi"
        out.print(
            f"  {version.valid_from} {until}: {counted(version.amount)} ₫ · {version.state} · {version.cause} · {version.act}",
            markup=False,
        )
        for vi, _, article in version.derivation():
            out.print(f"      {vi} ({article})", markup=False)
    for change in one.changes:
        stands = (
            "đã từ chối · refused"
            if change.refused_at
            else "đã ghi · done"
            if change.done_at
            else "chờ duyệt · waiting"
        )
        out.print(
            f"  biến động {change.change_id}: {change.kind} từ {change.effect_month} · {change.act} · {change.reason} · {stands}",
            markup=False,
        )
    for correction in one.corrections:
        words = "truy lĩnh · arrears" if correction.amount > 0 else "thu hồi · overpayment"
        out.print(
            f"  {words} tháng {correction.month}: {counted(correction.amount)} ₫ ({correction.cause})", markup=False
        )


def tell_due(person: int, died_on: date) -> None:
    """Print the months that are due to relatives where they were not paid."""
    for one in due_at_death(person, died_on):
        stands = "đã chốt · frozen" if one.frozen else "chưa chốt · not frozen"
        out.print(
            f"  Tháng {one.month}: {counted(one.amount)} ₫ thuộc thân nhân nếu chưa chi ({stands}). · Due to relatives.",
            markup=False,
        )


def plain(one: EntitlementShown) -> dict[str, Any]:
    """Return an entitlement as plain values for machines."""
    return {
        "entitlement": one.entitlement_id,
        "kind": one.kind,
        "insured_person": one.insured_person_id,
        "opened_on": one.opened_on,
        "versions": [
            {
                "from": version.valid_from,
                "until": version.valid_until,
                "amount": version.amount,
                "state": version.state,
                "cause": version.cause,
                "act": version.act,
                "province": version.province,
                "derivation": [{"vi": vi, "en": en, "article": article} for vi, en, article in version.derivation()],
            }
            for version in one.versions
        ],
        "changes": [
            {
                "change": change.change_id,
                "kind": change.kind,
                "from": change.effect_month,
                "because": change.because,
                "amount": change.amount,
                "act": change.act,
                "reason": change.reason,
                "due_on": change.due_on,
                "prepared_by": change.prepared_by,
                "approved_by": change.approved_by,
                "done": change.done_at is not None,
                "refused": change.refused_at is not None,
            }
            for change in one.changes
        ],
        "corrections": [
            {
                "month": correction.month,
                "number": correction.correction_no,
                "amount": correction.amount,
                "cause": correction.cause,
            }
            for correction in one.corrections
        ],
    }

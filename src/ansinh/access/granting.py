"""On which terms a role can be granted, and what it must not be joined with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ansinh.access.charters import CHARTERS, conflicts_among
from ansinh.access.models import RoleGrant
from ansinh.access.roles import ROLES
from ansinh.access.states import COVER_MAX, OPEN_GRANT_STATES, GrantState
from ansinh.foundation.errors import InvalidInput, Refusal

PROVINCES_LENGTH_MAX = 63
_PROVINCE = re.compile(r"\d\d")


@dataclass(frozen=True)
class GrantTerms:
    """Where a role holds (province codes; None is the whole country) and when: from its approval or later, until somebody ends it or earlier.

    `covers`: the officer whose role is lent; it then holds where theirs does, for 90 days at most.
    """

    provinces: frozenset[str] | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    covers: str | None = None


NO_LIMIT = GrantTerms()


class Conflict(Refusal):
    """Two roles that must not be in one pair of hands."""

    code = "conflict"


def in_force(moment: datetime) -> QuerySet[RoleGrant]:
    """Return the grants that give their role at a moment."""
    return RoleGrant.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=moment),
        Q(valid_until__isnull=True) | Q(valid_until__gt=moment),
        state=GrantState.APPROVED.value,
    )


def require_terms(role: str, terms: GrantTerms) -> None:
    """Refuse (`invalid_input`) provinces for a role of the whole country, provinces that are no codes, and an end before the beginning."""
    if terms.provinces is not None:
        if not CHARTERS[role].provincial:
            raise InvalidInput(
                f"Vai trò “{role}” làm việc trên cả nước, không giới hạn theo tỉnh được.",
                f"The role “{role}” works for the whole country; it cannot be bound to provinces.",
                field="provinces",
            )
        if not 0 < len(terms.provinces) <= PROVINCES_LENGTH_MAX or not all(map(_PROVINCE.fullmatch, terms.provinces)):
            raise InvalidInput(
                "Cần ít nhất một mã tỉnh, mỗi mã hai chữ số.",
                "At least one province is needed, each a code of two digits.",
                field="provinces",
            )
    if terms.covers is not None and not _is_cover(role, terms):
        raise InvalidInput(
            f"Chỉ cho mượn vai trò nghiệp vụ mà cán bộ đó đang có, từ ngày đến ngày, tối đa {COVER_MAX.days} ngày, không kèm tỉnh.",
            f"A role can be lent that the officer holds, of work, from when until when, for at most {COVER_MAX.days} days, without provinces.",
            field="covers",
        )
    if terms.valid_until is not None and terms.valid_from is not None and terms.valid_until <= terms.valid_from:
        raise InvalidInput(
            "Ngày kết thúc phải sau ngày bắt đầu.", "The end has to come after the beginning.", field="valid_until"
        )


def _is_cover(role: str, terms: GrantTerms) -> bool:
    if terms.valid_from is None or terms.valid_until is None or terms.provinces is not None or role == "administrator":
        return False
    held = in_force(terms.valid_from).filter(officer_id=terms.covers, role=role, covers__isnull=True)
    return terms.valid_until <= terms.valid_from + COVER_MAX and held.exists()


def require_no_conflict(officer_no: str, role: str, moment: datetime) -> None:
    """Refuse (`conflict`) a role that must not be joined with one the officer has, will have, or was lent."""
    granted = RoleGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=moment),
        officer_id=officer_no,
        state__in=[state.value for state in OPEN_GRANT_STATES],
    )
    require_apart({*granted.values_list("role", flat=True), role})


def require_apart(roles: set[str]) -> None:
    """Refuse (`conflict`) roles of which two must not be in one pair of hands."""
    for one, other in conflicts_among(roles):
        raise Conflict(
            f"“{ROLES[one].vi}” và “{ROLES[other].vi}” không được giao cho cùng một người.",
            f"“{ROLES[one].en}” and “{ROLES[other].en}” must not be in one pair of hands.",
            role=one,
            other=other,
        )


def same_terms(grant: RoleGrant, terms: GrantTerms) -> bool:
    """Tell whether a grant holds where and when the terms say."""
    provinces = frozenset(grant.provinces) if grant.provinces is not None else None
    return GrantTerms(provinces, grant.valid_from, grant.valid_until, grant.covers_id) == terms

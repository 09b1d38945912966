"""Two people, not one: a constraint every room puts on what one officer prepares and another decides."""

from __future__ import annotations

from django.db.models import CheckConstraint, F, Q


def different_people(name: str, *, maker: str = "prepared_by", checker: str = "approved_by") -> CheckConstraint:
    """Return a constraint that the column `checker`, once filled, names somebody else than the column `maker`.

    The database refuses what a page or an operation might forget. For three people, use one constraint for each pair.
    """
    return CheckConstraint(
        condition=Q(**{f"{checker}__isnull": True}) | (Q(**{f"{maker}__isnull": False}) & ~Q(**{checker: F(maker)})),
        name=name,
    )

"""Three kinds of trouble, never mixed: refusals, partner trouble, and our own mistakes (plain exceptions)."""

from __future__ import annotations


class Refusal(Exception):
    """An expected "no": a stable code, a sentence for a person in both languages, and facts without personal data."""

    code: str = "refused"

    def __init__(self, vi: str, en: str, **facts: str | int) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en
        self.facts = facts


class NotPermitted(Refusal):
    """The actor's roles do not carry the permission the operation asks for."""

    code = "not_permitted"

    def __init__(self, permission: str) -> None:
        super().__init__(
            f"Người thực hiện không có quyền “{permission}”. Nhờ quản trị viên cấp vai trò phù hợp.",
            f"The actor lacks the permission “{permission}”. Ask an administrator for a role that has it.",
            permission=permission,
        )


class OutsideProvinces(Refusal):
    """Whom it is about lives elsewhere than where the actor's roles hold."""

    code = "outside_provinces"

    def __init__(self, permission: str, provinces: frozenset[str]) -> None:
        own = ", ".join(sorted(provinces)) or "∅"
        super().__init__(
            f"Việc này thuộc tỉnh khác; quyền “{permission}” của bạn chỉ có ở tỉnh {own}. Chuyển cho cán bộ nơi đó.",
            f"This belongs to another province; you hold “{permission}” in {own} only. Hand it to an officer there.",
            permission=permission,
        )


class NotFound(Refusal):
    """What was named does not exist, or the actor may not know that it does."""

    code = "not_found"


class InvalidInput(Refusal):
    """Something handed in breaks a rule; the sentence says which, where, and what to do."""

    code = "invalid_input"


class PartnerTrouble(Exception):
    """A partner did not do what was agreed; `temporary` tells whether trying again can help."""

    def __init__(self, partner: str, what: str, *, temporary: bool) -> None:
        super().__init__(f"{partner}: {what}")
        self.partner = partner
        self.what = what
        self.temporary = temporary

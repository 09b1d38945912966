"""Letters of the agency: set on paper by the room of documents, sent to the home the population register tells."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import ansinh.notices
from ansinh.database.sql import row
from ansinh.documents.setting import set_paper
from ansinh.foundation.clock import VIET_NAM
from ansinh.notices.provider import Letter
from ansinh.places.queries import commune, provinces

_TEMPLATE = Path(ansinh.notices.__file__).parent / "papers" / "letter.typ"
_HOME = "SELECT full_name, commune FROM people_person WHERE person_id = %s AND died_on IS NULL AND commune IS NOT NULL"


class PaperPost:
    """What `notices.procedures.deliver_due` needs to write to people."""

    def home_of(self, person_id: int) -> str | None:
        """Return name, commune and province of a living person's registered home, or None where it is not known."""
        found = row(_HOME, [person_id])
        home = commune(str(found[1])) if found else None
        if found is None or home is None:
            return None
        province = next((one.name for one in provinces() if one.code == home.province), "Việt Nam")
        return f"{found[0]}\n{home.name}\n{province}"

    def letter(self, told: Letter) -> bytes:
        """Return a letter in both languages as PDF; the same words give the same bytes."""
        words = {
            "issuer": "Bảo hiểm xã hội Việt Nam",
            "title": "Thông báo",
            "title_en": "Notice",
            "address": told.address.split("\n"),
            "vi": told.vi,
            "en": told.en,
            "reference": f"Số · No. {told.reference}",
            "on": f"{told.on:%d/%m/%Y}",
            "foot": "Không nhận được tin qua ứng dụng, điện thoại hay thư điện tử nên chúng tôi gửi thư này. "
            "· We write because no message reached you by app, telephone or e-mail.",
        }
        return set_paper(_TEMPLATE, words, datetime.combine(told.on, time(0), VIET_NAM))

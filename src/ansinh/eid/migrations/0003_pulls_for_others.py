"""Tell the app of those its citizen may act for, and let it list them: the pulls ask the table of mandates where they asked for the citizen's own number.

Being told of changes stays each citizen's own. Locks: none beyond the catalogue's. Undo: pulls answer about the citizen alone again.
"""

from importlib import import_module
from pathlib import Path

from django.db import migrations

_FIRST = import_module("ansinh.eid.migrations.0001_published_pulls")
_BOOK = Path(str(import_module("ansinh.participation.migrations.0005_published_book").__file__)).with_suffix(".sql")
_HEALTH = import_module("ansinh.disclosure.migrations.0003_published_health")
_OWN = "n.asked = n.asker AND (q.citizen = q.key OR n.asked <> 0)"
_NAME, _CALL = "family", "27"


def _for_others(text: str, what: str) -> str:
    """Return a pull that answers whoever may be told `what`; it fails where the text is not as it was."""
    before, after = text.split(_OWN)
    day = "(p_asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    may = (
        f"CASE WHEN n.asked = 0 THEN q.citizen = q.key ELSE mandates_may_be_told(n.asker, n.asked, '{what}', {day}) END"
    )
    return _again(f"{before}{may}{after}")


def _again(text: str) -> str:
    return text.replace("CREATE FUNCTION published.", "CREATE OR REPLACE FUNCTION published.")


def family_text() -> str:
    """Return the statements that publish whom a citizen may act for."""
    told = Path(__file__).with_name("0003_told_family.sql").read_text(encoding="utf-8").rstrip()
    text = Path(__file__).with_name("0001_published_pulls.sql").read_text(encoding="utf-8")
    return text.replace("{told}", told).replace("{kind}", _NAME).replace("{call}", _CALL)


CHANGED = [
    (_BOOK.read_text(encoding="utf-8"), "read"),
    *((_FIRST.text_of(kind), "read") for kind in _FIRST.KINDS),
    *((_HEALTH.text_of(kind), "health") for kind in _HEALTH.KINDS),
]


class Migration(migrations.Migration):
    dependencies = [
        ("eid", "0002_before_pushes"),
        ("mandates", "0002_before_telling"),
        ("participation", "0005_published_book"),
        ("disclosure", "0003_published_health"),
    ]
    operations = [
        *(migrations.RunSQL(_for_others(text, what), _again(text)) for text, what in CHANGED),
        migrations.RunSQL(family_text(), f"DROP FUNCTION published.eid_{_NAME}_v1"),
        migrations.RunSQL(
            _FIRST.xroad_text(_NAME, f"eid_{_NAME}_v1", _FIRST.OWN), f"DROP FUNCTION published.eid_xroad_{_NAME}_v1"
        ),
    ]

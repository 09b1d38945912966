"""Write docs/reference/hospital-tables.md from the descriptions of hospital tables.

.venv/bin/python tools/describe_tables.py          # write it
.venv/bin/python tools/describe_tables.py --check  # exit 1 when it is out of date
"""

from __future__ import annotations

import sys
from pathlib import Path

from ansinh.healthbook.formats.documenting import document

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "reference" / "hospital-tables.md"


def main() -> int:
    """Write the document, or tell whether it is current."""
    text = document()
    if "--check" in sys.argv[1:]:
        return 0 if DOCUMENT.is_file() and DOCUMENT.read_text(encoding="utf-8") == text else 1
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""DuckDB in this process keeps stdout for what machines read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
# Long against one millisecond, after which a bar would be drawn.
LONG = "SELECT count(*) FROM range(20000000) t(i) WHERE hash(i) % 7 = 0"


def test_a_long_query_draws_nothing_where_python_was_started_with_a_command() -> None:
    asked = (
        "from ansinh.database.in_process import connect_in_process as connect\n"
        "with connect({'threads': 1}) as connection:\n"
        "    connection.execute('SET progress_bar_time = 1')\n"
        f"    connection.execute('{LONG}')"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert (said.stdout, said.stderr) == ("", "")


def test_everyone_opens_duckdb_this_way() -> None:
    texts = {file: file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py")}
    bare = [file for file, text in texts.items() if "duckdb.connect(" in text]
    # The invented nation knows nothing of the platform, so it silences its own.
    ours = [file.name for file in bare if (SOURCE / "ansinh") in file.parents]
    assert ours == ["in_process.py"], "use ansinh.database.in_process.connect_in_process"
    assert all("SET enable_progress_bar = false" in texts[file] for file in bare)

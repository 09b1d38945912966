"""`ansinh nation`: invent a nation and take it in."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

import ansinh_sandbox.register.loading as register_loading
import ansinh_synthetic
from ansinh.audit.operations import BOOK_CALL, load_former_access
from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.operations import set_nation_day
from ansinh.database.folder import data_folder
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.errors import NotFound
from ansinh.foundation.settings import settings
from ansinh.participation.operations import load_participation
from ansinh.people.operations import load_insured
from ansinh.places.operations import load_facilities
from ansinh.reporting.operations import load_former_services, load_former_submissions
from ansinh.signin.operations import load_former_entries
from ansinh_sandbox.register.living import live

# Numbers of the audit's calls, by what citizens looked up.
HEALTH_CALLS = {"visit": 8, "referral": 9, "appointment": 10}

# Until then the months are raw rows; June and July 2025 are lived through the partners.
FIRST_DAY_LIVED = date(2025, 6, 1)

app = typer.Typer(no_args_is_help=True, help="Invent a nation, the same for the same seed, and take it in.")

People = Annotated[int, typer.Option(min=1_000, max=10_000_000, help="How many people the register has.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed, another nation.")]
Dense = Annotated[
    bool,
    typer.Option(
        "--dense", help="The matching benchmark: as many people a birth year as a country of 100 million has."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


@app.command()
def create(
    people: People = 20_000,
    seed: Seed = 2025,
    dense: Dense = False,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write; the data folder's own unless told.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Invent a nation and write its files. Example: ansinh nation create --people 100000 --seed 7"""
    target = folder or nation_folder(people, seed, dense=dense)
    create_nation(target, people, seed, dense=dense)
    files = manifest(target)["files"]
    if as_json:
        print_json({"folder": str(target), "people": people, "seed": seed, "dense": dense, "files": files})
    else:
        out.print(f"Đã tạo {counted(people)} người (hạt giống {seed}) trong {target} · Invented in {len(files)} files.")


@app.command()
def load(
    folder: Annotated[Path, typer.Argument(help="A nation's folder, as `ansinh nation create` prints it.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "nạp dữ liệu quốc gia mô phỏng",
    as_json: Json = False,
) -> None:
    """Take a nation in: the register's files to the sandbox register, the agency's to the platform. Safe to run twice."""
    loaded = {"register": load_register(folder), **load_agency(folder, reason), "lookups": load_lookups(folder, reason)}
    if as_json:
        print_json(loaded)
    else:
        out.print(" · ".join(f"{name} {counted(rows)}" for name, rows in loaded.items()))


def nation_folder(people: int, seed: int, *, dense: bool = False) -> Path:
    """Return the folder of the data folder where this nation is kept."""
    return data_folder(settings()) / "nations" / f"{people}-{seed}{'-dense' if dense else ''}"


def register_store() -> Path:
    """Return the sandbox register's own folder."""
    return data_folder(settings()) / "sandbox" / "register"


def create_nation(target: Path, people: int, seed: int, *, dense: bool = False) -> None:
    """Write the nation's files unless they are there already, with a bar."""
    if (target / "manifest.json").exists():
        return
    with progress_bar("Tạo quốc gia mô phỏng", None) as advance:
        ansinh_synthetic.create(target, people, seed, dense=dense, progress=lambda *_: advance(1))


def manifest(folder: Path) -> dict[str, dict[str, dict[str, int | str]]]:
    """Return the nation's manifest; raises NotFound when the folder holds none."""
    file = folder / "manifest.json"
    if not file.exists():
        raise NotFound(
            f"{folder} không phải thư mục của một quốc gia mô phỏng: thiếu manifest.json. Chạy ansinh nation create trước.",
            f"{folder} is no nation's folder: manifest.json is missing. Run ansinh nation create first.",
        )
    found: dict[str, dict[str, dict[str, int | str]]] = json.loads(file.read_text("utf-8"))
    return found


def source_of(folder: Path) -> str:
    """Return the digest that names the nation's content."""
    return "sha256:" + hashlib.sha256(json.dumps(manifest(folder)["files"], sort_keys=True).encode()).hexdigest()


def last_day_of(folder: Path) -> date:
    """Return the last day of which the nation's files tell."""
    return date.fromisoformat(str(manifest(folder)["last_day"]))


def load_register(folder: Path, *, replace: bool = False) -> int:
    """Hand the register's files to the sandbox register; returns how many people it holds."""
    with progress_bar("Nạp CSDL dân cư", None) as advance:
        people = register_loading.load(folder, register_store(), replace=replace, progress=lambda *_: advance(1))
    live(register_store(), begin=FIRST_DAY_LIVED, until=FIRST_DAY_LIVED)
    return people


def load_lookups(folder: Path, reason: str) -> int:
    """Take in the card look-ups and the books read that the former system logged; the agency's records come first. Returns how many there are."""
    source, who = source_of(folder), actor()
    before = load_insured(actor=who, reason=reason, source=source, file=folder / "agency" / "insured.parquet")
    cards, books = folder / "agency" / "lookup.parquet", folder / "agency" / "book_reading.parquet"
    loaded = 0
    with progress_bar("Nạp lịch sử tra cứu", None):
        if cards.exists():
            loaded += load_former_access(actor=who, reason=reason, source=source, file=cards, persons_before=before)
        if books.exists():
            loaded += load_former_access(
                actor=who, reason=reason, source=f"{source} books", file=books, persons_before=before, call=BOOK_CALL
            )
        if (entries := folder / "agency" / "sign_in.parquet").exists():
            loaded += load_former_entries(actor=who, reason=reason, source=source, file=entries, persons_before=before)
    return loaded + _load_health_logs(folder, reason, source, before)


def _load_health_logs(folder: Path, reason: str, source: str, persons_before: int) -> int:
    """Take in what facilities submitted to the former system and citizens looked up there, as far as the nation has such logs."""
    loaded, agency = 0, folder / "agency"
    with progress_bar("Nạp lịch sử sổ sức khỏe", None):
        for kind, call in HEALTH_CALLS.items():
            if (file := agency / f"{kind}_reading.parquet").exists():
                loaded += load_former_access(
                    actor=actor(),
                    reason=reason,
                    source=f"{source} {kind}",
                    file=file,
                    persons_before=persons_before,
                    call=call,
                )
        if (file := agency / "submission.parquet").exists():
            loaded += load_former_submissions(actor=actor(), reason=reason, source=source, file=file)
        if (file := agency / "service.parquet").exists():
            loaded += load_former_services(actor=actor(), reason=reason, source=f"{source} services", file=file)
    return loaded


def load_agency(folder: Path, reason: str, *, today: date | None = None) -> dict[str, int]:
    """Take the agency's files in, room by room, and let the nation live on its last day, or on `today`; returns rows per kind."""
    source, who, agency = source_of(folder), actor(), folder / "agency"
    files = manifest(folder)["files"]
    persons = int(files["agency/insured.parquet"]["rows"])
    begins = today or last_day_of(folder)
    with progress_bar("Nạp dữ liệu cơ quan BHXH", 3) as advance:
        facilities = load_facilities(actor=who, reason=reason, file=agency / "facility.parquet")
        advance(1)
        before = load_insured(actor=who, reason=reason, source=source, file=agency / "insured.parquet")
        advance(1)
        participation = load_participation(
            actor=who,
            reason=reason,
            source=source,
            folder=agency,
            persons_before=before,
            known_since=datetime.combine(begins, time.min, VIET_NAM),
        )
        advance(1)
    set_nation_day(actor=who, reason=reason, today=begins, source=source)
    return {
        "facilities": facilities,
        "persons": persons,
        "employers": participation.employers,
        "spans": participation.spans,
        "coverages": participation.coverages,
    }

"""The engine: who is each insured record in the register? Deterministic steps first, then households, then the model; slice by slice.

numbers      each slice  equal numbers, judged by the table of rules
unexplained  each slice  records whose number named nobody in their slice: few, so that looking across slices stays cheap
across       each slice  equal numbers of people typed into another slice
near         each slice  equal name and date with a relative's household or the commune, then the model, beyond doubt only
scored       each slice  the model again for all still open, whatever their year: now it knows who is claimed, and more households
rest         once        posteriors over all candidates of a record, and the decision
decisions    each slice  verdicts, fields to correct, duplicates
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from ansinh.people.matching import decisions, pairs, scoring
from ansinh.people.matching.source import HERE, NO_YEAR, Slice, Source, slices_of, step
from ansinh.people.matching.workspace import Resources, Session, Workspace, files_of, fingerprint

_CASCADE_COLUMNS = (
    "record, toned, key, nothi, ordered, marks, surname, given, middle, regional, sg, plain, year, month, day, sex, commune, household, "
    "number12, number9, written, stated"
)
_NO_HOUSEHOLD_YET = "CREATE OR REPLACE TEMP TABLE linked_here AS SELECT household, household AS register_household FROM insured_files WHERE false"


def thresholds() -> dict[str, Any]:
    """Read the thresholds, each of which has its reason in the file."""
    with (HERE / "thresholds.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True)
class Run:
    """One run over two sources."""

    work: Workspace
    slices: list[Slice]
    model: scoring.Model
    limits: dict[str, Any]

    def all_slices(self) -> list[Slice]:
        """Return the slices, records without a year last."""
        return [*self.slices, NO_YEAR]


def match(
    insured: Source,
    register: Source,
    work: Path,
    *,
    settled: Source | None = None,
    resources: Resources | None = None,
    finished: Callable[[int], None] = lambda pieces: None,
) -> Iterator[pa.RecordBatch]:
    """Decide about every record of `insured`; yield decisions (`decisions.SCHEMA`) in batches, in no telling order.

    `settled` (columns record_no, pin, household) are records linked before and not asked about again: they name households and claim
    people, so that only new, changed and open records need deciding. Finished pieces stay in `work`: called again with the same
    sources it goes on where it was cut off; with the same register its normal forms are used again. `finished` hears of each piece.
    """
    limits = thresholds()
    rows = int(limits["slices"]["register_rows"])
    space = _workspace(work, resources or Resources(), finished)
    marks = {
        "register": fingerprint([register], rows, space.resources.engine),
        "run": fingerprint([insured, *([settled] if settled else [])], rows, space.resources.engine),
    }
    space.belongs_to(**marks)
    run = Run(space, slices_of(register, rows), scoring.Model.read(HERE / "model.json"), limits)
    space.take_in(register, "register", run.slices)
    space.take_in(insured, "insured", run.slices)
    if settled:
        for one in run.slices:
            space.make("settled", one.name, partial(_settled, run, one, settled))
    for piece in decide(run):
        for file in files_of(piece):
            with pq.ParquetFile(file) as opened:
                yield from opened.iter_batches(65_536)


def _workspace(work: Path, resources: Resources, finished: Callable[[int], None]) -> Workspace:
    if resources.engine == "duckdb":
        return Workspace(work, resources, finished)
    # An optional extra: only who asks for Spark needs it installed.
    spark = import_module("ansinh.people.matching.spark")
    return cast(Workspace, spark.SparkWorkspace(work, resources, finished))


def decide(run: Run) -> Iterator[Path]:
    """Make every piece that is not there yet, and yield the files of decisions."""
    run.work.make("years", "all", partial(_years, run))
    for one in run.slices:
        run.work.make("numbers", one.name, partial(_numbers, run, one))
    for one in run.all_slices():
        run.work.make("unexplained", one.name, partial(_unexplained, run, one))
    for one in run.slices:
        run.work.make("across", one.name, partial(_across, run, one))
    run.work.make("households", "first", partial(_households, run, ("settled", "numbers", "across")))
    for one in run.slices:
        run.work.make("near", one.name, partial(_near, run, one))
    run.work.make("households", "second", partial(_households, run, ("settled", "numbers", "across", "near")))
    run.work.make("open", "all", partial(_open, run))
    for one in run.slices:
        run.work.make("scored", one.name, partial(_scored, run, one))
    run.work.make("rest", "all", partial(_rest, run))
    run.work.make("duplicates", "all", partial(decisions.duplicates, run.work))
    shown = (float(run.limits["review"]["shown_from"]), int(run.limits["review"]["candidates_max"]))
    for one in run.all_slices():
        yield run.work.make("decisions", one.name, partial(decisions.verdicts, run.work, run.model, shown, one))


def _settled(run: Run, one: Slice, settled: Source, connection: Session) -> str:
    """Find the households of the people of one slice who were linked before; what is asked about again is not settled."""
    run.work.view(connection, "settled_files", [str(file) for file in settled.files])
    run.work.view(connection, "register_files", run.work.normal("register", one))
    run.work.view(connection, "insured_files", [f for x in run.all_slices() for f in run.work.normal("insured", x)])
    return (
        "SELECT s.record_no::BIGINT AS record, r.record AS person, 'settled' AS rule, 'accept' AS outcome,"
        " s.household::BIGINT AS household, r.household AS register_household"
        " FROM settled_files s JOIN register_files r ON r.record = s.pin::BIGINT"
        " WHERE s.record_no NOT IN (SELECT record FROM insured_files)"
    )


def _years(run: Run, connection: Session) -> str:
    """Count the register's people by year of birth."""
    run.work.view(connection, "register_files", [f for one in run.slices for f in run.work.normal("register", one)])
    return "SELECT year, count(*) AS people FROM register_files GROUP BY year"


def _numbers(run: Run, one: Slice, connection: Session) -> str:
    """Steps A and B inside one slice."""
    _load(run, connection, one, _CASCADE_COLUMNS, "WHERE number12 IS NOT NULL OR number9 IS NOT NULL")
    return _by_number(connection)


def _unexplained(run: Run, one: Slice, connection: Session) -> str:
    """Gather the records of a slice whose number named nobody there."""
    run.work.view(connection, "insured_files", run.work.normal("insured", one))
    asked = f"SELECT {_CASCADE_COLUMNS} FROM insured_files WHERE NOT excluded AND (number12 IS NOT NULL OR number9 IS NOT NULL)"
    if one is NO_YEAR:
        return asked
    run.work.view(connection, "accepted_files", [str(run.work.piece("numbers", one.name))])
    return f"{asked} AND record NOT IN (SELECT record FROM accepted_files WHERE outcome = 'accept')"


def _across(run: Run, one: Slice, connection: Session) -> str:
    """Steps A and B for records of other slices with a number of somebody in this slice."""
    others = [str(run.work.piece("unexplained", other.name)) for other in run.all_slices() if other != one]
    run.work.view(connection, "unexplained_files", others)
    connection.execute("CREATE TEMP TABLE insured AS FROM unexplained_files")
    run.work.view(connection, "register_files", run.work.normal("register", one))
    connection.execute(
        f"CREATE TEMP TABLE register AS SELECT {_CASCADE_COLUMNS} FROM register_files"
        " WHERE number12 IN (SELECT number12 FROM insured WHERE number12 IS NOT NULL)"
        " OR number9 IN (SELECT number9 FROM insured WHERE number9 IS NOT NULL)"
    )
    return _by_number(connection)


def _by_number(connection: Session) -> str:
    connection.execute(step("numbers"))
    connection.execute(step("numbers_decided"))
    return (
        f"SELECT d.*, i.household, r.household AS register_household, {step('corrections')} AS corrections FROM number_decided d"
        " JOIN insured i ON i.record = d.record JOIN register r ON r.record = d.person"
    )


def _households(run: Run, kinds: tuple[str, ...], connection: Session) -> str:
    run.work.view(connection, "linked_files", run.work.files(*kinds))
    return step("households")


def _near(run: Run, one: Slice, connection: Session) -> str:
    """Step C and the first round of the model inside one slice."""
    _accepted(run, connection, one, "settled", "numbers")
    _load(run, connection, one, "*", "WHERE record NOT IN (SELECT record FROM accepted)")
    run.work.view(connection, "households", [str(run.work.piece("households", "first"))])
    connection.execute(_NO_HOUSEHOLD_YET)
    connection.execute("CREATE TEMP TABLE still_open AS FROM insured")
    for name in ("anchored", "exact", "exact_decided"):
        connection.execute(step(name))
    connection.execute(
        f"CREATE TEMP TABLE exact_accepted AS SELECT d.*, i.household, r.household AS register_household, {step('corrections')} AS corrections"
        " FROM exact_decided d JOIN insured i ON i.record = d.record JOIN register r ON r.record = d.person"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE linked_here AS SELECT household, register_household FROM exact_accepted WHERE household IS NOT NULL"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE accepted AS FROM accepted UNION ALL SELECT record, person FROM exact_accepted"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE still_open AS FROM insured WHERE record NOT IN (SELECT record FROM accepted)"
    )
    connection.execute(step("anchored"))
    _weigh_open(run, connection, [one])
    pairs.settle(connection, int(run.limits["pairs"]["per_record_max"]))
    bar = run.limits["accept"]["first_round"]
    return (
        "FROM exact_accepted"
        " UNION ALL BY NAME"
        " SELECT 'model' AS rule, 'accept' AS outcome, p.*, i.our_household AS household, r.household AS register_household,"
        f" {step('corrections')} AS corrections"
        " FROM ranked_pairs p JOIN open i ON i.record = p.record JOIN register r ON r.record = p.person"
        f" WHERE p.place = 1 AND p.posterior >= {bar} AND p.sound"
        " QUALIFY count(*) OVER (PARTITION BY p.person) = 1"
    )


def _open(run: Run, connection: Session) -> str:
    """Gather the records nobody has linked yet, of all slices."""
    run.work.view(connection, "insured_files", [f for x in run.all_slices() for f in run.work.normal("insured", x)])
    run.work.view(connection, "linked_files", run.work.files("numbers", "across", "near"))
    run.work.view(connection, "households", [str(run.work.piece("households", "second"))])
    connection.execute(_NO_HOUSEHOLD_YET)
    connection.execute(
        "CREATE TEMP TABLE still_open AS FROM insured_files WHERE NOT excluded"
        " AND record NOT IN (SELECT record FROM linked_files WHERE outcome = 'accept')"
    )
    connection.execute(step("anchored"))
    return "FROM open"


def _scored(run: Run, one: Slice, connection: Session) -> str:
    """Weigh all records still open, of any year, against the people of one slice."""
    _accepted(run, connection, one, "settled", "numbers", "near")
    run.work.view(connection, "open_files", [str(run.work.piece("open", "all"))])
    connection.execute("CREATE TEMP TABLE open AS FROM open_files")
    _register(run, connection, one, "*")
    _weigh_open(run, connection, run.all_slices())
    kept = int(run.limits["pairs"]["per_record_max"])
    return (
        f"SELECT e.*, {step('corrections')} AS corrections FROM"
        f" (FROM expected QUALIFY row_number() OVER (PARTITION BY record ORDER BY log_odds DESC, person) <= {kept}) e"
        " JOIN open i ON i.record = e.record JOIN register r ON r.record = e.person"
    )


def _rest(run: Run, connection: Session) -> str:
    """Settle the records still open over the candidates of all slices."""
    run.work.view(connection, "expected", run.work.files("scored"))
    pairs.settle(connection, int(run.limits["pairs"]["per_record_max"]))
    accept, review = run.limits["accept"]["posterior"], run.limits["review"]["posterior"]
    return (
        f"SELECT *, CASE WHEN place > 1 THEN 'runner_up' WHEN posterior >= {accept} AND sound THEN 'accept'"
        f" WHEN posterior >= {review} THEN 'review' ELSE 'none' END AS outcome FROM ranked_pairs"
    )


def _weigh_open(run: Run, connection: Session, within: list[Slice]) -> None:
    """Fill `expected` from `open`, `register` and `accepted`; `within` are the slices the open records come from."""
    run.work.view(connection, "years", run.work.files("years"))
    run.work.view(connection, "asked_files", [f for x in within for f in run.work.normal("insured", x)])
    before = [str(f) for x in within if (f := run.work.piece("settled", x.name)).exists()]
    run.work.view(connection, "before_files", before or run.work.normal("insured", NO_YEAR))
    connection.execute(
        "CREATE TEMP TABLE counts AS SELECT (SELECT count(*) FROM open) AS open,"
        f" (SELECT count(*) FROM asked_files) + (SELECT count(*) FROM before_files WHERE {bool(before)}) AS insured"
    )
    pairs.find(connection)
    pairs.weigh(connection, run.model, float(run.limits["pairs"]["short_of_chance_max"]))
    pairs.expect(connection, run.model, run.limits["shares"])


def _accepted(run: Run, connection: Session, one: Slice, *kinds: str) -> None:
    """Fill `accepted` with whom records of one slice, and records across slices, were linked to before."""
    own = [str(file) for kind in kinds if (file := run.work.piece(kind, one.name)).exists()]
    run.work.view(connection, "accepted_files", [*own, *run.work.files("across")])
    connection.execute(
        "CREATE TEMP TABLE accepted AS SELECT record, person FROM accepted_files"
        " WHERE outcome = 'accept' QUALIFY count(*) OVER (PARTITION BY record) = 1"
    )


def _load(run: Run, connection: Session, one: Slice, columns: str, where: str) -> None:
    """Fill `insured` and `register` with the normal forms of one slice; excluded records are not asked about."""
    run.work.view(connection, "insured_files", run.work.normal("insured", one))
    connection.execute(
        f"CREATE TEMP TABLE insured AS SELECT {columns} FROM (FROM insured_files WHERE NOT excluded) {where}"
    )
    _register(run, connection, one, columns)


def _register(run: Run, connection: Session, one: Slice, columns: str) -> None:
    run.work.view(connection, "register_files", run.work.normal("register", one))
    connection.execute(f"CREATE TEMP TABLE register AS SELECT {columns} FROM register_files")

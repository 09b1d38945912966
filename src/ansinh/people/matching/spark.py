"""The same steps and the same model on Spark: each statement is translated from DuckDB's SQL, so that there is one source of the rules.

Needs the extra `ansinh[spark]` and a Java run time; read only when somebody asks for this engine. On a cluster the work folder must be
one that the driver and all executors see.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from sqlglot import exp

from ansinh.foundation.errors import InvalidInput
from ansinh.people.matching.source import NO_YEAR, Slice, Source, belongs, columns_of, normal_forms, number_outcomes
from ansinh.people.matching.translation import FUNCTIONS, translated
from ansinh.people.matching.workspace import Resources, Session, Workspace

_ROWS_PER_BATCH = 50_000


class SparkWorkspace(Workspace):
    """Pieces of a run, made by Spark: each is a folder of Parquet files that appears whole."""

    def __init__(
        self, folder: Path, resources: Resources, finished: Callable[[int], None] = lambda pieces: None
    ) -> None:
        super().__init__(folder, resources, finished)
        self._spark = started(resources)

    def take_in(self, source: Source, side: str, slices: list[Slice]) -> None:
        """Write the normal forms of a side by all executors, one folder per slice."""
        final = self.folder / side
        if final.exists():
            return
        half, columns = self.folder / f"{side}.half", columns_of(side)
        nobody = normal_forms(source.nothing(columns), side)

        def forms(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield from normal_forms(pa.table(batch), side).to_batches()

        cases = " ".join(f"WHEN {belongs(one, slices)} THEN '{one.name}'" for one in [*slices, NO_YEAR])
        rows = self._spark.read.parquet(*(str(file) for file in source.files)).select(*columns)
        found = rows.mapInArrow(forms, from_arrow_schema(nobody.schema))
        sliced = found.selectExpr("*", f"CASE {cases} END AS slice")
        sliced.write.mode("overwrite").partitionBy("slice").parquet(str(half))
        for one in [*slices, NO_YEAR]:
            there = half / one.name
            written = half / f"slice={one.name}"
            written.rename(there) if written.exists() else there.mkdir()
            # A file without rows, so that steps find their columns where nobody is.
            pq.write_table(nobody, there / "none.parquet")
        half.rename(final)
        self.finished(1)

    def make(self, kind: str, name: str, work: Callable[[Session], str]) -> Path:
        """Make a piece unless it is there: `work` prepares and returns the query whose rows are the piece."""
        piece = self.piece(kind, name)
        if piece.exists():
            return piece
        half = piece.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        with self._session() as session:
            session.rows(work(session)).write.parquet(str(half))
        half.rename(piece)
        self.finished(1)
        return piece

    def view(self, connection: Session, name: str, files: Sequence[str]) -> None:
        """Name some pieces in a session."""
        assert isinstance(connection, SparkStatements)
        connection.name(name, connection.spark.read.option("mergeSchema", "true").parquet(*files))

    @contextmanager
    def _session(self) -> Iterator[SparkStatements]:
        scratch = self.folder / "spill"
        try:
            yield SparkStatements(self._spark.newSession(), scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


class SparkStatements:
    """One session: carries out statements written in DuckDB's SQL.

    A temporary table is written out, not kept in memory: each statement then reads plain files, whatever came before, and memory is bounded.
    """

    def __init__(self, spark: SparkSession, scratch: Path) -> None:
        self.spark, self._scratch = spark, scratch
        self._written = 0
        for function in FUNCTIONS:
            spark.sql(function)
        self.name("number_outcomes", spark.createDataFrame(number_outcomes()))

    def execute(self, statement: str, /) -> None:
        """Carry a statement out; only the making of temporary tables and views is known here."""
        for one in sqlglot.parse(statement, read="duckdb"):
            if one is None:
                continue
            if not isinstance(one, exp.Create):
                raise NotImplementedError(f"not on Spark: {one.sql()[:80]}")
            rows = self._rows(one.expression)
            if one.args["kind"] == "TABLE":
                rows = self._written_out(rows)
            self.name(one.this.name, rows)

    def rows(self, query: str) -> DataFrame:
        """Return what a query in DuckDB's SQL yields."""
        return self._rows(sqlglot.parse_one(query, read="duckdb"))

    def name(self, name: str, rows: DataFrame) -> None:
        """Give rows a name that statements know."""
        rows.createOrReplaceTempView(name)

    def _written_out(self, rows: DataFrame) -> DataFrame:
        self._written += 1
        file = str(self._scratch / str(self._written))
        rows.write.parquet(file)
        return self.spark.read.schema(rows.schema).parquet(file)

    def _rows(self, query: exp.Expr) -> DataFrame:
        while union := next((u for u in query.find_all(exp.Union) if u.args.get("by_name")), None):
            # Spark's SQL knows no union by name; its frames do.
            sides = [self._rows(side.copy()) for side in (union.left, union.right)]
            both = sides[0].unionByName(sides[1], allowMissingColumns=True)
            if union is query:
                return both
            name = f"union_{id(both)}"
            self.name(name, both)
            union.replace(exp.select("*").from_(name))
        return self.spark.sql(translated(query))


def started(resources: Resources) -> SparkSession:
    """Start Spark, or join the session that runs; raises InvalidInput where there is no Java.

    Where Spark runs is said the way Spark itself reads it, by PYSPARK_SUBMIT_ARGS; unless it is said, on this machine with the resources given.
    """
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise InvalidInput(
            "Spark cần Java: cài default-jre-headless (hoặc đặt JAVA_HOME), hoặc dùng --engine duckdb.",
            "Spark needs Java: install default-jre-headless (or set JAVA_HOME), or use --engine duckdb.",
        )
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("ansinh people verify")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", _ROWS_PER_BATCH)
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if "PYSPARK_SUBMIT_ARGS" not in os.environ:
        for name, value in _on_this_machine(resources).items():
            builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _on_this_machine(resources: Resources) -> dict[str, str]:
    # Nobody else need reach it, and a few parts of each shuffle are enough.
    number, unit = resources.memory_limit[:-3], resources.memory_limit[-3:]
    return {
        "spark.master": f"local[{resources.threads}]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": f"{number.strip()}{ {'MiB': 'm', 'GiB': 'g'}[unit] }",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": str(2 * resources.threads),
    }

"""What the engine says about each record, as rows for whoever stores them: the schema, and the last step that fills it."""

from __future__ import annotations

from string import Template

import pyarrow as pa

from ansinh.people.matching.scoring import Model
from ansinh.people.matching.source import Slice, step
from ansinh.people.matching.workspace import Session, Workspace

_WEIGHTS = pa.list_(pa.struct([("field", pa.string()), ("level", pa.string()), ("weight", pa.float64())]))
_CORRECTIONS = pa.list_(
    pa.struct([("field", pa.string()), ("ours", pa.string()), ("register", pa.string()), ("kind", pa.string())])
)
_CANDIDATES = pa.list_(pa.struct([("pin", pa.string()), ("posterior", pa.float64()), ("weight", pa.float64())]))
# One row per insured record. verdict: verified, corrected, candidate, not_found or excluded; rule: a rule of the tables or `model`;
# posterior of the person among all candidates and nobody; score and runner_up in bits; levels of the rules (linkage reference, 3);
# weights field by field where the model decided; duplicate: another record names the same person.
SCHEMA = pa.schema(
    [
        ("record", pa.int64()), ("verdict", pa.string()), ("pin", pa.string()), ("rule", pa.string()),
        ("model", pa.string()), ("posterior", pa.float64()), ("score", pa.float64()), ("runner_up", pa.float64()),
        ("name_level", pa.int8()), ("date_level", pa.int8()), ("sex_level", pa.int8()), ("weights", _WEIGHTS),
        ("corrections", _CORRECTIONS), ("candidates", _CANDIDATES), ("duplicate", pa.bool_()),
    ]
)  # fmt: skip
LINKED = ("verified", "corrected")


def duplicates(work: Workspace, connection: Session) -> str:
    """Return the query for the people with more than one record."""
    work.view(connection, "linked_files", work.files("settled", "numbers", "across", "near"))
    work.view(connection, "rest_files", work.files("rest"))
    return step("duplicates")


def verdicts(work: Workspace, model: Model, shown: tuple[float, int], one: Slice, connection: Session) -> str:
    """Return the query for the decisions about the records of one slice; `shown` is from which posterior and how many candidates are kept."""
    own = [str(f) for kind in ("numbers", "near") if (f := work.piece(kind, one.name)).exists()]
    work.view(connection, "linked_files", [*own, *work.files("across")])
    work.view(connection, "rest_files", work.files("rest"))
    work.view(connection, "insured_files", work.normal("insured", one))
    work.view(connection, "duplicate_files", work.files("duplicates"))
    return Template(step("verdicts")).substitute(
        linked_weights=_weights_sql(model, "l"),
        rest_weights=_weights_sql(model, "b"),
        shown_from=shown[0],
        shown_places=shown[1],
        model=model.version,
    )


def _weights_sql(model: Model, table: str) -> str:
    parts = [
        f"{{'field': '{name}', 'level': {model.label_sql(name, f'{table}.g_{name}')}, 'weight': {table}.w_{name}}}"
        for name in model.comparisons
    ]
    parts += [
        f"{{'field': 'claim', 'level': CASE WHEN {table}.taken THEN 'already verified' ELSE 'nobody yet' END, 'weight': {table}.w_claim}}",
        f"{{'field': 'prior', 'level': 'chance', 'weight': {table}.w_prior}}",
    ]
    return f"CASE WHEN {table}.posterior IS NOT NULL THEN [{', '.join(parts)}] END"

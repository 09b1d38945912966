"""The steps are written once, in DuckDB's SQL; this says the same as Spark does, where the two differ."""

from __future__ import annotations

from sqlglot import exp

# Functions of DuckDB that Spark lacks. Letters exchanged count one, as DuckDB has it; further apart than one the number is only a bound.
FUNCTIONS = (
    """
    CREATE OR REPLACE TEMPORARY FUNCTION hamming(a STRING, b STRING) RETURNS INT RETURN
    CASE WHEN a IS NOT NULL AND b IS NOT NULL
        THEN aggregate(sequence(1, length(a)), 0, (total, k) -> total + int(substr(a, k, 1) <> substr(b, k, 1))) END
    """,
    """
    CREATE OR REPLACE TEMPORARY FUNCTION damerau_levenshtein(a STRING, b STRING) RETURNS INT RETURN
    CASE WHEN length(a) = length(b) AND levenshtein(a, b) = 2 AND exists(
            sequence(1, length(a) - 1),
            k -> concat(substr(a, 1, k - 1), substr(a, k + 1, 1), substr(a, k, 1), substr(a, k + 2)) = b
        ) THEN 1 ELSE levenshtein(a, b) END
    """,
)
# Names no column of ours has, so that the other side of a comparison is not mistaken for it.
_NAMED, _KEPT = "named_here", "kept_here"


def translated(query: exp.Expr) -> str:
    """Return a query of DuckDB as Spark says it."""
    query = exp.paren(query.copy(), copy=False)
    while select := next((s for s in query.find_all(exp.Select) if s.args.get("qualify")), None):
        select.replace(_without_qualify(select.copy()))
    return str(query.this.transform(_node).sql(dialect="spark", identify=True, comments=False))


def _without_qualify(select: exp.Select) -> exp.Select:
    condition = select.args["qualify"].this
    select.set("qualify", None)
    judged = select.select(exp.alias_(condition, _KEPT)).subquery("judged_here")
    everything = exp.Star(**{"except_": [exp.to_identifier(_KEPT)]})
    return exp.select(everything).from_(judged).where(exp.column(_KEPT))


def _node(node: exp.Expr) -> exp.Expr:
    """Translate what the general translation leaves as it is."""
    if isinstance(node, exp.Literal) and not node.is_string and "." in node.name:
        # A decimal number of Spark keeps six places when divided; all ours are meant as doubles.
        return exp.cast(node.copy(), "double", copy=False)
    if isinstance(node, exp.Bracket) and isinstance(node.expressions[0], exp.Slice):
        part = node.expressions[0]
        length = exp.Literal.number(int(part.expression.name) - int(part.this.name) + 1)
        return exp.Substring(this=node.this, start=part.this, length=length)
    if isinstance(node, exp.Filter) and isinstance(node.parent, exp.Window) and isinstance(node.this, exp.Count):
        return exp.CountIf(this=node.expression.this)
    if isinstance(node, exp.Not) and isinstance(node.this, exp.In) and node.this.args.get("query"):
        # With NOT IN Spark compares every pair, in case of nulls; our record numbers are never null.
        inner = node.this.args["query"].this.copy()
        inner.set("expressions", [exp.alias_(inner.selects[0].unalias(), _NAMED)])
        among = (
            exp.select("1")
            .from_(inner.subquery("named"))
            .where(exp.EQ(this=exp.column(_NAMED), expression=node.this.this.copy()))
        )
        return exp.Not(this=exp.Exists(this=among))
    return node

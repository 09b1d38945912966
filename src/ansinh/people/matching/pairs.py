"""Pairs worth comparing, what they weigh, and what that says about each record: SQL built from the model and the tables of rules."""

from __future__ import annotations

import csv
from functools import cache

from ansinh.people.matching.scoring import Model
from ansinh.people.matching.settings import COLUMNS
from ansinh.people.matching.source import HERE
from ansinh.people.matching.workspace import Session

# Levels of the comparison of numbers that count as agreement.
_NUMBER_AGREES = ("12 digits equal", "9 digits equal", "12 digits, one off", "9 digits, one off", "12 digits, two off")
_SAME_YEAR = "i.year = r.year"
_ONE_SIDED = ("record", "household", "anchor", "other_anchor")


@cache
def blocking_rules() -> tuple[dict[str, str], ...]:
    """Return the ways a pair comes to be compared, from `blocking.csv`."""
    with (HERE / "blocking.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def find(connection: Session) -> None:
    """Fill `pairs` (record, person) with every pair some blocking rule brings together, from `open` and `register`.

    Rules that ask for an equal year look only at records of the years at hand, so that the cost of a slice does not grow with the others.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE open_here AS FROM open"
        " WHERE year BETWEEN (SELECT min(year) FROM register) AND (SELECT max(year) FROM register)"
    )
    found = " UNION ".join(
        f"SELECT i.record, r.record AS person FROM {'open_here' if _SAME_YEAR in rule['on'] else 'open'} i JOIN register r ON {rule['on']}"
        for rule in blocking_rules()
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE pairs AS {found}")


def weigh(connection: Session, model: Model, short_max: float) -> None:
    """Fill `weighed`: level and weight of each comparison for the pairs that can matter, `taken` where the person is claimed.

    Fills `chances` too: per record, how many people could be meant, in bits. Needs `pairs`, `open`, `register`, `accepted`, `years`.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE chances AS"
        f" SELECT i.record, log2(coalesce(y.people / {model.year_chance!r}, total.people, 1)) AS chance FROM open i"
        " CROSS JOIN (SELECT sum(people) AS people FROM years) total LEFT JOIN years y ON y.year = i.year"
    )
    both = ", ".join(f"i.{c} AS {c}_l, r.{c} AS {c}_r" for c in COLUMNS if c not in _ONE_SIDED)
    rare = model.rarity_columns()
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE reached AS SELECT * FROM (SELECT *, {model.plain_total_sql()} AS plain_weight FROM ("
        f"SELECT record, person, chance, {', '.join(f'{c}_l, {c}_r' for c in rare)}, {model.gamma_sql()} FROM ("
        "SELECT p.record, p.person, chances.chance, i.anchor AS anchor_l, i.other_anchor AS other_anchor_l, r.household AS household_r,"
        f" {both} FROM pairs p JOIN open i ON i.record = p.record JOIN register r ON r.record = p.person"
        " JOIN chances ON chances.record = p.record)))"
        f" WHERE plain_weight >= chance - {short_max}"
    )
    for c in rare:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE rarity_{c} AS SELECT {c}, count(*) / (SELECT count(*) FROM register)::DOUBLE AS share"
            f" FROM register WHERE {c} IN (SELECT {c}_l FROM reached UNION SELECT {c}_r FROM reached) GROUP BY {c}"
        )
    joins = " ".join(
        f"LEFT JOIN rarity_{c} l_{c} ON l_{c}.{c} = g.{c}_l LEFT JOIN rarity_{c} r_{c} ON r_{c}.{c} = g.{c}_r"
        for c in rare
    )
    shares = ", ".join(f"l_{c}.share AS tf_{c}_l, r_{c}.share AS tf_{c}_r" for c in rare)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE weighed AS SELECT *, {model.total_sql()} AS weight FROM ("
        f"SELECT record, person, person IN (SELECT person FROM accepted) AS taken, {', '.join(f'g_{name}' for name in model.comparisons)}, {model.weight_sql()}"
        f" FROM (SELECT g.*, {shares} FROM reached g {joins}))"
    )


def expect(connection: Session, model: Model, shares: dict[str, float]) -> None:
    """Fill `expected`: each pair's log-odds against "none of these" before looking at other candidates.

    The prior is one divided by the people who could be meant; a person already claimed by another record is as unlikely as second
    records are, and one nobody claims is the likelier for it. Needs `weighed`, `chances`, `register`, `accepted`, `counts`.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE expected AS
        WITH here AS (
            SELECT greatest(0.001, least(0.999,
                (SELECT count(*) FROM register WHERE record IN (SELECT person FROM accepted)) / (SELECT greatest(count(*), 1) FROM register)::DOUBLE
            )) AS claimed
        ), open_share AS (
            SELECT greatest(0.2, least(0.95, 1 - {shares["strangers"]} * insured / greatest(open, 1))) AS known FROM counts
        ), prior AS (
            SELECT record, log2(known / (1 - known)) - chance AS bits FROM chances CROSS JOIN open_share
        )
        SELECT w.*, p.bits AS w_prior,
            CASE WHEN w.taken THEN log2({shares["second_records"]} / claimed)
                ELSE log2((1 - {shares["second_records"]}) / (1 - claimed)) END AS w_claim,
            log2({shares["second_records"]} / claimed) - log2((1 - {shares["second_records"]}) / (1 - claimed)) AS claim_gap,
            w.weight + w_prior + w_claim AS log_odds,
            ({sound_sql(model)}) AS sound
        FROM weighed w JOIN prior p ON p.record = w.record CROSS JOIN here
        """
    )


def settle(connection: Session, kept: int) -> None:
    """Fill `ranked_pairs` from `expected`: posterior of each candidate of a record, rank, and the runner-up.

    Where another open record fits the same unclaimed person at least as well, the person counts as claimed for this one: equal claims
    spoil each other, whatever their order.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE ranked_pairs AS
        WITH bounded AS (SELECT *, least(log_odds, 200) AS bits FROM expected),
        first AS (
            SELECT *, pow(2, bits) / (1 + sum(pow(2, bits)) OVER (PARTITION BY record)) AS alone FROM bounded
        ), contested AS (
            SELECT *,
                max(CASE WHEN alone >= 0.5 THEN bits END) OVER person AS best,
                count(*) FILTER (alone >= 0.5) OVER person AS claimants
            FROM first WINDOW person AS (PARTITION BY person)
        ), fair AS (
            SELECT *,
                (NOT taken AND (bits < best OR (claimants > 1 AND (
                    count(*) FILTER (alone >= 0.5) OVER (PARTITION BY person, bits) > 1)))) AS contested_person,
                bits + CASE WHEN contested_person THEN claim_gap ELSE 0 END AS fair_bits
            FROM contested
        ), judged AS (
            SELECT *, pow(2, fair_bits) / (1 + sum(pow(2, fair_bits)) OVER (PARTITION BY record)) AS posterior FROM fair
        )
        SELECT * EXCLUDE (bits, alone, best, claimants, fair_bits, log_odds, claim_gap),
            fair_bits AS log_odds,
            row_number() OVER candidates AS place,
            lead(posterior) OVER candidates AS runner_up_posterior,
            lead(weight) OVER candidates AS runner_up
        FROM judged
        WINDOW candidates AS (PARTITION BY record ORDER BY fair_bits DESC, person)
        QUALIFY place <= {kept}
        """
    )


@cache
def _contradictions() -> tuple[dict[str, str], ...]:
    with (HERE / "contradictions.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def sound_sql(model: Model) -> str:
    """Return the condition that nothing in a pair contradicts, from `contradictions.csv`."""
    numbers = {level.label: level.number for level in model.comparisons["number"]}
    agrees = "g_number IN (" + ", ".join(str(numbers[label]) for label in _NUMBER_AGREES) + ")"
    parts = []
    for rule in _contradictions():
        number = next(x.number for x in model.comparisons[rule["comparison"]] if x.label == rule["level"])
        unless = f" AND NOT {agrees}" if rule["unless_number_agrees"] == "yes" else ""
        parts.append(f"NOT (g_{rule['comparison']} = {number}{unless})")
    return " AND ".join(parts)

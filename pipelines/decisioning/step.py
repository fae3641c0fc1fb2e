"""The edge of decisioning: read, decide, stage, audit, replace the night."""

from datetime import timedelta

import duckdb
import polars as pl

from pipelines import catalog, warehouse
from pipelines.decisioning.checks import candidate_checks, decision_checks
from pipelines.decisioning.inputs import read
from pipelines.decisioning.night import Made, make
from pipelines.decisioning.words import NO_CONTACT, Group, Reason
from pipelines.errors import ConfigError, SealedNight
from pipelines.specs.checks import Auditor
from pipelines.specs.night import Night, StepReport


def decide(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    key: str,
    audit: Auditor,
    *,
    sealed: bool = False,
) -> StepReport:
    """Replace the partition `night.as_of` of activation.candidates and activation.decisions, and
    draw a group for each contact point that has none (activation.groups; never drawn again).

    `key` is the shop's secret for keyed hashes. Of a `sealed` (delivered) night nothing is
    written: it is decided again and compared with what is recorded. Raises NotReady, CheckFailed,
    SealedNight, ConfigError.
    """
    if not key:
        raise ConfigError(
            f"hash_key: the environment variable {night.shop.hash_key} is empty; groups and draws "
            "need a secret key, the same every night"
        )
    made = make(read(con, night), night.shop.contacting, key, night.as_of)
    if sealed:
        _compare(con, night, made)
    else:
        _replace(con, night, made, audit)
    return StepReport(rows=made.decisions.height, facts=_facts(made, sealed))


def _replace(con: duckdb.DuckDBPyConnection, night: Night, made: Made, audit: Auditor) -> None:
    """Staged, audited and published in one transaction; candidates past their retention go."""
    with warehouse.transaction(con):
        _stage(con, "activation.groups", made.groups)
        con.execute("insert into activation.groups by name from staged_groups")
        for table, frame, checks in (
            ("activation.candidates", made.candidates, candidate_checks()),
            ("activation.decisions", made.decisions, decision_checks(night.shop.contacting)),
        ):
            staged = _stage(con, table, frame)
            audit(con, table, staged, checks)
            con.execute(f"delete from {table} where as_of = ?", [night.as_of])
            con.execute(f"insert into {table} by name from {staged}")
        kept = night.as_of - timedelta(days=night.shop.retention.candidate_nights)
        con.execute("delete from activation.candidates where as_of <= ?", [kept])
        for name in ("groups", "candidates", "decisions"):
            con.execute(f"drop table staged_{name}")


def _stage(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> str:
    """A temporary table with the rows of `frame` in the columns and types of `table`; its name."""
    staged = "staged_" + table.split(".")[1]
    _, columns = catalog.TABLES[table]
    casts = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind in columns.items())
    con.register("made_rows", frame)
    try:
        con.execute(f"create or replace temp table {staged} as select {casts} from made_rows")
    finally:
        con.unregister("made_rows")
    return staged


def _compare(con: duckdb.DuckDBPyConnection, night: Night, made: Made) -> None:
    """SealedNight when deciding again gives other rows than those recorded."""
    staged = _stage(con, "activation.decisions", made.decisions)
    names = catalog.names_of("activation.decisions")
    recorded = f"select {names} from activation.decisions where as_of = date '{night.as_of}'"
    keys = "select contact_point_id from (({0}) except ({1}))"
    again = f"select {names} from {staged}"
    rows = con.execute(
        f"select count(*) from ({keys.format(recorded, again)}"
        f" union {keys.format(again, recorded)})"
    ).fetchall()
    con.execute(f"drop table {staged}")
    different = rows[0][0]
    if different:
        raise SealedNight(
            f"decide: {night.as_of} was delivered and its decisions cannot be rewritten; decided "
            f"again, {different} contact points would be decided differently. Something that the "
            "night reads has changed since; the recorded decisions stand, let the next night run"
        )


def _facts(made: Made, sealed: bool) -> dict[str, int | str]:
    decisions = made.decisions
    contacted = decisions.filter(pl.col("arm") != NO_CONTACT).height
    share = 1 - contacted / decisions.height if decisions.height else 1.0
    return {
        "contacted": contacted,
        "no_contact_share": f"{share:.1%}",
        "explored": decisions.filter(pl.col("reason") == Reason.EXPLORATION).height,
        "held_out": decisions.filter(pl.col("group_name") != Group.ACTIVE).height,
        "in_slot": decisions.filter("is_slot").height,
        "candidates": made.candidates.height,
        "groups_drawn": made.groups.height,
        **({"sealed": "unchanged"} if sealed else {}),
    }

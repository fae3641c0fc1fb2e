"""What Python owns in the warehouse: the views `raw`, the tables of `ops`, `ml`, `activation` and
`measurement`. Everything derived by SQL belongs to dbt (`staging`, `identity`, `marts`, `features`,
`labels`, `outcomes`). The first line of each comment says the grain."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from pipelines.specs.contract import ENTITIES, SQL_TYPE, Entity

RAW_META = {
    "source": "VARCHAR",  # key of `sources` in the configuration
    "extract_date": "DATE",
    "file": "VARCHAR",  # path of the extract, as configured
    "line": "BIGINT",  # physical line where the record starts, 1-based; 0: it is no longer there
    "extra": "VARCHAR",  # JSON object of the columns that the contract does not know
}


def raw_columns(entity: Entity) -> dict[str, str]:
    """Column → SQL type of `raw.<entity>`: the contract's columns, then where they came from."""
    meta = {source_column(entity) if name == "source" else name: t for name, t in RAW_META.items()}
    return {c.name: SQL_TYPE[c.kind] for c in entity.columns} | meta


def source_column(entity: Entity) -> str:
    """The column of `raw.<entity>` that holds the key of `sources`: the contract's own `source` (of
    a visit) keeps its name."""
    return "source_name" if any(c.name == "source" for c in entity.columns) else "source"


TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "ops.books": (
        "One row per extract file: records read + added = landed + quarantined + set aside"
        " + refused.",
        {
            "source": "VARCHAR",
            "entity": "VARCHAR",
            "extract_date": "DATE",
            "file": "VARCHAR",
            "records_read": "BIGINT",
            "landed": "BIGINT",
            "quarantined": "BIGINT",
            "refused": "BIGINT",
            "set_aside": "BIGINT",  # left out (a preset, skip, keep), unchanged (a snapshot)
            "added": "BIGINT",  # further rows of a record (a preset), removed records (a snapshot)
            "values_dropped": "BIGINT",  # soft columns (e-mail, phone) that became NULL
            "unknown_columns": "VARCHAR",  # comma-separated names
            "landed_as": "VARCHAR",  # its Parquet file in landing, which `raw` reads
            "first_line": "BIGINT",  # of its first row where each row is one line further
            "columns": "VARCHAR",  # of the entity that it holds; comma-separated names
            "no_longer_kept": "BIGINT",  # of the quarantined; too old, or of erased people
        },
    ),
    "ops.quarantine": (
        "One row per record that was not loaded and is kept, with its place and reason."
        " Personal data.",
        {
            "source": "VARCHAR",
            "entity": "VARCHAR",
            "extract_date": "DATE",
            "file": "VARCHAR",
            "line": "BIGINT",
            "column_name": "VARCHAR",
            "reason": "VARCHAR",
            "record": "VARCHAR",
        },
    ),
    "ops.erasures": (
        "One row per identifier of an erased person, and of the orders and messages that went"
        " along, as a keyed hash. Recorded.",
        {
            "identifier_type": "VARCHAR",  # contact, email, phone …, order, send; request: itself
            "identifier_hash": "VARCHAR",  # of type and identifier (`pipelines.keyed`)
            "requested_at": "TIMESTAMP",  # what happened until then is refused
            "as_of": "DATE",  # the night that erased
        },
    ),
    "ops.suppressions": (
        "One row per address, channel, purpose and reason not to write that outlives an erasure,"
        " the address as a keyed hash. Recorded.",
        {
            "identifier_type": "VARCHAR",  # email, phone or contact
            "identifier_hash": "VARCHAR",
            "channel": "VARCHAR",
            "purpose": "VARCHAR",  # marketing, profiling or open_tracking
            "reason": "VARCHAR",  # erased, withdrawn, objected, complaint, bounce or excluded_…
            "said_at": "TIMESTAMP",  # only what was granted after it lifts it
            "until_date": "DATE",  # of an exclusion that ends
            "as_of": "DATE",  # the night that erased
        },
    ),
    "ops.recognised": (
        "One row per erased or suppressed identifier that loaded records show (again), and profile."
        " Personal data.",
        {
            "identifier_type": "VARCHAR",
            "identifier": "VARCHAR",  # as it is compared
            "identifier_hash": "VARCHAR",
            "profile_id": "VARCHAR",  # whose records show it
            "extract_date": "DATE",  # the first that does
        },
    ),
    "ops.erasing": (
        "One row per identifier, key or spelling of the people who are being erased; empty once"
        " they are. Personal data.",
        {
            "identifier_type": "VARCHAR",  # also profile, customer, point, spelling …
            "identifier": "VARCHAR",
            "requested_at": "TIMESTAMP",
            "as_of": "DATE",  # the night that erases
        },
    ),
    "ml.scores": (
        "One row per as_of, model, customer and item (a campaign, or empty).",
        {
            "as_of": "DATE",
            "model": "VARCHAR",
            "customer_id": "VARCHAR",
            "item_id": "VARCHAR",  # '' where a model scores the customer alone
            "version": "VARCHAR",
            "value": "DOUBLE",
            "lower": "DOUBLE",
            "upper": "DOUBLE",
            "percentile": "INTEGER",  # 1–100 within model, item and night; 100 is the highest
            "flag": "VARCHAR",  # '', 'naive_rule', 'thin_history' …
        },
    ),
    "ml.evaluations": (
        "One row per model, version and metric measured out of time.",
        {
            "model": "VARCHAR",
            "version": "VARCHAR",
            "as_of": "DATE",  # night on which it was trained
            "metric": "VARCHAR",
            "value": "DOUBLE",
            "lower": "DOUBLE",
            "upper": "DOUBLE",
        },
    ),
    "activation.groups": (
        "One row per contact point: the group and slot drawn once, by keyed hash. Recorded.",
        {
            "contact_point_id": "VARCHAR",
            "group_name": "VARCHAR",  # 'holdout' or 'active'
            "slot": "INTEGER",  # day of the decision cycle, 0 to cycle_days − 1
            "drawn_as_of": "DATE",
        },
    ),
    "activation.candidates": (
        "One row per as_of, contact point and arm considered, with why it was not chosen.",
        {
            "as_of": "DATE",
            "contact_point_id": "VARCHAR",
            "customer_id": "VARCHAR",
            "arm": "VARCHAR",  # a campaign_id or 'no_contact'
            "value": "DOUBLE",  # expected gain in currency, cost deducted
            "lower": "DOUBLE",
            "is_eligible": "BOOLEAN",
            "reason": "VARCHAR",
        },
    ),
    "activation.decisions": (
        "One row per as_of and contact point: the arm chosen and why. Recorded.",
        {
            "as_of": "DATE",
            "contact_point_id": "VARCHAR",
            "channel": "VARCHAR",
            "customer_id": "VARCHAR",
            "arm": "VARCHAR",
            "assignment_probability": "DOUBLE",
            "reason": "VARCHAR",
            "expected_value": "DOUBLE",
            "group_name": "VARCHAR",
            "is_slot": "BOOLEAN",  # tonight is this contact point's slot: the decision counts
            "segment": "VARCHAR",
        },
    ),
    "activation.exports": (
        "One row per as_of, destination and file that was exported, with its hash. Recorded.",
        {
            "as_of": "DATE",
            "destination": "VARCHAR",
            "file": "VARCHAR",
            "rows": "BIGINT",
            "sha256": "VARCHAR",
        },
    ),
    "measurement.effects": (
        "One row per as_of, kind, item and outcome: treated against control (ITT).",
        {
            "as_of": "DATE",
            "kind": "VARCHAR",  # 'campaign' and 'theme' (past sends) or 'decision' (our own nights)
            "item_id": "VARCHAR",
            "segment": "VARCHAR",  # 'all' or a segment
            "outcome": "VARCHAR",  # 'purchase_rate' or 'revenue_amount', per contact point
            "treated_count": "BIGINT",
            "control_count": "BIGINT",
            "treated_mean": "DOUBLE",
            "control_mean": "DOUBLE",
            "effect": "DOUBLE",
            "lower": "DOUBLE",
            "upper": "DOUBLE",
            "status": "VARCHAR",  # 'measured', 'too_early', 'no_control', 'too_few'
        },
    ),
}


def ddl(present: Mapping[str, str | None] = MappingProxyType({})) -> list[str]:
    """Statements that create what is missing, none where all is there. `present`: the tables and
    views that are there, with their comments."""
    statements = []
    for entity in ENTITIES.values():
        if f"raw.{entity.name}" not in present:
            statements += ["create schema if not exists raw", *raw_view(entity, "")]
    for name, (comment, columns) in TABLES.items():
        if present.get(name) == comment:
            continue
        statements.append(f"create schema if not exists {name.split('.')[0]}")
        body = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        statements.append(f"create table if not exists {name} ({body})")
        statements.append(f"comment on table {name} is '{comment}'")
    return statements


def raw_view(entity: Entity, rows: str) -> list[str]:
    """Statements that make `raw.<entity>` the view of `rows` (SQL; empty: of no rows)."""
    none = ", ".join(f'null::{kind} as "{column}"' for column, kind in raw_columns(entity).items())
    comment = f"One row per record of an extract of {entity.name} that met the contract."
    return [
        f"create or replace view raw.{entity.name} as {rows or f'select {none} where false'}",
        f"comment on view raw.{entity.name} is '{comment}'",
    ]


def added_columns(present: Collection[tuple[str, str]]) -> list[str]:
    """Statements that add the columns a warehouse of an older release lacks. `present`: the
    (table, column) pairs that it has."""
    return [
        f'alter table {name} add column "{column}" {kind}'
        for name, (_, columns) in TABLES.items()
        for column, kind in columns.items()
        if (name, column) not in present
    ]


def insert_into(table: str) -> str:
    """The start of an INSERT whose values come in the order of TABLES: that of the table itself
    differs once a column was added."""
    return f"insert into {table} ({names_of(table)})"


def names_of(table: str) -> str:
    """Its columns, quoted, in the order of TABLES."""
    return ", ".join(f'"{column}"' for column in TABLES[table][1])

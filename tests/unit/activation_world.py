"""A tiny warehouse on the night of 2026-03-02: a few people, one of each kind that matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines import settings, warehouse
from pipelines.errors import CheckFailed
from pipelines.specs.checks import Check, CheckResult
from pipelines.specs.model import Model
from pipelines.specs.night import Night
from pipelines.specs.shop import Shop
from tests.raw_tables import make_tables

D = date(2026, 3, 2)
KEY = "a key of the tests"
PHONE = "+33612345678"


@dataclass(frozen=True, slots=True)
class Person:
    """Why not to write to them (None: they may be written to), and what was decided tonight."""

    reason: str | None = None
    group: str = "active"
    is_slot: bool = False
    arm: str = "no_contact"


PEOPLE: dict[str, Person] = {
    "claire": Person(is_slot=True, arm="spring"),
    "bruno": Person(group="holdout", is_slot=True),
    "dora": Person(arm="spring"),
    "eve": Person(is_slot=True),
    "+plus": Person(is_slot=True, arm="spring"),  # a legal address that a spreadsheet misreads
    "wanda": Person("withdrawn"),
    "olga": Person("objected"),
    "uma": Person("suppressed_unsubscribe"),
    "sam": Person("excluded_staff"),
    "delphine": Person("deleted"),
    "nora": Person("no_consent"),
}
SECRETS = [f"{name}@example.com" for name in PEOPLE] + [PHONE, "Rue de la Paix", "Durand"]


def night(
    data_dir: Path,
    as_of: date = D,
    delimiter: str = ",",
    addresses: str = "pseudonymised",
    destinations: dict[str, Any] | None = None,
) -> Night:
    source = {
        "entity": "orders",
        "path": "orders.csv",
        "format": "csv",
        "columns": {c: c for c in ("order_id", "ordered_at", "status", "total_amount", "email")},
    }
    shop = Shop.model_validate(
        {
            "shop": "petit",
            "title": "Petit",
            "time_zone": "Europe/Paris",
            "currency": "EUR",
            "country": "FR",
            "sources": {"orders": source},
            "destinations": destinations or {"crm": {"path": "outbox", "delimiter": delimiter}},
            "publishing": {"addresses": addresses},
        }
    )
    model = Model(
        name="churn", title={}, question="?", trainer="lightgbm", label="x", horizon_days=91
    )
    both = {"churn": model, "purchase_propensity": replace_name(model, "purchase_propensity")}
    return Night(as_of, shop, both, settings.Paths(data_dir), settings.Machine(threads=2))


def replace_name(model: Model, name: str) -> Model:
    return model.model_copy(update={"name": name})


def with_shop(one: Night, **update: Any) -> Night:
    return replace(one, shop=one.shop.model_copy(update=update))


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of dbt that activation reads, and the raw records they were made from."""
    make_tables(con)
    for statement in _TABLES:
        con.execute(statement)
    for name, person in PEOPLE.items():
        _point(con, name, person, "email", f"{name}@example.com")
        _customer(con, name, f"{name}@example.com")
    _point(con, "claire", Person(is_slot=True, arm="texto"), "sms", PHONE)
    _raw(con)
    _campaigns(con)
    _scores(con)


def point_id(channel: str, address: str) -> str:
    import hashlib

    return hashlib.md5(f"{channel}|{address}".encode()).hexdigest()


def _customer(con: duckdb.DuckDBPyConnection, name: str, email: str) -> None:
    stage = {"dora": "=1+1", "eve": "lead"}.get(name, "active")
    bought = None if name in ("eve", "nora") else "2025-06-01"
    con.execute(
        "insert into marts.customer_360 values (?, ?, ?, ?, ?, 'Durand', 'Rue de la Paix')",
        [D, f"c_{name}", bought, stage, name],
    )
    con.execute(
        "insert into marts.orders values (?, ?, ?, ?, ?, 10, true, 'web')",
        [D, f"o-{name}", f"c_{name}", f"email:{email}", f"written to {email} twice"],
    )
    con.execute("insert into marts.order_lines values (?, ?, 1)", [D, f"o-{name}"])
    for attribute, value in (("email", email), ("last_name", "Durand"), ("city", "Lyon")):
        tell(con, name, attribute, value, "latest_live_contact")
    tell(con, name, "remark", f"{email} lives Rue de la Paix", "latest_told")
    tell(con, name, "store", "S01", "latest_told")
    for kind, key in (("send", point_id("email", email)), ("order", f"o-{name}")):
        con.execute(
            "insert into marts.timeline_events values (?, ?, '2026-02-01', '2026-02-01', ?, ?)",
            [f"{kind}|{key}", f"c_{name}", kind, f"to {email}"],
        )
    con.execute(
        "insert into marts.web_sessions values (?, ?, '2026-02-01', '2026-02-01')",
        [f"s-{name}", f"contact:{name}"],
    )
    con.execute(
        "insert into raw.contacts (contact_id, updated_at, email, is_deleted, extract_date, line)"
        " values (?, '2026-01-01', ?, ?, ?, 2)",
        [name, email, name == "delphine", D],
    )
    for profile in (f"contact:{name}", f"email:{email}"):
        con.execute(
            "insert into identity.identity_history values (?, ?, ?, '9999-12-31', ?, '9999-12-31')",
            [profile, f"c_{name}", D, D],
        )
    con.execute(
        "insert into identity.identity_edges values (?, 'email', ?)", [f"contact:{name}", email]
    )


def tell(con: duckdb.DuckDBPyConnection, who: str, name: str, value: str, by: str) -> None:
    con.execute("insert into marts.told values (?, ?, ?, ?, ?)", [D, f"c_{who}", name, value, by])


def _point(
    con: duckdb.DuckDBPyConnection, name: str, person: Person, channel: str, address: str
) -> None:
    point = point_id(channel, address)
    con.execute(
        "insert into marts.contact_points values (?, ?, ?, ?, ?, ?, ?)",
        [D, point, channel, address, f"c_{name}", person.reason is None, person.reason],
    )
    con.execute("insert into activation.groups values (?, ?, 0, ?)", [point, person.group, D])
    if person.reason is None:
        con.execute(
            "insert into activation.decisions values (?, ?, ?, ?, ?, 0.9, ?, 1.5, ?, ?, 'active')",
            [
                D,
                point,
                channel,
                f"c_{name}",
                person.arm,
                "best_value",
                person.group,
                person.is_slot,
            ],
        )


def consent(
    con: duckdb.DuckDBPyConnection, who: str, status: str, changed_at: str, **more: Any
) -> None:
    row = {
        "contact_id": None,
        "email": f"{who}@example.com",
        "phone": None,
        "channel": "email",
        "status": status,
        "changed_at": changed_at,
        "extract_date": D,
    } | more
    insert(con, "raw.consents", row)


def insert(con: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" for _ in row)
    con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def _raw(con: duckdb.DuckDBPyConnection) -> None:
    for name in PEOPLE:
        if name != "nora":
            consent(con, name, "granted", "2025-01-01")
    consent(con, "claire", "granted", "2025-01-01", email=None, phone=PHONE, channel="sms")
    consent(con, "wanda", "withdrawn", "2026-02-01", email=None, contact_id="wanda")
    consent(con, "olga", "objected", "2026-02-01", channel="phone")
    insert(
        con,
        "raw.campaign_events",
        {
            "campaign_id": "old",
            "email": "uma@example.com",
            "event_name": "unsubscribe",
            "occurred_at": "2026-02-01",
            "extract_date": D,
        },
    )
    insert(con, "raw.exclusions", {"contact_id": "sam", "reason": "staff", "extract_date": D})
    insert(
        con,
        "ops.quarantine",
        {
            "source": "crm",
            "extract_date": D,
            "file": "contacts.csv",
            "line": 7,
            "reason": f"claire@example.com and {PHONE} cannot be read",
            "record": "claire@example.com;Durand",
        },
    )


def _campaigns(con: duckdb.DuckDBPyConnection) -> None:
    rows = [
        ("spring", '=Spring; "big"\nsale', "email", "SPRING10", "chosen", True),
        ("texto", "Texto", "sms", None, "chosen", True),
        ("été/2026", "Nobody's", "email", "", "chosen", True),
        ("old", "Old", "email", None, "chosen", False),
        ("letter", "Letter", "email", None, "everyone", True),
    ]
    for row in rows:
        con.execute("insert into marts.campaigns values (?, ?, ?, ?, ?, ?, ?)", [D, *row])


def _scores(con: duckdb.DuckDBPyConnection) -> None:
    for model in ("churn", "purchase_propensity"):
        for rank, (name, flag) in enumerate(
            [("claire", ""), ("bruno", "thin_history"), ("dora", "")], start=1
        ):
            con.execute(
                "insert into ml.scores values (?, ?, ?, '', 'v1', ?, null, null, ?, ?)",
                [D, model, f"c_{name}", rank / 7, 30 * rank, flag],
            )


def audit(
    con: duckdb.DuckDBPyConnection, door: str, table: str, checks: Sequence[Check]
) -> list[CheckResult]:
    """The auditor's contract in plain SQL, without Great Expectations."""
    results = []
    for check in checks:
        ((found,),) = con.execute(_sql(check, table)).fetchall()
        results.append(CheckResult(door, check.name, check.severity, found == 0, str(found)))
    failed = [r.name for r in results if not r.success and r.severity == "critical"]
    if failed:
        raise CheckFailed(f"{door}: {', '.join(failed)}")
    return results


def _sql(check: Check, table: str) -> str:
    args = check.args
    if check.kind == "unique":
        keys = ", ".join(f'"{c}"' for c in args["columns"])
        return f"select count(*) from (select 1 from {table} group by {keys} having count(*) > 1)"
    if check.kind == "not_null":
        return f'select count(*) from {table} where "{args["column"]}" is null'
    if check.kind == "in_set":
        values = ", ".join(f"'{v}'" for v in args["values"])
        return f'select count(*) from {table} where "{args["column"]}" not in ({values})'
    if check.kind == "row_count_between":
        return f"select (count(*) < {args['min']})::int from {table}"
    if check.kind == "query_is_empty":
        return f"select count(*) from ({args['sql'].replace('{table}', table)})"
    raise ValueError(check.kind)


def open_world(data_dir: Path, **options: Any) -> Night:
    """A filled warehouse below `data_dir`; its night."""
    one = night(data_dir, **options)
    with warehouse.connect(one.paths, one.machine) as con:
        fill(con)
    return one


_TABLES = (
    "create schema marts",
    "create schema identity",
    "create table identity.identity_history (profile_id varchar, customer_id varchar,"
    " valid_from_date date, valid_until_date date, known_from_date date, known_until_date date)",
    "create table identity.identity_edges"
    " (profile_id varchar, identifier_type varchar, identifier varchar)",
    "create table marts.contact_points (as_of date, contact_point_id varchar, channel varchar,"
    " address varchar, customer_id varchar, is_contactable boolean, blocked_reason varchar)",
    "comment on table marts.contact_points is 'One row per channel and address; it''s keyed.'",
    "comment on column marts.contact_points.address is 'The normalised address.'",
    "create table marts.customer_360 (as_of date, customer_id varchar, first_order_at timestamp,"
    " lifecycle_stage varchar, first_name varchar, last_name varchar, street varchar)",
    "comment on table marts.customer_360 is 'One row per customer.'",
    "comment on column marts.customer_360.customer_id is 'The customer.'",
    "create table marts.orders (as_of date, order_id varchar, customer_id varchar,"
    " profile_id varchar, note varchar, total_amount decimal(18, 4), is_kept boolean,"
    " channel varchar)",
    "create table marts.order_lines (as_of date, order_id varchar, line_number bigint)",
    "create table marts.campaigns (as_of date, campaign_id varchar, name varchar,"
    " channel varchar, coupon_code varchar, audience varchar, is_active boolean)",
    "create table marts.stock_levels (product_id varchar, store_id varchar, quantity integer)",
    "create table marts.contact_point_quality (as_of date, contact_point_id varchar)",
    "create table marts.contact_base_summary (as_of date, channel varchar, measure varchar)",
    "create table marts.contact_base_advice (as_of date, kind varchar, rank bigint)",
    "create table marts.declared_and_observed (as_of date, customer_id varchar, topic varchar)",
    "create table marts.told (as_of date, customer_id varchar, attribute varchar, value varchar,"
    " chosen_by varchar)",
    "create view marts.customer_attributes as from marts.told",
    "comment on view marts.customer_attributes is 'One row per customer and attribute.'",
    "create view marts.consent_status as select as_of, contact_point_id, channel, customer_id,"
    " 'marketing' as purpose from marts.contact_points",
    "comment on view marts.consent_status is 'One row per contact point and purpose.'",
    "create view marts.suppressions as select as_of, contact_point_id, blocked_reason as reason"
    " from marts.contact_points where blocked_reason is not null",
    "comment on view marts.suppressions is 'One row per contact point and reason.'",
    "create table marts.profiling_objections"
    " (customer_id varchar, valid_from_date date, valid_until_date date)",
    "create table marts.freshness as select date '2026-03-02' as as_of, 'orders' as entity",
    "create table marts.timeline_events (event_key varchar, customer_id varchar,"
    " occurred_at timestamp, event_date date, event_type varchar, detail varchar)",
    "create view marts.customer_timeline as from marts.timeline_events",
    "comment on view marts.customer_timeline is 'One row per event.'",
    "create table marts.web_sessions (session_key varchar, profile_id varchar,"
    " started_at timestamp, session_date date)",
    "create table marts.purchase_journeys as select order_id, customer_id, timestamp '2026-02-01'"
    " as ordered_at from marts.orders",
    "create table marts.cross_channel_customers (customer_id varchar)",
    "create table marts.cross_channel_categories (month date, category varchar, store_id varchar)",
    "create table marts.cross_channel_funnel (month date, step_number integer)",
    "create table marts.product_affinity (customer_id varchar, rank bigint)",
    "create table marts.customer_lifecycle (customer_id varchar, track varchar, since_as_of date)",
    "create table marts.lifecycle_thresholds"
    " (as_of date, order_band varchar, channel_group varchar)",
)

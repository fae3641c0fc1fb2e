"""What the warehouse holds of one customer."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from pipelines.people import records
from pipelines.people.lookup import PRESENT, earlier_ids

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as of the last night. Lists of rows have the columns of the tables that they come
    from, newest first where they are dated. Personal data."""

    customer_id: str
    earlier_ids: list[str]
    customer: Row  # of marts.customer_360; empty for who is none (a browser, a contact deleted)
    profiles: list[Row]  # since when each belongs to the customer
    ties: list[Row]  # what several of the profiles have in common, and with whom else
    contact_points: list[Row]  # is_of_another: it is written to in the name of who shares it
    consents: list[Row]
    decisions: list[Row]
    candidates: list[Row]  # of the last decisions: each campaign, and why not
    messages: list[Row]
    orders: list[Row]
    scores: list[Row]
    records: dict[str, list[Row]] = field(default_factory=dict)  # as the extracts told them


_OF_CUSTOMER = {
    "customer": "from marts.customer_360 where customer_id = $customer",
    "profiles": """
        select profile_id, valid_from_date from present
        where customer_id = $customer order by profile_id
    """,
    # Of an address that another customer has it tells no more than that: the rest is about them.
    "contact_points": """
        select * exclude (customer_id), false as is_of_another from marts.contact_points
        where customer_id = $customer
        union all by name
        select as_of, channel, address, true as is_of_another from marts.contact_points
        where customer_id <> $customer and channel <> 'post' and address in (
            select given from identity.identity_edges
            where identifier_type in ('email', 'phone') and profile_id in (from profiles)
        )
        order by channel, address
    """,
    "consents": """
        select * exclude (consent_key) from marts.consent_history
        where profile_id in (from profiles) order by changed_at desc, channel, purpose
    """,
    "orders": """
        select * exclude (customer_id) from marts.orders where customer_id = $customer
        order by ordered_at desc, order_id
    """,
    "scores": """
        select * exclude (customer_id) from ml.scores where customer_id = $customer
            and as_of = (select max(as_of) from ml.scores where as_of <= $as_of)
        order by model, item_id
    """,
    "decisions": """
        select * exclude (customer_id) from activation.decisions
        where as_of <= $as_of and customer_id in (from ids)
        order by as_of desc, channel, contact_point_id
    """,
    "candidates": """
        select * exclude (customer_id) from activation.candidates
        where as_of = (select max(as_of) from activation.candidates where as_of <= $as_of)
            and customer_id in (from ids)
        order by contact_point_id, is_eligible desc, value desc nulls last, arm
    """,
    "messages": """
        select s.*, r.answers from marts.campaign_contacts s
        left join (
            select campaign_id, profile_id, send_id,
                   list(distinct event_name order by event_name) as answers
            from marts.campaign_answers where profile_id in (from profiles) group by all
        ) r on r.campaign_id = s.campaign_id and r.profile_id = s.profile_id
            and r.send_id is not distinct from s.send_id
        where s.profile_id in (from profiles) order by s.sent_at desc, s.send_key
    """,
    # An identifier that several profiles show, or that is the name of another of them.
    "ties": """
        with shown as (
            select identifier_type, identifier, profile_id, min(given) as given,
                   min(seen_at) as seen_at, min_by(found_in, seen_at) as found_in
            from identity.identity_edges group by all
            union all
            select split_part(profile_id, ':', 1), substr(profile_id, strpos(profile_id, ':') + 1),
                   profile_id, substr(profile_id, strpos(profile_id, ':') + 1), null, null
            from present
            where profile_id in (
                select identifier_type || ':' || identifier from identity.identity_edges
                where profile_id in (from profiles)
            )
        ),
        touched as (
            select shown.* from shown semi join (
                select identifier_type, identifier from shown where profile_id in (from profiles)
            ) using (identifier_type, identifier)
        )
        select identifier_type, min(given) as identifier,
               list(distinct profile_id order by profile_id)
                   filter (where profile_id in (from profiles)) as profiles,
               count(distinct profile_id)
                   filter (where profile_id not in (from profiles)) as others_count,
               min(seen_at) as seen_at, min_by(found_in, seen_at) as found_in
        from touched group by identifier_type, identifier
        having count(distinct profile_id) > 1
        order by identifier_type, identifier
    """,
}
_WITH = f"""
with {PRESENT}, profiles as (
    select profile_id from present where customer_id = $customer
),
ids as (
    select $customer as customer_id
    union
    select customer_id from identity.customer_ids where present_customer_id = $customer
)
"""


def person(
    con: duckdb.DuckDBPyConnection, customer_id: str, as_of: date, *, with_records: bool = False
) -> Person:
    """What is known of a customer. `as_of`: the last night whose decisions count. `with_records`:
    also every record of the extracts that is still kept."""
    found = {
        name: _rows(con, f"from ({sql})", customer_id, as_of) for name, sql in _OF_CUSTOMER.items()
    }
    [*customer] = found.pop("customer")
    return Person(
        customer_id=customer_id,
        earlier_ids=earlier_ids(con, customer_id),
        customer=customer[0] if customer else {},
        records=records.of(con, customer_id) if with_records else {},
        **found,
    )


def _rows(con: duckdb.DuckDBPyConnection, sql: str, customer_id: str, as_of: date) -> list[Row]:
    values: dict[str, str | date] = {"customer": customer_id}
    if "$as_of" in sql:
        values["as_of"] = as_of
    result = con.execute(_WITH + sql, values)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

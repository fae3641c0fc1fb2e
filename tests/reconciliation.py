"""What the extracts told against what the marts hold, to the cent and to the row: read from raw by
plain queries that share nothing with dbt, as of one night."""

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

# Each: what the extracts told and what the marts hold, one row with the same columns. `$midnight`:
# the night's 00:00, naive UTC; `$night`: its date.
_ORDERS = """
(
    from raw.orders where extract_date <= $night
    qualify row_number() over (
        partition by order_id order by extract_date desc, updated_at desc nulls last, line desc
    ) = 1
)
"""
_LINES = """
(
    from raw.order_lines where extract_date <= $night
    qualify row_number() over (
        partition by order_id, line_number order by extract_date desc, line desc
    ) = 1
)
"""
BOTH_SIDES = {
    "orders placed before the night, and their totals": (
        f"select count(*), sum(total_amount) from {_ORDERS} where ordered_at < $midnight",
        "select count(*), sum(total_amount) from marts.orders",
    ),
    "kept orders less what came back": (
        f"""
        select count(*), sum(o.total_amount) - coalesce(sum(r.amount), 0)
        from {_ORDERS} o
        left join (
            select order_id, sum(-quantity * unit_price) as amount from {_LINES}
            where quantity < 0 and occurred_at < $midnight group by order_id
        ) r using (order_id)
        where o.ordered_at < $midnight
            and (o.status not in ('cancelled', 'refunded') or o.cancelled_at >= $midnight)
        """,
        "select count(*), sum(net_amount) from marts.orders where is_kept",
    ),
    "the same, by customer": (
        "select count(*), sum(net_amount) from marts.orders"
        " where is_kept and customer_id is not null",
        "select sum(orders_count), sum(net_revenue_amount) from marts.customer_360",
    ),
    "lines of these orders": (
        f"""
        select count(*), sum(l.quantity), sum(l.quantity * l.unit_price)
        from {_LINES} l join {_ORDERS} o using (order_id)
        where o.ordered_at < $midnight and (l.occurred_at is null or l.occurred_at < $midnight)
        """,
        "select count(*), sum(quantity), sum(quantity * unit_price) from marts.order_lines",
    ),
    "web events of a browser": (
        "select count(distinct (event_id, occurred_at)) from raw.web_events"
        " where extract_date <= $night and trim(visitor_id) <> ''",
        "select count(*) from marts.web_events where known_from_date <= $night",
    ),
    "contacts": (
        "select count(distinct trim(contact_id)) from raw.contacts where extract_date <= $night",
        "select count(distinct contact_id) from marts.contact_history"
        " where known_from_date <= $night",
    ),
    "contacts that are somebody": (
        "select count(distinct trim(contact_id)) from raw.contacts where extract_date <= $night",
        """
        select count(distinct profile_id) from identity.identity_history
        where profile_id in (select profile_id from marts.contact_history)
            and valid_until_date > $night and known_until_date > $night
        """,
    ),
    "messages sent": (
        "select count(distinct (campaign_id, contact_id, email, sent_at, send_id))"
        " from raw.campaign_sends where extract_date <= $night",
        "select count(*) from marts.campaign_contacts where known_from_date <= $night",
    ),
    "answers to them": (
        "select count(distinct (campaign_id, send_id, contact_id, email, event_name, occurred_at))"
        " from raw.campaign_events where extract_date <= $night",
        "select count(*) from marts.campaign_responses where known_from_date <= $night",
    ),
}


def differences(warehouse: Path, night: date, zone: str) -> list[str]:
    """A sentence for each of BOTH_SIDES that does not agree, or that compares nothing."""
    midnight = datetime.combine(night, time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    values = {"midnight": midnight.replace(tzinfo=None), "night": night}
    found = []
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for what, sides in BOTH_SIDES.items():
            told, held = (
                con.execute(sql, {k: v for k, v in values.items() if f"${k}" in sql}).fetchone()
                for sql in sides
            )
            if told != held or not told or not told[0]:
                found.append(f"{what}: the extracts tell {told}, the marts hold {held}")
    return found

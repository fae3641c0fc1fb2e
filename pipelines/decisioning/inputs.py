"""What a decision reads from the warehouse, as Polars frames in a fixed order."""

from dataclasses import dataclass
from datetime import timedelta

import duckdb
import polars as pl

from pipelines import clock
from pipelines.errors import NotReady
from pipelines.specs.night import Night

MODEL = "best_campaign"

_POINTS = """
select contact_point_id, channel, customer_id, is_contactable, blocked_reason,
       coalesce(messages_in_cap_window, 0) as messages_in_cap_window  -- none recorded: none sent
from marts.contact_points
where customer_id is not null
order by contact_point_id
"""

_CAMPAIGNS = """
with sent as (
    select campaign_id, count(distinct contact_point_id) as contacts
    from marts.campaign_contacts
    where arm is distinct from 'control' and sent_at < $midnight and known_from_date <= $cut
    group by campaign_id
)
select campaign_id as arm, channel,
       coalesce(offer_rate, 0)::double as offer_rate,              -- no offer: nothing given away
       coalesce(cost_per_contact, 0)::double as cost_per_contact,  -- not told: free
       -- NULL stays: unlimited (greatest() alone would turn it into 0)
       case when capacity is not null
            then greatest(capacity - coalesce(contacts, 0), 0) end::bigint as places
from marts.campaigns left join sent using (campaign_id)
where is_active and audience = 'chosen'
order by arm
"""

_PLANNED = """
select channel, count(*)::bigint as planned
from marts.campaigns
where audience = 'everyone' and starts_at >= $midnight and starts_at < $until
      and coalesce(lower(status), '') not in ('cancelled', 'canceled')
group by channel order by channel
"""

_SENT = """
select distinct campaign_id as arm, contact_point_id
from marts.campaign_contacts
where arm is distinct from 'control' and sent_at < $midnight and known_from_date <= $cut
      and campaign_id in (select campaign_id from marts.campaigns where is_active)
      and contact_point_id is not null
order by all
"""

_CUSTOMERS = """
select customer_id, segment,
       case when orders_count_365d > 0
            then greatest(net_revenue_365d_amount::double / orders_count_365d, 0) end as basket
from features.customer_features where as_of = $as_of order by customer_id
"""

_SCORES = """
select customer_id, item_id as arm, value as uplift, lower as uplift_lower
from ml.scores where as_of = $as_of and model = $model order by customer_id, arm
"""


@dataclass(frozen=True, slots=True)
class Inputs:
    """One row per: `points` contact point; `campaigns` arm that may be chosen tonight (channel,
    offer_rate, cost_per_contact, places left or NULL); `planned` channel (newsletters to everyone
    within the cap window to come); `sent` arm and contact point already reached; `customers`
    customer (segment, basket in shop currency or NULL); `scores` customer and arm (incremental
    purchase probability); `groups` contact point drawn on an earlier night."""

    points: pl.DataFrame
    campaigns: pl.DataFrame
    planned: pl.DataFrame
    sent: pl.DataFrame
    customers: pl.DataFrame
    scores: pl.DataFrame
    groups: pl.DataFrame


def read(con: duckdb.DuckDBPyConnection, night: Night) -> Inputs:
    """The inputs of `night`; NotReady when transform or snapshot has not made them."""
    _require_tonight(con, night)
    zone, cap_days = night.shop.time_zone, night.shop.contacting.cap_days
    midnight = clock.shop_midnight(night.as_of, zone)
    until = clock.shop_midnight(night.as_of + timedelta(days=cap_days), zone)
    past = {"midnight": midnight, "cut": night.cut}
    points = con.sql(_POINTS).pl()
    used = con.sql(_CAMPAIGNS, params=past).pl()
    customers = con.sql(_CUSTOMERS, params={"as_of": night.as_of}).pl()
    if customers.is_empty() and not points.is_empty():
        raise NotReady(
            f"decide: features.customer_features has no rows of {night.as_of}; "
            "run `snapshot` of that night first"
        )
    return Inputs(
        points=points,
        campaigns=used,
        planned=con.sql(_PLANNED, params={"midnight": midnight, "until": until}).pl(),
        sent=con.sql(_SENT, params=past).pl(),
        customers=customers,
        scores=con.sql(_SCORES, params={"as_of": night.as_of, "model": MODEL}).pl(),
        groups=con.sql("from activation.groups order by contact_point_id").pl(),
    )


def _require_tonight(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    """The current tables are those of this night, not of an earlier or later one."""
    for table in ("marts.customer_360", "marts.contact_points"):
        try:
            rows = con.execute(f"select min(as_of), max(as_of) from {table}").fetchall()
        except duckdb.CatalogException:
            raise NotReady(f"decide: {table} does not exist; run `transform` first") from None
        first, last = rows[0]
        if last is None and table == "marts.customer_360":
            raise NotReady(
                f"decide: no customer is known on {night.as_of}: no record before that day names "
                "one (contact_id, email, phone, loyalty_id or visitor_id); bring orders that do"
            )
        if last is not None and (first, last) != (night.as_of, night.as_of):
            raise NotReady(
                f"decide: {table} is as of {last}, the night is {night.as_of}; run `transform` of "
                "that night first"
            )

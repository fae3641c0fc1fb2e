"""Journeys and the life cycle beside what the simulator knows to be true."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from benchmarks.processes import shop_config
from benchmarks.shop.parameters import PRESETS
from benchmarks.shop.settings import Settings
from benchmarks.shop.shop import PARQUET, make
from tests.nights import nocturne

pytestmark = pytest.mark.slow

AS_OF = date(2026, 6, 29)

# The rule of before: one pace for everybody with fewer than three orders, then twice the mean gap.
FIXED = """
create table buyers as
with people as (
    select orders.customer_id, max_by(truth.person_id, truth.ordered_at) as person_id
    from w.marts.orders orders
    join read_parquet('{truth}/orders/*.parquet') truth on truth.order_id = orders.order_id
    where orders.customer_id is not null group by 1
), bought as (
    select customer_id, date '{as_of}' - max(ordered_date) as silence,
        case when count(*) < 3 then 91 else greatest(56, least(182,
            2.0 * (max(ordered_date) - min(ordered_date)) / (count(*) - 1))) end as pace
    from w.marts.orders where is_kept and customer_id is not null group by 1
)
select stages.lifecycle_stage in ('lapsed') as learnt, bought.silence > 2 * bought.pace as fixed,
    stages.lifecycle_stage, hazards.is_gone
from w.marts.customer_stages stages
join bought on bought.customer_id = stages.customer_id
join people on people.customer_id = stages.customer_id
join read_parquet('{truth}/hazards/{as_of}.parquet') hazards
    on hazards.person_id = people.person_id and hazards.as_of = date '{as_of}'
"""


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A shop of 4,000 people, its first night, and the truth of every buyer."""
    folder = tmp_path_factory.mktemp("truth")
    make(Settings(4000), folder, file_format=PARQUET, processes=1)
    config = shop_config(folder, folder / "extracts", as_parquet=True)
    for verb in ("extract", "load", "transform"):
        nocturne(verb, AS_OF, folder / "data", config=config)
    found = duckdb.connect()
    found.execute(f"attach '{_warehouse(folder)}' as w (read_only)")
    found.execute(FIXED.format(truth=folder / "truth", as_of=AS_OF))
    return found


def _warehouse(folder: Path) -> Path:
    return folder / "data" / "warehouse" / "nocturne.duckdb"


def test_who_is_called_lapsed_has_left_more_often_than_by_a_fixed_rule(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rules = [
        con.execute(
            f"select avg(is_gone::int) filter (where {rule}), avg({rule}::int)"
            " filter (where is_gone) from buyers"
        ).fetchall()[0]
        for rule in ("learnt", "fixed")
    ]
    (precision, recall), (fixed_precision, _) = rules
    assert precision > fixed_precision
    assert precision > 0.5
    assert recall > 0.5


def test_the_stages_are_in_order_of_how_many_have_left(con: duckdb.DuckDBPyConnection) -> None:
    gone = dict(
        con.execute("select lifecycle_stage, avg(is_gone::int) from buyers group by 1").fetchall()
    )
    assert gone["active"] < gone["at_risk"] < gone["lapsed"]


def test_as_many_store_purchases_are_seen_to_be_looked_up_as_are(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Of customers whose browser is known. Some look at a product that they do not buy, or on a
    browser that nobody knows; others would have looked anyway."""
    seen, anyway, told = con.execute(
        "select avg(has_seen_product_online::int), avg(has_seen_product_online_earlier::int),"
        " count(has_seen_product_online) from w.marts.purchase_journeys"
        " where channel = 'store' and ordered_date >= date '2025-08-01'"
    ).fetchall()[0]
    assert told > 150
    assert seen == pytest.approx(PRESETS["default"].research_online, abs=0.12)
    assert seen > anyway + 0.1

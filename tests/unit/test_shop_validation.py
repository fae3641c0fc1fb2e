"""The facts of a shop, their public counterparts, and the page that compares them."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from benchmarks.shop.validation.facts import (
    last_days,
    mail_facts,
    order_facts,
    session_facts,
    shop_facts,
)
from benchmarks.shop.validation.page import write_page
from benchmarks.shop.validation.public import (
    FILE,
    complete_journey,
    load_public,
    online_retail,
    write_public,
)
from benchmarks.shop.validation.published import PUBLISHED
from benchmarks.shop.validation.sections import OTHERS, SECTIONS, percent


def at(*when: int) -> datetime:
    """Shop time, which needs no zone."""
    return datetime(*when)  # noqa: DTZ001


# Anna orders 10 and 40 days after her first order, Ben 225 days after his, Cleo once.
ORDERS = pl.DataFrame(
    [
        ("anna", at(2025, 1, 1, 23, 0), 10.0, 1),  # a Wednesday
        ("anna", at(2025, 1, 11, 1, 0), 20.0, 2),
        ("anna", at(2025, 2, 10, 9, 0), 30.0, 6),
        ("ben", at(2025, 1, 1, 8, 0), 10.0, 1),
        ("ben", at(2025, 8, 14, 8, 0), 20.0, 4),
        ("cleo", at(2025, 8, 14, 9, 0), 90.0, 1),
    ],
    schema=["customer_id", "ordered_at", "total_amount", "line_count"],
    orient="row",
)
SESSIONS = pl.DataFrame(
    {
        "has_view": [True, True, True, False],
        "has_cart": [True, True, False, False],
        "has_checkout": [True, False, False, False],
        "has_purchase": [True, False, False, False],
    }
)
# Five mails: one bounced; of the four delivered two were opened, one of them by a machine only.
MAILS = pl.DataFrame(
    {
        "delivered": [True, True, True, True, False],
        "opened": [True, True, False, False, False],
        "opened_by_machine_only": [False, True, False, False, False],
        "clicked": [True, False, False, False, False],
        "unsubscribed": [False, False, True, False, False],
        "complained": [False, False, False, False, False],
        "bounced": [False, False, False, False, True],
    }
)


@pytest.fixture(scope="module")
def facts() -> dict[str, float]:
    return order_facts(ORDERS)


def test_gaps_are_counted_in_calendar_days(facts: dict[str, float]) -> None:
    assert facts["gap.median_days"] == 30  # of 10, 30, 225
    told = {name: value for name, value in facts.items() if name.startswith("gap.share") and value}
    assert told == {
        "gap.share_8_14": 0.333333,
        "gap.share_29_56": 0.333333,
        "gap.share_over_224": 0.333333,
    }


def test_repeat_rates_are_of_customers_watched_long_enough(facts: dict[str, float]) -> None:
    assert facts["repeat.share"] == 0.666667
    assert facts["repeat.within_30"] == 0.5  # Cleo came on the last day: nobody knows yet
    assert facts["repeat.within_180"] == 0.5
    assert "repeat.within_365" not in facts
    assert facts["orders.share_1"] == facts["orders.share_2"] == facts["orders.share_3"] == 0.333333
    assert facts["orders.share_4_5"] == facts["orders.share_over_10"] == 0


def test_a_second_order_on_the_last_day_of_the_window_counts() -> None:
    two = pl.DataFrame(
        [("anna", at(2025, 1, 1), 1.0, 1), ("anna", at(2025, 1, 31), 1.0, 1)],
        schema=ORDERS.columns,
        orient="row",
    )
    assert order_facts(two)["repeat.within_30"] == 1


def test_baskets_are_told_beside_the_median(facts: dict[str, float]) -> None:
    # 10, 10, 20, 20, 30, 90: the median is 20, the mean 30, the 90th percentile 60.
    assert facts["basket.mean_to_median"] == 1.5
    assert facts["basket.p10_to_median"] == 0.5
    assert facts["basket.p90_to_median"] == 3
    assert facts["lines.mean"] == 2.5
    assert facts["lines.share_1"] == 0.5
    assert facts["lines.share_2"] == facts["lines.share_3_5"] == facts["lines.share_over_5"]


def test_revenue_concentrates_on_the_best_customers(facts: dict[str, float]) -> None:
    # Cleo 90, Anna 60, Ben 30. Gini: the mean difference of two customers, 240 / 9, by 2 * 60.
    assert facts["revenue.top_1"] == facts["revenue.top_20"] == 0.5  # one of three, rounded up
    assert facts["revenue.top_50"] == 0.833333  # two of three
    assert facts["revenue.gini"] == 0.222222


def test_seasons_are_told_beside_the_mean_month_and_weekday(facts: dict[str, float]) -> None:
    assert facts["season.month_01"] == 2.666667  # 40 of 180, twelve months
    assert facts["season.month_08"] == 7.333333
    assert facts["season.month_03"] == 0
    assert facts["season.weekday_03"] == 0.777778  # 20 on a Wednesday of 180, seven days
    assert sum(facts[f"season.weekday_{day:02}"] for day in range(1, 8)) == pytest.approx(7)


def test_the_window_keeps_the_last_day_and_those_before_it() -> None:
    kept = last_days(ORDERS, 225)
    assert kept["ordered_at"].min() == at(2025, 1, 11, 1, 0)
    assert last_days(ORDERS, 226).height == ORDERS.height


def test_the_funnel_is_of_sessions_and_of_those_one_step_before() -> None:
    facts = session_facts(SESSIONS)
    assert facts["session.view_share"] == 0.75
    assert facts["session.cart_given_view"] == 0.666667
    assert facts["session.checkout_given_cart"] == 0.5
    assert facts["session.purchase_given_checkout"] == 1
    assert facts["session.cart_abandonment"] == 0.5
    assert set(session_facts(SESSIONS.select("has_view", "has_purchase"))) == {
        "session.view_share",
        "session.purchase_share",
    }


def test_mail_rates_are_of_the_mails_delivered() -> None:
    assert mail_facts(MAILS) == {
        "mail.delivered_rate": 0.8,
        "mail.bounce_rate": 0.2,
        "mail.open_rate": 0.5,
        "mail.human_open_rate": 0.25,
        "mail.machine_only_share": 0.5,
        "mail.click_rate": 0.25,
        "mail.click_to_open": 0.5,
        "mail.unsubscribe_rate": 0.25,
        "mail.complaint_rate": 0,
    }


def test_what_cannot_be_told_is_left_out() -> None:
    assert shop_facts(ORDERS.clear(), SESSIONS.clear(), MAILS.clear()) == {}
    once = order_facts(ORDERS.tail(1))
    assert once["repeat.share"] == 0
    assert not any(name.startswith(("gap.", "repeat.within")) for name in once)


def test_online_retail_keeps_goods_that_a_customer_bought(tmp_path: Path) -> None:
    then = at(2011, 5, 1, 12, 0)
    pl.DataFrame(
        [
            ("MUG", 2, then, 1.5, 17.0),
            ("BOWL", 1, then, 4.0, 17.0),
            ("POSTAGE", 1, then, 18.0, 17.0),
            ("MUG", -1, then, 1.5, 17.0),
            ("MUG", 1, then, 0.0, 17.0),
            ("MUG", 1, then, 1.5, None),
        ],
        schema=["Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"],
        orient="row",
    ).write_parquet(tmp_path / "online_retail.parquet")
    assert online_retail(tmp_path / "online_retail.parquet").rows() == [("17", then, 7.0, 2)]


def test_a_basket_of_the_journey_is_in_the_grocers_time(tmp_path: Path) -> None:
    then = at(2017, 1, 2, 2, 0)
    pl.DataFrame(
        [(900, 1, 1, 2.5, then), (900, 1, 3, 1.0, then), (900, 1, 0, 0.5, then)],
        schema=["household_id", "basket_id", "quantity", "sales_value", "transaction_timestamp"],
        orient="row",
    ).write_parquet(tmp_path / "transactions.parquet")
    (basket,) = complete_journey(tmp_path).rows(named=True)
    assert (basket["total_amount"], basket["line_count"]) == (3.5, 2)
    assert basket["ordered_at"].replace(tzinfo=None) == at(2017, 1, 1, 21, 0)


def test_the_committed_facts_are_read_and_written_alike(tmp_path: Path) -> None:
    public = load_public()
    write_public(public, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == FILE.read_bytes()
    assert public.published == PUBLISHED, "run: python -m benchmarks.shop.validation.public"
    assert {one.name for one in public.measured} == {
        "Online Retail",
        "Complete Journey",
        "Online Shoppers",
    }


def test_every_published_figure_has_a_source_and_a_place_on_the_page() -> None:
    rows = {row.name for section in SECTIONS for row in section.rows} | {row.name for row in OTHERS}
    for figure in load_public().published:
        source = figure.source
        assert source.title and source.publisher and source.about
        assert source.address.startswith("http")
        assert 2000 < source.year < 2100
        assert figure.numbers and figure.numbers == sorted(figure.numbers)
        assert figure.name in rows


def test_every_fact_measured_on_public_data_has_a_place_on_the_page() -> None:
    rows = {row.name for section in SECTIONS for row in section.rows}
    for one in load_public().measured:
        assert set(one.facts) <= rows


def test_the_page_is_the_same_twice_and_says_what_lies_outside(tmp_path: Path) -> None:
    simulated = shop_facts(ORDERS, SESSIONS, MAILS) | {"return.share": 0.3}
    for name in ("once", "twice"):
        write_page(simulated, load_public(), tmp_path / name, "A shop of three customers, seed 1.")
    once, twice = (
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()}
        for name in ("once", "twice")
    )
    assert once == twice
    assert len(once) == 1 + len(SECTIONS)
    page = once["VALIDATION.md"].decode()
    assert "A shop of three customers, seed 1. Of " in page
    assert "| median | 30 days | 22 days | 2 days | above |" in page
    assert "outside the public range:** Gini coefficient (0.22 against 0.52 to 0.71); " in page
    assert "| returned, of what was bought online | 30 % | 20 to 50 % " in page
    for section in SECTIONS:
        assert f"(validation_{section.key}.png)" in page


def test_a_shop_like_the_public_ones_lies_inside(tmp_path: Path) -> None:
    public = load_public()
    write_page(public.measured[0].facts, public, tmp_path, "A public shop.")
    page = (tmp_path / "VALIDATION.md").read_text()
    assert "and 0 outside" in page
    assert "All 8 facts with a public range lie inside it." in page
    assert "There are not two public figures" in page  # it has no mails


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.987, "98.7 %"), (0.26, "26 %"), (0.026, "2.6 %"), (0.0026, "0.26 %"), (0.00012, "0.012 %")],
)
def test_small_rates_keep_digits_that_tell(share: float, told: str) -> None:
    assert percent(share) == told

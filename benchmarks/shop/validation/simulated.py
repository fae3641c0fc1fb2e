"""The facts of a simulated shop, from its folder (extracts as Parquet, with its truth)."""

from pathlib import Path

import polars as pl

from benchmarks.shop.days import PARIS
from benchmarks.shop.validation.facts import Facts, shop_facts


def facts_of(shop: Path) -> Facts:
    """Orders by their true customers, sessions and mails as the tools saw them."""
    extract = min((shop / "extracts").iterdir())
    lines = pl.scan_parquet(extract / "order_lines.parquet")
    facts = shop_facts(_orders(shop, lines), _sessions(extract), _mails(extract))
    sold = pl.scan_parquet(extract / "orders.parquet").filter(pl.col("channel") == "site")
    online = lines.join(sold.select("order_number"), on="order_number", how="semi")
    counts = online.select(
        (pl.col("qty") < 0).sum().alias("returned"), (pl.col("qty") > 0).sum().alias("sold")
    ).collect()
    sends = pl.scan_parquet(shop / "truth" / "sends" / "*.parquet").filter(
        pl.col("channel") == "email", pl.col("has_control")
    )
    return facts | {
        "return.share": counts["returned"].item() / counts["sold"].item(),
        "effect.purchase_points": sends.select(pl.col("effect").mean()).collect().item(),
    }


def _orders(shop: Path, lines: pl.LazyFrame) -> pl.DataFrame:
    kept = lines.filter(pl.col("qty") > 0).group_by("order_number").agg(line_count=pl.len())
    orders = pl.scan_parquet(shop / "truth" / "orders" / "*.parquet")
    local = pl.col("ordered_at").dt.replace_time_zone("UTC").dt.convert_time_zone(PARIS.key)
    return (
        orders.filter(~pl.col("is_cancelled"))
        .join(kept, left_on="order_id", right_on="order_number")
        .select(
            customer_id="person_id",
            ordered_at=local.dt.replace_time_zone(None),
            total_amount="total_amount",
            line_count="line_count",
        )
        .collect()
    )


def _sessions(extract: Path) -> pl.DataFrame:
    steps = {
        "has_view": "product_view",
        "has_cart": "add_to_cart",
        "has_checkout": "begin_checkout",
        "has_purchase": "purchase",
    }
    events = pl.scan_parquet(extract / "web_events.parquet")
    return (
        events.group_by("session")
        .agg((pl.col("event.name") == name).any().alias(step) for step, name in steps.items())
        .collect()
    )


def _mails(extract: Path) -> pl.DataFrame:
    sends = pl.scan_parquet(extract / "campaign_sends.parquet")
    mails = sends.filter(pl.col("email").is_not_null(), pl.col("arm") != "control")
    by_person = pl.col("is_machine") == "false"
    kinds = {
        "delivered": pl.col("event") == "delivered",
        "opened": pl.col("event") == "open",
        "person_opened": (pl.col("event") == "open") & by_person,
        "clicked": pl.col("event") == "click",
        "unsubscribed": pl.col("event") == "unsubscribe",
        "complained": pl.col("event") == "complaint",
        "bounced": pl.col("event") == "bounce",
    }
    events = pl.scan_parquet(extract / "campaign_events.parquet")
    found = events.group_by("send_id").agg(is_it.any().alias(k) for k, is_it in kinds.items())
    return (
        mails.select("send_id")
        .join(found, on="send_id", how="left")
        .with_columns(pl.col(*kinds).fill_null(value=False))
        .with_columns(opened_by_machine_only=pl.col("opened") & ~pl.col("person_opened"))
        .collect()
    )

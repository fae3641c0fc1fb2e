"""How hard a shop is: what an oracle, a naive rule and a model on what can be seen reach in it."""

from pathlib import Path

import lightgbm as lgb
import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.figures import Figure
from benchmarks.shop.campaigns import COST, EMAIL
from benchmarks.shop.truth import EVERY_DAYS, WITHIN

MARGIN = 0.45
"""Of an order's value."""
RECENT_DAYS = 330
"""Marketers write to people who bought within so many days."""
NEAR_ZERO, HARMED = 0.001, -0.005
PARAMETERS = {
    "objective": "regression",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 200,
    "verbose": -1,
    "num_threads": 1,
    "seed": 7,
    "deterministic": True,
}


def figures(shop: Path, label: str) -> list[Figure]:
    """Everything that is measured of one shop (its folder, extracts as Parquet)."""
    return [
        *_anchors(shop, label),
        *_prediction(shop, label),
        *_decision(shop, label),
    ]


def _truth(shop: Path, table: str) -> pl.LazyFrame:
    return pl.scan_parquet(shop / "truth" / table / "*.parquet")


def _first_extract(shop: Path) -> Path:
    return min((shop / "extracts").iterdir())


def _anchors(shop: Path, label: str) -> list[Figure]:
    """The effects of mails with a control, and rates per week and per mail, as they came out."""
    mails = (
        _truth(shop, "sends").filter(pl.col("channel") == EMAIL, pl.col("has_control")).collect()
    )
    effect = mails["effect"]
    hazards = _truth(shop, "hazards").filter(~pl.col("is_gone"))
    weekly = hazards.select(pl.col("buys_within_7").mean()).collect().item()
    moved = mails.filter(pl.col("effect") != 0)
    explained = moved.select(pl.corr("effect", "visible_effect")).item() ** 2
    rates = _mail_rates(_first_extract(shop))
    return [
        Figure(f"{label}: purchases a week of the living", weekly, "share"),
        Figure(f"{label}: mean effect of a mail", 100 * _mean(effect), "points"),
        Figure(f"{label}: standard deviation of it", 100 * _deviation(effect), "points"),
        Figure(f"{label}: of it shown by behaviour, if moved", explained, "of variance"),
        Figure(f"{label}: harmed by more than 0.5 point", _mean(effect < HARMED), "share"),
        Figure(f"{label}: within 0.1 point of zero", _mean(effect.abs() < NEAR_ZERO), "share"),
        *(Figure(f"{label}: {name}", value, "of sent") for name, value in rates.items()),
    ]


def _mean(values: pl.Series) -> float:
    return float(values.cast(pl.Float64).to_numpy().mean())


def _deviation(values: pl.Series) -> float:
    return float(values.to_numpy().std())


def _mail_rates(extract: Path) -> dict[str, float]:
    events = pl.scan_parquet(extract / "campaign_events.parquet")
    sends = pl.scan_parquet(extract / "campaign_sends.parquet")
    mails = sends.filter(pl.col("email").is_not_null(), pl.col("arm") != "control")
    counts = (
        events.join(mails.select("send_id"), on="send_id", how="semi")
        .group_by("event", "is_machine")
        .agg(pl.col("send_id").n_unique().alias("count"))
        .collect()
    )
    sent = mails.select(pl.len()).collect().item()
    named = {(e, m): n / sent for e, m, n in counts.iter_rows()}
    return {
        "opened by a person": named.get(("open", "false"), 0.0),
        "opened by a machine": named.get(("open", "true"), 0.0),
        "clicked (scanners too)": named.get(("click", "false"), 0.0),
        "unsubscribed": named.get(("unsubscribe", "false"), 0.0),
        "bounced": named.get(("bounce", "false"), 0.0),
    }


def _prediction(shop: Path, label: str) -> list[Figure]:
    """AUC of who buys, on the marked days whose outcome is known: by the latent hazard, and by
    recency alone."""
    hazards = _truth(shop, "hazards").collect()
    orders = _truth(shop, "orders").select("person_id", "ordered_at").collect()
    last = orders["ordered_at"].max()
    told = []
    for days in WITHIN:
        by_hazard, by_recency = [], []
        for as_of in sorted(hazards["as_of"].unique()):
            end = pl.lit(as_of).cast(pl.Datetime) + pl.duration(days=days)
            if pl.select(end > last).item():
                continue
            bought = orders.filter(
                pl.col("ordered_at") >= pl.lit(as_of).cast(pl.Datetime), pl.col("ordered_at") < end
            )["person_id"].unique()
            mine = hazards.filter(pl.col("as_of") == as_of)
            label_of = mine["person_id"].is_in(bought.to_list()).to_numpy()
            by_hazard.append(roc_auc_score(label_of, mine[f"buys_within_{days}"].to_numpy()))
            by_recency.append(roc_auc_score(label_of, -mine["days_since_order"].to_numpy()))
        name = f"{label}: AUC of buying within {days} days"
        told += [
            Figure(f"{name}, latent hazard", float(np.mean(by_hazard)), "AUC"),
            Figure(f"{name}, recency alone", float(np.mean(by_recency)), "AUC"),
        ]
    return told


def _decision(shop: Path, label: str) -> list[Figure]:
    """The gain of choosing one open mail, or none, for each person: by the true effect, by a model
    that has learnt the true effects of half the people from what can be seen, and by writing the
    mail that is best on average to all of the other half."""
    extract = _first_extract(shop)
    seen = _seen(shop, extract)
    effects = (
        _truth(shop, "effects")
        .filter(pl.col("as_of") == pl.lit(extract.name).str.to_date())
        .collect()
    )
    campaigns = pl.read_parquet(extract / "campaigns.parquet")
    mails = campaigns.filter(pl.col("channel") == EMAIL)["campaign_id"].to_list()
    wide = (
        effects.filter(pl.col("campaign_id").is_in(mails))
        .pivot("campaign_id", index=["person_id", "basket"], values="effect")
        .join(seen, on="person_id")
        .filter(pl.col("recency") < RECENT_DAYS)
        .sort("person_id")
    )
    chosen = [name for name in mails if name in wide.columns]
    truth = wide.select(chosen).to_numpy()
    worth = MARGIN * wide["basket"].to_numpy()
    cost = float(COST[EMAIL])
    features = wide.select(seen.columns[1:]).to_numpy().astype(np.float64)
    learns = np.arange(len(wide)) % 2 == 0
    guess = np.column_stack(
        [_learnt(features[learns], truth[learns, k], features) for k in range(len(chosen))]
    )[~learns]
    truth, worth = truth[~learns], worth[~learns]
    best = _gain(truth, truth, worth, cost)
    average = np.broadcast_to(truth.mean(axis=0), truth.shape)
    share = 1 - ((truth - guess) ** 2).sum() / ((truth - truth.mean(axis=0)) ** 2).sum()
    return [
        Figure(f"{label}: gain a person, clairvoyant", best, "EUR"),
        Figure(
            f"{label}: of it, a model on what is seen", _gain(guess, truth, worth, cost) / best,
            "share",
        ),
        Figure(
            f"{label}: of it, one mail to all", _gain(average, truth, worth, cost) / best, "share"
        ),
        Figure(f"{label}: R² of the effects by that model", float(share), "of variance"),
    ]  # fmt: skip


def _gain(
    guess: NDArray[np.float64], truth: NDArray[np.float64], worth: NDArray[np.float64], cost: float
) -> float:
    """Mean true gain per person of the arm that is best by `guess`, or of none."""
    value = guess * worth[:, None] - cost
    arm = value.argmax(axis=1)
    rows = np.arange(len(arm))
    gained = np.where(value[rows, arm] > 0, truth[rows, arm] * worth - cost, 0.0)
    return float(gained.mean())


def _learnt(
    features: NDArray[np.float64], target: NDArray[np.float64], others: NDArray[np.float64]
) -> NDArray[np.float64]:
    model = lgb.train(PARAMETERS, lgb.Dataset(features, target), 250)
    return np.asarray(model.predict(others))


def _seen(shop: Path, extract: Path) -> pl.DataFrame:
    """One row per person: what a perfect customer 360 could know, from the extracts joined by the
    true identities."""
    day = pl.lit(extract.name).str.to_datetime()
    who = _truth(shop, "orders").select("order_id", "person_id", "ordered_at", "total_amount")
    since = (day - pl.col("ordered_at")).dt.total_days()
    lines = pl.scan_parquet(extract / "order_lines.parquet")
    orders = pl.scan_parquet(extract / "orders.parquet").select(
        "order_number", (pl.col("coupon").is_not_null()).alias("has_coupon")
    )
    products = pl.scan_parquet(extract / "products.parquet").select("sku", "category")
    bought = (
        who.join(orders, left_on="order_id", right_on="order_number", how="left")
        .group_by("person_id")
        .agg(
            since.min().alias("recency"),
            since.max().alias("tenure"),
            pl.len().alias("orders"),
            pl.col("total_amount").mean().alias("mean_basket"),
            pl.col("has_coupon").mean().alias("coupon_share"),
            (since < 91).sum().alias("orders_91d"),
        )
        .with_columns(gap=pl.col("tenure") / pl.col("orders"))
    )
    taste = (
        lines.join(products, on="sku")
        .join(who.select("order_id", "person_id"), left_on="order_number", right_on="order_id")
        .group_by("person_id", "category")
        .agg(pl.len().alias("lines"))
        .collect()
        .pivot("category", index="person_id", values="lines")
        .fill_null(0)
    )
    mails = _truth(shop, "sends").filter(pl.col("is_treated"))
    age = (day - pl.col("sent_at")).dt.total_days()
    events = pl.scan_parquet(extract / "campaign_events.parquet")
    answers = events.filter(pl.col("is_machine") == "false").group_by("send_id").agg(
        (pl.col("event") == "open").any().alias("opened"),
        (pl.col("event") == "click").any().alias("clicked"),
    )  # fmt: skip
    pressed = (
        mails.join(answers, on="send_id", how="left")
        .group_by("person_id")
        .agg(
            pl.len().alias("mails"),
            (age < EVERY_DAYS).sum().alias("mails_28d"),
            pl.col("opened").mean().alias("open_share"),
            pl.col("clicked").mean().alias("click_share"),
        )
    )
    visits = (
        pl.scan_parquet(extract / "web_events.parquet")
        .join(_truth(shop, "visitors"), left_on="visitor", right_on="visitor_id")
        .group_by("person_id")
        .agg(
            pl.col("session").n_unique().alias("sessions"),
            pl.col("session")
            .filter((day - pl.col("ts").dt.replace_time_zone(None)).dt.total_days() < 28)
            .n_unique()
            .alias("sessions_28d"),
        )
    )
    return (
        bought.collect()
        .join(taste, on="person_id", how="left")
        .join(pressed.collect(), on="person_id", how="left")
        .join(visits.collect(), on="person_id", how="left")
    )

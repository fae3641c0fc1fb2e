"""What belongs to the shop and not to a block: products, stores, stock, the planning sheet."""

from datetime import date

import numpy as np
import polars as pl

from benchmarks.shop import forms
from benchmarks.shop.campaigns import CATEGORY_OF, COST, EVERYBODY, OFFER_OF, Campaign
from benchmarks.shop.catalogue import (
    BRANDS,
    CATEGORIES,
    STORES,
    SUBCATEGORIES,
    WAREHOUSE,
    Catalogue,
)
from benchmarks.shop.days import EPOCH, midnight
from benchmarks.shop.mail_extracts import tool_id
from benchmarks.shop.people import THEMES
from benchmarks.shop.settings import date_of

FORMS: dict[str, forms.Form] = {
    "products": {
        "sku": forms.TEXT, "title": forms.TEXT, "category": forms.TEXT, "subcategory": forms.TEXT,
        "brand": forms.TEXT, "price": forms.EUROS, "margin": forms.EUROS, "active": forms.TEXT,
    },
    "stores": {
        "code": forms.TEXT, "name": forms.TEXT, "postal_code": forms.TEXT, "country": forms.TEXT,
    },
    "stock": {
        "sku": forms.TEXT, "location": forms.TEXT, "available": forms.INTEGER,
        "counted_at": forms.OFFSET,
    },
    "campaigns": {
        "campaign_id": forms.TEXT, "name": forms.TEXT, "channel": forms.TEXT,
        "starts_at": forms.OFFSET, "ends_at": forms.OFFSET, "theme": forms.TEXT,
        "category": forms.TEXT, "offer_type": forms.TEXT, "offer_rate": forms.TEXT,
        "coupon_code": forms.TEXT, "cost_per_contact": forms.TEXT, "capacity": forms.TEXT,
        "audience": forms.TEXT, "status": forms.TEXT,
    },
    "campaign_aliases": {"campaign_id": forms.TEXT, "alias": forms.TEXT},
}  # fmt: skip


def tables(goods: Catalogue, campaigns: list[Campaign], day: int) -> dict[str, pl.DataFrame]:
    """All of them, as they are on the morning of a day."""
    return {
        "products": _products(goods),
        "stores": pl.DataFrame(
            [*(("ENTREPOT", "Entrepôt web", "45000"),), *STORES],
            schema=["code", "name", "postal_code"],
            orient="row",
        ).with_columns(country=pl.lit("FR")),
        "stock": _stock(goods, day),
        "campaigns": _campaigns(campaigns, date_of(day)),
        "campaign_aliases": pl.DataFrame(
            [
                row
                for k, c in enumerate(campaigns)
                for row in ((c.campaign_id, c.alias), (c.campaign_id, tool_id(k)))
            ],
            schema=["campaign_id", "alias"],
            orient="row",
        ),
    }


def _products(goods: Catalogue) -> pl.DataFrame:
    every = list(zip(goods.category.tolist(), goods.subcategory.tolist(), strict=True))
    return pl.DataFrame(
        {
            "sku": goods.product_ids,
            "title": goods.names,
            "category": pl.Series(CATEGORIES).gather(goods.category),
            "subcategory": [SUBCATEGORIES[category][sub] for category, sub in every],
            "brand": pl.Series(BRANDS).gather(goods.brand),
            "price": goods.price,
            "margin": goods.margin,
            "active": pl.Series(["true"]).new_from_index(0, goods.count),
        }
    )


def _stock(goods: Catalogue, day: int) -> pl.DataFrame:
    """Counted on the evening before."""
    places = (*(store[0] for store in STORES), "ENTREPOT")
    product = np.repeat(np.arange(goods.count), len(places))
    place = np.tile(np.arange(WAREHOUSE + 1), goods.count)
    return pl.DataFrame(
        {
            "sku": pl.Series(goods.product_ids).gather(product),
            "location": pl.Series(places).gather(place),
            "available": goods.level(product, place, day - 1),
            "counted_at": np.full(len(product), midnight(day) - 3600),
        }
    )


def _campaigns(campaigns: list[Campaign], extract: date) -> pl.DataFrame:
    rows = []
    for item in campaigns:
        offer, rate = OFFER_OF[item.theme]
        category = CATEGORY_OF[item.theme]
        rows.append(
            {
                "campaign_id": item.campaign_id,
                "name": item.name,
                "channel": item.channel,
                "starts_at": (item.starts_on - EPOCH).days * 86_400,
                "ends_at": (item.ends_on - EPOCH).days * 86_400,
                "theme": THEMES[item.theme],
                "category": CATEGORIES[category] if category >= 0 else None,
                "offer_type": offer,
                "offer_rate": f"0.{rate:02d}" if rate else None,
                "coupon_code": item.coupon or None,
                "cost_per_contact": COST[item.channel],
                "capacity": item.capacity or None,
                "audience": "everyone" if item.way == EVERYBODY else "chosen",
                "status": item.status(extract),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)

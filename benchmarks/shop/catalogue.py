"""What the shop sells, and where."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.settings import BoolArray, FloatArray, IntArray, ShopSettings, stream

CATEGORIES = ("Femme", "Homme", "Enfant", "Maison", "Beauté", "Épicerie")
SUBCATEGORIES = (
    ("Robes", "Pulls", "Chaussures"),
    ("Chemises", "Vestes", "Chaussures"),
    ("Bébé", "Fille", "Garçon"),
    ("Linge", "Décoration", "Cuisine"),
    ("Soins", "Parfums", "Maquillage"),
    ("Thés", "Cafés", "Douceurs"),
)
TYPICAL_PRICE = (45.0, 50.0, 25.0, 35.0, 22.0, 12.0)
BRANDS = ("Atelier Lune", "Cœur d'Armor", "Nuit Blanche", "Petit Matin", "Rive Droite")
STORES = (
    ("S01", "Paris Bastille", "75011"),
    ("S02", "Lyon Part-Dieu", "69003"),
    ("S03", "Lille Centre", "59000"),
    ("S04", "Nantes Graslin", "44000"),
)
PRODUCTS_PER_CATEGORY = 25


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One entry per product; prices and margins in cents."""

    category: IntArray
    subcategory: IntArray
    brand: IntArray
    price: IntArray
    margin: IntArray
    is_active: BoolArray
    on_sale: BoolArray
    popularity: FloatArray
    """Cumulative shares inside the product's category, by rank in it."""

    @property
    def count(self) -> int:
        """How many products there are."""
        return len(self.category)

    @property
    def product_ids(self) -> list[str]:
        """The products' keys."""
        return [f"P{1000 + index}" for index in range(self.count)]

    @property
    def names(self) -> list[str]:
        """The products' titles."""
        return [
            f"{SUBCATEGORIES[category][sub]} {BRANDS[brand]} n°{index % PRODUCTS_PER_CATEGORY + 1}"
            for index, (category, sub, brand) in enumerate(
                zip(
                    self.category.tolist(),
                    self.subcategory.tolist(),
                    self.brand.tolist(),
                    strict=True,
                )
            )
        ]

    def pick(self, rng: np.random.Generator, category: IntArray) -> IntArray:
        """One product of each wanted category, the popular ones more often."""
        rank = np.searchsorted(self.popularity, rng.random(len(category)))
        return (category * PRODUCTS_PER_CATEGORY + rank).astype(np.int64)


def make_catalogue(settings: ShopSettings) -> Catalogue:
    """Draw the products."""
    rng = stream(settings.seed, "catalogue")
    n = len(CATEGORIES) * PRODUCTS_PER_CATEGORY
    category = np.repeat(np.arange(len(CATEGORIES), dtype=np.int64), PRODUCTS_PER_CATEGORY)
    euros = np.array(TYPICAL_PRICE)[category] * np.exp(rng.normal(0.0, 0.4, n))
    price = np.maximum(np.round(euros).astype(np.int64), 3) * 100 - 10
    shares = 1 / np.arange(1, PRODUCTS_PER_CATEGORY + 1) ** 0.7
    popularity = np.cumsum(shares / shares.sum())
    popularity[-1] = 1.0
    return Catalogue(
        category=category,
        subcategory=rng.integers(0, 3, n),
        brand=rng.integers(0, len(BRANDS), n),
        price=price,
        margin=np.round(price * rng.uniform(0.3, 0.6, n)).astype(np.int64),
        is_active=rng.random(n) > 0.05,
        on_sale=rng.random(n) < 0.4,
        popularity=popularity,
    )


def stock_levels(settings: ShopSettings, catalogue: Catalogue, day_number: int) -> IntArray:
    """Pieces at each place (the warehouse, then the stores) on one extract's morning."""
    rng = stream(settings.seed, f"stock {day_number}")
    base = stream(settings.seed, "stock").gamma(1.2, 30.0, (catalogue.count, len(STORES) + 1))
    sold = rng.poisson(1.0 + day_number, base.shape)
    levels: IntArray = np.maximum(np.round(base).astype(np.int64) - sold, 0)
    return levels
